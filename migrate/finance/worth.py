"""Net present value and payback of a monthly series.

NPV = Σ saving_k / (1 + i)^k for k = 1 … n, with the monthly rate i = (1 + yearly)^(1/12) − 1: each month's saving
counts at the end of its month, as the function NPV of spreadsheets does. Source: any text on corporate finance, such
as Brealey, Myers and Allen, *Principles of Corporate Finance*, "How to calculate present values".
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

from migrate.finance.axis import Floats

__all__ = ["net_present_value", "payback_month"]


def net_present_value(saving: Floats, yearly_rate: float) -> float:
    """Present value, in the unit of `saving`, at the beginning of the first month."""
    periods = np.arange(1, saving.size + 1) / 12.0
    return float(np.sum(saving / (1.0 + yearly_rate) ** periods))


def payback_month(saving: Floats, months: Sequence[dt.date]) -> dt.date | None:
    """First month from which the cumulated saving, undiscounted, stays above zero. None when it never does."""
    not_yet = np.flatnonzero(np.round(np.cumsum(saving), 2) <= 0.0)
    first = int(not_yet[-1]) + 1 if not_yet.size else 0
    return months[first] if first < len(months) else None
