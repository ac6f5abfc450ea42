"""Bayes factors of merging clusters of servers, for many pairs at once.

A port is served by a member of a cluster with a probability of its own; its prior is Beta(``a``, ``b``) of that port.
The evidence of a cluster of ``n`` servers of which ``k`` serve the port is B(a + k, b + n − k) / B(a, b): the
Beta-Bernoulli marginal likelihood that K. Heller and Z. Ghahramani, "Bayesian hierarchical clustering", ICML 2005,
agglomerate by. What a cluster has no member for enters through `silence`, a table over n, so that only ports that are
there cost time.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

__all__ = ["best_partners", "join"]

_NEAR = 48  # clusters compared for one port of a cluster: the nearest in their order
_HEAVY = 16  # and those with the most servers that have it
_PER_CLUSTER = 640  # clusters compared for one cluster, by the rarest of the ports that most of it has, then by its others


@njit(cache=True, nogil=True)
def _heard(k, n, a, b):  # type: ignore[no-untyped-def]
    """Log evidence of a port with k > 0 servers of n, less what it would be with none."""
    if k > 8:
        return math.lgamma(a + k) - math.lgamma(a) + math.lgamma(b + n - k) - math.lgamma(b + n)
    ratio = 1.0
    for i in range(k):
        ratio *= (a + i) / (b + n - 1 - i)
    return math.log(ratio)


@njit(cache=True, nogil=True)
def _own(row, size, pointer, ports, counts, a, b):  # type: ignore[no-untyped-def]
    total = 0.0
    for p in range(pointer[row], pointer[row + 1]):
        f = ports[p]
        total += _heard(counts[p], size[row], a[f], b[f])
    return total


@njit(cache=True, nogil=True)
def _together(i, j, n, pointer, ports, counts, a, b):  # type: ignore[no-untyped-def]
    p, p_end, q, q_end = pointer[i], pointer[i + 1], pointer[j], pointer[j + 1]
    total = 0.0
    while p < p_end or q < q_end:
        f = ports[p] if p < p_end else ports[q]
        if q < q_end and ports[q] < f:
            f = ports[q]
        k = 0
        if p < p_end and ports[p] == f:
            k += counts[p]
            p += 1
        if q < q_end and ports[q] == f:
            k += counts[q]
            q += 1
        total += _heard(k, n, a[f], b[f])
    return total


@njit(cache=True, nogil=True)
def _candidates(i, size, pointer, ports, counts, by_port, clusters, heaviest, seen, found):  # type: ignore[no-untyped-def]
    """Clusters worth comparing with cluster i, written to `found`; how many they are."""
    many = 0
    seen[i] = i
    for typical in (True, False):
        for p in range(pointer[i], pointer[i + 1]):
            if (2 * counts[p] >= size[i]) != typical:
                continue
            low, high = by_port[ports[p]], by_port[ports[p] + 1]
            near = low
            if high - low > _NEAR + _HEAVY:
                for c in range(low, low + _HEAVY):
                    j = heaviest[c]
                    if seen[j] != i:
                        seen[j] = i
                        found[many] = j
                        many += 1
                middle = low + np.searchsorted(clusters[low:high], i)
                near = min(max(middle - _NEAR // 2, low), high - _NEAR)
                high = near + _NEAR
            for c in range(near, high):
                j = clusters[c]
                if seen[j] != i:
                    seen[j] = i
                    found[many] = j
                    many += 1
            if many >= _PER_CLUSTER:
                return many
    return many


@njit(cache=True, nogil=True)
def best_partners(  # type: ignore[no-untyped-def]
    asked, size, pointer, ports, counts, by_port, clusters, heaviest, a, b, silence, gain, partner
):
    """Find the partner of the greatest Bayes factor above one for each cluster asked; updates `gain` and `partner`.

    Ports are numbered from the rarest to the commonest and lie sorted in each row; `by_port` and `clusters` are the
    same matrix by columns, `heaviest` its columns with the greatest counts first. A cluster that was not asked learns of
    an asked one that suits it better. Ties: the lower number.
    """
    rows = len(size)
    own = np.empty(rows)
    for i in range(rows):
        own[i] = _own(i, size, pointer, ports, counts, a, b)
    seen = np.full(rows, -1, dtype=np.int64)
    found = np.empty(_PER_CLUSTER + _NEAR + _HEAVY, dtype=np.int64)
    for i in asked:
        gain[i] = 0.0
        partner[i] = -1
    for i in asked:
        for c in range(_candidates(i, size, pointer, ports, counts, by_port, clusters, heaviest, seen, found)):
            j = found[c]
            n = size[i] + size[j]
            worth = silence[n] - silence[size[i]] - silence[size[j]] - own[i] - own[j]
            worth += _together(i, j, n, pointer, ports, counts, a, b)
            if worth > gain[i] or (worth == gain[i] and 0 <= j < partner[i]):
                gain[i] = worth
                partner[i] = j
            if worth > gain[j] or (worth == gain[j] and i < partner[j]):
                gain[j] = worth
                partner[j] = i


@njit(cache=True, nogil=True)
def join(order, size, partner, home):  # type: ignore[no-untyped-def]
    """Merge clusters with their best partners, the greatest gain first; `home` becomes the cluster each is now in.

    A cluster takes one other, and more of them only until it has doubled: later ones wait for the evidence of the next round.
    """
    taken = np.zeros(len(size), dtype=np.int64)
    for i in order:
        j = partner[i]
        if home[i] != i or home[j] != j:
            continue
        small, large = i, j
        if taken[i] > taken[j] or (taken[i] == taken[j] and (size[i] > size[j] or (size[i] == size[j] and i < j))):
            small, large = j, i
        if taken[small] > 0 or (taken[large] > 0 and taken[large] + size[small] > size[large]):
            continue
        home[small] = large
        taken[large] += size[small]
