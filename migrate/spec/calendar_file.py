"""The days of the events of an iCalendar file (RFC 5545), for a freeze that names one.

Every event counts that is not cancelled: on all days that it touches, in its own time zone, with its recurrences (RRULE,
RDATE, EXDATE, and single ones that were moved or cancelled).
"""

from __future__ import annotations

import datetime as dt
import itertools
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from migrate.errors import RequestError
from migrate.spec.schedule import Period

if TYPE_CHECKING:
    from icalendar import Event

__all__ = ["read_periods"]

_LARGEST = 5_000_000  # bytes; a calendar of blackouts is small
_MOST = 5_000  # days on which one event may begin
_MOST_ALTOGETHER = 50_000  # of all events of a file
_OFTEN = ("SECONDLY", "MINUTELY", "HOURLY")
_SHOWN = 80  # characters of an event's title that are kept


def read_periods(path: Path, where: str, first: dt.date, last: dt.date) -> tuple[Period, ...]:
    """The stretches of days that the events of a file cover, in order.

    Parameters
    ----------
    path
        The file.
    where
        Place of the request that names it, for errors.
    first, last
        Recurrences are followed between these days.

    Raises
    ------
    RequestError
        The file cannot be read or is no calendar, or an event cannot be understood.
    """
    events = _events(path, where)
    moved = {_key(event) for event in events if "RECURRENCE-ID" in event}
    found: set[tuple[dt.date, dt.date, str]] = set()
    spanned = 0
    for event in events:
        if str(event.get("STATUS", "")).upper() == "CANCELLED":
            continue
        title = _title(event)
        try:
            spans = [span for span in _spans(event, moved, first, last) if span[1] >= first and span[0] <= last]
        except (ValueError, TypeError, AttributeError, KeyError, OverflowError) as error:
            raise RequestError(
                f"the event {title!r} of {path.name} cannot be understood: {_line(error)}",
                where=where,
                remedy="Correct it in the calendar, or write its days as `periods` of the freeze.",
            ) from None
        spanned += len(spans)
        if spanned > _MOST_ALTOGETHER:
            raise RequestError(
                f"the events of {path.name} repeat over {_MOST_ALTOGETHER:,} times in all",
                where=where,
                remedy="Name a calendar with the freeze's own events, or end those that repeat.",
            )
        found |= {(max(begin, first), min(end, last), title) for begin, end in spans}
    return tuple(Period.model_validate({"from": begin, "to": end, "what": title}) for begin, end, title in sorted(found))


def _events(path: Path, where: str) -> list[Event]:
    from icalendar import Calendar, Event  # noqa: PLC0415 -- only requests that name a calendar pay for it

    remedy = "Name an iCalendar file (.ics), as Outlook and other calendars export it."
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise RequestError(f"the calendar {path} is not a regular file", where=where, remedy=remedy)
        with path.open("rb") as stream:
            content = stream.read(_LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "its name is no path"
        raise RequestError(f"the calendar {path} cannot be read: {reason}", where=where, remedy=remedy) from None
    if len(content) > _LARGEST:
        raise RequestError(f"the calendar {path} is over 5 MB", where=where, remedy=remedy)
    try:
        calendars = Calendar.from_ical(content, multiple=True)
        events = [event for calendar in calendars for event in calendar.walk("VEVENT") if isinstance(event, Event)]
    except (ValueError, TypeError, IndexError, KeyError, AttributeError, RecursionError) as error:
        raise RequestError(f"{path} is no calendar: {_line(error)}", where=where, remedy=remedy) from None
    if not calendars:
        raise RequestError(f"{path} is no calendar", where=where, remedy=remedy)
    return events


def _spans(event: Event, moved: set[tuple[str, dt.date]], first: dt.date, last: dt.date) -> Iterator[tuple[dt.date, dt.date]]:
    """First and last day of the event, and of each recurrence."""
    begin, end = event.start, event.end
    if end < begin:
        raise ValueError("it ends before it begins")
    own = "RECURRENCE-ID" in event
    for start in [begin] if own else _starts(event, begin, first, last):
        stop = start + (end - begin)
        day = _day(start)
        if not own and (str(event.get("UID", "")), day) in moved:
            continue
        touched = _day(stop - dt.timedelta(days=1) if not isinstance(stop, dt.datetime) else stop - dt.timedelta(microseconds=1))
        yield day, max(day, touched)


def _starts(event: Event, begin: Any, first: dt.date, last: dt.date) -> Iterator[Any]:
    """When the event begins, each time; without the dates that are taken out."""
    from dateutil.rrule import rrulestr  # noqa: PLC0415

    out = {_day(item) for item in event.exdates}
    starts = {_day(begin): begin}
    for rdate in event.rdates:
        start = rdate[0]
        starts[_day(start)] = start
    for rule in event.rrules:
        if any(str(word).upper() in _OFTEN for word in rule.get("FREQ", [])):
            raise ValueError("it repeats more than once a day")
        if any(int(step) < 1 for step in rule.get("INTERVAL", [])):
            raise ValueError("its INTERVAL is not a number of 1 or more")
        naive = _naive(begin)
        text = rule.to_ical().decode()
        parts = [part for part in text.split(";") if not part.upper().startswith("UNTIL=")]
        until = next((_naive(item, begin) for item in rule.get("UNTIL", [])), None)
        days = rrulestr(";".join(parts), dtstart=naive)
        length = event.end - event.start
        low = dt.datetime.combine(first, dt.time()) - length
        high = dt.datetime.combine(last, dt.time.max)
        if until is not None:
            high = min(high, until)
        found = list(itertools.islice(days.xafter(low, inc=True), _MOST + 1))
        if len(found) > _MOST and found[-1] <= high:
            raise ValueError(f"it repeats over {_MOST:,} times")
        for moment in found:
            if moment <= high:
                starts[moment.date()] = moment if isinstance(begin, dt.datetime) else moment.date()
    for day in sorted(starts):
        if day not in out:
            yield starts[day] if not isinstance(begin, dt.datetime) else _naive(starts[day])


def _naive(moment: Any, like: Any = None) -> dt.datetime:
    """The moment as its own clock shows it, or that of another one; a day that ends a recurrence is meant whole."""
    if not isinstance(moment, dt.datetime):
        return dt.datetime.combine(moment, dt.time() if like is None else dt.time.max)
    zone = like.tzinfo if isinstance(like, dt.datetime) else None
    return (moment.astimezone(zone) if zone and moment.tzinfo else moment).replace(tzinfo=None)


def _day(moment: dt.date) -> dt.date:
    return moment.date() if isinstance(moment, dt.datetime) else moment


def _key(event: Event) -> tuple[str, dt.date]:
    recurrence: Any = event["RECURRENCE-ID"]
    return str(event.get("UID", "")), _day(recurrence.dt)


def _title(event: Event) -> str:
    text = str(event.get("SUMMARY", "")) or str(event.get("UID", "")) or "without a title"
    return "".join(letter for letter in text[:_SHOWN] if letter.isprintable())


def _line(error: Exception) -> str:
    return "".join(letter for letter in str(error)[:200] if letter.isprintable()) or type(error).__name__
