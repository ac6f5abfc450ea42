"""The night of a cutover: who is cut over when, with the people that the crews have.

A small project with resources for every wave, in steps of five minutes: each application is cut over, then validated. A
consumer is validated only when the providers that it cannot do without, if they are of the same wave, have been cut over.
Engineers look after several servers or applications at a time (``[durations]``), testers after one application. A crew has
one person for each 40 hours a week.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from migrate.model.plan import PlannedDependency
from migrate.spec import Spec
from migrate.waves.schedule.kernels.network import MOST_UNITS
from migrate.waves.schedule.project import Project
from migrate.waves.schedule.search import search
from migrate.waves.schedule.workload import Floats, Ints, Workload, crew_h_week

__all__ = ["Nights", "plan_nights"]

STEP_H = 1.0 / 12.0

_HOURS_A_PERSON = 40.0
_TENTHS = 10  # people are counted in tenths
_CHILDREN = 12_000  # divided by the activities of a wave: large waves get fewer
_FEWEST, _MOST = 40, 300


@dataclass(frozen=True)
class Nights:
    """Hours from the start of the window, and how long each night is."""

    cutover_at: Floats
    cutover_h: Floats
    validate_at: Floats
    validate_h: Floats
    night_h: Floats  # of each wave
    bound_h: Floats


def plan_nights(work: Workload, dependencies: Sequence[PlannedDependency], spec: Spec) -> Nights:
    """Schedule the night of every wave, each as short as the search finds it."""
    times, count = spec.durations, len(work.applications)
    cutover = _steps(times.cutover_h + times.cutover_server_h * work.servers)
    validate = _steps(times.validate_h + times.validate_server_h * work.servers)
    people = np.floor(crew_h_week(work, spec) / _HOURS_A_PERSON * _TENTHS + 1e-9).astype(np.int64)
    people = np.clip(people, _TENTHS, MOST_UNITS)
    first, then = _demands(work, people, spec)
    place = {item.application: number for number, item in enumerate(work.applications)}
    ties = [
        (place[item.provider], place[item.consumer])
        for item in dependencies
        if item.strength == "hard" and item.provider in place and item.consumer in place and item.provider != item.consumer
    ]
    arcs = np.array(sorted(ties), dtype=np.int64).reshape(-1, 2)
    arcs = arcs[work.row[arcs[:, 0]] == work.row[arcs[:, 1]]]
    by_wave = work.row[arcs[:, 0]]
    starts = np.zeros((2, count))
    night, bound = np.zeros(len(work.waves)), np.zeros(len(work.waves))
    for row in range(len(work.waves)):
        members = np.flatnonzero(work.row == row)
        local = np.searchsorted(members, arcs[by_wave == row])
        size = len(members)
        own = np.stack([np.arange(size), np.arange(size) + size], axis=1)
        project = Project(
            duration=np.concatenate([cutover[members], validate[members]]),
            demand=np.concatenate([first[members], then[members]]),
            capacity=people,
            arcs=np.concatenate([own, local + np.array([0, size])]),
        )
        children = min(max(_CHILDREN // (2 * size), _FEWEST), _MOST)
        found = search(project, spec.plan.seed, children=children, islands=1)
        starts[0, members], starts[1, members] = found.start[:size], found.start[size:]
        night[row], bound[row] = found.makespan, found.bound
    hours = [np.asarray(steps * STEP_H, dtype=np.float64) for steps in (starts[0], cutover, starts[1], validate, night, bound)]
    return Nights(*hours)


def _steps(hours: NDArray[np.floating[Any]]) -> Ints:
    steps: Ints = np.maximum(np.ceil(hours / STEP_H - 1e-9), 1).astype(np.int64)
    return steps


def _demands(work: Workload, people: Ints, spec: Spec) -> tuple[Ints, Ints]:
    """Tenths of people of each skill during cutover and during validation, never more than there are."""
    times, count = spec.durations, len(work.applications)
    first, then = np.zeros((count, len(work.skills))), np.zeros((count, len(work.skills)))
    system = np.array([item.crew_h.get("windows", 0.0) + item.crew_h.get("linux", 0.0) for item in work.applications])
    for column, skill in enumerate(work.skills):
        needed = work.hours[:, column] > 0
        if skill in ("windows", "linux"):
            share = work.hours[:, column] / np.maximum(system, 1e-300)
            first[:, column] = np.where(needed, work.servers * share / times.servers_engineer, 0.0)
        elif skill == "database":
            first[:, column] = np.where(needed, work.databases / times.databases_engineer, 0.0)
        elif skill == "network":
            first[:, column] = np.where(needed, 1.0 / times.applications_engineer, 0.0)
        else:
            then[:, column] = np.where(needed, 1.0, 0.0)
    tenths = [np.minimum(np.ceil(table * _TENTHS - 1e-9).astype(np.int64), people) for table in (first, then)]
    return tenths[0], tenths[1]
