"""In which order first fit places groups: what they wait for comes first, and what a rule keeps near them next."""

from __future__ import annotations

import heapq
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from migrate.waves.kernels.core import ENTRY, KIND, LIMIT, PRIOR, ROLE, RULE, Core, Ints
from migrate.waves.rules import Kind

__all__ = ["Queue"]

_ORDER = int(Kind.order)
_NEXT = 1e12  # by which what has to be near something that is placed comes before all others


class Queue:
    """Gives the groups one by one; `release` those that wait for each. What waits for itself never comes.

    Parameters
    ----------
    core
        The problem.
    priority
        Of each group; lower comes first among those that wait for nothing.
    """

    def __init__(self, core: Core, priority: NDArray[np.float64]) -> None:
        groups = core.allowed.shape[0]
        self._core, self._priority = core, priority.copy()
        self._pending, self._followers, self._waiting = _precedence(core)
        self._after, self._near = _afterwards(core, self._waiting), _kept_near(core)
        self._ready = [(self._priority[g], g) for g in range(groups) if self._waiting[g] == 0]
        heapq.heapify(self._ready)
        self.placed = np.zeros(groups, dtype=bool)
        self.soonest = np.zeros(groups, dtype=np.int64)  # the first wave that pairs in order leave

    def __iter__(self) -> Iterator[int]:
        while self._ready:
            _, g = heapq.heappop(self._ready)
            if not self.placed[g]:
                self.placed[g] = True
                yield g

    def release(self, g: int, chosen: int) -> None:
        """Group `g` is placed in wave `chosen`."""
        core = self._core
        for then in self._after[g]:
            self.soonest[then] = max(self.soonest[then], chosen)
            self._answer(then)
        for e in range(core.at[g, ENTRY], core.at[g + 1, ENTRY]):
            rule = int(core.entry[e, RULE])
            for other in self._near.pop(rule, ()):
                self._priority[other] -= _NEXT
                if self._waiting[other] == 0:
                    heapq.heappush(self._ready, (self._priority[other], other))
            if core.rule[rule, KIND] == _ORDER and core.entry[e, ROLE] == 0:
                self._pending[rule] -= 1
                for then in self._followers[rule] if self._pending[rule] == 0 else ():
                    self._answer(then)

    def _answer(self, then: int) -> None:
        """One of those that a group waits for is placed."""
        self._waiting[then] -= 1
        if self._waiting[then] == 0:
            heapq.heappush(self._ready, (self._priority[then], then))


def _precedence(core: Core) -> tuple[Ints, list[list[int]], Ints]:
    """For hard order rules: firsts left to place, groups that wait for the rule, and rules each group waits for.

    Nothing waits in a loose rule: whatever comes first bounds the others.
    """
    groups = core.allowed.shape[0]
    pending = np.zeros(len(core.rule), dtype=np.int64)
    followers: list[list[int]] = [[] for _ in core.rule]
    waiting = np.zeros(groups, dtype=np.int64)
    owner = np.repeat(np.arange(groups), np.diff(core.at[:, ENTRY]))
    of = core.entry[:, RULE]
    order = (core.rule[of, KIND] == _ORDER) & (core.rule_price[of, 1] > 0) & (core.rule[of, LIMIT] == 0)
    first = order & (core.entry[:, ROLE] == 0)
    np.add.at(pending, of[first], 1)
    both = {(int(of[e]), int(owner[e])) for e in np.flatnonzero(first)}
    for e in np.flatnonzero(order & (core.entry[:, ROLE] == 1)):
        rule, group = int(of[e]), int(owner[e])
        if pending[rule] > 0 and (rule, group) not in both:
            followers[rule].append(group)
            waiting[group] += 1
    return pending, followers, waiting


def _kept_near(core: Core) -> dict[int, list[int]]:
    """The groups of each hard loose rule."""
    near: dict[int, list[int]] = {}
    owner = np.repeat(np.arange(core.allowed.shape[0]), np.diff(core.at[:, ENTRY]))
    of = core.entry[:, RULE]
    loose = (core.rule[of, KIND] == _ORDER) & (core.rule_price[of, 1] > 0) & (core.rule[of, LIMIT] > 0)
    for e in np.flatnonzero(loose):
        near.setdefault(int(of[e]), []).append(int(owner[e]))
    return near


def _afterwards(core: Core, waiting: Ints) -> list[list[int]]:
    """For each group those that may not come before it, counted into `waiting`."""
    after: list[list[int]] = [[] for _ in waiting]
    owner = np.repeat(np.arange(len(waiting)), np.diff(core.at[:, PRIOR]))
    for k in np.flatnonzero(core.prior_side > 0):
        after[owner[k]].append(int(core.prior[k]))
        waiting[core.prior[k]] += 1
    return after
