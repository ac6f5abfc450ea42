"""The time axis of the business case: calendar months, filled from daily levels.

Every cost is a level in USD a month that begins and ends on a day. Levels are added up per day by their steps
(one `bincount` and one `cumsum`, whatever the number of servers), then averaged per calendar month: exact to the
day, in time that grows with servers plus days, not with servers × months.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from migrate.spec import Spec

__all__ = ["NEVER", "Axis", "Days", "Floats", "build_axis"]

Days = NDArray[np.int64]
Floats = NDArray[np.float64]

#: Day offset of what does not happen. Far beyond any horizon, far below where adding a delay could overflow.
NEVER = 10_000_000


@dataclass(frozen=True)
class Axis:
    """Calendar months from the month of `plan.start`; days are counted from the first day of the first month."""

    first: dt.date
    months: tuple[dt.date, ...]
    edges: Days  # day offset of the first day of each month, and of the day after the last

    @property
    def days(self) -> int:
        """Days in the horizon."""
        return int(self.edges[-1])

    def day(self, date: dt.date) -> int:
        """Offset of a date; negative before the axis."""
        return (date - self.first).days

    def date(self, day: int) -> dt.date:
        """The date of an offset."""
        return self.first + dt.timedelta(days=int(day))

    def mean(self, begin: Days, end: Days, amount: Floats) -> Floats:
        """Mean level per month of amounts that run from `begin` (included) to `end` (excluded)."""
        return self._daily_sums(begin, end, amount) / np.diff(self.edges)

    def spread(self, begin: int, end: int, amount: float) -> Floats:
        """An amount spread evenly over days; all of it on `begin` when `end` is not later."""
        if end <= begin:
            return self.lump(np.array([begin]), np.array([amount]))
        return self._daily_sums(np.array([begin]), np.array([end]), np.array([amount / (end - begin)]))

    def lump(self, day: Days, amount: Floats) -> Floats:
        """Amounts paid on a day, added up per month. Days before the axis count on its first; later ones are outside."""
        inside = day < self.days
        daily = np.bincount(np.clip(day[inside], 0, None), weights=amount[inside], minlength=self.days)
        return np.add.reduceat(daily, self.edges[:-1])

    def _daily_sums(self, begin: Days, end: Days, amount: Floats) -> Floats:
        first = np.clip(begin, 0, self.days)
        last = np.maximum(np.clip(end, 0, self.days), first)
        steps = np.bincount(first, weights=amount, minlength=self.days + 1)
        steps -= np.bincount(last, weights=amount, minlength=self.days + 1)
        return np.add.reduceat(np.cumsum(steps)[:-1], self.edges[:-1])


def build_axis(spec: Spec) -> Axis:
    """The axis of a request: `plan.horizon_years` of whole calendar months from the month of `plan.start`."""
    first = spec.plan.start.replace(day=1)
    count = spec.plan.horizon_years * 12
    months = [dt.date(first.year + (first.month - 1 + k) // 12, (first.month - 1 + k) % 12 + 1, 1) for k in range(count + 1)]
    edges = np.array([(month - first).days for month in months], dtype=np.int64)
    return Axis(first=first, months=tuple(months[:-1]), edges=edges)
