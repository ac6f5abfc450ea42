"""A population of schedules that are recombined, disturbed and justified. Compiled.

A child takes what happens in one stretch of time from one parent, and what comes before and after it from another: the
peak crossover of Valls, Ballestín and Quintanilla (European Journal of Operational Research 185, 2008) and of Debels and
Vanhoucke (Operations Research 55, 2007). Then a few activities of a short stretch change places, and the schedule is
justified to both sides.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from migrate.waves.schedule.kernels.generation import Desk, generate, justify, list_by
from migrate.waves.schedule.kernels.network import Network

__all__ = ["evolve", "populate", "settle", "uniform"]

_MOVED = 3.5  # activities that change places in a child, on average
_ALONE = 0.05  # share of children with one parent, disturbed more
_RIVALS = 3  # of which the shortest is a parent
_VICTIMS = 4  # of which the longest is replaced


@njit(cache=True, nogil=True)
def uniform(random: np.ndarray) -> float:
    """Uniform in [0, 1): xorshift64* (Vigna, ACM Trans. Math. Software 42, 2016)."""
    x = random[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    random[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) / 9007199254740992.0


@njit(cache=True, nogil=True)
def settle(network: Network, desk: Desk, top: int, start: np.ndarray) -> int:
    """Schedule by ``desk.key`` (0 to `top`), lifted so that nobody stands before a predecessor, and justify."""
    for i in range(len(start)):
        for k in range(network.before_at[i], network.before_at[i + 1]):
            desk.key[i] = max(desk.key[i], desk.key[network.before[k]])
    list_by(desk.key, top, desk.bucket, desk.order)
    return justify(network, desk, start, generate(network, desk, True, start))


@njit(cache=True, nogil=True)
def _cross(desk: Desk, father: np.ndarray, span: int, mother: np.ndarray, other: int) -> int:
    """Set the keys of a child; returns the highest that there can be."""
    length = 1 + int(span * (0.15 + 0.6 * uniform(desk.random)))
    begin = int((span + length) * uniform(desk.random)) - length
    end = begin + length
    middle = begin * other // span if span else 0
    for i in range(len(father)):
        if begin <= father[i] < end:
            desk.key[i] = other + 1 + father[i]
        elif mother[i] < middle:
            desk.key[i] = mother[i]
        else:
            desk.key[i] = other + 1 + span + 1 + mother[i]
    return 2 * other + span + 2


@njit(cache=True, nogil=True)
def _disturb(desk: Desk, top: int, share: float, reach: float) -> None:
    """Move some keys by up to `reach`."""
    for i in range(len(desk.key)):
        if uniform(desk.random) < share:
            moved = desk.key[i] + int((2.0 * uniform(desk.random) - 1.0) * reach)
            desk.key[i] = min(max(moved, 0), top)


@njit(cache=True, nogil=True)
def populate(network: Network, desk: Desk, starts: np.ndarray, spans: np.ndarray, first: int, last: int) -> None:
    """Fill places of the population with random lists, justified."""
    top = len(desk.left) - 1
    for place in range(first, last):
        for i in range(len(desk.key)):
            desk.key[i] = int(uniform(desk.random) * (top + 1))
        spans[place] = settle(network, desk, top, starts[place])


@njit(cache=True, nogil=True)
def _one_of(random: np.ndarray, spans: np.ndarray, rivals: int, sign: int) -> int:
    """The shortest (`sign` 1) or longest (-1) of some."""
    chosen = int(uniform(random) * len(spans))
    for _ in range(rivals - 1):
        other = int(uniform(random) * len(spans))
        if sign * spans[other] < sign * spans[chosen]:
            chosen = other
    return chosen


@njit(cache=True, nogil=True)
def _same(one: np.ndarray, other: np.ndarray) -> bool:
    equal = True
    for i in range(len(one)):
        equal &= one[i] == other[i]
    return equal


@njit(cache=True, nogil=True)
def evolve(network: Network, desk: Desk, starts: np.ndarray, spans: np.ndarray, children: int, target: int) -> int:
    """Make children that replace longer ones; stops at a makespan of `target`. Returns how many were made."""
    share = min(_MOVED / len(desk.key), 0.5)
    for made in range(children):
        a = _one_of(desk.random, spans, _RIVALS, 1)
        b = _one_of(desk.random, spans, _RIVALS, 1)
        reach = 0.2 * spans[a]
        if a == b or uniform(desk.random) < _ALONE:
            top = spans[a]
            desk.key[:] = starts[a]
            _disturb(desk, top, 3 * share, reach)
        else:
            top = _cross(desk, starts[a], spans[a], starts[b], spans[b])
            _disturb(desk, top, share, reach)
        span = settle(network, desk, top, desk.child)
        worst = _one_of(desk.random, spans, _VICTIMS, -1)
        copied = (spans[a] == span and _same(starts[a], desk.child)) or (spans[b] == span and _same(starts[b], desk.child))
        if not copied and span <= spans[worst]:
            spans[worst] = span
            starts[worst] = desk.child
            if span <= target:
                return made + 1
    return children
