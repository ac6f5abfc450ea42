"""Moments and lengths of time as a runbook shows them. Names of days are English whatever the machine's language is."""

from __future__ import annotations

import datetime as dt

__all__ = ["clock_time", "hours_text", "later", "moment", "zone_text", "zoned"]

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def moment(at: dt.datetime) -> str:
    """Such as ``Sat 2027-04-10 22:00``."""
    return f"{_DAYS[at.weekday()]} {at.date().isoformat()} {at.hour:02d}:{at.minute:02d}"


def zoned(at: dt.datetime) -> str:
    """Such as ``Sat 2027-04-10 22:00 CDT``."""
    return f"{moment(at)} {at.tzname() or 'UTC'}"


def zone_text(begins: dt.datetime) -> str:
    """The time zone as a head of a column names it, such as ``America/Chicago``; ``UTC`` when there is none."""
    return getattr(begins.tzinfo, "key", None) or begins.tzname() or "UTC"


def clock_time(at: dt.datetime) -> str:
    """Such as ``Sat 22:00``."""
    return f"{_DAYS[at.weekday()]} {at.hour:02d}:{at.minute:02d}"


def later(begins: dt.datetime, hours: float) -> dt.datetime:
    """The local time that many elapsed hours later, also across a change of the clocks."""
    utc = begins.astimezone(dt.UTC) + dt.timedelta(minutes=round(hours * 60))
    return utc.astimezone(begins.tzinfo)


def hours_text(hours: float | None) -> str:
    """Minutes below two hours, hours below two days, then days; a dash when unknown."""
    if hours is None:
        return "–"
    if hours < 2:
        return f"{hours * 60:.0f} min"
    return f"{hours:.1f} h".replace(".0 h", " h") if hours < 48 else f"{hours / 24:.1f} d".replace(".0 d", " d")
