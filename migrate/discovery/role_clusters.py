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

__all__ = ["clusters_of"]

_CONCENTRATION = 1.0  # of the Beta prior: within a role a port is nearly always or nearly never there, and noise allowed
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
    """Part of each row; one part for all where nothing tells them apart."""
    whole = np.zeros(rows.shape[0], dtype=np.int64)
    served = np.asarray(rows.sum(axis=0)).ravel()
    telling = np.flatnonzero((served > 0) & (served < rows.shape[0]))
    if not len(telling) or rows.shape[0] < 3:
        return whole
    telling = telling[np.lexsort((telling, served[telling]))]  # from the rarest to the commonest
    kinds, kind_of = _kinds(sparse.csr_matrix(rows[:, telling]))
    size = np.bincount(kind_of).astype(np.int64)
    mean = (served[telling] + 0.5) / (rows.shape[0] + 1)
    a, b = _CONCENTRATION * mean, _CONCENTRATION * (1 - mean)
    servers = rows.shape[0]
    silence = _silence(b, servers)
    best, chosen = -np.inf, whole
    if not root:
        best = float(served[telling] @ np.log(mean) + (servers - served[telling]) @ np.log1p(-mean))
    n = np.arange(servers + 1)
    for alpha in _ALPHAS[: int(np.searchsorted(_ALPHAS, servers, side="right"))]:
        table = silence + np.where(n > 0, np.log(alpha) + gammaln(np.maximum(n, 1)), 0.0)
        home = _agglomerate(kinds, size, a, b, table)
        parts, home = np.unique(home, return_inverse=True)
        counts = sparse.csr_matrix(sparse.csr_matrix((size, (home, np.arange(len(size)))), shape=(len(parts), len(size))) @ kinds)
        evidence = _evidence(counts, np.bincount(home, weights=size).astype(np.int64), a, b, table)
        evidence += float(gammaln(alpha) - gammaln(alpha + servers))
        if evidence > best:
            best, chosen = evidence, home[kind_of]
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
    total = -len(b) * (gammaln(_CONCENTRATION + n) - gammaln(_CONCENTRATION))
    for value, count in zip(values, how_many, strict=True):
        total += count * (gammaln(value + n) - gammaln(value))
    return np.asarray(total)


def _evidence(counts: sparse.csr_matrix, size: np.ndarray, a: np.ndarray, b: np.ndarray, silence: np.ndarray) -> float:
    """Log evidence of a partition, a row a cluster."""
    k, f = counts.data, counts.indices
    n = np.repeat(size, np.diff(counts.indptr))
    heard = gammaln(a[f] + k) - gammaln(a[f]) + gammaln(b[f] + n - k) - gammaln(b[f] + n)
    return float(heard.sum() + silence[size].sum())


def _agglomerate(kinds: sparse.csr_matrix, size: np.ndarray, a: np.ndarray, b: np.ndarray, silence: np.ndarray) -> np.ndarray:
    """Merge while the evidence grows; the cluster of each kind, named by one of its kinds."""
    from migrate.discovery.kernels.roles import best_partners, join  # noqa: PLC0415 - numba takes a second to load

    counts = sparse.csr_matrix(kinds, copy=True)
    counts.data = np.repeat(size, np.diff(kinds.indptr))
    size = size.copy()
    where = np.arange(len(size))
    gain = np.zeros(len(size))
    partner = np.full(len(size), -1, dtype=np.int64)
    asked = where.copy()
    while len(asked):
        counts.sort_indices()
        columns = counts.tocsc()
        columns.sort_indices()
        best_partners(
            asked, size, counts.indptr, counts.indices, counts.data, columns.indptr, columns.indices, a, b, silence, gain, partner
        )  # fmt: skip
        wish = np.flatnonzero(partner >= 0)
        home = np.arange(len(size))
        join(wish[np.lexsort((wish, -gain[wish]))], size, partner, home)
        gone = home != np.arange(len(size))
        if not gone.any():
            break
        every = np.arange(len(home))
        grouping = sparse.csr_matrix((np.ones(len(home), dtype=np.int64), (home, every)), shape=(len(home), len(home)))
        counts = sparse.csr_matrix(grouping @ counts)
        size = np.bincount(home, weights=size, minlength=len(home)).astype(np.int64)
        where = home[where]
        changed = gone.copy()
        changed[home[gone]] = True
        gain[gone], partner[gone] = 0.0, -1
        stale = (changed | (changed[partner] & (partner >= 0))) & ~gone
        asked = np.flatnonzero(stale)
    return where
