"""A lower bound on what splitting pairs costs, from a semidefinite relaxation with cutting planes.

Let ``y`` say how much groups share a wave and stand in waves: for an assignment with its matrix ``x`` of groups × waves it
is ``[I; x][I; x]ᵀ``. Relaxed, ``y − J/W`` is positive semidefinite (J all ones, W waves), its diagonal is 1, its entries are
between 0 and 1, and it keeps the rows of `relaxed_waves`: capacities, triangles, stars, covers, orders. Where a pair costs
its weight × a sum of steps between waves, there is such a matrix of two sides for every parting of the waves too
(`relaxed_sides`), and a pair costs each step as much as it is parted there. Else it costs at least its weight × the smallest
distance of two waves that it may take × how much it does not share one.

Solved by the alternating direction method (Wen, Goldfarb, Yin, Mathematical Programming Computation 2, 2010; for graph
partitions with cutting planes: de Meijer, Sotirov, Wiegele, Zhao, SIAM J. Optimization 33, 2023): project onto the rows and
the box, then onto the cone. The multiplier of the cone, S, is positive semidefinite whatever the progress, so that for
prices p ≥ 0 of the rows ``A y ≤ b`` ::

    min over the box of ⟨C − S + Aᵀp, y⟩  −  p·b  +  Σ matrices ⟨S, J⟩ / parts        ≤        ⟨C, y⟩ of every assignment

holds at every moment: nothing rests on convergence.
"""

from __future__ import annotations

import time

import numpy as np
from numpy.typing import NDArray

from migrate.waves.kernels.core import Core
from migrate.waves.kernels.cuts import project_triangles, scattered, spread_triangles, triangles
from migrate.waves.relaxed_rows import Pool, Rows
from migrate.waves.relaxed_sides import Sides, steps_between
from migrate.waves.relaxed_waves import Company, pair_costs, wave_box, wave_rows
from migrate.waves.solvers.effort import Effort

__all__ = ["LARGEST", "split_bound"]

Floats = NDArray[np.float64]

#: Groups and waves together beyond which the relaxation is not worth its time.
LARGEST = 600

_ROUNDS = 20  # between two looks at the bound, at triangles and at other rows
_BROKEN = 0.02  # by which a triangle must be broken
_MOST = 400_000  # triangles that are looked at
_STEP = 0.05  # first length of the method's steps, for costs whose largest is 1
_DONE = 2e-6  # residual at which the relaxation is solved
_CAUTION = 1e-7  # of the cost: more than what rounding can do


class _Block:
    """One of the matrices, in its place in the vector of all, with its triangles."""

    def __init__(self, start: int, size: int, share: float, *, two: bool) -> None:
        self.span, self.size, self.share, self._two = slice(start, start + size * size), size, share, two
        self.corner, self.price = np.zeros((0, 3), dtype=np.int64), np.zeros(0)

    def of(self, vector: Floats) -> Floats:
        """The matrix in a vector, not a copy."""
        return vector[self.span].reshape(self.size, self.size)

    def rights(self) -> float:
        """Price × right side of the triangles."""
        return float(np.where(self.corner[:, 1] < 0, -self.price, self.price).sum())

    def renew(self, y: Floats, room: NDArray[np.int64], broken: Floats) -> None:
        """Let go what costs nothing, and take what is broken most."""
        kept = self.price > 0
        corner, price, size = self.corner[kept], self.price[kept], self.size
        count = triangles(y, _BROKEN, room, broken)
        if self._two:
            count = scattered(y, _BROKEN, count, room, broken)
        fresh = room[np.argsort(-broken[:count], kind="stable")[: 6 * size]]
        names = [(c[:, 0] * 2 * size + c[:, 1] + size) * size + c[:, 2] for c in (fresh, corner)]
        fresh = fresh[~np.isin(names[0], names[1])]
        self.corner = np.ascontiguousarray(np.concatenate([corner, fresh]))
        self.price = np.concatenate([price, np.zeros(len(fresh))])

    def onto_cone(self, free: Floats) -> Floats:
        """The negative part of a matrix less its share: what its nearest point in the cone lies above it."""
        known, vectors = np.linalg.eigh(free - self.share)
        below = vectors[:, known < 0] * np.sqrt(-known[known < 0])
        return np.asarray(below @ below.T)


class _Relaxation:
    """One relaxation while it is being solved; all costs in units of the largest."""

    def __init__(self, core: Core) -> None:
        groups, waves = core.allowed.shape
        size = groups + waves
        steps = steps_between(core)
        self._company, self._sides = Company(core), None if steps is None else Sides(core, size**2)
        starts = [] if self._sides is None else self._sides.start
        self.blocks = [_Block(0, size, 1.0 / waves, two=False)]
        self.blocks += [_Block(start, groups + 1, 0.5, two=True) for start in starts]
        whole = self.blocks[-1].span.stop
        self.low, self.high, self.cost = np.zeros(whole), np.ones(whole), np.zeros(whole)
        self.blocks[0].of(self.high)[:] = wave_box(core)
        first = list(wave_rows(core))
        if self._sides is None or steps is None:
            pair = pair_costs(core)
            self.blocks[0].of(self.cost)[waves:, waves:] = -pair / 2.0
            self.all = float(pair.sum()) / 2.0
        else:
            self._sides.box(self.low, self.high)
            self.all = self._sides.costs(self.cost, steps)
            first += list(self._sides.rows())
        self.unit = float(-2.0 * self.cost.min(initial=0.0)) or 1.0
        self.cost /= self.unit
        self.all /= self.unit
        self.rows, self.pool = Rows(first), Pool()
        self.cone, self.multiplier = np.zeros(whole), np.zeros(whole)  # the multiplier is −S / step
        for block in self.blocks:
            np.fill_diagonal(block.of(self.cone), 1.0)
        self.step = _STEP
        self.best = 0.0
        self._room, self._broken = np.zeros((_MOST, 3), dtype=np.int64), np.zeros(_MOST)

    def round(self, number: int) -> bool:
        """One step; returns whether it is solved."""
        free = self.cone - self.multiplier - self.cost / self.step
        self._subtract(free)
        for _ in range(2):
            self.rows.project(free, self.low, self.high)
            self.pool.rows.project(free, self.low, self.high)
            for block in self.blocks:
                project_triangles(block.of(free), block.of(self.low), block.of(self.high), block.corner, block.price)
        y = np.clip(free, self.low, self.high)
        before, negative = self.cone, np.empty_like(y)
        for block in self.blocks:
            part = block.of(y)
            part[:] = np.triu(part, 1)
            part += part.T
            np.fill_diagonal(part, 1.0)
            block.of(negative)[:] = block.onto_cone(part + block.of(self.multiplier))
        self.cone = y + self.multiplier + negative
        self.multiplier = -negative
        if number % _ROUNDS == 0:
            here, there = float(np.linalg.norm(y - self.cone)), float(self.step * np.linalg.norm(self.cone - before))
            self.best = max(self.best, self.bound())
            self._stretch(1.25 if here > 5 * there else 0.8 if there > 5 * here else 1.0)
            if max(here, there) < _DONE * np.sqrt(len(y)):
                return True
            for block in self.blocks:
                block.renew(block.of(y), self._room, self._broken)
            self._pooled(y)
        return False

    def bound(self) -> float:
        """The bound that the present multipliers prove."""
        psd = -self.step * self.multiplier
        paid = np.zeros_like(psd)
        self._subtract(paid)  # − Σ price × row
        slope = 2.0 * self.cost - 2.0 * psd - 2.0 * self.step * paid
        rights = float(self.rows.price @ self.rows.right + self.pool.rows.price @ self.pool.rows.right)
        least, value = np.minimum(slope * self.low, slope * self.high), self.all
        for block in self.blocks:
            own = block.of(psd)
            rights += block.rights()
            value += float(np.triu(block.of(least), 1).sum()) - float(np.trace(own)) + float(own.sum()) * block.share
        value -= 2.0 * self.step * rights
        return float(value - _CAUTION * (self.all + abs(value)))

    def _pooled(self, y: Floats) -> None:
        parts = [block.of(y) for block in self.blocks]
        found = list(self._company.broken(parts[0]))
        if self._sides is not None:
            found += list(self._sides.broken(parts[0], parts[1:]))
        self.pool.renew(found)

    def _subtract(self, vector: Floats) -> None:
        self.rows.subtract(vector)
        self.pool.rows.subtract(vector)
        for block in self.blocks:
            spread_triangles(block.of(vector), block.corner, block.price)

    def _stretch(self, factor: float) -> None:
        if factor != 1.0:
            self.step *= factor
            self.multiplier /= factor
            for prices in (self.rows.price, self.pool.rows.price, *(block.price for block in self.blocks)):
                np.divide(prices, factor, out=prices)


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
