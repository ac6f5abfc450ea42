"""Which uncertain input matters most: each at its low and its high, all others as planned, the widest first."""

from __future__ import annotations

import numpy as np

from migrate.finance.inputs import INPUTS, Inputs, ranges
from migrate.finance.spread import failed_cutovers
from migrate.finance.worth import net_present_value
from migrate.model.plan import Sensitivity
from migrate.spec import Spec

__all__ = ["tornado"]


def tornado(inputs: Inputs, spec: Spec) -> tuple[Sensitivity, ...]:
    """One record for each input that moves the NPV."""
    planned = net_present_value(inputs.flow.saving, spec.plan.discount_rate)
    found = [*_shares(inputs, planned, spec), _delay(inputs, planned), _rate(inputs, planned, spec), _failures(inputs, planned)]
    return tuple(sorted((bar for bar in found if bar.swing_usd > 0), key=lambda bar: (-bar.swing_usd, bar.input)))


def _shares(inputs: Inputs, planned: float, spec: Spec) -> list[Sensitivity]:
    bars = []
    for item, (low, high), present in zip(INPUTS, ranges(spec.uncertainty), inputs.present[0], strict=True):
        at = (planned + low * present, planned + high * present)
        bars.append(_bar(item.key, item.label, "share", (low, high), at, planned, item.why))
    return bars


def _delay(inputs: Inputs, planned: float) -> Sensitivity:
    """At the 5th and the 95th hundredth of the delay."""
    low, high = np.round(np.quantile(inputs.delay.days, [0.05, 0.95]))
    at = inputs.npv(np.ones((2, len(INPUTS))), np.array([low, high]))
    return _bar("delay_days", "Delay of all waves", "days", (low, high), (at[0], at[1]), planned, inputs.delay.why)


def _rate(inputs: Inputs, planned: float, spec: Spec) -> Sensitivity:
    rate = spec.plan.discount_rate
    low, high = max(spec.uncertainty.discount_rate[0], -rate), spec.uncertainty.discount_rate[1]
    at = [net_present_value(inputs.flow.saving, rate + step) for step in (low, high)]
    why = "what capital costs is a choice of the finance department"
    return _bar("discount_rate", "Discount rate", "points a year", (low, high), (at[0], at[1]), planned, why)


def _failures(inputs: Inputs, planned: float) -> Sensitivity:
    """None against the high estimate of every wave: the business case as planned has no failed cutovers."""
    losses = failed_cutovers(inputs.basis.planned.waves, inputs.basis.axis, 0)
    worst = planned - net_present_value(losses, inputs.basis.spec.plan.discount_rate)
    why = "the high estimate of what failed cutovers cost in each wave; the case as planned has none"
    return _bar("failed_cutovers", "Failed cutovers", "USD", (0.0, float(losses.sum())), (planned, worst), planned, why)


def _bar(
    key: str, label: str, unit: str, values: tuple[float, float], at: tuple[float, float], planned: float, why: str
) -> Sensitivity:
    swing = max(*at, planned) - min(*at, planned)
    return Sensitivity(
        input=key,
        label=label,
        unit=unit,
        low=round(float(values[0]), 6),
        high=round(float(values[1]), 6),
        npv_at_low_usd=round(float(at[0]), 2),
        npv_at_high_usd=round(float(at[1]), 2),
        swing_usd=round(float(swing), 2),
        why=why,
    )
