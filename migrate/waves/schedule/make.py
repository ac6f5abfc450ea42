"""All tasks of a plan with their dates, float and critical path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from migrate.findings import Finding
from migrate.model.plan import (
    Candidate,
    Earlier,
    PathStep,
    PlannedApplication,
    PlannedDependency,
    PlannedServer,
    PlannedTask,
    PlannedWave,
)
from migrate.model.plan.schedule import TaskPlan, WaveTiming
from migrate.spec import Spec
from migrate.spec.durations import TASKS
from migrate.waves.schedule.doubts import doubts
from migrate.waves.schedule.nights import Nights, plan_nights
from migrate.waves.schedule.placement import Placement, place
from migrate.waves.schedule.slack import Slack, critical_chain, find_slack, open_dates
from migrate.waves.schedule.workload import Workload, workload

__all__ = ["Scheduled", "schedule_tasks"]

_TASKS = TypeAdapter(tuple[PlannedTask, ...])
_DIGITS = 3


@dataclass(frozen=True)
class Scheduled:
    """The tasks as records, and as the arrays that a simulation starts from."""

    plan: TaskPlan
    work: Workload
    placed: Placement
    findings: list[Finding]


def schedule_tasks(
    servers: Sequence[PlannedServer],
    applications: Sequence[PlannedApplication],
    dependencies: Sequence[PlannedDependency],
    candidates: Sequence[Candidate],
    waves: Sequence[PlannedWave],
    spec: Spec,
    earlier: Earlier | None = None,
) -> Scheduled | None:
    """Schedule the tasks of every application that is in a wave; None when none is.

    Parameters
    ----------
    servers, applications, dependencies, candidates, waves
        The records of a plan, with the waves that the planner chose.
    spec
        The request: ``durations``, ``crew``, ``link``, ``site``, and ``plan.seed`` for the order of each night.
    earlier
        What an earlier plan had decided: what it has cut over is not doubted any more.
    """
    if not waves:
        return None
    work = workload(servers, applications, waves, spec, earlier)
    if not work.applications:
        return None
    placed = place(work, spec)
    nights = plan_nights(work, dependencies, spec)
    opened = open_dates(work, candidates)
    slack = find_slack(work, placed, candidates, opened, spec)
    chain = critical_chain(work, placed, nights, opened)
    on_path = {(step.application, step.task) for step in chain}
    tasks = _TASKS.validate_python(_rows(work, placed, nights, slack, on_path, spec))
    found = {(task.application, str(task.task)): task for task in tasks if task.critical}
    path = []
    for step in chain:
        task = found[work.applications[step.application].application, step.task]
        path.append(
            PathStep(
                application=task.application,
                wave=task.wave,
                task=task.task,
                start=task.start,
                end=task.end,
                because=step.because,
            )
        )
    plan = TaskPlan(tasks=tasks, waves=_timings(work, placed, nights, slack), critical_path=tuple(path), end=work.day(slack.end))
    return Scheduled(plan, work, placed, doubts(work, placed, nights, spec))


def _rows(
    work: Workload, placed: Placement, nights: Nights, slack: Slack, on_path: set[tuple[int, str]], spec: Spec
) -> list[dict[str, Any]]:
    date, retire, begin = work.date[work.row], work.retire[work.row], work.begin[work.row]
    copied = np.maximum(np.ceil(placed.replicated).astype(np.int64) - 1, begin)
    starts = (begin, placed.test_start, date, date, np.minimum(date + 1, retire), placed.retire_start)
    ends = (copied, placed.test_end, date, date, np.maximum(retire - 1, date), placed.retire_end)
    wave_slack = slack.wave[work.row]
    floats = (slack.replicate, slack.test, wave_slack, wave_slack, slack.behind, slack.behind)
    shares = [getattr(spec.durations, f"{task}_share") for task in TASKS]
    hours = {
        "cutover": (nights.cutover_at.tolist(), nights.cutover_h.tolist()),
        "validate": (nights.validate_at.tolist(), nights.validate_h.tolist()),
    }
    columns = [(a.tolist(), b.tolist(), c.tolist()) for a, b, c in zip(starts, ends, floats, strict=True)]
    total = work.total_h.tolist()
    days = [work.day(day) for day in range(work.days + 1)]
    rows = []
    for place_, item in enumerate(work.applications):
        for task, (start, end, room), share in zip(TASKS, columns, shares, strict=True):
            row: dict[str, Any] = {
                "application": item.application,
                "wave": item.wave,
                "task": task,
                "start": days[start[place_]],
                "end": days[max(end[place_], start[place_])],
                "crew_h": round(share * total[place_], _DIGITS),
                "float_days": room[place_],
                "critical": (place_, task) in on_path,
            }
            if task in hours:
                row["starts_h"] = round(hours[task][0][place_], _DIGITS)
                row["duration_h"] = round(hours[task][1][place_], _DIGITS)
            rows.append(row)
    return rows


def _timings(work: Workload, placed: Placement, nights: Nights, slack: Slack) -> tuple[WaveTiming, ...]:
    timings = []
    for row, wave in enumerate(work.waves):
        members = work.row == row
        timings.append(
            WaveTiming(
                wave=wave.wave,
                date=wave.date,
                ready=work.day(int(placed.test_end[members].max())),
                closed=work.day(int(placed.retire_end[members].max())),
                float_days=int(slack.wave[row]),
                night_h=round(float(nights.night_h[row]), _DIGITS),
                night_bound_h=round(float(nights.bound_h[row]), _DIGITS),
                window_h=wave.duration_h,
            )
        )
    return tuple(timings)
