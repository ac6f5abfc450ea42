"""The rows of inequalities that a relaxation is held to: those that are there from the start, and a pool that grows."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from migrate.waves.kernels.core import PRIOR, Core
from migrate.waves.kernels.cuts import covers, overlaps, project, stars

__all__ = ["Pool", "Rows", "first_rows"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Row = tuple[Ints, Floats, float, bool]  # entries × 2, coefficients, right side, whether it is an equation

_ROOM = 60_000  # rows that one search for broken ones may find
_ENTRIES = 2_000_000  # and their entries
_BROKEN = 0.03  # by which a row must be broken to be taken


class Rows:
    """Rows ``Σ factor × y[entry] ≤ right`` with their prices."""

    def __init__(self, rows: Sequence[Row]) -> None:
        none: list[Ints] = [np.zeros((0, 2), dtype=np.int64)]
        self.entry = np.ascontiguousarray(np.concatenate(none + [row[0] for row in rows]))
        self.factor = np.concatenate([np.zeros(0), *(row[1] for row in rows)])
        self.begin = np.concatenate([[0], np.cumsum([len(row[1]) for row in rows])]).astype(np.int64)
        self.right = np.array([row[2] for row in rows], dtype=np.float64)
        self.equal = np.array([row[3] for row in rows], dtype=bool)
        self.norm = np.array([float(row[1] @ row[1]) for row in rows], dtype=np.float64)
        self.price = np.zeros(len(rows))

    def subtract(self, matrix: Floats) -> None:
        """Subtract price × row of every row from the upper half of a matrix."""
        paid = np.repeat(self.price, np.diff(self.begin)) * self.factor
        np.subtract.at(matrix, (self.entry[:, 0], self.entry[:, 1]), paid)

    def project(self, free: Floats, low: Floats, high: Floats) -> None:
        """One round of `kernels.cuts.project`."""
        project(free, low, high, self.begin, self.entry, self.factor, self.norm, self.right, self.equal, self.price)


class Pool:
    """Rows found while solving; those whose price falls to nothing are let go."""

    def __init__(self, core: Core) -> None:
        self.rows = Rows(())
        self._known: dict[bytes, tuple[Row, float]] = {}
        self._load = core.load.astype(np.float64)
        self._largest = core.capacity.max(axis=0).astype(np.float64)
        self._waves = core.allowed.shape[1]
        self._begin = np.zeros(_ROOM + 1, dtype=np.int64)
        self._entry = np.zeros((_ENTRIES, 2), dtype=np.int64)
        self._factor, self._right = np.zeros(_ENTRIES), np.zeros(_ROOM)

    def renew(self, y: Floats) -> None:
        """Let go what costs nothing, and take the rows that `y` breaks most."""
        for key, price in zip(list(self._known), self.rows.price, strict=True):
            if price > 0:
                self._known[key] = (self._known[key][0], float(price))
            else:
                del self._known[key]
        size, found = len(y), (self._begin, self._entry, self._factor, self._right)
        self._take(stars(y, _BROKEN, *found), y, size)
        self._take(overlaps(y, self._waves, _BROKEN, *found), y, 2 * size)
        self._take(covers(y, self._waves, _BROKEN, self._load, self._largest, *found), y, 2 * size)
        self.rows = Rows([row for row, _ in self._known.values()])
        self.rows.price[:] = [price for _, price in self._known.values()]

    def _take(self, count: int, y: Floats, most: int) -> None:
        begin = self._begin[: count + 1]
        end = int(begin[-1]) if count else 0
        entry, factor = self._entry[:end], self._factor[:end]
        if not count:
            return
        broken = np.add.reduceat(factor * y[entry[:, 0], entry[:, 1]], begin[:-1]) - self._right[:count]
        for k in np.argsort(-broken, kind="stable")[:most]:
            span = slice(begin[k], begin[k + 1])
            key = entry[span].tobytes()
            if key not in self._known:
                self._known[key] = ((entry[span].copy(), factor[span].copy(), float(self._right[k]), False), 0.0)


def first_rows(core: Core) -> Rows:
    """One wave each; capacities of waves, and of the company that each group may have; orders of pairs."""
    groups, waves = core.allowed.shape
    wave = np.arange(waves)
    rows: list[Row] = []

    def stands(g: int) -> Ints:
        return np.column_stack([wave, np.full(waves, waves + g)])

    rows += [(stands(g), np.ones(waves), 1.0, True) for g in range(groups)]
    for r in range(core.load.shape[1]):
        capacity = core.capacity[:, r].astype(np.float64)
        unit = max(float(capacity.mean()), 1.0)
        load = core.load[:, r] / unit
        some = np.flatnonzero(load > 0)
        if not len(some):
            continue
        rows += [
            (np.column_stack([np.full(len(some), w), waves + some]), load[some], float(capacity[w] / unit), False) for w in wave
        ]
        for g in range(groups):
            others = some[some != g]
            beside = np.column_stack([waves + np.minimum(others, g), waves + np.maximum(others, g)])
            factor = np.concatenate([load[others], -capacity / unit])
            rows.append((np.concatenate([beside, stands(g)]), factor, -float(load[g]), False))
    owner = np.repeat(np.arange(groups), np.diff(core.at[:, PRIOR]))
    for k in np.flatnonzero(core.prior_side > 0):
        first, then = stands(int(owner[k])), stands(int(core.prior[k]))
        for w in range(1, waves):
            rows.append((np.concatenate([then[:w], first[:w]]), np.repeat([1.0, -1.0], w), 0.0, False))
    return Rows(rows)
