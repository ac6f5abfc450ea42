"""What is paid once for the migration, at its dates.

- crew hours of each wave × `effort.hour_usd`, on the wave's cutover date;
- landing zone and training, spread evenly over `waves.first_after_days` from `plan.start`;
- the programme office, from `plan.start` to the last wave's decommission date;
- decommissioning, for each server on the day it leaves.

What the planner's objective calls wave overhead is not added: in cash it is the programme office and the crews.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from migrate.finance.axis import NEVER, Axis, Floats
from migrate.finance.fates import Fates
from migrate.model.plan import PlannedWave
from migrate.spec import Spec

__all__ = ["one_off_costs"]


def one_off_costs(fates: Fates, waves: Sequence[PlannedWave], spec: Spec, axis: Axis, delay_days: int) -> Floats:
    """USD by month; every wave `delay_days` later than planned. Without waves nothing but retirement is paid."""
    leaving = fates.leave[fates.leave < NEVER]
    paid = axis.lump(leaving, np.full(leaving.size, spec.costs.decommission_usd_server))
    if not waves:
        return paid
    start = axis.day(spec.plan.start)
    once = spec.costs.landing_zone_usd + spec.costs.training_usd
    last = max(axis.day(wave.decommission_date) for wave in waves) + delay_days
    dates = np.array([axis.day(wave.date) + delay_days for wave in waves])
    labour = np.array([sum(wave.crew_h[skill] for skill in sorted(wave.crew_h)) * spec.effort.hour_usd for wave in waves])
    office = axis.mean(np.array([start]), np.array([last]), np.array([spec.costs.programme_usd_month]))
    return paid + axis.spread(start, start + spec.waves.first_after_days, once) + axis.lump(dates, labour) + office
