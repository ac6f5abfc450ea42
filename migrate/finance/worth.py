"""What a monthly series is worth: NPV, IRR, MIRR, ROI, payback. Each month counts at its end; rates are yearly.

Sources: Brealey, Myers and Allen, *Principles of Corporate Finance*, "How to calculate present values" and "The internal rate
of return rule" (and its pitfall 2, several rates); MIRR as the function of spreadsheets, whose first value stands at time 0:
(future value of what comes in at the reinvestment rate ÷ present value of what goes out at the finance rate) ^ (1 ÷ (n − 1)) − 1.
Monthly rates follow from yearly ones as (1 + r)^(1/12) − 1, and back.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np

from migrate.finance.axis import Floats

__all__ = ["internal_rate", "modified_internal_rate", "net_present_value", "payback_month", "present_values"]

#: Yearly rates between which internal rates are looked for.
_LEAST, _MOST = -0.9, 100.0
_STEPS = 1000


def net_present_value(saving: Floats, yearly_rate: float) -> float:
    """Σ saving_k ÷ (1 + r)^(k/12), k = 1 … n: at the beginning of the first month, in the unit of `saving`."""
    return float(present_values(saving, yearly_rate).sum())


def present_values(saving: Floats, yearly_rate: float) -> Floats:
    """Each month's value at the beginning of the first. Months stand along the last axis."""
    periods = np.arange(1, saving.shape[-1] + 1) / 12.0
    values: Floats = saving / (1.0 + yearly_rate) ** periods
    return values


def payback_month(saving: Floats, months: Sequence[dt.date]) -> dt.date | None:
    """First month from which the cumulated saving stays above zero. None when it never does."""
    not_yet = np.flatnonzero(np.round(np.cumsum(saving), 2) <= 0.0)
    first = int(not_yet[-1]) + 1 if not_yet.size else 0
    return months[first] if first < len(months) else None


def internal_rate(saving: Floats) -> tuple[float | None, str]:
    """The yearly rate at which the NPV is zero, and why there is none.

    All rates between −90 % and 10,000 % a year are looked for; where there are several, none of them is *the* rate.
    """
    lacking = _one_sided(saving)
    if lacking:
        return None, lacking
    rates = np.geomspace(1.0 + _LEAST, 1.0 + _MOST, _STEPS) - 1.0
    periods = np.arange(1, saving.size + 1) / 12.0
    # dividing by the largest term keeps the sums finite; it does not move their zeros
    powers = -np.log1p(rates)[:, None] * periods
    values = (np.exp(powers - powers.max(axis=1, keepdims=True)) * saving).sum(axis=1)
    found = [_root(saving, rates[k], rates[k + 1]) for k in np.flatnonzero(np.sign(values[:-1]) * np.sign(values[1:]) < 0)]
    found += [float(rates[k]) for k in np.flatnonzero(values == 0.0)]
    if len(found) == 1:
        return found[0], ""
    if not found:
        return None, "At no yearly rate between −90 % and 10,000 % is the NPV zero"
    shown = ", ".join(f"{rate:.1%}" for rate in sorted(found))
    return None, f"The NPV is zero at several rates ({shown}), so none of them says what the money earns; see the MIRR"


def modified_internal_rate(saving: Floats, finance_rate: float, reinvest_rate: float) -> tuple[float | None, str]:
    """The yearly MIRR, and why there is none.

    Parameters
    ----------
    saving
        USD by month.
    finance_rate, reinvest_rate
        Yearly rates at which months that cost are financed, and months that save are invested.
    """
    lacking = _one_sided(saving)
    if lacking:
        return None, lacking
    last = saving.size - 1
    at = np.arange(saving.size) / 12.0
    earned = float(np.sum(np.clip(saving, 0.0, None) * (1.0 + reinvest_rate) ** (last / 12.0 - at)))
    paid = float(np.sum(np.clip(-saving, 0.0, None) / (1.0 + finance_rate) ** at))
    return (earned / paid) ** (12.0 / last) - 1.0, ""


def _one_sided(saving: Floats) -> str:
    """Why a series without both signs has no rate; empty where it has both."""
    if not saving.any():
        return "Moving and staying cost the same in every month"
    if not (saving < 0.0).any():
        return "No month of moving costs more than staying, so nothing is invested that could earn a rate"
    if not (saving > 0.0).any():
        return "No month of moving costs less than staying, so nothing is earned"
    return ""


def _root(saving: Floats, low: float, high: float) -> float:
    """The rate between two at which the NPV changes its sign, by bisection."""
    sign = np.sign(net_present_value(saving, low))
    for _ in range(80):
        middle = (low + high) / 2.0
        if np.sign(net_present_value(saving, middle)) == sign:
            low = middle
        else:
            high = middle
    return float(low + high) / 2.0
