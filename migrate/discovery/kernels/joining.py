"""Joining the nodes of a graph edge by edge into parts that may each hold so much. Compiled."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["joined"]

Ints = NDArray[np.int64]


@njit(cache=True, nogil=True)
def joined(first: Ints, second: Ints, load: Ints, capacity: Ints, colour: Ints) -> Ints:
    """Join the ends of edges one by one, in the order given, wherever the part they would make is allowed.

    Limits are those of `migrate.discovery.cuts.Limits`. A part has the number of its first node.
    """
    parent = np.arange(len(load))
    total, shade = load.copy(), colour.copy()
    holders = (load > 0).astype(np.int64)
    for edge in range(len(first)):
        a, b = _root(parent, first[edge]), _root(parent, second[edge])
        if a == b or not _allowed(a, b, total, holders, shade, capacity):
            continue
        low, high = min(a, b), max(a, b)
        parent[high] = low
        total[low] += total[high]
        holders[low] += holders[high]
        for rule in range(shade.shape[1]):
            shade[low, rule] = max(shade[low, rule], shade[high, rule])
    for node in range(len(load)):  # parents stand before their children
        parent[node] = parent[parent[node]]
    return parent


@njit(cache=True, nogil=True)
def _root(parent: Ints, node: int) -> int:
    while parent[node] != node:
        parent[node] = parent[parent[node]]
        node = parent[node]
    return node


@njit(cache=True, nogil=True)
def _allowed(a: int, b: int, total: Ints, holders: Ints, shade: Ints, capacity: Ints) -> bool:
    for kind in range(len(capacity)):
        if holders[a, kind] and holders[b, kind] and total[a, kind] + total[b, kind] > capacity[kind]:
            return False
    for rule in range(shade.shape[1]):
        if shade[a, rule] >= 0 and shade[b, rule] >= 0 and shade[a, rule] != shade[b, rule]:
            return False
    return True
