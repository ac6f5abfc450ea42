"""The wave Gantt: replication, cutover and hypercare until decommission, with freezes and lease ends."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from migrate.model.plan import Plan, PlannedWave
from migrate.reports.html.axes import Tick, TimeAxis
from migrate.reports.numerals import count, day, whole
from migrate.spec import Freeze
from migrate.waves.freezes import frozen_days

__all__ = ["Bar", "Freezes", "Gantt", "Lease", "Row", "gantt"]


@dataclass(frozen=True)
class Bar:
    """A stretch of time, in percent of the axis."""

    at: float
    width: float
    tip: str


@dataclass(frozen=True)
class Row:
    """One wave."""

    wave: int
    date: str
    size: str
    pathfinder: bool
    replication: Bar
    cutover: float
    hypercare: Bar
    tip: str


@dataclass(frozen=True)
class Freezes:
    """One freeze of the request and the times it shuts."""

    id: str
    applies_to: str
    everything: bool
    rule: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Lease:
    """The end of a site's lease; `at` is None when it lies beyond the chart."""

    site: str
    date: str
    at: float | None


@dataclass(frozen=True)
class Gantt:
    """All of the chart."""

    ticks: tuple[Tick, ...]
    rows: tuple[Row, ...]
    freezes: tuple[Freezes, ...]
    leases: tuple[Lease, ...]


def gantt(plan: Plan) -> Gantt | None:
    """Place the waves of a plan on a time axis; None when there is no wave."""
    if not plan.waves:
        return None
    first = min(plan.spec.plan.start, *(wave.replication_start for wave in plan.waves)).replace(day=1)
    work_ends = max(max(wave.decommission_date, wave.date) for wave in plan.waves)
    room = dt.timedelta(days=max((work_ends - first).days // 3, 60))
    leases = [(site.name, site.lease_end) for site in plan.spec.site if site.lease_end is not None]
    shown = [end for _, end in leases if first <= end <= work_ends + room]
    axis = TimeAxis(first, max([work_ends, *shown]) + dt.timedelta(days=14))
    return Gantt(
        ticks=axis.ticks(),
        rows=tuple(_row(wave, axis) for wave in plan.waves),
        freezes=tuple(_freezes(freeze, axis) for freeze in plan.spec.freeze),
        leases=tuple(
            Lease(name, day(end), axis.at(end) if end in shown else None)
            for name, end in sorted(leases, key=lambda x: (x[1], x[0]))
        ),
    )


def _row(wave: PlannedWave, axis: TimeAxis) -> Row:
    applications = count(len(wave.applications), "application")
    return Row(
        wave=wave.wave,
        date=day(wave.date),
        size=f"{count(wave.servers, 'server')}, {applications}",
        pathfinder=wave.pathfinder,
        replication=_bar(axis, wave.replication_start, wave.date, "Replication"),
        cutover=axis.at(wave.date),
        hypercare=_bar(axis, wave.date, wave.decommission_date, "Hypercare until decommission"),
        tip=(
            f"Wave {wave.wave}\nReplication from {day(wave.replication_start)}\nCutover {day(wave.date)}, {wave.starts}\n"
            f"Decommission {day(wave.decommission_date)}\n{count(wave.servers, 'server')}, {applications}, "
            f"{whole(wave.data_gib)} GiB"
        ),
    )


def _bar(axis: TimeAxis, first: dt.date, last: dt.date, label: str) -> Bar:
    at = axis.at(first)
    return Bar(at, round(max(axis.at(last) - at, 0.0), 3), f"{label}: {day(first)} to {day(last)}")


def _frozen(axis: TimeAxis, first: dt.date, last: dt.date, name: str) -> Bar:
    at = axis.at(first)
    return Bar(at, round(axis.at(last + dt.timedelta(days=1)) - at, 3), f"Freeze {name}: {day(first)} to {day(last)}")


def _freezes(freeze: Freeze, axis: TimeAxis) -> Freezes:
    applies = [*freeze.domains, *freeze.applications]
    bars = [_frozen(axis, first, last, freeze.id) for first, last in _times(freeze, axis)]
    return Freezes(
        id=freeze.id,
        applies_to=", ".join(applies) or "everything",
        everything=not applies,
        rule=freeze.rule or "",
        bars=tuple(bar for bar in bars if bar.width > 0.0),
    )


def _times(freeze: Freeze, axis: TimeAxis) -> list[tuple[dt.date, dt.date]]:
    """First and last days of each unbroken stretch of a freeze within the axis."""
    stretches: list[tuple[dt.date, dt.date]] = []
    for date in sorted(frozen_days(freeze, axis.first, axis.last)):
        if stretches and date - stretches[-1][1] == dt.timedelta(days=1):
            stretches[-1] = (stretches[-1][0], date)
        else:
            stretches.append((date, date))
    return stretches
