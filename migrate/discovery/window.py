"""The observed window: which days and business hours the flow records cover, from a count of records by hour."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

__all__ = ["HOURS_A_DAY", "LONGEST", "MASK_DAYS", "Window", "observed_window"]

HOURS_A_DAY = 24
#: Days that one mask of active days holds: the bits of a signed 64-bit number without its sign.
MASK_DAYS = 63
#: Masks of a window at most: 1,008 days. What lies outside is summed, but on no day.
_MOST_MASKS = 16
#: Days of a window at most.
LONGEST = MASK_DAYS * _MOST_MASKS


@dataclass(frozen=True)
class Window:
    """When the records were observed. Hours count from 1970 (UTC); day n is the 24 hours from `first_hour` + 24 n.

    Attributes
    ----------
    first_hour
        Hour in which the first record begins; 0 where no record has a time. A stray record may begin before it, and a
        time may lie beyond the last mask: such records have sums but no day.
    days
        Days with any record, at least 1. Silent days are not among them: nothing was observed then.
    last_day
        Number of the last day with any record.
    masks
        How many masks of `MASK_DAYS` days each hold days 0 to `last_day`.
    business_hours
        Hours of the window with records that are business hours, ascending.
    """

    first_hour: int = 0
    days: int = 1
    last_day: int = 0
    masks: int = 1
    business_hours: tuple[int, ...] = ()


def observed_window(records_by_hour: Mapping[int, int], time_zone: str, business_hours: str) -> Window:
    """Say which window the records cover.

    Parameters
    ----------
    records_by_hour
        How many accepted and rejected records begin in each hour (hours since 1970, UTC).
    time_zone, business_hours
        As `migrate.spec.Flows` has them: an hour is a business hour if its middle lies, by the clock of the zone, on a
        Monday to Friday within them. (The middle, because zones may be half an hour off UTC.) Hours that end before they
        begin pass midnight and belong to the day on which they begin.

    Notes
    -----
    Where times spread over more than `LONGEST` days, some are wrong (a clock that was never set): the window is then the
    stretch of that length which holds most records.
    """
    hours = sorted(hour for hour, records in records_by_hour.items() if records > 0)
    if not hours:
        return Window()
    first = _densest_start(hours, records_by_hour)
    inside = [hour for hour in hours if first <= hour < first + LONGEST * HOURS_A_DAY]
    days = {(hour - first) // HOURS_A_DAY for hour in inside}
    zone = ZoneInfo(time_zone)
    begin, end = (_minutes(text) for text in business_hours.split("-"))
    return Window(
        first_hour=first,
        days=len(days),
        last_day=max(days),
        masks=max(days) // MASK_DAYS + 1,
        business_hours=tuple(hour for hour in inside if _at_work(hour, zone, begin, end)),
    )


def _densest_start(hours: list[int], records: Mapping[int, int]) -> int:
    """Hour at which the stretch of `LONGEST` days with most records begins; the earliest of equals."""
    best, best_count, count, until = hours[0], -1, 0, 0
    for start in hours:
        while until < len(hours) and hours[until] < start + LONGEST * HOURS_A_DAY:
            count += records[hours[until]]
            until += 1
        if count > best_count:
            best, best_count = start, count
        count -= records[start]
    return best


def _at_work(hour: int, zone: ZoneInfo, begin: int, end: int) -> bool:
    local = dt.datetime.fromtimestamp(hour * 3600 + 1800, tz=zone)
    minute, weekday = local.hour * 60 + local.minute, local.weekday()
    if begin < end:
        return weekday < 5 and begin <= minute < end
    if minute >= begin:
        return weekday < 5
    return minute < end and (weekday - 1) % 7 < 5


def _minutes(text: str) -> int:
    hour, _, minute = text.strip().partition(":")
    return int(hour) * 60 + int(minute or 0)
