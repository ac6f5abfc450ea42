"""A number for each node that depends on its surroundings and not on its name. Compiled."""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["surroundings"]


@njit(cache=True, nogil=True, inline="always")
def _mixed(value: np.uint64) -> np.uint64:
    """Finaliser of SplitMix64 (Steele, Lea and Flood, OOPSLA 2014)."""
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


@njit(cache=True, nogil=True)
def surroundings(one: np.ndarray, other: np.ndarray, mark: np.ndarray, nodes: int, seed: int, rounds: int) -> np.ndarray:
    """Hash the marks of all edges within `rounds` steps of each node.

    Parameters
    ----------
    one, other
        Ends of each edge, in any order.
    mark
        What is known of each edge, as one number (uint64).
    """
    own = np.full(nodes, _mixed(np.uint64(seed) + np.uint64(0x9E3779B97F4A7C15)))
    for _ in range(rounds):
        total = np.zeros(nodes, dtype=np.uint64)  # sums wrap around, in any order to the same
        for edge in range(len(one)):
            total[one[edge]] += _mixed(own[other[edge]] ^ mark[edge])
            total[other[edge]] += _mixed(own[one[edge]] ^ mark[edge])
        for node in range(nodes):
            own[node] = _mixed(own[node] + total[node])
    return own
