"""Which records begin in business hours: a test that is cheap enough for every record."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis

from migrate.discovery.window import HOURS_A_DAY, Window

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["BusinessHours", "business_hours"]


@dataclass(frozen=True)
class BusinessHours:
    """The business hours of a window: on ordinary days one stretch that is always the same, on odd days any hours.

    Days are odd where the clock changed, where a stretch passes the end of a day of the window, or where not every hour
    of the stretch was recorded: what is no business hour there is told only by its absence from the list.

    Attributes
    ----------
    days
        Ordinary days that have business hours.
    begin, end
        The stretch, in hours from the beginning of a day of the window; `end` is not part of it.
    odd
        Hours from the beginning of the window that are business hours of odd days.
    odd_days
        Days on which only `odd` counts.
    """

    days: tuple[int, ...]
    begin: int
    end: int
    odd: tuple[int, ...]
    odd_days: tuple[int, ...]

    def of_record(self, of_day: ir.IntegerValue, hour: ir.IntegerValue) -> ir.BooleanValue:
        """Whether a record may lie in business hours; what `of_day` says of its day decides.

        Parameters
        ----------
        of_day, hour
            The hour in which it begins, counted from the beginning of its day of the window, and of the whole window.
        """
        usual = of_day.between(self.begin, self.end - 1)
        if not self.odd_days:
            return usual
        return (usual & (hour // HOURS_A_DAY).notin(self.odd_days)) | hour.isin(self.odd)

    def of_day(self, day: ir.IntegerValue) -> ir.BooleanValue:
        """Whether the day has business hours at all."""
        return day.isin(self.days + self.odd_days) if self.days or self.odd_days else ibis.literal(False)


def business_hours(window: Window) -> BusinessHours:
    """Find the stretch that most days share."""
    by_day: defaultdict[int, list[int]] = defaultdict(list)
    for hour in sorted(window.business_hours):
        by_day[(hour - window.first_hour) // HOURS_A_DAY].append((hour - window.first_hour) % HOURS_A_DAY)
    stretches: defaultdict[tuple[int, int], list[int]] = defaultdict(list)
    for day, hours in by_day.items():
        if hours[-1] - hours[0] + 1 == len(hours):
            stretches[hours[0], hours[-1] + 1].append(day)
    if not stretches:
        return BusinessHours((), 0, 0, _hours(by_day), tuple(by_day))
    begin, end = max(stretches, key=lambda stretch: (len(stretches[stretch]), -stretch[0], -stretch[1]))
    ordinary = stretches[begin, end]
    odd = {day: hours for day, hours in by_day.items() if day not in set(ordinary)}
    return BusinessHours(tuple(ordinary), begin, end, _hours(odd), tuple(odd))


def _hours(by_day: dict[int, list[int]]) -> tuple[int, ...]:
    return tuple(day * HOURS_A_DAY + hour for day, hours in by_day.items() for hour in hours)
