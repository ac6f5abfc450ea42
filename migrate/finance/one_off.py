"""What is paid once for the migration beside its crews (see `migrate.finance.labour`), at its dates, as lines.

- who helps to migrate, by server on its cutover date, and once while the landing zone is built;
- landing zone and training, spread evenly over `waves.first_after_days` from `plan.start`;
- the programme office, from `plan.start` to the last wave's decommission date;
- lines ordered for the migration, from the first replication start to the last decommission date;
- decommissioning, for each server on the day it leaves.

What the planner's objective calls wave overhead is not added: in cash it is the programme office and the crews.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from migrate.finance.axis import NEVER, Axis, Floats
from migrate.finance.fates import Fates
from migrate.finance.lines import Line
from migrate.finance.rising import rising
from migrate.model.plan import PlannedWave
from migrate.spec import Spec

__all__ = ["one_off_lines"]


def one_off_lines(fates: Fates, waves: Sequence[PlannedWave], spec: Spec, axis: Axis, delay_days: int) -> list[Line]:
    """Lines of the group ``one_off``; every wave `delay_days` later than planned. Without waves only retirement is paid."""
    leaving = fates.leave[fates.leave < NEVER]
    leave = axis.lump(leaving, np.ones(leaving.size))
    lines = [_line("decommission", "Decommissioning", "programme", leave, _of_costs("decommission_usd_server", spec), spec)]
    if not waves:
        return lines if leaving.size else []
    start = axis.day(spec.plan.start)
    first = min(axis.day(wave.replication_start) for wave in waves) + delay_days
    last = max(axis.day(wave.decommission_date) for wave in waves) + delay_days
    moving = fates.cutover[fates.moves]
    once = axis.spread(start, start + spec.waves.first_after_days, 1.0)
    office = axis.mean(np.array([start]), np.array([last]), np.ones(1))
    lined = axis.mean(np.array([first]), np.array([last]), np.ones(1))
    moved = axis.lump(moving, np.ones(moving.size))
    every = [
        ("landing-zone", "Landing zone", "programme", once, "landing_zone_usd"),
        ("training", "Training", "people", once, "training_usd"),
        ("programme", "Programme office", "people", office, "programme_usd_month"),
        ("migration-partner", "Migration partner", "partner", once, "migration_partner_usd"),
        ("migration-partner-servers", "Migration partner, by server", "partner", moved, "migration_partner_usd_server"),
        ("lines", "Lines for the double run", "network", lined, "double_run_link_usd_month"),
    ]
    return [
        *(_line(key, label, category, quantity, _of_costs(name, spec), spec) for key, label, category, quantity, name in every),
        *lines,
    ]


def _of_costs(name: str, spec: Spec) -> tuple[str, float, str]:
    """Key, value and unit of the quantity for a key of ``[costs]``."""
    unit = "servers" if name.endswith("_server") else "months" if name.endswith("_month") else "share of it"
    return f"costs.{name}", getattr(spec.costs, name), unit


def _line(key: str, label: str, category: str, quantity: Floats, rate: tuple[str, float, str], spec: Spec) -> Line:
    rate_key, value, unit = rate
    return Line(
        key=f"one-off.{key}",
        label=label,
        side="moving",
        group="one_off",
        category=category,
        unit=unit,
        quantity=quantity,
        rate_key=rate_key,
        rate=value,
        factors=rising(category, spec.costs),
    )
