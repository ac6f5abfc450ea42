"""What becomes of every server, as columns: the days on which it changes state, and what it costs in each.

States of a server, by day:

- *source*: it runs where it is. Servers that are retained, undecided or without a wave stay so.
- *both*: from its wave's replication start to its wave's decommission date it is paid for twice.
- *target*: from the decommission date on.
- *gone*: a retired server, from its retirement on: the decommission date of the first wave of its application, or
  `waves.first_after_days` after `plan.start` when its application has no wave; in any case when the last moving server
  of its site leaves, because nobody keeps a site open for what is to be switched off.

Money of servers with unknown cost (never a zero in their place):

- A server that moves to an unknown target cost is left out of both sides, staying and moving: its source cost would
  otherwise vanish on the day it moves and count as a saving.
- A server whose source cost is unknown is counted with its target cost alone: savings are understated, not overstated.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from migrate.finance.axis import NEVER, Axis, Days, Floats
from migrate.finance.overlays import Agreed, agreed_usd
from migrate.model.plan import PlannedApplication, PlannedServer, PlannedWave
from migrate.spec import Spec
from migrate.targets.source_cost import rate_of, source_parts, source_quantities

__all__ = ["RESOURCES", "Fates", "read_fates"]

Flags = NDArray[np.bool_]

#: Resources of the AWS bill; `other` is what the plan says of a server beyond the sum of them.
RESOURCES = ("compute", "licence", "storage", "backup", "transfer", "other")

_NOISE = 1e-3  # USD a month: less than this beyond its parts is the rounding of the plan


@dataclass(frozen=True)
class Fates:
    """One entry per server, in the order of the plan. Days are offsets on the axis; `NEVER` where it does not happen."""

    replication: Days
    cutover: Days
    leave: Days  # first day on which it no longer runs at the source
    moves: Flags
    retires: Flags
    counted: Flags  # its money is part of the case
    source_usd: Floats  # a month; 0 where left out
    target_usd: Floats  # a month without support; 0 where left out
    uses: Mapping[str, Floats]  # by part of the source's template: quantity a month; 0 where left out or not known
    today: Mapping[str, float]  # by part: the quantity of all servers, left out or not
    coverage: Mapping[str, tuple[int, int]]  # by part and by resource: servers known and counted, of those concerned
    other_usd: Floats  # a month at the source beyond the parts
    bill: Mapping[str, Floats]  # by one of `RESOURCES`, a month without support; 0 where left out or not known
    source_known: Flags
    target_known: Flags
    operated: Flags  # it moves, is counted and runs: somebody cares for it at the target
    refreshed: Flags  # hardware whose refresh is avoided: it leaves, is counted and is not powered off
    site: tuple[str | None, ...]
    place: Days  # index of its site in the request; -1 where the request does not know it
    retained: Flags
    agreed: Agreed = field(default_factory=dict)  # what private rates are for

    def delayed(self, days: int) -> Fates:
        """The same with every wave `days` later."""
        return replace(
            self,
            replication=_later(self.replication, days),
            cutover=_later(self.cutover, days),
            leave=_later(self.leave, days),
        )


def read_fates(
    servers: Sequence[PlannedServer],
    applications: Sequence[PlannedApplication],
    waves: Sequence[PlannedWave],
    spec: Spec,
    axis: Axis,
) -> Fates:
    """Turn planned servers into columns."""
    by_number = {wave.wave: wave for wave in waves}
    moves = np.array([s.wave is not None and s.disposition not in ("retire", "retain") for s in servers], dtype=bool)
    retires = np.array([s.disposition == "retire" for s in servers], dtype=bool)
    own = [by_number[s.wave] if moved and s.wave is not None else None for s, moved in zip(servers, moves, strict=True)]
    retirement = _retirement(servers, applications, by_number, spec)
    ends = _last_moves(servers, own)
    leave = [
        w.decommission_date if w else min(retirement[s.application], ends.get(s.site, dt.date.max)) if gone else None
        for s, w, gone in zip(servers, own, retires, strict=True)
    ]
    source = _amounts([s.source_cost_usd_month for s in servers])
    target = _amounts([s.cost_usd_month for s in servers])
    counted = ~(moves & np.isnan(target))
    source_usd = np.where(counted, np.nan_to_num(source), 0.0)
    target_usd = np.where(counted & moves, np.nan_to_num(target), 0.0)
    known = counted & ~np.isnan(source)
    facts = _facts(servers)
    quantities = source_quantities(facts).drop("stated")
    today = {name: float(quantities[name].sum()) for name in quantities.columns}
    uses = {name: np.where(known, quantities[name].fill_null(0.0).to_numpy(), 0.0) for name in quantities.columns}
    costs = [server.cost for server in servers]
    resources = {name: _amounts([getattr(cost, name) for cost in costs]) for name in RESOURCES if name != "other"}
    running = np.array([s.power not in ("off", "suspended") for s in servers], dtype=bool)
    powered = np.array([s.power != "off" for s in servers], dtype=bool)
    bill = _bill(resources, counted & moves, target_usd)
    return Fates(
        replication=_days([axis.day(w.replication_start) if w else NEVER for w in own]),
        cutover=_days([axis.day(w.date) if w else NEVER for w in own]),
        leave=_days([axis.day(date) if date else NEVER for date in leave]),
        moves=moves,
        retires=retires,
        counted=counted,
        source_usd=source_usd,
        target_usd=target_usd,
        uses=uses,
        today=today,
        coverage=_coverage(quantities, known, ~facts["off"].to_numpy()) | _bill_coverage(resources, counted, moves),
        other_usd=_beyond(source_usd, uses, today, spec),
        bill=bill,
        agreed=agreed_usd(servers, bill, spec),
        source_known=~np.isnan(source),
        target_known=~np.isnan(target),
        operated=moves & counted & running,
        refreshed=(moves | retires) & counted & powered,
        site=tuple(s.site for s in servers),
        place=_places(servers, spec),
        retained=np.array([s.disposition == "retain" for s in servers], dtype=bool),
    )


def _places(servers: Sequence[PlannedServer], spec: Spec) -> Days:
    names = {name.strip().casefold(): k for k, site in enumerate(spec.site) for name in (*site.match, site.name)}
    return _days([names.get((server.site or "").strip().casefold(), -1) for server in servers])


def _facts(servers: Sequence[PlannedServer]) -> pl.DataFrame:
    """What `source_quantities` needs of the servers."""
    columns: dict[str, tuple[Any, Sequence[Any]]] = {
        "vcpu": (pl.Float64, [s.vcpu for s in servers]),
        "memory_gib": (pl.Float64, [s.memory_gib for s in servers]),
        "disk_gib": (pl.Float64, [s.disk_gib for s in servers]),
        "disk_used_gib": (pl.Float64, [s.disk_used_gib for s in servers]),
        "os_family": (pl.String, [s.os_family for s in servers]),
        "kind": (pl.String, [s.kind for s in servers]),
        "off": (pl.Boolean, [s.power in ("off", "suspended") for s in servers]),
    }
    return pl.DataFrame(
        {name: values for name, (_, values) in columns.items()}, {name: kind for name, (kind, _) in columns.items()}
    )


def _beyond(source_usd: Floats, uses: Mapping[str, Floats], today: Mapping[str, float], spec: Spec) -> Floats:
    """USD a month that the plan states beyond the parts."""
    other = source_usd.copy()
    for part in source_parts(spec.costs):
        other -= uses[part.key] * rate_of(part, today[part.key], spec.costs)
    return np.where(np.abs(other) < _NOISE, 0.0, other)


def _bill(resources: Mapping[str, Floats], paid: Flags, target_usd: Floats) -> dict[str, Floats]:
    """The bill by resource of the servers that are `paid` for, with what their total has beyond the resources."""
    bill = {name: np.where(paid, np.nan_to_num(amounts), 0.0) for name, amounts in resources.items()}
    other = target_usd - np.sum(list(bill.values()), axis=0)
    return bill | {"other": np.where(np.abs(other) < _NOISE, 0.0, other)}


def _coverage(quantities: pl.DataFrame, known: Flags, running: Flags) -> dict[str, tuple[int, int]]:
    """Of the source's parts; a server that is switched off has storage only."""
    found = {}
    for name in quantities.columns:
        concerned = np.ones_like(running) if name == "storage" else running
        there = quantities[name].is_not_null().to_numpy()
        found[name] = int((concerned & known & there).sum()), int(concerned.sum())
    return found


def _bill_coverage(resources: Mapping[str, Floats], counted: Flags, moves: Flags) -> dict[str, tuple[int, int]]:
    concerned = int(moves.sum())
    return {f"bill.{name}": (int((moves & counted & ~np.isnan(usd)).sum()), concerned) for name, usd in resources.items()}


def _amounts(values: Sequence[float | None]) -> Floats:
    """A column with NaN for what is not known."""
    return np.array([np.nan if value is None else value for value in values], dtype=float)


def _last_moves(servers: Sequence[PlannedServer], own: Sequence[PlannedWave | None]) -> dict[str | None, dt.date]:
    """The decommission date of the last moving server by site."""
    last: dict[str | None, dt.date] = {}
    for server, wave in zip(servers, own, strict=True):
        if wave is not None:
            last[server.site] = max(last.get(server.site, wave.decommission_date), wave.decommission_date)
    return last


def _retirement(
    servers: Sequence[PlannedServer],
    applications: Sequence[PlannedApplication],
    by_number: dict[int, PlannedWave],
    spec: Spec,
) -> dict[str | None, dt.date]:
    """The retirement date by application, None for servers without one."""
    first: dict[str | None, int] = {a.application: a.wave for a in applications if a.wave is not None}
    for server in servers:
        if server.wave is not None and server.application is not None:
            first[server.application] = min(first.get(server.application, server.wave), server.wave)
    otherwise = spec.plan.start + dt.timedelta(days=spec.waves.first_after_days)
    names: set[str | None] = {server.application for server in servers}
    decided = {item.application.casefold(): item.on for item in reversed(spec.disposition) if item.application and item.on}
    return {
        name: by_number[first[name]].decommission_date
        if name is not None and name in first
        else decided.get((name or "").casefold()) or otherwise
        for name in names
    }


def _days(values: Sequence[int]) -> Days:
    return np.array(values, dtype=np.int64)


def _later(days: Days, by: int) -> Days:
    return np.where(days < NEVER, days + by, days)
