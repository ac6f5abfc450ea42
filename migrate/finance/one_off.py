"""What is paid once for the migration, at its dates, as lines.

- crew hours of each wave by disposition and skill × `effort.hour_usd`, on the wave's cutover date;
- landing zone and training, spread evenly over `waves.first_after_days` from `plan.start`;
- the programme office, from `plan.start` to the last wave's decommission date;
- decommissioning, for each server on the day it leaves.

What the planner's objective calls wave overhead is not added: in cash it is the programme office and the crews.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np

from migrate.finance.axis import NEVER, Axis, Floats
from migrate.finance.fates import Fates
from migrate.finance.lines import Line
from migrate.model.names import DISPOSITIONS, SKILLS
from migrate.model.plan import PlannedApplication, PlannedWave
from migrate.spec import Spec

__all__ = ["one_off_lines"]


def one_off_lines(
    fates: Fates,
    applications: Sequence[PlannedApplication],
    waves: Sequence[PlannedWave],
    *,
    spec: Spec,
    axis: Axis,
    delay_days: int,
) -> list[Line]:
    """Lines of the group ``one_off``; every wave `delay_days` later than planned. Without waves only retirement is paid."""
    lines = _decommissioning(fates, spec, axis)
    if not waves:
        return lines
    costs, start = spec.costs, axis.day(spec.plan.start)
    last = max(axis.day(wave.decommission_date) for wave in waves) + delay_days
    once = axis.spread(start, start + spec.waves.first_after_days, 1.0)
    office = axis.mean(np.array([start]), np.array([last]), np.ones(1))
    return [
        *_labour(applications, waves, spec, axis, delay_days),
        _line("landing-zone", "Landing zone", "programme", "share of it", once, "costs.landing_zone_usd", costs.landing_zone_usd),
        _line("training", "Training", "people", "share of it", once, "costs.training_usd", costs.training_usd),
        _line(
            "programme", "Programme office", "programme", "months", office, "costs.programme_usd_month", costs.programme_usd_month
        ),
        *lines,
    ]


def _decommissioning(fates: Fates, spec: Spec, axis: Axis) -> list[Line]:
    leaving = fates.leave[fates.leave < NEVER]
    if not leaving.size:
        return []
    servers = axis.lump(leaving, np.ones(leaving.size))
    rate = spec.costs.decommission_usd_server
    label, key = "Decommissioning", "costs.decommission_usd_server"
    return [_line("decommission", label, "programme", "servers that leave", servers, key, rate)]


def _labour(
    applications: Sequence[PlannedApplication], waves: Sequence[PlannedWave], spec: Spec, axis: Axis, delay_days: int
) -> list[Line]:
    """Crew hours by the disposition of the applications and by skill. What a wave holds beyond its applications is ``other``."""
    names = {application.application: application for application in applications}
    hours: dict[tuple[str, str], Floats] = defaultdict(lambda: np.zeros(len(waves)))
    for k, wave in enumerate(waves):
        rest = dict(wave.crew_h)
        for application in (names[name] for name in wave.applications if name in names):
            for skill, amount in application.crew_h.items():
                hours[application.disposition or "other", skill][k] += amount
                rest[skill] = rest.get(skill, 0.0) - amount
        for skill, amount in rest.items():
            if abs(amount) > 1e-6:
                hours["other", skill][k] += amount
    days = np.array([axis.day(wave.date) + delay_days for wave in waves])
    order = {name: k for k, name in enumerate((*DISPOSITIONS, *SKILLS))}
    return [
        _line(
            f"labour.{disposition}.{skill}",
            f"Labour, {disposition}, {skill} crew",
            "people",
            "crew hours",
            axis.lump(days, hours[disposition, skill]),
            "effort.hour_usd",
            spec.effort.hour_usd,
        )
        for disposition, skill in sorted(hours, key=lambda pair: (order.get(pair[0], 99), order.get(pair[1], 99), pair))
    ]


def _line(key: str, label: str, category: str, unit: str, quantity: Floats, rate_key: str, rate: float) -> Line:
    return Line(
        key=f"one-off.{key}",
        label=label,
        side="moving",
        group="one_off",
        category=category,
        unit=unit,
        quantity=quantity,
        rate_key=rate_key,
        rate=rate,
    )
