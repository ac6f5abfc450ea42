"""The dependency map: data exchanged between waves, those that stay, and the outside."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass
from itertools import accumulate

from migrate.model.plan import Plan, PlannedDependency
from migrate.reports.numerals import count, day, gb_day

__all__ = ["Arc", "DependencyMap", "Place", "dependency_map"]

_WIDTH, _HALF = 1000.0, 150.0
_MOST_ARCS, _MOST_ROWS, _SHOWN_ROWS, _MOST_NAMES = 400, 500, 15, 60
_STAYS, _OUTSIDE = "stays", "outside"
_WIDE = 1.8


@dataclass(frozen=True)
class Place:
    """A wave, or one of the two other places where an end of a dependency can be."""

    key: str
    label: str
    title: str
    at: float
    note: str
    names: tuple[str, ...]  # applications, the first of them
    more: int


@dataclass(frozen=True)
class Arc:
    """Dependencies added up from the consumers of one place to the providers of another."""

    consumer: str
    provider: str
    consumer_title: str
    provider_title: str
    path: str
    width: float
    hard: bool
    dependencies: int
    hard_dependencies: int
    gb_day: float
    heaviest: PlannedDependency
    shown: bool
    drawn: bool
    shared: bool  # to or from a shared service, which most waves need
    days_apart: int | None
    tip: str


@dataclass(frozen=True)
class DependencyMap:
    """All of the map. `within` counts dependencies whose two ends move on the same day."""

    places: tuple[Place, ...]
    arcs: tuple[Arc, ...]
    total: int
    within: int
    shared: int  # dependencies that are hidden until asked for
    services: tuple[str, ...]
    left_out: int


_Pair = tuple[Place, Place, list[PlannedDependency]]


def dependency_map(plan: Plan) -> DependencyMap | None:
    """Add the dependencies up between waves; None when there are none or nothing moves.

    Those on shared services (directory, backup, monitoring) tie every wave to one: they are added up apart.
    """
    wave_of = {application.application: application.wave for application in plan.applications}
    services = {application.application for application in plan.applications if application.shared_service}
    hide = any(not ({d.consumer, d.provider} & services) for d in plan.dependencies)
    pairs: dict[tuple[str, str, bool], list[PlannedDependency]] = defaultdict(list)
    for dependency in plan.dependencies:
        shared = hide and bool({dependency.consumer, dependency.provider} & services)
        pairs[_place(dependency.consumer, wave_of), _place(dependency.provider, wave_of), shared].append(dependency)
    if not pairs or not plan.waves:
        return None
    places = {place.key: place for place in _places(plan, {key for a, b, _ in pairs for key in (a, b)})}
    dates = {str(wave.wave): wave.date for wave in plan.waves}
    arcs: list[Arc] = []
    left_out = 0
    for shared in (False, True):
        across = [(places[a], places[b], of) for (a, b, kind), of in pairs.items() if a != b and kind == shared]
        across.sort(key=lambda item: (-sum(d.gb_day for d in item[2]), item[0].at, item[1].at))
        arcs += [_arc(item, rank, across[0], shared, dates) for rank, item in enumerate(across[:_MOST_ROWS])]
        left_out += max(len(across) - _MOST_ROWS, 0)
    return DependencyMap(
        places=tuple(places.values()),
        arcs=tuple(arcs),
        total=len(plan.dependencies),
        within=sum(len(of) for (a, b, _), of in pairs.items() if a == b and a in dates),
        shared=sum(len(of) for (_, _, shared), of in pairs.items() if shared),
        services=tuple(sorted(services)),
        left_out=left_out,
    )


def _place(name: str, wave_of: dict[str, int | None]) -> str:
    if name not in wave_of:
        return _OUTSIDE
    wave = wave_of[name]
    return _STAYS if wave is None else str(wave)


def _places(plan: Plan, used: set[str]) -> tuple[Place, ...]:
    rows = [
        (
            str(wave.wave),
            str(wave.wave),
            f"Wave {wave.wave}",
            f"{day(wave.date)}, {count(wave.servers, 'server')}",
            wave.applications,
        )
        for wave in plan.waves
    ]
    staying = tuple(application.application for application in plan.applications if application.wave is None)
    if _STAYS in used:
        rows.append((_STAYS, "stay", "Stays behind", "retained, retired or undecided", staying))
    if _OUTSIDE in used:
        rows.append((_OUTSIDE, "out", "Outside the estate", "addresses that no inventory names", ()))
    room = [_WIDE if key in {_STAYS, _OUTSIDE} else 1.0 for key, *_ in rows]  # their labels are words
    ends = list(accumulate(room))
    middles = [round((end - width / 2.0) / ends[-1] * 100.0, 3) for end, width in zip(ends, room, strict=True)]
    return tuple(
        Place(key, label, title, middles[at], note, names[:_MOST_NAMES], max(len(names) - _MOST_NAMES, 0))
        for at, (key, label, title, note, names) in enumerate(rows)
    )


def _arc(item: _Pair, rank: int, heaviest: _Pair, shared: bool, dates: dict[str, dt.date]) -> Arc:
    consumer, provider, of = item
    total, most = (sum(dependency.gb_day for dependency in pair[2]) for pair in (item, heaviest))
    hard = sum(dependency.strength == "hard" for dependency in of)
    x1, x2 = consumer.at / 100 * _WIDTH, provider.at / 100 * _WIDTH
    # above the line the consumer stands left: it moves first and reaches back; below, the provider is there already
    bend = -1 if x1 < x2 else 1
    y = _HALF + bend * (16 + (_HALF / 0.75 - 22) * abs(x1 - x2) / _WIDTH)
    both_move = consumer.key in dates and provider.key in dates
    return Arc(
        consumer=consumer.key,
        provider=provider.key,
        consumer_title=consumer.title,
        provider_title=provider.title,
        path=f"M{x1:.1f} {_HALF:g}C{x1:.1f} {y:.1f} {x2:.1f} {y:.1f} {x2:.1f} {_HALF:g}",
        width=round(0.7 + 5.0 * (total / most) ** 0.5, 2) if most > 0 else 1.0,
        hard=hard > 0,
        dependencies=len(of),
        hard_dependencies=hard,
        gb_day=total,
        heaviest=max(of, key=lambda d: (d.gb_day, d.consumer, d.provider)),
        shown=rank < _SHOWN_ROWS and not shared,
        drawn=rank < _MOST_ARCS,
        shared=shared,
        days_apart=abs((dates[consumer.key] - dates[provider.key]).days) if both_move else None,
        tip=f"{consumer.title} → {provider.title}\n{count(len(of), 'dependency')}, {hard} hard\n{gb_day(total)}",
    )
