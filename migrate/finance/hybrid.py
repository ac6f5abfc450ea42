"""Data that crosses the line while its two ends are in different places, as lines.

A dependency of which both ends move is apart from the earlier to the later cutover; one of which an end stays is apart from
the other's cutover on. What it transfers is counted both ways at `weights.transfer_usd_gb`, as the planner's objective does,
although AWS charges only what leaves it: a part of what is counted is never billed. What external parties exchange is in the
servers' own traffic. Replication into AWS is free of charge, so data copied for the move appears here only as traffic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from migrate.finance.axis import NEVER, Axis, Days, Floats
from migrate.finance.lines import Line
from migrate.finance.rising import rising
from migrate.model.plan import PlannedApplication, PlannedDependency, PlannedWave
from migrate.spec import Spec
from migrate.units import DAYS_PER_MONTH

__all__ = ["Crossings", "hybrid_lines", "read_crossings"]


@dataclass(frozen=True)
class Crossings:
    """Dependencies whose ends are in different places for a time: from the day of `begin` to that of `end`."""

    begin: Days
    end: Days  # `NEVER`: one end stays
    gb_month: Floats


def read_crossings(
    applications: Sequence[PlannedApplication],
    dependencies: Sequence[PlannedDependency],
    waves: Sequence[PlannedWave],
    axis: Axis,
) -> Crossings:
    """The dependencies inside the estate with observed traffic. What is retired needs nothing any more."""
    dates = {wave.wave: axis.day(wave.date) for wave in waves}
    cutover = {a.application: dates.get(a.wave or 0, NEVER) for a in applications if a.disposition != "retire"}
    inside = [d for d in dependencies if not d.external and d.consumer in cutover and d.provider in cutover and d.gb_day > 0]
    ends = np.array([(cutover[d.consumer], cutover[d.provider]) for d in inside], dtype=np.int64).reshape(-1, 2)
    begin, end = ends.min(axis=1), ends.max(axis=1)
    apart = begin < end
    traffic = np.array([d.gb_day for d in inside], dtype=float) * DAYS_PER_MONTH
    return Crossings(begin[apart], end[apart], traffic[apart])


def hybrid_lines(crossings: Crossings, spec: Spec, axis: Axis, delay_days: int) -> list[Line]:
    """Lines of the groups ``one_off`` (both ends move) and ``target_run`` (one stays)."""
    begin = crossings.begin + delay_days
    end = np.where(crossings.end < NEVER, crossings.end + delay_days, NEVER)
    lines = []
    for lasts, key, label, group in (
        (False, "one-off.traffic", "Data between site and cloud while applications are apart", "one_off"),
        (True, "target.hybrid", "Data between cloud and what stays", "target_run"),
    ):
        chosen = (end >= NEVER) == lasts
        if chosen.any():
            lines.append(
                Line(
                    key=key,
                    label=label,
                    side="moving",
                    group=group,
                    category="cloud",
                    unit="GB",
                    quantity=axis.mean(begin[chosen], end[chosen], crossings.gb_month[chosen]),
                    rate_key="weights.transfer_usd_gb",
                    rate=spec.weights.transfer_usd_gb,
                    factors=rising("cloud", spec.costs),
                    note="Both ways, although only what leaves AWS is charged; as far as traffic was observed",
                )
            )
    return lines
