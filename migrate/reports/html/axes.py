"""Positions on an axis, in percent of its length: the page stretches charts to the width it has."""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

from migrate.reports.numerals import usd_short

__all__ = ["Tick", "TimeAxis", "money_ticks", "next_month"]

_NICE = (1.0, 2.0, 2.5, 5.0, 10.0)
_MONTH_STEPS = (1, 2, 3, 6, 12, 24, 60)


@dataclass(frozen=True)
class Tick:
    """A mark on an axis, `at` percent from its beginning."""

    at: float
    label: str


@dataclass(frozen=True)
class TimeAxis:
    """Days from `first` to `last`, both included."""

    first: dt.date
    last: dt.date

    def at(self, date: dt.date) -> float:
        """Percent from the beginning to the morning of `date`, within 0 and 100."""
        days = (self.last - self.first).days + 1
        return round(min(max((date - self.first).days / days * 100.0, 0.0), 100.0), 3)

    def ticks(self, wanted: int = 9) -> tuple[Tick, ...]:
        """First days of months, thinned out to about `wanted`."""
        months = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        step = next((size for size in _MONTH_STEPS if months / size <= wanted), _MONTH_STEPS[-1])
        ticks: list[Tick] = []
        date = self.first.replace(day=1)
        while date <= self.last:
            if date >= self.first and (date.month - 1 + 12 * date.year) % step == 0:
                label = f"{date:%Y}" if step >= 12 else f"{date:%b %Y}" if date.month == 1 or not ticks else f"{date:%b}"
                ticks.append(Tick(self.at(date), label))
            date = next_month(date)
        return tuple(ticks)


def next_month(date: dt.date) -> dt.date:
    """Give the first day of the month after `date`."""
    return dt.date(date.year + date.month // 12, date.month % 12 + 1, 1)


def money_ticks(low: float, high: float, wanted: int = 4) -> tuple[float, float, tuple[Tick, ...]]:
    """Choose round dollars that cover `low` to `high`.

    Returns
    -------
    tuple
        The lowest and highest value of the axis, and its ticks counted from the bottom.
    """
    span = max(high, 0.0) - min(low, 0.0)
    if span < 0.01:  # less than a cent
        return 0.0, 1.0, (Tick(0.0, usd_short(0.0)),)
    rough = span / wanted
    scale = 10.0 ** math.floor(math.log10(rough))
    step = next(size * scale for size in _NICE if size * scale >= rough * 0.999)
    bottom, top = math.floor(min(low, 0.0) / step), math.ceil(max(high, 0.0) / step)
    ticks = (Tick(round((k - bottom) / (top - bottom) * 100.0, 3), usd_short(k * step)) for k in range(bottom, top + 1))
    return bottom * step, top * step, tuple(ticks)
