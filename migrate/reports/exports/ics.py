"""The cutovers as a calendar: one event for each wave (RFC 5545), in UTC, so that no time zone has to be carried along.

An event keeps its UID when the plan is made again, and its SEQUENCE rises with the day of replanning: calendars that have
imported it move it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from pathlib import Path
from zoneinfo import ZoneInfo

from migrate.files import write_bytes
from migrate.model.plan import Plan, PlannedWave
from migrate.reports.exports.scope import Scope, wave_name

__all__ = ["calendar_text", "write_ics"]

_FOLD = 75  # octets of a line, RFC 5545 section 3.1
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_NAMED = 30  # applications that a description lists


def write_ics(plan: Plan, path: Path, scope: Scope) -> tuple[str, ...]:
    """Write the calendar."""
    write_bytes(path, calendar_text(plan, scope).encode())
    return ()


def calendar_text(plan: Plan, scope: Scope) -> str:
    """The calendar's text, with CRLF as line ends."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//migrate//cutovers//EN", "METHOD:PUBLISH"]
    lines.append(f"X-WR-CALNAME:{_escaped(plan.spec.plan.name)}: cutovers")
    for wave in scope.waves_of(plan):
        lines += _event(plan, wave)
    return "".join(f"{_folded(line)}\r\n" for line in [*lines, "END:VCALENDAR"])


def _event(plan: Plan, wave: PlannedWave) -> list[str]:
    start = _begins(wave)
    stamp = dt.datetime.combine(plan.spec.plan.start, dt.time())
    sequence = 0 if plan.earlier is None else max(0, (plan.earlier.as_of - plan.spec.plan.start).days)
    names = list(wave.applications[:_NAMED])
    more = [f"and {len(wave.applications) - _NAMED} more"] if len(wave.applications) > _NAMED else []
    told = [
        f"{wave.servers} servers, {wave.data_gib:,.0f} GiB, risk {wave.risk_score:.0f} of 100.",
        f"Replication from {wave.replication_start}; decommission on {wave.decommission_date}.",
        *names,
        *more,
    ]
    name = hashlib.sha256(plan.spec.plan.name.encode()).hexdigest()[:16]
    return [
        "BEGIN:VEVENT",
        f"UID:{name}-wave-{wave.wave}@migrate",
        f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}",
        f"SEQUENCE:{sequence}",
        f"DTSTART:{start:%Y%m%dT%H%M%SZ}",
        f"DTEND:{start + dt.timedelta(hours=wave.duration_h):%Y%m%dT%H%M%SZ}",
        f"SUMMARY:{_escaped(f'{plan.spec.plan.name}: cutover of {wave_name(wave.wave)}, {len(wave.applications)} applications')}",
        f"DESCRIPTION:{_escaped(chr(10).join(told))}",
        "CATEGORIES:CUTOVER",
        "TRANSP:OPAQUE",
        "END:VEVENT",
    ]


def _begins(wave: PlannedWave) -> dt.datetime:
    """The start of the cutover in UTC; `starts` is a local time and its zone."""
    clock, _, zone = wave.starts.partition(" ")
    local = dt.datetime.combine(wave.date, dt.time.fromisoformat(clock), tzinfo=ZoneInfo(zone or "UTC"))
    return local.astimezone(dt.UTC)


def _escaped(text: str) -> str:
    """TEXT as RFC 5545 section 3.3.11 writes it."""
    plain = _CONTROL.sub(" ", text).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\n", "\\n")


def _folded(line: str) -> str:
    """A line of at most 75 octets, and its rest on lines that begin with a space; no character is cut in two."""
    parts, size, part = [], 0, ""
    for letter in line:
        octets = len(letter.encode("utf-8", errors="replace"))
        if size + octets > _FOLD:
            parts.append(part)
            part, size = " ", 1
        part, size = part + letter, size + octets
    return "\r\n".join([*parts, part])
