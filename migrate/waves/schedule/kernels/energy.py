"""What no schedule can beat: the critical path, and the work that must fit between two moments. Compiled.

For a makespan T every activity has a window, from the longest path before it to T less the longest path after it. Of an
activity, the least that falls into an interval is the smaller of what does when it is pushed to the left and to the right
of its window. Where that sums up to more than the resource has, T is impossible (energetic reasoning: Baptiste, Le Pape
and Nuijten, Annals of Operations Research 92, 1999; as a destructive bound: Klein and Scholl, European Journal of
Operational Research 112, 1999).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from migrate.waves.schedule.kernels.network import Network

__all__ = ["heads_and_tails", "impossible"]


@njit(cache=True, nogil=True)
def heads_and_tails(network: Network, head: np.ndarray, tail: np.ndarray) -> int:
    """The longest paths before and behind every activity; returns the length of the critical path."""
    count = len(head)
    longest = 0
    for i in range(count):
        head[i] = 0
        for k in range(network.before_at[i], network.before_at[i + 1]):
            p = network.before[k]
            head[i] = max(head[i], head[p] + network.duration[p])
        longest = max(longest, head[i] + network.duration[i])
    for i in range(count - 1, -1, -1):
        tail[i] = 0
        for k in range(network.after_at[i], network.after_at[i + 1]):
            s = network.after[k]
            tail[i] = max(tail[i], tail[s] + network.duration[s])
    return longest


@njit(cache=True, nogil=True)
def impossible(
    duration: np.ndarray, demand: np.ndarray, capacity: np.ndarray, head: np.ndarray, tail: np.ndarray, makespan: int
) -> bool:
    """Whether some interval holds more work than a resource can do, if all is to end by `makespan`."""
    begins = np.unique(head)
    ends = np.unique(makespan - tail)
    work = np.zeros(len(capacity), dtype=np.int64)
    for first in begins:
        for last in ends:
            if last <= first:
                continue
            work[:] = 0
            for i in range(len(duration)):
                left = min(head[i] + duration[i], last) - max(head[i], first)
                late = makespan - tail[i] - duration[i]
                right = min(late + duration[i], last) - max(late, first)
                inside = min(left, right)
                if inside > 0:
                    for k in range(len(capacity)):
                        work[k] += inside * demand[i, k]
            for k in range(len(capacity)):
                if work[k] > capacity[k] * (last - first):
                    return True
    return False
