"""When is everything done, and how sure is that? The task plan of a plan's waves, and its simulation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from migrate.findings import Finding
from migrate.model.plan import (
    Candidate,
    Earlier,
    Outlook,
    PlannedApplication,
    PlannedDependency,
    PlannedServer,
    PlannedWave,
    TaskPlan,
)
from migrate.spec import Spec
from migrate.waves.schedule.make import schedule_tasks
from migrate.waves.schedule.outlook import look_out

__all__ = ["Timetable", "timetable"]


@dataclass(frozen=True)
class Timetable:
    """Tasks and outlook; both None where nothing moves."""

    tasks: TaskPlan | None
    outlook: Outlook | None
    findings: list[Finding]


def timetable(
    servers: Sequence[PlannedServer],
    applications: Sequence[PlannedApplication],
    dependencies: Sequence[PlannedDependency],
    candidates: Sequence[Candidate],
    waves: Sequence[PlannedWave],
    spec: Spec,
    earlier: Earlier | None = None,
) -> Timetable:
    """Schedule the tasks of all applications in waves, and simulate how the dates hold.

    Parameters
    ----------
    servers, applications, dependencies, candidates, waves
        The records of a plan, with the waves that were chosen.
    spec
        The request; ``plan.seed`` seeds what is random.
    earlier
        What an earlier plan had decided: what it has cut over neither varies nor raises findings.
    """
    scheduled = schedule_tasks(servers, applications, dependencies, candidates, waves, spec, earlier)
    if scheduled is None:
        return Timetable(None, None, [])
    outlook, findings = look_out(scheduled, candidates, spec)
    return Timetable(scheduled.plan, outlook, [*scheduled.findings, *findings])
