"""Inequalities that every assignment keeps and a relaxed one may break; and projecting onto them. Compiled.

A relaxed assignment is a symmetric matrix `y` over the waves and then the groups: how much two groups share a wave, how
much a group stands in a wave. Found rows of inequalities are lists of entries ``(i, j)``, ``i < j``, with coefficients; rows
that are projected onto have the places of their entries in one vector of all matrices.
"""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = [
    "covers",
    "overlaps",
    "project",
    "project_triangles",
    "scattered",
    "spread",
    "spread_triangles",
    "stars",
    "triangles",
]


@njit(cache=True, nogil=True)
def project(
    free: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    begin: np.ndarray,
    entry: np.ndarray,
    factor: np.ndarray,
    norm: np.ndarray,
    right: np.ndarray,
    equal: np.ndarray,
    price: np.ndarray,
) -> None:
    """One round over the rows: raise or lower each row's price until the box's nearest point keeps it (Hildreth, 1957)."""
    for k in range(len(right)):
        excess = -right[k]
        for q in range(begin[k], begin[k + 1]):
            e = entry[q]
            excess += factor[q] * min(max(free[e], low[e]), high[e])
        step = excess / norm[k]
        if not equal[k] and price[k] + step < 0.0:
            step = -price[k]
        if step != 0.0:
            price[k] += step
            for q in range(begin[k], begin[k + 1]):
                free[entry[q]] -= step * factor[q]


@njit(cache=True, nogil=True)
def spread(free: np.ndarray, begin: np.ndarray, entry: np.ndarray, factor: np.ndarray, price: np.ndarray) -> None:
    """Subtract price × row of every row."""
    for k in range(len(price)):
        if price[k] != 0.0:
            for q in range(begin[k], begin[k + 1]):
                free[entry[q]] -= price[k] * factor[q]


@njit(cache=True, nogil=True)
def project_triangles(free: np.ndarray, low: np.ndarray, high: np.ndarray, corner: np.ndarray, price: np.ndarray) -> None:
    """`project` for rows ``y[i, j] + y[j, k] − y[i, k] ≤ 1``, and ``y[i, j] + y[j, k] + y[i, k] ≥ 1`` where ``j < 0``.

    The second kind has its middle corner stored as ``−j − 1``.
    """
    for t in range(len(price)):
        i, j, k = corner[t, 0], corner[t, 1], corner[t, 2]
        side = 1.0
        if j < 0:
            j, side = -j - 1, -1.0
        a, b, c, d, e, f = min(i, j), max(i, j), min(j, k), max(j, k), min(i, k), max(i, k)
        one = min(max(free[a, b], low[a, b]), high[a, b])
        two = min(max(free[c, d], low[c, d]), high[c, d])
        three = min(max(free[e, f], low[e, f]), high[e, f])
        step = max((side * (one + two - 1.0) - three) / 3.0, -price[t])
        if step != 0.0:
            price[t] += step
            free[a, b] -= side * step
            free[c, d] -= side * step
            free[e, f] += step


@njit(cache=True, nogil=True)
def spread_triangles(matrix: np.ndarray, corner: np.ndarray, price: np.ndarray) -> None:
    """Subtract price × row of every triangle from the upper half of a matrix."""
    for t in range(len(price)):
        i, j, k = corner[t, 0], corner[t, 1], corner[t, 2]
        side = 1.0
        if j < 0:
            j, side = -j - 1, -1.0
        matrix[min(i, j), max(i, j)] -= side * price[t]
        matrix[min(j, k), max(j, k)] -= side * price[t]
        matrix[min(i, k), max(i, k)] += price[t]


@njit(cache=True, nogil=True)
def triangles(y: np.ndarray, least: float, corner: np.ndarray, broken: np.ndarray) -> int:
    """Who shares a wave with one shares it with those that share that one's. Returns how many were written."""
    n, found = len(y), 0
    for j in range(n):
        for i in range(n):
            if i == j or y[i, j] <= least:
                continue
            for k in range(i + 1, n):
                excess = y[i, j] + y[j, k] - y[i, k] - 1.0
                if excess > least and k != j and found < len(broken):
                    corner[found, 0], corner[found, 1], corner[found, 2] = i, j, k
                    broken[found] = excess
                    found += 1
    return found


@njit(cache=True, nogil=True)
def scattered(y: np.ndarray, least: float, found: int, corner: np.ndarray, broken: np.ndarray) -> int:
    """Of three on two sides, two share one. Written after the first `found`; returns how many there are now."""
    n = len(y)
    for i in range(n):
        for j in range(i + 1, n):
            for k in range(j + 1, n):
                excess = 1.0 - y[i, j] - y[j, k] - y[i, k]
                if excess > least and found < len(broken):
                    corner[found, 0], corner[found, 1], corner[found, 2] = i, -j - 1, k
                    broken[found] = excess
                    found += 1
    return found


@njit(cache=True, nogil=True)
def stars(y: np.ndarray, least: float, begin: np.ndarray, entry: np.ndarray, factor: np.ndarray, right: np.ndarray) -> int:
    """Of some that share no wave with each other, one shares it with at most one: ``y(s : T) − y(T) ≤ 1``.

    Grötschel and Wakabayashi, Facets of the clique partitioning polytope, Mathematical Programming 47, 1990. Grown greedily
    from every pair.
    """
    n, found, e = len(y), 0, 0
    members = np.zeros(8, dtype=np.int64)
    for s in range(n):
        for first in range(n):
            if first == s or y[s, first] < 0.1 or y[s, first] > 0.98:
                continue
            members[0] = first
            count, total = 1, y[s, first]
            gain = y[s] - y[first]
            gain[s] = gain[first] = -9.0
            while count < 6:
                t = int(np.argmax(gain))
                if gain[t] <= 0.0:
                    break
                total += gain[t]
                members[count] = t
                count += 1
                gain -= y[t]
                gain[t] = -9.0
            if count < 3 or total <= 1.0 + least or found >= len(right) or e + 25 > len(factor):
                continue
            right[found] = 1.0
            for a in range(count):
                entry[e, 0], entry[e, 1], factor[e] = min(s, members[a]), max(s, members[a]), 1.0
                e += 1
                for b in range(a):
                    entry[e, 0], entry[e, 1] = min(members[a], members[b]), max(members[a], members[b])
                    factor[e] = -1.0
                    e += 1
            found += 1
            begin[found] = e
    return found


@njit(cache=True, nogil=True)
def overlaps(
    y: np.ndarray, waves: int, least: float, begin: np.ndarray, entry: np.ndarray, factor: np.ndarray, right: np.ndarray
) -> int:
    """Two groups share a wave at most as much as both stand in waves: ``y[i, j] ≤ Σ waves min(y[w, i], y[w, j])``."""
    n, found, e = len(y), 0, 0
    for i in range(waves, n):
        for j in range(i + 1, n):
            shared = 0.0
            for w in range(waves):
                shared += min(y[w, i], y[w, j])
            if y[i, j] <= shared + least or found >= len(right) or e + waves + 1 > len(factor):
                continue
            right[found] = 0.0
            entry[e, 0], entry[e, 1], factor[e] = i, j, 1.0
            e += 1
            for w in range(waves):
                entry[e, 0], entry[e, 1], factor[e] = w, i if y[w, i] < y[w, j] else j, -1.0
                e += 1
            found += 1
            begin[found] = e
    return found


@njit(cache=True, nogil=True)
def covers(  # noqa: C901, PLR0912 -- growing and trimming share their arrays
    y: np.ndarray,
    waves: int,
    least: float,
    load: np.ndarray,
    largest: np.ndarray,
    begin: np.ndarray,
    entry: np.ndarray,
    factor: np.ndarray,
    right: np.ndarray,
) -> int:
    """Of k groups that no wave holds together, at most (k − 1)(k − 2) / 2 pairs share one. Grown greedily, then trimmed."""
    groups, found, e = len(load), 0, 0
    members = np.zeros(max(groups, 1), dtype=np.int64)
    inside = np.zeros(groups, dtype=np.bool_)
    for case in range(3 * groups * load.shape[1]):
        manner, r, i = case % 3, (case // 3) // groups, (case // 3) % groups
        inside[:] = False
        members[0], inside[i], count, held, pairs = i, True, 1, load[i, r], 0.0
        near = y[waves + i, waves:].copy()
        while held <= largest[r] and count < min(14, groups):
            best, most = -1, -1e30
            for j in range(groups):
                if not inside[j]:
                    worth = near[j] if manner == 0 else near[j] - count
                    if manner > 0:
                        worth /= max(load[j, r], 1e-9) if manner == 1 else np.sqrt(max(load[j, r], 1e-9))
                    if worth > most:
                        best, most = j, worth
            pairs += near[best]
            members[count] = best
            inside[best] = True
            count += 1
            held += load[best, r]
            near += y[waves + best, waves:]
        if held <= largest[r]:
            continue
        q = 0
        while q < count:
            if held - load[members[q], r] <= largest[r]:
                q += 1
                continue
            for a in range(count):
                if a != q:
                    pairs -= y[waves + members[q], waves + members[a]]
            held -= load[members[q], r]
            count -= 1
            members[q] = members[count]
            q = 0
        limit = (count - 1) * (count - 2) / 2.0
        if count < 2 or pairs <= limit + least or found >= len(right) or e + count * count > len(factor):
            continue
        right[found] = limit
        for a in range(count):
            for b in range(a):
                entry[e, 0] = waves + min(members[a], members[b])
                entry[e, 1] = waves + max(members[a], members[b])
                factor[e] = 1.0
                e += 1
        found += 1
        begin[found] = e
    return found
