"""From a wave's date and window to the times of its steps. Nothing here looks at today's date."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from migrate.model.plan import PlannedWave

__all__ = ["Clock", "t_label"]

_WORKDAY_STARTS = dt.time(9)
_HOURS_SHOWN = 36  # beyond it, days are shown


@dataclass(frozen=True)
class Clock:
    """Times relative to T, the moment at which the cutover begins.

    Parameters
    ----------
    begins
        T, with its zone.
    squeeze
        Days before T are multiplied by it: less than 1 where the preparation has less time than it should.
    """

    begins: dt.datetime
    squeeze: float = 1.0

    @classmethod
    def of_wave(cls, wave: PlannedWave) -> Clock:
        """T of a wave: its date at the time and zone of `starts`, such as ``22:00 America/Chicago``."""
        clock, _, zone = wave.starts.partition(" ")
        hour, minute = (int(part) for part in clock.split(":"))
        return cls.at(wave.date, dt.time(hour, minute), zone or "UTC")

    @classmethod
    def at(cls, date: dt.date, time: dt.time = _WORKDAY_STARTS, zone: str = "UTC") -> Clock:
        """T on a date at a local time."""
        try:
            info = ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError):
            info = ZoneInfo("UTC")
        return cls(dt.datetime.combine(date, time, tzinfo=info))

    def after(self, hours: float) -> dt.datetime:
        """The local time `hours` of elapsed time after T; a change of the clocks in between is counted."""
        utc = self.begins.astimezone(dt.UTC) + dt.timedelta(minutes=round(hours * 60))
        return utc.astimezone(self.begins.tzinfo)

    def workday(self, days_before: float) -> dt.datetime:
        """Nine o'clock on the day `days_before` T, or on the Friday before when that is a weekend."""
        return self.on(self.begins.date() - dt.timedelta(days=round(days_before * self.squeeze)))

    def on(self, date: dt.date) -> dt.datetime:
        """Nine o'clock on `date`, or on the Friday before when that is a weekend."""
        weekend = max(date.weekday() - 4, 0)
        day = date - dt.timedelta(days=weekend)
        return dt.datetime.combine(day, _WORKDAY_STARTS, tzinfo=self.begins.tzinfo)

    def morning(self, date: dt.date) -> dt.datetime:
        """Nine o'clock on exactly that date, weekends included."""
        return dt.datetime.combine(date, _WORKDAY_STARTS, tzinfo=self.begins.tzinfo)

    def hours(self, moment: dt.datetime) -> float:
        """Elapsed hours from T to `moment`, to the minute."""
        elapsed = moment.astimezone(dt.UTC) - self.begins.astimezone(dt.UTC)
        return round(elapsed.total_seconds() / 60) / 60


def t_label(moment: dt.datetime, begins: dt.datetime) -> str:
    """Write a moment as people say it: calendar days (``T-14 d``), or hours and minutes within a day and a half of T.

    Examples
    --------
    >>> t = dt.datetime(2027, 4, 10, 22, tzinfo=dt.UTC)
    >>> t_label(t - dt.timedelta(days=14), t), t_label(t, t), t_label(t + dt.timedelta(minutes=90), t)
    ('T-14 d', 'T+0:00', 'T+1:30')
    """
    elapsed = moment.astimezone(dt.UTC) - begins.astimezone(dt.UTC)
    sign = "-" if elapsed < dt.timedelta() else "+"
    minutes = round(abs(elapsed).total_seconds() / 60)
    if minutes >= _HOURS_SHOWN * 60:
        return f"T{sign}{abs((moment.date() - begins.date()).days)} d"
    return f"T{sign}{minutes // 60}:{minutes % 60:02d}"
