"""What a rehearsal says. Steps are counted, never timed: two rehearsals of one wave give the same report."""

from __future__ import annotations

from typing import Literal

from migrate.model.plan import Record

__all__ = ["Check", "RehearsalReport", "RehearsedStep", "Unrehearsed"]


class RehearsedStep(Record):
    """One step that was carried out; a line of the journal."""

    n: int  # from 1
    phase: str
    kind: str
    subject: str
    status: Literal["done", "failed"]
    detail: str


class Check(Record):
    """Something that was compared with the plan."""

    subject: str
    check: str
    expected: str
    found: str
    passed: bool


class Unrehearsed(Record):
    """A server of the wave for which there is nothing to rehearse here, and why."""

    server: str
    application: str | None
    reason: str


class RehearsalReport(Record):
    """The outcome of one wave's rehearsal.

    Attributes
    ----------
    passed
        Every step was done, every check passed, and the way back led back. A rehearsal with a fault never passes.
    outcome
        The same in a sentence.
    created
        Number of resources by kind, landing zone included.
    missing, mismatches
        Servers of the plan that did not come up, and what differs from the plan, before the way back.
    rollback_verified
        Whether, after the way back, names point to the source and nothing of the wave runs at the target; None for
        the landing zone, which stays.
    resumed_steps
        How many steps stood in the journal already and were replayed.
    """

    plan: str
    wave: int
    fault: str | None
    passed: bool
    outcome: str
    servers_planned: int
    servers_rehearsed: int
    unrehearsed: tuple[Unrehearsed, ...]
    steps: tuple[RehearsedStep, ...]
    created: dict[str, int]
    checks_passed: int
    checks_failed: tuple[Check, ...]
    missing: tuple[str, ...]
    mismatches: tuple[Check, ...]
    rollback_verified: bool | None
    notes: tuple[str, ...]
    resumed_steps: int
