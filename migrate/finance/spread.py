"""The range of the NPV: two named cases beside the likely one. Planning values of this project, not statistics.

====== ============ ========== ======== ==========================
case   source cost  AWS bill   waves    failed cutovers
====== ============ ========== ======== ==========================
low    − 20 %       + 15 %     91 days  high estimate of each wave
likely as computed  as priced  on time  none
high   + 20 %       − 15 %     on time  none
====== ============ ========== ======== ==========================

All move together in each case, so the range is wide on purpose. The simulation (`migrate.finance.simulation`) has the
statistics.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from migrate.finance.axis import Axis, Floats
from migrate.finance.basis import Basis
from migrate.finance.cashflow import CashFlow
from migrate.finance.lines import Line, saving
from migrate.finance.worth import net_present_value
from migrate.model.plan import PlannedWave, Range

__all__ = ["failed_cutovers", "npv_range", "npv_steps"]


@dataclass(frozen=True)
class _Variation:
    """What differs from the likely case."""

    source: float  # factor on what servers cost at the source, refresh included
    target: float  # factor on the AWS bill
    delay_days: int  # by which every wave comes later

    def weight(self, line: Line) -> float:
        """The factor on a line."""
        if line.group == "target_run":
            return self.target
        return self.source if line.group in ("source_run", "stay_run", "stay_refresh") else 1.0


_LOW = _Variation(source=0.8, target=1.15, delay_days=91)
_HIGH = _Variation(source=1.2, target=0.85, delay_days=0)
_REASON = (
    "Low: source costs 20 % lower than estimated, AWS bill 15 % higher, every wave three months late, and cutovers "
    "fail as in the high estimate of each wave. High: source costs 20 % higher, AWS bill 15 % lower."
)


def npv_steps(basis: Basis, end: str) -> tuple[tuple[str, float], ...]:
    """What each change of the case `end` ("low" or "high") does to the NPV, USD: made one after another, in this order.

    With the NPV as planned they add up to the end of the range, to the cent. In another order the parts would be others.
    """
    rate, count, flow = basis.spec.plan.discount_rate, len(basis.axis.months), basis.flow()
    whole = _LOW if end == "low" else _HIGH
    source = replace(whole, target=1.0, delay_days=0)
    likely = round(net_present_value(saving(flow.lines, count), rate), 2)
    values = [
        (f"source costs {whole.source - 1:+.0%}", net_present_value(saving(flow.lines, count, source.weight), rate)),
        (f"AWS bill {whole.target - 1:+.0%}", net_present_value(saving(flow.lines, count, whole.weight), rate)),
    ]
    if whole.delay_days:
        late = saving(basis.flow(whole.delay_days).lines, count, whole.weight)
        failed = failed_cutovers(basis.planned.waves, basis.axis, whole.delay_days)
        values.append((f"every wave {whole.delay_days} days later", net_present_value(late, rate)))
        values.append(("failed cutovers, high estimate of each wave", net_present_value(late - failed, rate)))
    last = values[-1][1]
    if (last > likely) == (end == "low"):
        values.append(("the NPV as planned bounds the range", likely))
    steps, before = [], likely
    for label, value in values:
        steps.append((label, round(round(value, 2) - before, 2)))
        before = round(value, 2)
    return tuple(steps)


def npv_range(basis: Basis, flow: CashFlow, likely: float) -> Range:
    """The cases above. Delay can even help a plan that loses money: the likely case bounds both."""
    rate, count = basis.spec.plan.discount_rate, len(basis.axis.months)
    late = saving(basis.flow(_LOW.delay_days).lines, count, _LOW.weight)
    worst = net_present_value(late - failed_cutovers(basis.planned.waves, basis.axis, _LOW.delay_days), rate)
    best = net_present_value(saving(flow.lines, count, _HIGH.weight), rate)
    return Range(low=round(min(worst, likely), 2), likely=likely, high=round(max(best, likely), 2), reason=_REASON)


def failed_cutovers(waves: Sequence[PlannedWave], axis: Axis, delay_days: int) -> Floats:
    """High estimate of what failed cutovers cost, USD by month of the waves."""
    if not waves:
        return np.zeros(len(axis.months))
    days = np.array([axis.day(wave.date) + delay_days for wave in waves])
    return axis.lump(days, np.array([wave.expected_loss_usd.high for wave in waves]))
