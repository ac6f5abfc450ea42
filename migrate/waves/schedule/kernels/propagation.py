"""Narrow the windows in which activities can start until nothing changes, or nothing is left of one. Compiled.

Three rules: precedence; two activities that do not fit beside each other follow each other, and where only one order is left
it becomes precedence; and what must run at a time, whatever happens, is taken from the resource (time-tabling). See Baptiste,
Le Pape and Nuijten, Constraint-Based Scheduling, Kluwer 2001.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from migrate.waves.schedule.kernels.network import Network

__all__ = ["clashes", "propagate"]

_ROUNDS = 50


@njit(cache=True, nogil=True)
def clashes(duration: np.ndarray, demand: np.ndarray, capacity: np.ndarray) -> np.ndarray:
    """Pairs of activities that together need more of a resource than there is."""
    count, pairs = len(duration), 0
    for counting in (True, False):
        if not counting:
            found = np.zeros((pairs, 2), dtype=np.int64)
            pairs = 0
        for i in range(count):
            for j in range(i + 1, count):
                if duration[i] > 0 and duration[j] > 0:
                    for k in range(len(capacity)):
                        if demand[i, k] + demand[j, k] > capacity[k]:
                            if not counting:
                                found[pairs] = i, j
                            pairs += 1
                            break
    return found


@njit(cache=True, nogil=True)
def _precede(network: Network, early: np.ndarray, late: np.ndarray) -> bool:
    """Carry the windows along precedence; whether any has changed."""
    changed, count = False, len(early)
    for i in range(count):
        for k in range(network.before_at[i], network.before_at[i + 1]):
            least = early[network.before[k]] + network.duration[network.before[k]]
            if early[i] < least:
                early[i], changed = least, True
    for i in range(count - 1, -1, -1):
        for k in range(network.after_at[i], network.after_at[i + 1]):
            most = late[network.after[k]] - network.duration[i]
            if late[i] > most:
                late[i], changed = most, True
    return changed


@njit(cache=True, nogil=True)
def _order(duration: np.ndarray, pairs: np.ndarray, early: np.ndarray, late: np.ndarray) -> int:
    """Order pairs that clash: 1 when a window has changed, -1 when neither order is possible, else 0."""
    changed = 0
    for p in range(len(pairs)):
        for turn in range(2):
            i, j = pairs[p, turn], pairs[p, 1 - turn]
            if early[i] + duration[i] > late[j]:  # so j comes first
                if early[j] + duration[j] > late[i]:
                    return -1
                if early[i] < early[j] + duration[j]:
                    early[i], changed = early[j] + duration[j], 1
                if late[j] > late[i] - duration[j]:
                    late[j], changed = late[i] - duration[j], 1
    return changed


@njit(cache=True, nogil=True)
def _fits(used: np.ndarray, demand: np.ndarray, capacity: np.ndarray, t: int, own: bool) -> bool:
    """Whether an activity can run at `t` beside what must run then; `own`: it is among that itself."""
    for k in range(len(capacity)):
        more = 0 if own else demand[k]
        if demand[k] > 0 and used[t, k] + more > capacity[k]:
            return False
    return True


@njit(cache=True, nogil=True)
def _shift(
    duration: np.ndarray, demand: np.ndarray, capacity: np.ndarray, early: np.ndarray, late: np.ndarray, used: np.ndarray
) -> int:
    """Time-tabling: 1 when a window has changed, -1 when too much must run at once or a window is empty, else 0."""
    used[:] = 0
    for i in range(len(duration)):
        for t in range(late[i], early[i] + duration[i]):
            for k in range(len(capacity)):
                used[t, k] += demand[i, k]
                if used[t, k] > capacity[k]:
                    return -1
    changed = 0
    for i in range(len(duration)):
        must, end = late[i], early[i] + duration[i]  # it must run from `must` to `end`, where that is a span
        begin, t = early[i], early[i]
        while t < begin + duration[i] and begin <= late[i]:
            if not _fits(used, demand[i], capacity, t, must <= t < end):
                begin = t + 1
            t += 1
        last, t = late[i], late[i] + duration[i] - 1
        while t >= last >= begin:
            if not _fits(used, demand[i], capacity, t, must <= t < end):
                last = t - duration[i]
            t -= 1
        if begin > last:
            return -1
        if begin > early[i] or last < late[i]:
            early[i], late[i], changed = begin, last, 1
    return changed


@njit(cache=True, nogil=True)
def propagate(
    network: Network,
    demand: np.ndarray,
    capacity: np.ndarray,
    pairs: np.ndarray,
    early: np.ndarray,
    late: np.ndarray,
    makespan: int,
) -> bool:
    """Narrow the windows `early` to `late` in place; true when the makespan turns out to be impossible."""
    used = np.zeros((makespan + 1, len(capacity)), dtype=np.int64)
    for _ in range(_ROUNDS):
        changed = _precede(network, early, late)
        if (early > late).any():
            return True
        ordered = _order(network.duration, pairs, early, late)
        if ordered < 0 or (early > late).any():
            return True
        shifted = _shift(network.duration, demand, capacity, early, late, used)
        if shifted < 0:
            return True
        if not changed and ordered == 0 and shifted == 0:
            break
    return False
