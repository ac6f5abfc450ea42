"""What crews are paid, as lines: by disposition of the servers that they move, and by skill.

The hours of a wave are those of its applications. Within an application the hours of a skill are shared out among its moving
servers, as the effort was estimated: those of operating systems by `effort`'s factor of the disposition, those of databases
among database servers, all others by server. Hours of a wave beyond its applications have the disposition ``other``.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from migrate.finance.axis import Axis, Floats
from migrate.finance.lines import Line
from migrate.finance.rising import rising
from migrate.model.names import DISPOSITIONS, MOVING, SKILLS
from migrate.model.plan import PlannedApplication, PlannedServer, PlannedWave
from migrate.spec import Effort, Spec

__all__ = ["Labour", "labour_lines", "labour_shares", "read_labour"]

_OTHER = "other"
_NOISE_H = 1e-6  # hours: less than this is the rounding of sums


@dataclass(frozen=True)
class Labour:
    """Crew hours by disposition and skill, one for each wave."""

    hours: Mapping[tuple[str, str], Floats]
    days: Floats  # of the waves' cutovers, on the axis


def read_labour(
    servers: Sequence[PlannedServer],
    applications: Sequence[PlannedApplication],
    waves: Sequence[PlannedWave],
    spec: Spec,
    axis: Axis,
) -> Labour:
    """Share the hours of the applications out among dispositions."""
    shares = labour_shares(servers, spec.effort)
    named = {application.application: application for application in applications}
    hours: dict[tuple[str, str], Floats] = defaultdict(lambda: np.zeros(len(waves)))
    for k, wave in enumerate(waves):
        rest = dict(wave.crew_h)
        for application in (named[name] for name in wave.applications if name in named):
            for skill, amount in application.crew_h.items():
                rest[skill] = rest.get(skill, 0.0) - amount
                weights = shares[application.application, skill] or {application.disposition or _OTHER: 1.0}
                for disposition, weight in weights.items():
                    hours[disposition, skill][k] += amount * weight / sum(weights.values())
        for skill, amount in rest.items():
            if abs(amount) > _NOISE_H:
                hours[_OTHER, skill][k] += amount
    return Labour(dict(hours), np.array([axis.day(wave.date) for wave in waves], dtype=float))


def labour_lines(labour: Labour, spec: Spec, axis: Axis, delay_days: int) -> list[Line]:
    """Lines of the group ``one_off``, in the order of dispositions and skills."""
    usual = ("effort.hour_usd", spec.effort.hour_usd)
    rates: dict[str, tuple[str, float]] = {
        crew.skill: (f"crew[{crew.skill}].hour_usd", crew.hour_usd) for crew in spec.crew if crew.hour_usd is not None
    }
    order = {name: k for k, name in enumerate((*DISPOSITIONS, *SKILLS))}
    days = labour.days.astype(np.int64) + delay_days
    lines = []
    for disposition, skill in sorted(labour.hours, key=lambda pair: (order.get(pair[0], 99), order.get(pair[1], 99), pair)):
        rate_key, rate = rates.get(skill, usual)
        lines.append(
            Line(
                key=f"one-off.labour.{disposition}.{skill}",
                label=f"Labour, {disposition}, {skill} crew",
                side="moving",
                group="one_off",
                category="people",
                unit="crew hours",
                quantity=axis.lump(days, labour.hours[disposition, skill]),
                rate_key=rate_key,
                rate=rate,
                factors=rising("people", spec.costs),
            )
        )
    return lines


def labour_shares(servers: Sequence[PlannedServer], effort: Effort) -> dict[tuple[str, str], dict[str, float]]:
    """By application and skill: what weight the servers of each disposition have."""
    factors = {"replatform": effort.replatform_factor, "refactor": effort.refactor_factor, "repurchase": 0.0}
    shares: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for server in servers:
        if server.application is None or server.wave is None or server.disposition not in MOVING:
            continue
        own = "windows" if server.os_family == "windows" else "linux"
        weights = {own: factors.get(server.disposition, 1.0), "network": 1.0, "application": 1.0}
        if server.database_engine is not None:
            weights["database"] = 1.0
        for skill, weight in weights.items():
            if weight:
                held = shares[server.application, skill]
                held[server.disposition] = held.get(server.disposition, 0.0) + weight
    return shares
