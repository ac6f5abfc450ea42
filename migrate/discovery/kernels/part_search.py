"""Improving the parts of a graph by simulated annealing. Compiled.

Three moves: a node goes to the part of a neighbour, changes places with a node of it where it finds no room, or gets a part
of its own. Parts stay allowed all the time.
"""

from __future__ import annotations

from math import exp
from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["Graph", "anneal"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_STEPS = 120  # temperatures …
_COOLING = 0.92  # … each this share of the one before: the last is a ten-thousandth of the first …
_COLD = 10  # … and in so many steps at the end only what is cheaper is taken
_ALONE = 16  # one move in so many puts the node into a part of its own
_WALK = 32  # members among which the partner of an exchange is drawn


class Graph(NamedTuple):
    """Nodes, their edges as compressed rows (each in both), and limits as in `migrate.discovery.cuts.Limits`."""

    begin: Ints
    near: Ints
    weight: Floats
    load: Ints
    capacity: Ints
    colour: Ints


class _State(NamedTuple):
    part: Ints  # of each node
    total: Ints  # parts × kinds
    holders: Ints  # parts × kinds: nodes with any of it
    coloured: Ints  # parts × rules × 2: nodes with a colour, and which
    head: Ints  # first node of each part
    behind: Ints  # next node of the same part
    before: Ints
    size: Ints  # nodes of each part
    spare: Ints  # a stack of empty parts; the last number is its height
    random: NDArray[np.uint64]


@njit(cache=True, nogil=True)
def anneal(graph: Graph, label: Ints, hot: float, tries: int, seed: int) -> Ints:
    """The cheapest parts found: `label` itself if none is cheaper.

    Parameters
    ----------
    label
        Allowed parts to begin with: numbers below the number of nodes.
    hot
        The first temperature, in units of weight.
    tries
        Moves to try.
    """
    state = _state(graph, label, seed)
    now, least, best = 0.0, 0.0, label.copy()
    heat = hot
    for step in range(_STEPS):
        heat = 0.0 if step >= _STEPS - _COLD else heat * _COOLING
        for _ in range(tries // _STEPS):
            now += _try(graph, state, heat)
        if now < least:
            least = now
            best[:] = state.part
    return best


@njit(cache=True, nogil=True)
def _state(graph: Graph, label: Ints, seed: int) -> _State:
    nodes, kinds, rules = len(label), graph.load.shape[1], graph.colour.shape[1]
    state = _State(
        label.copy(),
        np.zeros((nodes, kinds), np.int64),
        np.zeros((nodes, kinds), np.int64),
        np.zeros((nodes, rules, 2), np.int64),
        np.full(nodes, -1),
        np.full(nodes, -1),
        np.full(nodes, -1),
        np.zeros(nodes, np.int64),
        np.zeros(nodes + 1, np.int64),
        np.array([np.uint64(seed) * np.uint64(2654435769) + np.uint64(88172645463325252)]),
    )
    for node in range(nodes):
        _put(graph, state, node, label[node], 1)
        _link(state, node, label[node])
    for part in range(nodes):
        if state.size[part] == 0:
            state.spare[state.spare[-1]] = part
            state.spare[-1] += 1
    return state


@njit(cache=True, nogil=True)
def _try(graph: Graph, state: _State, heat: float) -> float:
    """Try one move; what it changes the cost by."""
    node = _draw(state) % len(state.part)
    degree = graph.begin[node + 1] - graph.begin[node]
    if degree == 0:
        return 0.0
    old = state.part[node]
    new = state.part[graph.near[graph.begin[node] + _draw(state) % degree]]
    if new == old or _draw(state) % _ALONE == 0:
        if state.size[old] == 1:
            return 0.0
        new = state.spare[state.spare[-1] - 1]
    change = _gain(graph, state, node, old) - _gain(graph, state, node, new)
    chance = _draw(state) / 2147483648.0
    if _fits(graph, state, node, new):
        if not _taken(change, heat, chance):
            return 0.0
        _put(graph, state, node, old, -1)
        _put(graph, state, node, new, 1)
        _relink(state, node, old, new)
        return change
    partner = state.head[new]
    for _ in range(_draw(state) % min(state.size[new], _WALK)):
        partner = state.behind[partner]
    change += _gain(graph, state, partner, new) - _gain(graph, state, partner, old) + 2.0 * _between(graph, node, partner)
    if _taken(change, heat, chance) and _exchanged(graph, state, node, partner):
        return change
    return 0.0


@njit(cache=True, nogil=True)
def _exchanged(graph: Graph, state: _State, node: int, partner: int) -> bool:
    """Let two nodes change places if both parts stay allowed."""
    old, new = state.part[node], state.part[partner]
    _put(graph, state, node, old, -1)
    _put(graph, state, partner, new, -1)
    allowed = _fits(graph, state, node, new) and _fits(graph, state, partner, old)
    if allowed:
        _relink(state, node, old, new)
        _relink(state, partner, new, old)
    _put(graph, state, node, state.part[node], 1)
    _put(graph, state, partner, state.part[partner], 1)
    return allowed


@njit(cache=True, nogil=True)
def _taken(change: float, heat: float, chance: float) -> bool:
    return change < 0.0 or (heat > 0.0 and chance < exp(-change / heat))


@njit(cache=True, nogil=True)
def _gain(graph: Graph, state: _State, node: int, part: int) -> float:
    """Weight between a node and the others of a part."""
    gain = 0.0
    for at in range(graph.begin[node], graph.begin[node + 1]):
        if state.part[graph.near[at]] == part:
            gain += graph.weight[at]
    return gain


@njit(cache=True, nogil=True)
def _between(graph: Graph, node: int, other: int) -> float:
    for at in range(graph.begin[node], graph.begin[node + 1]):
        if graph.near[at] == other:
            return float(graph.weight[at])
    return 0.0


@njit(cache=True, nogil=True)
def _put(graph: Graph, state: _State, node: int, part: int, sign: int) -> None:
    for kind in range(graph.load.shape[1]):
        state.total[part, kind] += sign * graph.load[node, kind]
        state.holders[part, kind] += sign * (graph.load[node, kind] > 0)
    for rule in range(graph.colour.shape[1]):
        if graph.colour[node, rule] >= 0:
            state.coloured[part, rule, 0] += sign
            state.coloured[part, rule, 1] = graph.colour[node, rule]


@njit(cache=True, nogil=True)
def _fits(graph: Graph, state: _State, node: int, part: int) -> bool:
    for kind in range(graph.load.shape[1]):
        load = graph.load[node, kind]
        if load and state.holders[part, kind] and state.total[part, kind] + load > graph.capacity[kind]:
            return False
    for rule in range(graph.colour.shape[1]):
        colour = graph.colour[node, rule]
        if colour >= 0 and state.coloured[part, rule, 0] and state.coloured[part, rule, 1] != colour:
            return False
    return True


@njit(cache=True, nogil=True)
def _relink(state: _State, node: int, old: int, new: int) -> None:
    """Take a node out of the list of one part and put it first in that of another."""
    if state.before[node] >= 0:
        state.behind[state.before[node]] = state.behind[node]
    else:
        state.head[old] = state.behind[node]
    if state.behind[node] >= 0:
        state.before[state.behind[node]] = state.before[node]
    state.size[old] -= 1
    if state.size[new] == 0:  # it lies on top
        state.spare[-1] -= 1
    if state.size[old] == 0:
        state.spare[state.spare[-1]] = old
        state.spare[-1] += 1
    _link(state, node, new)


@njit(cache=True, nogil=True)
def _link(state: _State, node: int, part: int) -> None:
    state.part[node] = part
    state.before[node], state.behind[node] = -1, state.head[part]
    if state.head[part] >= 0:
        state.before[state.head[part]] = node
    state.head[part] = node
    state.size[part] += 1


@njit(cache=True, nogil=True)
def _draw(state: _State) -> int:
    """The next number of a xorshift generator (G. Marsaglia, "Xorshift RNGs", 2003): 31 bits."""
    x = state.random[0]
    x ^= x << np.uint64(13)
    x ^= x >> np.uint64(7)
    x ^= x << np.uint64(17)
    state.random[0] = x
    return int(x >> np.uint64(33))
