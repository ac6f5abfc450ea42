"""Who is told what, when, and by whom."""

from __future__ import annotations

import datetime as dt

from migrate.model.plan import PlannedWave
from migrate.runbooks.clock import Clock
from migrate.runbooks.owners import CUTOVER, DESK, LEAD, PARTNERS
from migrate.runbooks.return_plan import PointOfNoReturn
from migrate.runbooks.runbook import Message, Partner

__all__ = ["wave_messages"]


def wave_messages(
    wave: PlannedWave, clock: Clock, partners: tuple[Partner, ...], no_return: PointOfNoReturn, ends: dt.datetime
) -> tuple[Message, ...]:
    """Messages of a wave by time; `ends` is the gate that ends hypercare."""
    names = ", ".join(wave.applications[:8]) + (" and others" if len(wave.applications) > 8 else "")
    when = f"{clock.begins:%Y-%m-%d %H:%M %Z}"
    end = clock.after(wave.duration_h)
    rows = [
        (clock.workday(14), "application owners, clinical and business leads", LEAD, f"Wave {wave.wave} on {when}: {names}."),
        (clock.workday(3), "users", DESK, f"From {when} to {end:%Y-%m-%d %H:%M %Z} these are not available: {names}."),
        (clock.after(-2), "bridge, executive on call", CUTOVER, "Go or no-go has been decided: …"),
        (clock.begins, "users, service desk", DESK, "The work has begun."),
        (
            no_return.at,
            "bridge, executive on call",
            CUTOVER,
            "Stay or return has been decided: … (then users are admitted)",
        ),
        (end, "users, application owners", DESK, "The work has ended; report what does not work to the service desk."),
        (ends, "application owners", LEAD, "Hypercare ends; operations takes over and the source is switched off."),
    ]
    if partners:
        rows.append(
            (clock.workday(21), "external parties", PARTNERS, "New addresses and endpoints, test dates, contact for the night.")
        )
        rows.append((clock.after(-1), "external parties", PARTNERS, "We begin in an hour; call this number if connections fail."))
    made = [Message(at=at, starts_h=clock.hours(at), audience=to, by=by, text=text) for at, to, by, text in rows]
    return tuple(sorted(made, key=lambda message: (message.starts_h, message.audience)))
