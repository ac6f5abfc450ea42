"""Parting a graph of a dozen nodes at the least weight between the parts, by trying every way. Compiled."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["best_parts"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]


@njit(cache=True)
def best_parts(first: Ints, second: Ints, weight: Floats, load: Ints, capacity: Ints, colour: Ints) -> Ints:
    """Part of each node, with the number of its first node.

    Dynamic programming over sets of nodes: the best parts of a set are an allowed part with its first node, and the best
    parts of the rest. 3ⁿ steps. Limits are those of `migrate.discovery.cuts.Limits`.
    """
    nodes = len(load)
    everything = (1 << nodes) - 1
    inside = np.full(everything + 1, -1.0)  # weight within; -1: not allowed as a part
    for chosen in range(1, everything + 1):
        if _allowed(chosen, load, capacity, colour):
            inside[chosen] = _weight(chosen, first, second, weight)
    most = np.zeros(everything + 1)
    part = np.zeros(everything + 1, np.int64)
    for chosen in range(1, everything + 1):
        begin = chosen & -chosen
        rest = chosen ^ begin
        most[chosen] = -1.0
        others = rest
        while True:  # every set of the others, the largest first
            own = others | begin
            if inside[own] >= 0.0 and inside[own] + most[chosen ^ own] > most[chosen]:
                most[chosen] = inside[own] + most[chosen ^ own]
                part[chosen] = own
            if others == 0:
                break
            others = (others - 1) & rest
    label = np.full(nodes, -1, np.int64)
    left = everything
    for node in range(nodes):
        if label[node] < 0:
            own = part[left]
            for member in range(node, nodes):
                if own >> member & 1:
                    label[member] = node
            left ^= own
    return label


@njit(cache=True)
def _allowed(chosen: int, load: Ints, capacity: Ints, colour: Ints) -> bool:
    for kind in range(len(capacity)):
        total, holders = 0, 0
        for node in range(len(load)):
            if chosen >> node & 1 and load[node, kind] > 0:
                total += load[node, kind]
                holders += 1
        if holders > 1 and total > capacity[kind]:
            return False
    for rule in range(colour.shape[1]):
        seen = -1
        for node in range(len(load)):
            if chosen >> node & 1 and colour[node, rule] >= 0:
                if seen >= 0 and seen != colour[node, rule]:
                    return False
                seen = colour[node, rule]
    return True


@njit(cache=True)
def _weight(chosen: int, first: Ints, second: Ints, weight: Floats) -> float:
    inside = 0.0
    for edge in range(len(first)):
        if chosen >> first[edge] & 1 and chosen >> second[edge] & 1:
            inside += weight[edge]
    return inside
