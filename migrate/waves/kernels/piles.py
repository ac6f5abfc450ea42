"""What sharing waves costs at least, however the applications are spread. Compiled."""

from __future__ import annotations

import numpy as np
from numba import njit

__all__ = ["cheapest_crowds"]


@njit(cache=True)
def cheapest_crowds(loss: np.ndarray, waves: int) -> np.ndarray:
    """Least ``Σ waves (Σ loss) × (members − 1)`` for 1, 2 … `waves` waves.

    With given numbers of members it is least when the largest losses have the least company, so each wave takes
    consecutive members of the sorted losses, and dynamic programming finds where to part them. The cost of a wave
    satisfies the quadrangle inequality, so the partings are monotone (Knuth, Acta Informatica 1, 1971; Yao, STOC 1980).

    Parameters
    ----------
    loss
        Of each application, not negative, largest first.
    waves
        At most.
    """
    n = len(loss)
    result = np.zeros(waves)
    whole = np.zeros(n + 1)
    for j in range(n):
        whole[j + 1] = whole[j] + loss[j]
    before, parting = np.empty(n + 1), np.zeros(n + 2, dtype=np.int64)
    for j in range(n + 1):
        before[j] = whole[j] * max(j - 1, 0)
    for k in range(waves):
        if k > 0:
            now, later = np.empty(n + 1), np.zeros(n + 2, dtype=np.int64)
            later[n + 1] = n
            for j in range(n, -1, -1):
                now[j] = np.inf
                for i in range(parting[j], min(later[j + 1], j) + 1):
                    cost = before[i] + (whole[j] - whole[i]) * max(j - i - 1, 0)
                    if cost < now[j]:
                        now[j], later[j] = cost, i
            before, parting = now, later
        result[k] = before[n]
    return result
