"""A project as arrays for compiled code: four demands packed into one word, precedence in both directions.

Every word holds `FIELDS` resources of `BITS` bits, the highest of which is a guard: after subtracting a demand from what
is left, a guard that has gone says that the resource was not enough. So one subtraction checks four resources.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["BITS", "FIELDS", "MOST_UNITS", "Network", "both_ways", "pack"]

BITS = 16
FIELDS = 4

#: The largest capacity that a field holds beneath its guard.
MOST_UNITS = (1 << (BITS - 1)) - 1

Ints = NDArray[np.int32]
Words = NDArray[np.uint64]


class Network(NamedTuple):
    """Activities in an order in which every one stands behind its predecessors."""

    duration: Ints  # n
    words: Words  # n × k: packed demands
    full: Words  # k: packed capacities, guards set
    guard: Words  # 1: the guards of one word
    before_at: Ints  # n + 1: where each activity's predecessors begin in `before`
    before: Ints
    after_at: Ints  # n + 1
    after: Ints


def pack(table: NDArray[np.int64]) -> Words:
    """Pack rows of amounts from 0 to `MOST_UNITS` into words of `FIELDS` resources each."""
    rows, columns = table.shape
    words = np.zeros((rows, max(-(-columns // FIELDS), 1)), dtype=np.uint64)
    for column in range(columns):
        words[:, column // FIELDS] |= table[:, column].astype(np.uint64) << np.uint64(BITS * (column % FIELDS))
    return words


def both_ways(count: int, arcs: NDArray[np.int64]) -> tuple[Ints, Ints, Ints, Ints]:
    """The predecessors and the successors of every activity: where each list begins, and the lists."""
    parts: list[Ints] = []
    for own, other in ((1, 0), (0, 1)):
        by_own = arcs[np.lexsort((arcs[:, other], arcs[:, own]))]
        at = np.zeros(count + 1, dtype=np.int32)
        np.cumsum(np.bincount(by_own[:, own], minlength=count), out=at[1:])
        parts += [at, by_own[:, other].astype(np.int32)]
    return parts[0], parts[1], parts[2], parts[3]
