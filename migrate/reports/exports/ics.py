"""The cutovers as a calendar: one event for each wave (RFC 5545), in UTC, so that no time zone has to be carried along.

An event keeps its UID when the plan is made again, and its SEQUENCE rises with the day of replanning: calendars that have
imported it move it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from migrate.files import write_bytes
from migrate.model.plan import Plan, PlannedWave
from migrate.reports.exports.scope import Scope, wave_name
from migrate.reports.numerals import count

if TYPE_CHECKING:
    from icalendar import Event

__all__ = ["write_ics"]

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_NAMED = 30  # applications that a description lists


def write_ics(plan: Plan, path: Path, scope: Scope) -> tuple[str, ...]:
    """Write the calendar."""
    from icalendar import Calendar  # noqa: PLC0415 -- slow to import, and for this format only

    calendar = Calendar()
    calendar.add("prodid", "-//migrate//cutovers//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{_plain(plan.spec.plan.name)}: cutovers")
    for wave in scope.waves_of(plan):
        calendar.add_component(_event(plan, wave))
    write_bytes(path, calendar.to_ical())
    return ()


def _event(plan: Plan, wave: PlannedWave) -> Event:
    from icalendar import Event  # noqa: PLC0415 -- as above

    start = _begins(wave)
    names = [_plain(name) for name in wave.applications[:_NAMED]]
    more = [f"and {len(wave.applications) - _NAMED} more"] if len(wave.applications) > _NAMED else []
    told = [
        f"{count(wave.servers, 'server')}, {wave.data_gib:,.0f} GiB, risk {wave.risk_score:.0f} of 100.",
        f"Replication from {wave.replication_start}; decommission on {wave.decommission_date}.",
        *names,
        *more,
    ]
    plan_id = hashlib.sha256(plan.spec.plan.name.encode()).hexdigest()[:16]
    event = Event()
    event.add("uid", f"{plan_id}-wave-{wave.wave}@migrate")
    event.add("dtstamp", dt.datetime.combine(plan.spec.plan.start, dt.time(), tzinfo=dt.UTC))
    event.add("sequence", 0 if plan.earlier is None else max(0, (plan.earlier.as_of - plan.spec.plan.start).days))
    event.add("dtstart", start)
    event.add("dtend", start + dt.timedelta(hours=wave.duration_h))
    name = _plain(plan.spec.plan.name)
    event.add("summary", f"{name}: cutover of {wave_name(wave.wave)}, {len(wave.applications)} applications")
    event.add("description", "\n".join(told))
    event.add("categories", ["CUTOVER"])
    event.add("transp", "OPAQUE")
    return event


def _begins(wave: PlannedWave) -> dt.datetime:
    """The start of the cutover in UTC; `starts` is a local time and its zone."""
    clock, _, zone = wave.starts.partition(" ")
    local = dt.datetime.combine(wave.date, dt.time.fromisoformat(clock), tzinfo=ZoneInfo(zone or "UTC"))
    return local.astimezone(dt.UTC)


def _plain(text: str) -> str:
    return _CONTROL.sub(" ", text)
