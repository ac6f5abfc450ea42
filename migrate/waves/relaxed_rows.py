"""Rows of inequalities that a relaxation is held to, with their prices; and a pool of rows that grows and shrinks."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from migrate.waves.kernels.cuts import project, spread

__all__ = ["Pool", "Row", "Rows"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Row(NamedTuple):
    """``Σ factor × y[entry] ≤ right``, or ``=``."""

    entry: Ints  # places in the vector of all matrices, in their upper halves
    factor: Floats
    right: float
    equal: bool = False


class Rows:
    """Rows with their prices."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.entry = np.concatenate([np.zeros(0, dtype=np.int64), *(row.entry for row in rows)])
        self.factor = np.concatenate([np.zeros(0), *(row.factor for row in rows)])
        self.begin = np.concatenate([[0], np.cumsum([len(row.factor) for row in rows])]).astype(np.int64)
        self.right = np.array([row.right for row in rows], dtype=np.float64)
        self.equal = np.array([row.equal for row in rows], dtype=bool)
        self.norm = np.array([float(row.factor @ row.factor) for row in rows], dtype=np.float64)
        self.price = np.zeros(len(rows))

    def subtract(self, vector: Floats) -> None:
        """Subtract price × row of every row."""
        spread(vector, self.begin, self.entry, self.factor, self.price)

    def project(self, free: Floats, low: Floats, high: Floats) -> None:
        """One round of `kernels.cuts.project`."""
        project(free, low, high, self.begin, self.entry, self.factor, self.norm, self.right, self.equal, self.price)


class Pool:
    """Rows found while solving; those whose price falls to nothing are let go."""

    def __init__(self) -> None:
        self.rows = Rows(())
        self._known: dict[Hashable, tuple[Row, float]] = {}

    def renew(self, found: Iterable[tuple[Hashable, Row]]) -> None:
        """Let go what costs nothing, and take what was found: rows under names, one row a name."""
        for key, price in zip(list(self._known), self.rows.price, strict=True):
            if price > 0:
                self._known[key] = (self._known[key][0], float(price))
            else:
                del self._known[key]
        for key, row in found:
            if key not in self._known:
                self._known[key] = (row, 0.0)
        self.rows = Rows([row for row, _ in self._known.values()])
        self.rows.price[:] = [price for _, price in self._known.values()]
