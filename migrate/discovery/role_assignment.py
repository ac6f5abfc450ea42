"""Clusters of many servers, from those of a sample: the others join whom they are likeliest to be of, or wait.

Agglomeration compares clusters pairwise; a role that thousands of servers have is seen in a few hundred of them as well.
What no cluster of the sample explains better than its own frequencies do is sampled again, until all are placed.
"""

from __future__ import annotations

import numpy as np
from scipy import sparse

from migrate.discovery.role_clusters import CONCENTRATION, clusters_of

__all__ = ["roles_of"]

_SAMPLE = 1_500  # servers that are compared with each other
_ROUNDS = 6  # samples; what is left after them is alone
_BLOCK = 20_000  # rows that are placed at a time
_WIDEST = 60_000_000  # cells of the table of clusters by ports


def roles_of(profile: sparse.csr_matrix) -> np.ndarray:
    """Cluster number of each row of a 0/1 matrix, servers by ports, as `clusters_of` for any number of rows.

    Rows without any port are in no cluster: -1.
    """
    profile = sparse.csr_matrix(profile)
    labels = np.full(profile.shape[0], -1, dtype=np.int64)
    left = np.flatnonzero(np.diff(profile.indptr) > 0)
    found = 0
    random = np.random.default_rng(0)
    for _ in range(_ROUNDS):
        sample = left if len(left) <= _SAMPLE else np.sort(random.choice(left, _SAMPLE, replace=False))
        parts = clusters_of(profile[sample])
        place = _placed(profile[left], profile[sample], parts) if len(sample) < len(left) else parts
        known = place >= 0
        labels[left[known]] = found + place[known]
        found += int(parts.max(initial=-1)) + 1
        left = left[~known]
        if not len(left):
            break
    labels[left] = found + np.arange(len(left))
    return labels


def _placed(rows: sparse.csr_matrix, sample: sparse.csr_matrix, parts: np.ndarray) -> np.ndarray:
    """Cluster that each row is likeliest to be of; -1 where it is likelier to be of none of them.

    A row's likelihood in a cluster of n servers is the Beta-Bernoulli predictive probability of each port, times n: the Chinese
    restaurant process, in which a cluster of its own has the prior frequencies and the weight of one server.
    """
    ports = np.flatnonzero(np.asarray(sample.sum(axis=0)).ravel())
    size = np.bincount(parts)
    kept = np.flatnonzero(size > 1)[: max(_WIDEST // max(len(ports), 1), 1)]
    if not len(kept):
        return np.full(rows.shape[0], -1, dtype=np.int64)
    member = sparse.csr_matrix((np.ones(len(parts)), (parts, np.arange(len(parts)))), shape=(len(size), len(parts)))
    counts = np.asarray((member @ sample[:, ports])[kept].todense())
    n = size[kept][:, None].astype(float)
    held = np.asarray(rows.sum(axis=0)).ravel()
    mean = ((held + 0.5) / (rows.shape[0] + 1)).astype(float)
    a, b = CONCENTRATION * mean[ports], CONCENTRATION * (1 - mean[ports])
    without = np.log((b + n - counts) / (CONCENTRATION + n))
    weight = np.log((a + counts) / (CONCENTRATION + n)) - without
    alone = np.log(mean[ports]) - np.log1p(-mean[ports])
    base = without.sum(axis=1) + np.log(n[:, 0])
    base_alone = np.log1p(-mean[ports]).sum()
    advantage = np.ascontiguousarray((weight - alone).T)
    place = np.full(rows.shape[0], -1, dtype=np.int64)
    inner = sparse.csr_matrix(rows[:, ports], dtype=float)
    for start in range(0, rows.shape[0], _BLOCK):
        score = inner[start : start + _BLOCK] @ advantage + (base - base_alone)
        best = score.argmax(axis=1)
        sure = score[np.arange(len(best)), best] > 0
        place[start : start + len(best)][sure] = kept[best[sure]]
    return place
