"""Clusters of servers that serve, or use, the same ports, at every level at which they do.

Agglomeration by Bayes factors (`migrate.discovery.kernels.roles`) stops by itself where no merge is more likely than
none. What is common depends on the company: an agent that every server of a platform runs sets the platform apart
from the rest, and says nothing within it. So each cluster is clustered again with the frequencies of its own members
as prior, until its ports vary independently of each other, which is what one role with noise looks like.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.special import gammaln

__all__ = ["CONCENTRATION", "clusters_of"]

CONCENTRATION = 1.0  # of the Beta prior: within a role a port is nearly always or nearly never there, and noise allowed
#: Concentrations of the Chinese restaurant process that are tried: from few large roles to many small ones.
_ALPHAS = 4.0 ** np.arange(12)
_WORD = np.int64(2**62)


def clusters_of(profile: sparse.csr_matrix) -> np.ndarray:
    """Cluster number of each row of a 0/1 matrix, servers by ports; equal rows are always together.

    Rows in another order give the same clusters where no two merges are equally good.
    """
    labels = np.full(profile.shape[0], -1, dtype=np.int64)
    waiting = [np.arange(profile.shape[0])]
    found = 0
    root = True
    while waiting:
        members = waiting.pop()
        parts = _split(profile[members], root=root)
        root = False
        names, first = np.unique(parts, return_index=True)
        for name in names[np.argsort(first)]:
            part = members[parts == name]
            if len(names) > 1 and len(part) > 2:
                waiting.append(part)
            else:
                labels[part] = found
                found += 1
    return labels


def _split(rows: sparse.csr_matrix, *, root: bool) -> np.ndarray:
    """Part of each row; one part for all where that is as likely.

    The evidence of a partition is that of its parts and that of itself under a Chinese restaurant process, whose
    concentration is the one that makes the data likeliest. Against it stands that each port varies by itself.
    """
    servers = rows.shape[0]
    whole = np.zeros(servers, dtype=np.int64)
    held = np.asarray(rows.sum(axis=0)).ravel()
    telling = np.flatnonzero((held > 0) & (held < servers))
    if not len(telling) or servers < 3:
        return whole
    telling = telling[np.lexsort((telling, held[telling]))]  # from the rarest to the commonest
    clusters, kind_of = _kinds(sparse.csr_matrix(rows[:, telling]))
    size = np.bincount(kind_of).astype(np.int64)
    clusters.data = np.repeat(size, np.diff(clusters.indptr))
    mean = (held[telling] + 0.5) / (servers + 1)
    a, b = CONCENTRATION * mean, CONCENTRATION * (1 - mean)
    silence = _silence(b, servers)
    n = np.arange(servers + 1)
    best, chosen = -np.inf, whole
    if not root:
        best = float(held[telling] @ np.log(mean) + (servers - held[telling]) @ np.log1p(-mean))
    for alpha in _ALPHAS[: int(np.searchsorted(_ALPHAS, servers, side="right"))][::-1]:  # ever fewer parts, each from the last
        table = silence + np.where(n > 0, np.log(alpha) + gammaln(np.maximum(n, 1)), 0.0)
        clusters, size, home = _agglomerate(clusters, size, a, b, table)
        kind_of = home[kind_of]
        evidence = _evidence(clusters, size, a, b, table) + float(gammaln(alpha) - gammaln(alpha + servers))
        if evidence > best:
            best, chosen = evidence, kind_of
    return chosen


def _kinds(rows: sparse.csr_matrix) -> tuple[sparse.csr_matrix, np.ndarray]:
    """The different rows, similar ones near each other, and which of them each row is."""
    rows.sort_indices()
    keys = np.random.default_rng(0).integers(-_WORD, _WORD, size=(rows.shape[1], 2), dtype=np.int64)
    present = sparse.csr_matrix((np.ones(rows.nnz, dtype=np.int64), rows.indices, rows.indptr), shape=rows.shape)
    signature = present @ keys  # a sum of random words that wraps around: equal rows, equal sums
    _, first, kind_of = np.unique(signature, axis=0, return_index=True, return_inverse=True)
    commonest = np.full(len(first), -1, dtype=np.int64)
    width = np.diff(rows.indptr)[first]
    filled = width > 0
    commonest[filled] = rows.indices[rows.indptr[first[filled] + 1] - 1]
    order = np.lexsort((first, commonest, width))
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    return sparse.csr_matrix(present[first[order]]), place[kind_of.ravel()]


def _silence(b: np.ndarray, largest: int) -> np.ndarray:
    """Log evidence of clusters of 0, 1, … servers none of which serves anything."""
    n = np.arange(largest + 1)
    values, how_many = np.unique(b, return_counts=True)
    total = -len(b) * (gammaln(CONCENTRATION + n) - gammaln(CONCENTRATION))
    for value, count in zip(values, how_many, strict=True):
        total += count * (gammaln(value + n) - gammaln(value))
    return np.asarray(total)


def _evidence(counts: sparse.csr_matrix, size: np.ndarray, a: np.ndarray, b: np.ndarray, silence: np.ndarray) -> float:
    """Log evidence of a partition, a row a cluster."""
    k, f = counts.data, counts.indices
    n = np.repeat(size, np.diff(counts.indptr))
    heard = gammaln(a[f] + k) - gammaln(a[f]) + gammaln(b[f] + n - k) - gammaln(b[f] + n)
    return float(heard.sum() + silence[size].sum())


def _agglomerate(
    clusters: sparse.csr_matrix, size: np.ndarray, a: np.ndarray, b: np.ndarray, silence: np.ndarray
) -> tuple[sparse.csr_matrix, np.ndarray, np.ndarray]:
    """Merge while the evidence grows: the clusters then, their sizes, and in which of them each cluster is now."""
    from migrate.discovery.kernels.roles import best_partners, join  # noqa: PLC0415 - numba takes a second to load

    where = np.arange(len(size))
    gain = np.zeros(len(size))
    partner = np.full(len(size), -1, dtype=np.int64)
    asked = where.copy()
    while len(asked):
        columns = clusters.tocsc()
        columns.sort_indices()
        port = np.repeat(np.arange(columns.shape[1]), np.diff(columns.indptr))
        heaviest = columns.indices[np.lexsort((columns.indices, -columns.data, port))]
        best_partners(
            asked, size, clusters.indptr, clusters.indices, clusters.data, columns.indptr, columns.indices, heaviest,
            a, b, silence, gain, partner,
        )  # fmt: skip
        wish = np.flatnonzero(partner >= 0)
        home = np.arange(len(size))
        join(wish[np.lexsort((wish, -gain[wish]))], size, partner, home)
        kept = np.flatnonzero(home == np.arange(len(size)))
        if len(kept) == len(size):
            break
        changed = home != np.arange(len(size))
        changed[home[changed]] = True
        asked_before = changed | ((partner >= 0) & changed[partner])
        place = np.full(len(size), -1, dtype=np.int64)
        place[kept] = np.arange(len(kept))
        home = place[home]
        every = np.arange(len(home))
        grouping = sparse.csr_matrix((np.ones(len(home), dtype=np.int64), (home, every)), shape=(len(kept), len(home)))
        clusters = sparse.csr_matrix(grouping @ clusters)
        clusters.sort_indices()
        size = np.bincount(home, weights=size, minlength=len(kept)).astype(np.int64)
        where = home[where]
        gain = gain[kept]
        partner = np.where(partner[kept] >= 0, place[partner[kept]], -1)
        asked = np.flatnonzero(asked_before[kept])
    return clusters, size, where
