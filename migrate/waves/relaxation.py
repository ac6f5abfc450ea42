"""A lower bound on what splitting pairs costs, from a semidefinite relaxation with cutting planes.

Let ``y`` say how much groups share a wave and stand in waves: for an assignment with its matrix ``x`` of groups × waves it
is ``[I; x][I; x]ᵀ``. Relaxed, ``y − J/W`` is positive semidefinite (J all ones, W waves), its diagonal is 1, its entries are
between 0 and 1, and it keeps the rows of `relaxed_rows`: capacities, triangles, stars, covers, orders. A pair costs at least
its weight × the smallest distance of two waves that it may take × how much it does not share one.

Solved by the alternating direction method (Wen, Goldfarb, Yin, Mathematical Programming Computation 2, 2010; for graph
partitions with cutting planes: de Meijer, Sotirov, Wiegele, Zhao, SIAM J. Optimization 33, 2023): project onto the rows and
the box, then onto the cone. The multiplier of the cone, S, is positive semidefinite whatever the progress, so that for
prices p ≥ 0 of the rows ``A y ≤ b`` ::

    min over the box of ⟨C − S + Aᵀp, y⟩  −  p·b  +  ⟨S, J⟩ / W        ≤        ⟨C, y⟩ of every assignment

holds at every moment: nothing rests on convergence.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from migrate.waves.kernels.core import NEAR, Core
from migrate.waves.kernels.cuts import project_triangles, spread_triangles, triangles
from migrate.waves.relaxed_rows import Pool, first_rows
from migrate.waves.solvers.effort import Effort

__all__ = ["LARGEST", "split_bound"]

Floats = NDArray[np.float64]

#: Groups and waves together beyond which the relaxation is not worth its time.
LARGEST = 600

_JUDGED, _CUT, _POOLED = 20, 40, 80  # rounds between two looks at the bound, at triangles, at other rows
_BROKEN = 0.02  # by which a triangle must be broken
_MOST = 400_000  # triangles that are looked at
_STEP = 0.2  # first length of the method's steps, for costs whose largest is 1
_DONE = 2e-6  # residual at which the relaxation is solved
_CAUTION = 1e-7  # of the cost: more than what rounding can do


@dataclass
class _Triangles:
    corner: NDArray[np.int64]
    price: Floats

    def renew(self, y: Floats, room: NDArray[np.int64], broken: Floats) -> None:
        """Let go what costs nothing, and take what is broken most."""
        kept = self.price > 0
        corner, price, size = self.corner[kept], self.price[kept], len(y)
        count = triangles(y, _BROKEN, room, broken)
        fresh = room[np.argsort(-broken[:count], kind="stable")[: 6 * size]]
        names = [(c[:, 0] * size + c[:, 1]) * size + c[:, 2] for c in (fresh, corner)]
        fresh = fresh[~np.isin(names[0], names[1])]
        self.corner = np.ascontiguousarray(np.concatenate([corner, fresh]))
        self.price = np.concatenate([price, np.zeros(len(fresh))])


class _Relaxation:
    """One relaxation while it is being solved; all costs in units of the largest."""

    def __init__(self, core: Core) -> None:
        self.core = core
        groups, waves = core.allowed.shape
        size = groups + waves
        self.low, self.high = np.zeros((size, size)), np.ones((size, size))
        self.high[:waves, :waves] = 0.0
        self.high[:waves, waves:] = core.allowed.T
        self.high[waves:, waves:] = _may_share(core)
        pair = _pair_costs(core)
        self.unit = float(pair.max(initial=0.0)) or 1.0
        self.all = float(pair.sum()) / 2.0 / self.unit
        self.cost = np.zeros((size, size))
        self.cost[waves:, waves:] = -pair / 2.0 / self.unit
        self.rows, self.pool = first_rows(core), Pool(core)
        self.triangles = _Triangles(np.zeros((0, 3), dtype=np.int64), np.zeros(0))
        self.share = 1.0 / waves
        self.cone = np.eye(size)
        self.multiplier = np.zeros((size, size))  # −S / step
        self.step = _STEP
        self.best = 0.0
        self._room, self._broken = np.zeros((_MOST, 3), dtype=np.int64), np.zeros(_MOST)

    def round(self, number: int) -> bool:
        """One step; returns whether it is solved."""
        free = np.ascontiguousarray(self.cone - self.multiplier - self.cost / self.step)
        self._subtract(free)
        for _ in range(2):
            self.rows.project(free, self.low, self.high)
            self.pool.rows.project(free, self.low, self.high)
            project_triangles(free, self.low, self.high, self.triangles.corner, self.triangles.price)
        y = np.triu(np.clip(free, self.low, self.high), 1)
        y = y + y.T
        np.fill_diagonal(y, 1.0)
        known, vectors = np.linalg.eigh(y + self.multiplier - self.share)
        below = vectors[:, known < 0] * np.sqrt(-known[known < 0])
        negative = below @ below.T
        before, self.cone = self.cone, y + self.multiplier + negative
        self.multiplier = -negative
        if number % _JUDGED == 0:
            here, there = float(np.linalg.norm(y - self.cone)), float(self.step * np.linalg.norm(self.cone - before))
            self.best = max(self.best, self.bound())
            self._stretch(1.25 if here > 5 * there else 0.8 if there > 5 * here else 1.0)
            if max(here, there) < _DONE * len(y):
                return True
        if number % _CUT == 0:
            self.triangles.renew(y, self._room, self._broken)
        if number % _POOLED == 0:
            self.pool.renew(y)
        return False

    def bound(self) -> float:
        """The bound that the present multipliers prove."""
        psd = -self.step * self.multiplier
        paid = np.zeros_like(psd)
        self._subtract(paid)  # − Σ price × row
        slope = np.triu(2.0 * self.cost - 2.0 * psd - 2.0 * self.step * paid, 1)
        rights = self.rows.price @ self.rows.right + self.pool.rows.price @ self.pool.rows.right + self.triangles.price.sum()
        box = float(np.minimum(slope * self.low, slope * self.high).sum())
        value = box - 2.0 * self.step * float(rights) - float(np.trace(psd)) + float(psd.sum()) * self.share + self.all
        return float(value - _CAUTION * (self.all + abs(value)))

    def _subtract(self, matrix: Floats) -> None:
        self.rows.subtract(matrix)
        self.pool.rows.subtract(matrix)
        spread_triangles(matrix, self.triangles.corner, self.triangles.price)

    def _stretch(self, factor: float) -> None:
        if factor != 1.0:
            self.step *= factor
            self.multiplier /= factor
            for holder in (self.rows, self.pool.rows, self.triangles):
                holder.price /= factor


def split_bound(core: Core, effort: Effort, rounds: int = 1_000_000) -> float:
    """A lower bound in USD on what the pairs of every assignment cost together, 0 when there is nothing to say.

    Parameters
    ----------
    core
        The problem; weights are not negative.
    effort
        Stops when its share is 1.
    rounds
        Steps at most.
    """
    groups, waves = core.allowed.shape
    if groups + waves > LARGEST or groups < 2 or not len(core.near):
        return 0.0
    relaxation = _Relaxation(core)
    for number in range(1, rounds + 1):
        if effort.share() >= 1.0 or relaxation.round(number):
            break
        time.sleep(0)  # others' turn
    return max(relaxation.best, 0.0) * relaxation.unit


def _may_share(core: Core) -> Floats:
    """1 where two groups may share a wave: one that both may take holds them."""
    groups, waves = core.allowed.shape
    may = np.zeros((groups, groups), dtype=bool)
    for w in range(waves):
        fits = core.allowed[:, w][:, None] & core.allowed[:, w][None, :]
        for r in range(core.load.shape[1]):
            fits &= core.load[:, r][:, None] + core.load[:, r][None, :] <= core.capacity[w, r]
        may |= fits
    return may.astype(np.float64)


def _pair_costs(core: Core) -> Floats:
    """What each pair costs at least when it does not share a wave."""
    groups, waves = core.allowed.shape
    owner = np.repeat(np.arange(groups), np.diff(core.at[:, NEAR]))
    apart = core.far + np.where(np.eye(waves, dtype=bool), np.inf, 0.0)
    nearest = np.where(core.allowed[:, None, :], apart[None, :, :], np.inf).min(axis=2)  # group × wave of the other
    least = np.where(core.allowed[core.near], nearest[owner], np.inf).min(axis=1)
    cost = np.zeros((groups, groups))
    cost[owner, core.near] = core.near_usd_day * np.where(np.isfinite(least), least, 0.0)
    return cost
