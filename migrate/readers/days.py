"""Days as spreadsheets write them. A text may mean two days (3/4/2027): every reading is given, and the reader chooses."""

from __future__ import annotations

import datetime as dt
import re

__all__ = ["days_of", "moment_of"]

_EPOCH = dt.date(1899, 12, 30)  # of spreadsheet serial numbers
_SERIAL = re.compile(r"(\d{5})(?:\.\d+)?")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ](\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?")
_NUMBERS = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?: (\d{1,2}):(\d{2})(?::\d{2})?)?")
_NAMED = re.compile(r"(\d{1,2})[-. ]+([A-Za-z]{3})[a-z]*[-., ]+(\d{4}|\d{2})")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def days_of(text: str) -> tuple[dt.date, ...]:
    """Every day that `text` may mean; empty when it means none.

    ISO 8601 (a time after it is left out), numbers with points (day first), slashes or dashes (both ways), ``6-Mar-27``, and
    spreadsheet serial numbers.

    Examples
    --------
    >>> days_of("2027-03-06"), days_of("06.03.2027"), len(days_of("3/4/2027"))
    ((datetime.date(2027, 3, 6),), (datetime.date(2027, 3, 6),), 2)
    """
    text = text.strip()
    found: list[dt.date | None] = []
    if match := _ISO.fullmatch(text):
        found = [_day(int(match[1]), int(match[2]), int(match[3]))]
    elif match := _SERIAL.fullmatch(text):
        found = [_EPOCH + dt.timedelta(days=int(match[1]))]
    elif match := _NUMBERS.fullmatch(text):
        year, first, second = _year(match[3]), int(match[1]), int(match[2])
        found = [_day(year, second, first)] if "." in text else [_day(year, first, second), _day(year, second, first)]
    elif (match := _NAMED.fullmatch(text)) and match[2].lower() in _MONTHS:
        found = [_day(_year(match[3]), _MONTHS.index(match[2].lower()) + 1, int(match[1]))]
    return tuple(sorted({day for day in found if day is not None}))


def moment_of(text: str) -> dt.datetime | None:
    """The moment that `text` means, in the local time it was written in; midnight where no time stands; None: not one moment.

    Offsets (``Z``, ``+02:00``) are left out: durations between moments of one table are what is asked for.
    """
    days = days_of(text)
    if len(days) != 1:
        return None
    clock = _ISO.fullmatch(text.strip())
    hours, minutes = (clock[4], clock[5]) if clock else (None, None)
    if clock is None and (other := _NUMBERS.fullmatch(text.strip())):
        hours, minutes = other[4], other[5]
    if clock is None and (serial := re.fullmatch(r"\d{5}(\.\d+)", text.strip())):
        seconds = round(float(serial[1]) * 86_400)
        return dt.datetime.combine(days[0], dt.time()) + dt.timedelta(seconds=seconds)
    if hours is None or minutes is None:
        return dt.datetime.combine(days[0], dt.time())
    if int(hours) > 23 or int(minutes) > 59:
        return None
    return dt.datetime.combine(days[0], dt.time(int(hours), int(minutes)))


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _day(year: int, month: int, day: int) -> dt.date | None:
    try:
        found = dt.date(year, month, day)
    except ValueError:
        return None
    return found if dt.date(1990, 1, 1) <= found <= dt.date(2250, 12, 31) else None
