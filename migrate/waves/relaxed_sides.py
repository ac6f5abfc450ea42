"""Who stands on which side of each parting between two waves, relaxed: what a distance between waves costs.

A pair at a distance is parted by every parting between its waves: ``|a − b| = Σ partings [a and b on two sides]``. For each
parting there is a matrix over a reference, which stands on the later side, and the groups: how much two are on one side.
With v for that matrix, s = v[reference] says how much a group is late. Then (s_i + s_j + v_ij − 1) / 2 is how much both
are late, (1 − s_i − s_j + v_ij) / 2 how much both are early, and (1 + s_i − s_j − v_ij) / 2 how much i is late and j early.
Rows tie these to the capacities before and after the parting, each times "a group is late" or "is early" (reformulation and
linearisation: Sherali and Adams, SIAM J. Discrete Mathematics 3, 1990), to the partings beside it, and to who shares a wave.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator

import numpy as np
from numpy.typing import NDArray

from migrate.waves.kernels.core import NEAR, PRIOR, Core
from migrate.waves.relaxed_rows import Row
from migrate.waves.resources import UNLIMITED

__all__ = ["Sides", "steps_between"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_BROKEN = 0.01  # by which a row must be broken to be taken
_MOST = 6  # rows taken of one kind and parting, times the groups


def steps_between(core: Core) -> Floats | None:
    """The distance of each wave to the one before, where distances are sums of them; else None."""
    at = core.far[0] if len(core.far) else np.zeros(0)
    if len(at) < 3 or not np.allclose(core.far, np.abs(at[:, None] - at[None, :])):
        return None  # of two waves one parting is all, and who shares a wave says it
    return np.diff(at)


class Sides:
    """The matrices of the partings of a problem: part k is between the waves k and k + 1."""

    def __init__(self, core: Core, offset: int) -> None:
        groups, waves = core.allowed.shape
        self.core, self.groups, self.partings, self.size = core, groups, waves - 1, groups + 1
        self.start = [offset + k * self.size**2 for k in range(self.partings)]
        self.end = offset + self.partings * self.size**2
        earliest = np.argmax(core.allowed, axis=1)
        latest = waves - 1 - np.argmax(core.allowed[:, ::-1], axis=1)
        number = np.arange(1, waves)[:, None]
        self._late, self._early = earliest[None, :] >= number, latest[None, :] < number
        limited = np.flatnonzero((core.capacity < UNLIMITED).all(axis=0) & (core.load.sum(axis=0) > 0))
        unit = np.maximum(core.capacity[:, limited].mean(axis=0), 1.0)
        self._load, self._capacity = core.load[:, limited] / unit, core.capacity[:, limited] / unit
        pairs = np.triu_indices(groups, 1)
        self._first, self._second = pairs[0].astype(np.int64), pairs[1].astype(np.int64)
        self._talk = self._exchanging()

    def box(self, low: Floats, high: Floats) -> None:
        """Bound the entries of all partings: windows fix sides."""
        for k, start in enumerate(self.start):
            least, most = np.zeros((self.size, self.size)), np.ones((self.size, self.size))
            fixed = np.concatenate([[1], np.where(self._late[k], 1, np.where(self._early[k], -1, 0))])
            product = np.outer(fixed, fixed)
            least[product > 0] = 1.0
            most[product < 0] = 0.0
            low[start : start + self.size**2], high[start : start + self.size**2] = least.ravel(), most.ravel()

    def costs(self, cost: Floats, steps: Floats) -> float:
        """Write the cost of standing on one side, which is less than nothing; returns what all pairs parted would cost."""
        core = self.core
        owner = np.repeat(np.arange(self.groups), np.diff(core.at[:, NEAR]))
        weight = np.zeros((self.size, self.size))
        weight[1 + owner, 1 + core.near] = core.near_usd_day
        for step, start in zip(steps, self.start, strict=True):
            cost[start : start + self.size**2] = -(step * weight / 2.0).ravel()
        return float(steps.sum() * weight.sum() / 2.0)

    def rows(self) -> Iterator[Row]:
        """Rows that hold from the start: capacities of waves, their tie to who stands where, orders, distances of pairs."""
        waves, whole = self.partings + 1, np.arange(self.groups)
        one = np.array([1.0])
        for w in range(waves):
            for r in range(self._load.shape[1]):
                load, some = self._load[:, r], np.flatnonzero(self._load[:, r])
                entry = [self._late_at(k, some) for k in (w - 1, w) if 0 <= k < self.partings]
                signs = [sign for k, sign in ((w - 1, 1.0), (w, -1.0)) if 0 <= k < self.partings]
                right = float(self._capacity[w, r]) - (float(load.sum()) if w == 0 else 0.0)
                yield Row(np.concatenate(entry), np.concatenate([sign * load[some] for sign in signs]), right)
            for g in whole:
                stands = np.array([w * (waves + self.groups) + waves + g])
                entry = [self._late_at(k, np.array([g])) for k in (w - 1, w) if 0 <= k < self.partings]
                factor = [-sign * one for k, sign in ((w - 1, 1.0), (w, -1.0)) if 0 <= k < self.partings]
                yield Row(np.concatenate([stands, *entry]), np.concatenate([one, *factor]), 1.0 if w == 0 else 0.0, equal=True)
        owner = np.repeat(whole, np.diff(self.core.at[:, PRIOR]))
        for e in np.flatnonzero(self.core.prior_side > 0):
            first, then = int(owner[e]), int(self.core.prior[e])
            for k in range(self.partings):
                places = np.array([self._beside(k, first, then), self._late_at(k, first), self._late_at(k, then)])
                yield Row(places, np.array([1.0, -1.0, 1.0]), 1.0, equal=True)
        for i, j in self._talk:
            places = np.array([self._shares(i, j), *(self._beside(k, i, j) for k in range(self.partings))])
            yield Row(places, np.concatenate([-one, np.ones(self.partings)]), float(self.partings - 1))

    def broken(self, y: Floats, parts: list[Floats]) -> Iterator[tuple[Hashable, Row]]:
        """The rows that matrices break most: capacities times sides, neighbouring partings, and who shares a wave."""
        for k, part in enumerate(parts):
            yield from self._capacities(k, part)
            if k + 1 < self.partings:
                yield from self._neighbours(k, part, parts[k + 1])
            waves = self.partings + 1
            over = (y[waves:, waves:] - part[1:, 1:])[self._first, self._second]
            for p in self._largest(over):
                i, j = int(self._first[p]), int(self._second[p])
                entry = np.array([self._shares(i, j), self._beside(k, i, j)])
                yield ("shared", k, i, j), Row(entry, np.array([1.0, -1.0]), 0.0)

    def _capacities(self, k: int, part: Floats) -> Iterator[tuple[Hashable, Row]]:
        """Loads late and early, each given that a group is late or early: four rows for each group and resource."""
        after, before = self._capacity[k + 1 :].sum(axis=0), self._capacity[: k + 1].sum(axis=0)
        late, beside = part[0, 1:], part[1:, 1:]
        for r in range(self._load.shape[1]):
            load = self._load[:, r]
            others, own = (load.sum() - load) / 2.0, late * load
            company, latecomers = (beside @ load - load) / 2.0, (late @ load - own) / 2.0
            for kind, (v, s, mine, right) in enumerate(self._sorts(load, others, float(after[r]), float(before[r]))):
                over = v * company + s * latecomers + mine * late - right
                for i in np.argsort(-over, kind="stable"):
                    if over[i] <= _BROKEN:
                        break
                    some = np.flatnonzero((load > 0) & (np.arange(self.groups) != i))
                    entry = np.concatenate([self._beside(k, i, some), self._late_at(k, some), [self._late_at(k, int(i))]])
                    factor = np.concatenate([v * load[some] / 2.0, s * load[some] / 2.0, [mine[i]]])
                    yield ("load", k, r, kind, int(i)), Row(entry, factor, float(right[i]))

    @staticmethod
    def _sorts(load: Floats, others: Floats, after: float, before: float) -> Iterator[tuple[float, float, Floats, Floats]]:
        """Signs of v and of the others' s, factor of the group's own s, and right side; `others` is half the others' load."""
        yield 1.0, 1.0, others + load - after, others  # late, given late
        yield -1.0, 1.0, after - others, after - others  # late, given early
        yield -1.0, -1.0, others - before, -others  # early, given late
        yield 1.0, -1.0, before - others - load, before - load - others  # early, given early

    def _neighbours(self, k: int, part: Floats, after: Floats) -> Iterator[tuple[Hashable, Row]]:
        """Who is late at a parting was late at the one before; who is early was not late."""
        i, j = self._first, self._second
        for name, sign in (("late", 1.0), ("early", -1.0)):
            both = [sign * (one[0, 1 + i] + one[0, 1 + j]) + one[1 + i, 1 + j] for one in (part, after)]
            over = sign * (both[1] - both[0]) if name == "late" else both[0] - both[1]
            for p in self._largest(over):
                a, b = int(i[p]), int(j[p])
                here = [self._late_at(k, a), self._late_at(k, b), self._beside(k, a, b)]
                there = [self._late_at(k + 1, a), self._late_at(k + 1, b), self._beside(k + 1, a, b)]
                way = 1.0 if name == "late" else -1.0
                factor = way * np.array([-sign, -sign, -1.0, sign, sign, 1.0])
                yield (name, k, a, b), Row(np.array([*here, *there]), factor, 0.0)
        for g in np.flatnonzero(after[0, 1:] - part[0, 1:] > _BROKEN):
            entry = np.array([self._late_at(k + 1, int(g)), self._late_at(k, int(g))])
            yield ("once", k, int(g)), Row(entry, np.array([1.0, -1.0]), 0.0)

    def _largest(self, over: Floats) -> Ints:
        most = _MOST * self.groups
        some = np.flatnonzero(over > _BROKEN)
        return some[np.argsort(-over[some], kind="stable")[:most]]

    def _exchanging(self) -> list[tuple[int, int]]:
        owner = np.repeat(np.arange(self.groups), np.diff(self.core.at[:, NEAR]))
        keep = owner < self.core.near
        return [(int(a), int(b)) for a, b in zip(owner[keep], self.core.near[keep], strict=True)]

    def _late_at(self, k: int, g: Ints | int) -> Ints:
        return np.asarray(self.start[k] + 1 + g, dtype=np.int64)

    def _beside(self, k: int, i: int, j: Ints | int) -> Ints:
        return np.asarray(self.start[k] + (1 + np.minimum(i, j)) * self.size + 1 + np.maximum(i, j), dtype=np.int64)

    def _shares(self, i: int, j: int) -> int:
        waves = self.partings + 1
        return int((waves + i) * (waves + self.groups) + waves + j)
