"""Where runs of the search begin: orders in which neighbours follow each other, deadlines, and an earlier plan."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from migrate.waves.compact import allow
from migrate.waves.kernels.core import NEAR, Core
from migrate.waves.resources import UNLIMITED
from migrate.waves.solvers.first_fit import first_fit, urgency

__all__ = ["kept", "neighbourly", "through", "until"]


def kept(core: Core, before: NDArray[np.int64]) -> NDArray[np.int32]:
    """The earlier plan, with what it did not have, or what may not stay, placed first-fit."""
    held = np.zeros_like(core.allowed)
    had = np.flatnonzero(before >= 0)
    held[had, before[had]] = True
    held &= core.allowed
    return first_fit(allow(core, np.where(held.any(axis=1, keepdims=True), held, core.allowed)), urgency(core))[0]


def until(core: Core, baseline: NDArray[np.int32], share: float) -> Core:
    """The problem with no wave after a deadline, except for groups that have no earlier one; all waves at a share of 1."""
    waves = len(core.day)
    if share >= 1.0:
        return core
    enough = (np.minimum(core.capacity, UNLIMITED).cumsum(axis=0) >= core.load.sum(axis=0)).all(axis=1)
    first = int(np.argmax(enough)) if enough.any() else waves - 1
    last = first + round(share * max(int(baseline.max(initial=0)) - first, 0))
    return through(core, last)


def through(core: Core, last: int) -> Core:
    """The problem with no wave after `last`, except for groups that have no earlier one."""
    early = core.allowed & (np.arange(len(core.day)) <= last)
    return allow(core, np.where(early.any(axis=1, keepdims=True), early, core.allowed))


def neighbourly(core: Core, rng: np.random.Generator) -> NDArray[np.float64]:
    """A priority in which groups that exchange data come one after another: a walk from random groups outwards."""
    groups = core.allowed.shape[0]
    rank = np.full(groups, -1.0)
    count = 0
    for start in rng.permutation(groups):
        queue = [int(start)] if rank[start] < 0 else []
        for g in queue:
            if rank[g] >= 0:
                continue
            rank[g] = count
            count += 1
            span = slice(core.at[g, NEAR], core.at[g + 1, NEAR])
            heavy = np.argsort(-core.near_usd_day[span], kind="stable")[:8]
            queue += [int(other) for other in core.near[span][heavy] if rank[other] < 0]
    return rank
