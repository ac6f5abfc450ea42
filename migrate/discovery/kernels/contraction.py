"""A weighted, undirected graph as compressed rows, and the same graph with each group contracted to one node. Compiled.

Rows are sorted by neighbour and sums run in that order, so that equal graphs give equal bits.
"""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["compact", "contract", "rows_of"]


@njit(cache=True, nogil=True)
def rows_of(one: np.ndarray, other: np.ndarray, weight: np.ndarray, nodes: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Compressed rows of the edges given once each; two counting passes leave every row sorted by neighbour.

    The edges have to be sorted by (one, other), with ``one < other`` and no pair twice.
    """
    at = np.zeros(nodes + 1, dtype=np.int64)
    for edge in range(len(one)):
        at[one[edge] + 1] += 1
        at[other[edge] + 1] += 1
    for node in range(nodes):
        at[node + 1] += at[node]
    fill = at[:-1].copy()
    near = np.empty(at[nodes], dtype=np.int32)
    heft = np.empty(at[nodes], dtype=np.float32)
    for edge in range(len(one)):  # smaller neighbours first: sorted by `one`
        near[fill[other[edge]]] = one[edge]
        heft[fill[other[edge]]] = weight[edge]
        fill[other[edge]] += 1
    for edge in range(len(one)):
        near[fill[one[edge]]] = other[edge]
        heft[fill[one[edge]]] = weight[edge]
        fill[one[edge]] += 1
    return at, near, heft


@njit(cache=True, nogil=True)
def compact(group: np.ndarray) -> tuple[np.ndarray, int]:
    """Groups numbered by their first member."""
    number = np.full(len(group), -1, dtype=np.int32)
    out = np.empty(len(group), dtype=np.int32)
    count = 0
    for node in range(len(group)):
        if number[group[node]] < 0:
            number[group[node]] = count
            count += 1
        out[node] = number[group[node]]
    return out, count


@njit(cache=True, nogil=True)
def contract(
    at: np.ndarray, near: np.ndarray, heft: np.ndarray, group: np.ndarray, groups: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The graph between groups, without what lies inside them. Groups are numbered 0 … `groups` - 1."""
    nodes = len(group)
    first = np.zeros(groups + 1, dtype=np.int64)
    for node in range(nodes):
        first[group[node] + 1] += 1
    for one in range(groups):
        first[one + 1] += first[one]
    member = np.empty(nodes, dtype=np.int32)
    fill = first[:-1].copy()
    for node in range(nodes):
        member[fill[group[node]]] = node
        fill[group[node]] += 1
    total = np.zeros(groups, dtype=np.float64)
    seen = np.empty(groups, dtype=np.int32)
    out_at = np.zeros(groups + 1, dtype=np.int64)
    out_near = np.empty(len(near), dtype=np.int32)
    out_heft = np.empty(len(near), dtype=np.float32)
    filled = 0
    for one in range(groups):
        count = 0
        for place in range(first[one], first[one + 1]):
            node = member[place]
            for entry in range(at[node], at[node + 1]):
                other = group[near[entry]]
                if other == one:
                    continue
                if total[other] == 0.0:
                    seen[count] = other
                    count += 1
                total[other] += heft[entry]
        order = np.sort(seen[:count])
        for index in range(count):
            out_near[filled] = order[index]
            out_heft[filled] = total[order[index]]
            total[order[index]] = 0.0
            filled += 1
        out_at[one + 1] = filled
    return out_at, out_near[:filled].copy(), out_heft[:filled].copy()
