"""Steps while a runbook is being put together: named by keys, numbered at the end when their order is known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from migrate.model.plan import Range
from migrate.runbooks.clock import Clock
from migrate.runbooks.runbook import Gate, Phase, Step

__all__ = ["DraftStep", "number_steps"]

_RANK = {phase: rank for rank, phase in enumerate(Phase)}


@dataclass(frozen=True)
class DraftStep:
    """A `migrate.runbooks.Step` without its number. `after` holds keys of other drafts; unknown ones are left out."""

    key: str
    phase: Phase
    title: str
    action: str
    check: str
    rollback: str
    owner: str
    starts: dt.datetime
    duration: Range
    after: tuple[str, ...] = ()
    application: str | None = None
    servers: tuple[str, ...] = ()
    databases: tuple[str, ...] = ()
    owner_name: str | None = None
    gate: Gate | None = None


def number_steps(drafts: Iterable[DraftStep], wave: int, clock: Clock) -> tuple[Step, ...]:
    """Sort by time, then phase, then as given, and number them ``WAVE-NNN``."""
    ordered = sorted(drafts, key=lambda draft: (draft.starts.astimezone(dt.UTC), _RANK[draft.phase]))
    ids = {draft.key: f"{wave:02d}-{number:03d}" for number, draft in enumerate(ordered, start=1)}
    return tuple(
        Step(
            id=ids[draft.key],
            phase=draft.phase,
            title=draft.title,
            application=draft.application,
            servers=draft.servers,
            databases=draft.databases,
            action=draft.action,
            check=draft.check,
            rollback=draft.rollback,
            owner=draft.owner,
            owner_name=draft.owner_name,
            starts=draft.starts,
            starts_h=clock.hours(draft.starts),
            duration_h=draft.duration,
            depends_on=tuple(sorted(ids[key] for key in draft.after if key in ids)),
            gate=draft.gate,
        )
        for draft in ordered
    )
