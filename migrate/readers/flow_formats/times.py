"""Seconds since 1970 (UTC) out of whatever a file holds.

Calendar texts are taken apart here, in whole numbers: engines read zones and fractions each in their own way. A text without
a zone is taken as UTC.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["duration", "plausible", "seconds"]

_PLAUSIBLE = (946_684_800, 4_102_444_800)  # 2000 to 2100: other times are unknown times
_LONGEST = 10 * 366 * 86_400.0  # seconds; a flow that lasts longer has no known duration
# as seconds the year 5138: from here on times are milliseconds, then microseconds, then nanoseconds
_UNITS = ((10**17, 10**9), (10**14, 10**6), (10**11, 10**3))
# what may stand behind year, month and day; anything else (``PM``) may change what the rest means
_CLOCK = r"^(([T ]|T |  )\d\d:\d\d(:\d\d([.,]\d*)?)?( ?(Z|z|UTC|[+-]\d\d(:?\d\d)?))?)?$"
_DAYS_TO_1970 = 719_468  # from 0000-03-01


def seconds(column: ir.Column | None) -> ir.IntegerValue:
    """A time as int64, rounded down; null where there is none. `record` passes over those that are not `plausible`.

    Parameters
    ----------
    column
        A timestamp or date; a number or text with seconds, milliseconds, microseconds or nanoseconds since 1970; a text such
        as ``2024-01-31T10:00:00Z``, ``2024-01-31 10:00:00.123``, ``2011/08/10 09:46:59.607825``, ``2024-01-31 10:00`` or
        ``2024-01-31T10:00:00+0100``. None: the table has no such column.
    """
    import ibis  # noqa: PLC0415 -- only those who have flows pay for it

    if column is None:
        return ibis.null("int64")
    kind = column.type()
    if kind.is_timestamp() or kind.is_date():
        return (column if kind.is_timestamp() else column.cast("timestamp")).epoch_seconds().cast("int64")
    if kind.is_integer():
        whole = column.try_cast("int64") if kind.is_uint64() else column.cast("int64")
        return ibis.cases(*((whole >= least, whole // unit) for least, unit in _UNITS), else_=whole)
    if kind.is_numeric():
        return _scaled(column.cast("float64"))
    if kind.is_string():
        text = column.strip()
        calendar = text.substr(4, 1).isin(["-", "/"])
        # by way of a float: engines differ in whether a text with a fraction can be a whole number
        return ibis.ifelse(calendar, _of_calendar(text), _scaled(text.try_cast("float64")))
    return ibis.null("int64")


def plausible(time: ir.IntegerValue) -> ir.IntegerValue:
    """The time if it is between 2000 and 2100, else null."""
    import ibis  # noqa: PLC0415 -- only those who have flows pay for it

    return ibis.ifelse(time.between(*_PLAUSIBLE), time, ibis.null("int64"))


def duration(column: ir.Column | None) -> ir.IntegerValue:
    """Whole seconds, rounded down, out of ``12.345`` or ``00:01:02.345``; 0 where it is unknown."""
    import ibis  # noqa: PLC0415 -- only those who have flows pay for it

    if column is None:
        return ibis.literal(0, type="int64")
    text = column.cast("string").strip()
    hours, minutes = text.substr(0, 2).try_cast("int64"), text.substr(3, 2).try_cast("int64")
    clock = hours * 3_600 + minutes * 60 + text.substr(6, 2).try_cast("int64")
    found = ibis.ifelse(text.substr(2, 1) == ":", clock, _floor(text.try_cast("float64")))
    return ibis.ifelse(found.between(0, int(_LONGEST)), found, 0).coalesce(0).cast("int64")


def _scaled(number: ir.FloatingValue) -> ir.IntegerValue:
    """Whole seconds."""
    import ibis  # noqa: PLC0415 -- only those who have flows pay for it

    unit = ibis.cases(*((number >= float(least), float(unit)) for least, unit in _UNITS), else_=1.0)
    return _floor(number, unit)


def _floor(number: ir.FloatingValue, unit: ir.FloatingValue | float = 1.0) -> ir.IntegerValue:
    """Whole units; null for what no 64-bit number can hold."""
    import ibis  # noqa: PLC0415 -- only those who have flows pay for it

    return (ibis.ifelse(number.between(-9e18, 9e18), number, ibis.null("float64")) / unit).floor().cast("int64")


def _of_calendar(text: ir.StringValue) -> ir.IntegerValue:
    """Seconds of year, month, day and time of day, less the zone's offset. Null where one of them cannot be.

    Days that a month does not have, and texts with anything else behind the time of day, are none.

    The days are counted as in Howard Hinnant, chrono-Compatible Low-Level Date Algorithms, ``days_from_civil``
    (https://howardhinnant.github.io/date_algorithms.html).
    """
    import ibis  # noqa: PLC0415 -- only those who have flows pay for it

    def part(start: int, length: int) -> ir.IntegerValue:
        return text.left(start + length).right(length).try_cast("int64")  # ibis writes `substr` out at length

    year, month, day = part(0, 4), part(5, 2), part(8, 2)
    hour, minute = part(11, 2), part(14, 2)
    has_time, has_seconds = text.length() > 10, text.substr(16, 1) == ":"
    second = ibis.ifelse(has_seconds, part(17, 2), 0)
    clock = ibis.ifelse(has_time, hour * 3_600 + minute * 60 + second, 0)
    zone = text.substr(16).re_extract(r"([+-]\d{2}:?\d{2}|[+-]\d{2})$", 1)
    shift = zone.substr(1, 2).try_cast("int64") * 3_600 + zone.right(2).try_cast("int64") * ibis.ifelse(zone.length() > 3, 60, 0)
    offset = ibis.cases((zone == "", 0), (zone.startswith("-"), -shift), else_=shift)
    years = year - ibis.ifelse(month <= 2, 1, 0)
    era_year = years % 400
    of_year = (153 * (month + ibis.ifelse(month > 2, -3, 9)) + 2) // 5 + day - 1
    days = (years // 400) * 146_097 + era_year * 365 + era_year // 4 - era_year // 100 + of_year - _DAYS_TO_1970
    leap = (year % 4 == 0) & ((year % 100 != 0) | (year % 400 == 0))
    longest = ibis.cases((month == 2, ibis.ifelse(leap, 29, 28)), (month.isin([4, 6, 9, 11]), 30), else_=31)
    possible = (
        month.between(1, 12)
        & day.between(1, longest)
        & text.substr(10).re_search(_CLOCK)
        & (~has_time | (hour.between(0, 24) & minute.between(0, 59) & second.between(0, 60)))
    )
    return ibis.ifelse(possible, days * 86_400 + clock - offset, ibis.null("int64")).cast("int64")
