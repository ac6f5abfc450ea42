"""Serial schedule generation, forward and backward, and double justification. Compiled.

Every activity of a list starts as early as its predecessors and what is left of the resources allow (Kolisch, European
Journal of Operational Research 90, 1996). The same function serves both directions: the project mirrored in time has
predecessors and successors exchanged. Right- then left-justifying a schedule never makes it longer (Valls, Ballestín and
Quintanilla, European Journal of Operational Research 165, 2005).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from migrate.waves.schedule.kernels.network import Network

__all__ = ["Desk", "generate", "justify", "list_by", "new_desk"]


class Desk(NamedTuple):
    """Arrays that a search works on, one set for each thread."""

    left: NDArray[np.uint64]  # horizon × k: what is left of the resources, guards set
    order: NDArray[np.int32]  # n
    bucket: NDArray[np.int32]  # for counting sorts
    key: NDArray[np.int32]  # n
    mirrored: NDArray[np.int32]  # n
    child: NDArray[np.int32]  # n: starts
    random: NDArray[np.uint64]  # 1


def new_desk(network: Network, seed: int) -> Desk:
    """A desk with room for the longest schedule, in which no two activities overlap."""
    count, horizon = len(network.duration), int(network.duration.sum()) + 2
    return Desk(
        left=np.tile(network.full, (horizon, 1)),
        order=np.zeros(count, dtype=np.int32),
        bucket=np.zeros(4 * horizon + 8, dtype=np.int32),
        key=np.zeros(count, dtype=np.int32),
        mirrored=np.zeros(count, dtype=np.int32),
        child=np.zeros(count, dtype=np.int32),
        random=np.array([(seed * 0x9E3779B97F4A7C15 + 0xD1B54A32D192ED03) % (1 << 64) or 1], dtype=np.uint64),
    )


@njit(cache=True, nogil=True)
def list_by(key: np.ndarray, top: int, bucket: np.ndarray, order: np.ndarray) -> None:
    """Sort activities by keys from 0 to `top`, equal ones by number: a counting sort."""
    for value in range(top + 2):
        bucket[value] = 0
    for i in range(len(key)):
        bucket[key[i] + 1] += 1
    for value in range(top + 1):
        bucket[value + 1] += bucket[value]
    for i in range(len(key)):
        order[bucket[key[i]]] = i
        bucket[key[i]] += 1


@njit(cache=True, nogil=True)
def _earliest_one(left: np.ndarray, guard: np.uint64, word: np.uint64, begin: int, length: int) -> int:
    """The earliest time from `begin` at which one word of demand fits for `length` periods, and take it."""
    t = begin
    while True:
        s = t + length - 1
        while s >= t and (left[s, 0] - word) & guard == guard:
            s -= 1
        if s < t:
            break
        t = s + 1
    for s in range(t, t + length):
        left[s, 0] -= word
    return t


@njit(cache=True, nogil=True)
def _earliest_many(left: np.ndarray, guard: np.uint64, words: np.ndarray, begin: int, length: int) -> int:
    """The same for more than one word."""
    t = begin
    while True:
        s = t + length - 1
        while s >= t:
            fits = True
            for k in range(len(words)):
                if (left[s, k] - words[k]) & guard != guard:
                    fits = False
                    break
            if not fits:
                break
            s -= 1
        if s < t:
            break
        t = s + 1
    for s in range(t, t + length):
        for k in range(len(words)):
            left[s, k] -= words[k]
    return t


@njit(cache=True, nogil=True)
def generate(network: Network, desk: Desk, forward: bool, start: np.ndarray) -> int:
    """Schedule ``desk.order`` into `start`; returns the makespan. Backward: the mirrored project, so `start` is mirrored."""
    at, near = (network.before_at, network.before) if forward else (network.after_at, network.after)
    guard = network.guard[0]
    single = network.words.shape[1] == 1
    makespan = 0
    for position in range(len(desk.order)):
        i = desk.order[position]
        begin = 0
        for k in range(at[i], at[i + 1]):
            done = start[near[k]] + network.duration[near[k]]
            begin = max(begin, done)
        length = network.duration[i]
        if length > 0:
            if single:
                begin = _earliest_one(desk.left, guard, network.words[i, 0], begin, length)
            else:
                begin = _earliest_many(desk.left, guard, network.words[i], begin, length)
        start[i] = begin
        makespan = max(makespan, begin + length)
    for t in range(makespan):
        for k in range(len(network.full)):
            desk.left[t, k] = network.full[k]
    return makespan


@njit(cache=True, nogil=True)
def justify(network: Network, desk: Desk, start: np.ndarray, makespan: int) -> int:
    """Justify a schedule to the right and then to the left, in place; returns its makespan."""
    count = len(start)
    for i in range(count):
        desk.key[count - 1 - i] = makespan - start[i] - network.duration[i]
    list_by(desk.key, makespan, desk.bucket, desk.order)
    for position in range(count):
        desk.order[position] = count - 1 - desk.order[position]
    shorter = generate(network, desk, False, desk.mirrored)
    for i in range(count):
        desk.key[i] = shorter - desk.mirrored[i] - network.duration[i]
    list_by(desk.key, shorter, desk.bucket, desk.order)
    return generate(network, desk, True, start)
