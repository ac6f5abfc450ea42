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
from dataclasses import dataclass

import numpy as np

from migrate.finance.axis import Axis, Floats
from migrate.finance.basis import Basis
from migrate.finance.cashflow import CashFlow
from migrate.finance.lines import Line, saving
from migrate.finance.worth import net_present_value
from migrate.model.plan import PlannedWave, Range

__all__ = ["failed_cutovers", "npv_range"]


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
