"""A project: activities with durations, precedence, and demands on renewable resources."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from migrate.errors import RequestError

__all__ = ["Project", "check_schedule", "order_of"]

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Project:
    """The resource-constrained project scheduling problem: all activities, once, as early as possible together.

    Units of time and of resources are those of the caller, in whole numbers.
    """

    duration: Ints  # n
    demand: Ints  # n × resources, during the whole activity
    capacity: Ints  # of each resource, at any time
    arcs: Ints  # m × 2: the first has ended when the second starts


def order_of(project: Project) -> Ints:
    """Activities so that each stands behind its predecessors, by number where either may be first.

    Raises
    ------
    RequestError
        Some activities wait for each other, or one needs more of a resource than there is.
    """
    count = len(project.duration)
    if project.demand.size and (project.demand > project.capacity).any():
        activity = int(np.flatnonzero((project.demand > project.capacity).any(axis=1))[0])
        raise RequestError(
            f"activity {activity + 1} needs more of a resource than there is",
            where="project",
            remedy="Raise the capacity, or spread the activity over more time.",
        )
    after: list[list[int]] = [[] for _ in range(count)]
    waits = [0] * count
    for first, then in project.arcs.tolist():
        after[first].append(then)
        waits[then] += 1
    ready = sorted((i for i in range(count) if not waits[i]), reverse=True)
    order = []
    while ready:
        i = ready.pop()
        order.append(i)
        for j in after[i]:
            waits[j] -= 1
            if not waits[j]:
                ready.append(j)
    if len(order) < count:
        raise RequestError("some activities wait for each other", where="project", remedy="Remove a precedence of the cycle.")
    return np.array(order, dtype=np.int64)


def check_schedule(project: Project, start: Ints) -> list[str]:
    """Every rule that a schedule breaks, in words, computed without any solver; empty when it is valid."""
    faults = []
    if len(start) != len(project.duration):
        return [f"{len(start)} starts for {len(project.duration)} activities"]
    end = start + project.duration
    faults += [f"activity {i + 1} starts before time 0" for i in np.flatnonzero(start < 0).tolist()]
    faults += [
        f"activity {then + 1} starts before activity {first + 1} has ended"
        for first, then in project.arcs.tolist()
        if start[then] < end[first]
    ]
    moments = np.unique(start[project.duration > 0])
    for moment in moments.tolist():
        running = (start <= moment) & (end > moment)
        used = project.demand[running].sum(axis=0)
        faults += [
            f"resource {k + 1} is used {int(used[k])} times of {int(project.capacity[k])} at {moment}"
            for k in np.flatnonzero(used > project.capacity).tolist()
        ]
    return faults
