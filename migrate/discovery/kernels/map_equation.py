"""Moves of nodes between groups that shorten the map equation. Compiled.

The map equation (Rosvall and Bergstrom, "Maps of random walks on complex networks reveal community structure", PNAS
105(4), 2008) is the length of the shortest description of a random walk on the graph; its two-level form is minimised
here by the moves of Blondel et al. (J. Stat. Mech. P10008, 2008).
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

__all__ = ["Graph", "shorten"]

_LEAST = 1e-11  # bits that a move must save


class Graph(NamedTuple):
    """Compressed rows. The sum over all entries of the finest graph is 1."""

    at: NDArray[np.int64]  # where each node's row begins, and the end of the last
    near: NDArray[np.int32]  # the other node of each entry
    heft: NDArray[np.float32]
    flow: NDArray[np.float64]  # share of the walk's time at each node
    leave: NDArray[np.float64]  # share of the walk that leaves each node for another one


class _Groups(NamedTuple):
    """Sums over each group; `whole` holds the one sum over all groups, of what leaves them."""

    out: NDArray[np.float64]
    inside: NDArray[np.float64]
    members: NDArray[np.int32]
    whole: NDArray[np.float64]
    link: NDArray[np.float64]  # scratch: heft between the node in hand and each group
    seen: NDArray[np.int32]  # scratch: the groups that it has links to


@njit(cache=True, nogil=True, inline="always")
def _plogp(value: float) -> float:
    return value * np.log2(value) if value > 1e-300 else 0.0


@njit(cache=True, nogil=True)
def shorten(graph: Graph, group: np.ndarray, visits: int) -> int:
    """Move nodes until nothing is gained; `group` is changed in place. Returns the number of moves.

    Parameters
    ----------
    group
        Number of each node's group, below the number of nodes.
    visits
        At most so many times the number of nodes are looked at.
    """
    nodes = len(group)
    groups = _summed(graph, group)
    free, spare = np.empty(nodes, dtype=np.int32), 0
    for one in range(nodes - 1, -1, -1):
        if groups.members[one] == 0:
            free[spare] = one
            spare += 1
    queue = np.arange(nodes).astype(np.int32)
    waiting = np.ones(nodes, dtype=np.bool_)
    head, held = 0, nodes
    moves, looked = 0, 0
    while held > 0 and looked < visits * nodes:
        node = queue[head]
        head = head + 1 if head + 1 < nodes else 0
        held -= 1
        waiting[node] = False
        looked += 1
        own = group[node]
        count = _gather(graph, group, groups, node)
        target = _best(graph, groups, node, own, count, free[spare - 1] if spare > 0 else -1)
        if target != own:
            spare -= groups.members[target] == 0
            _move(graph, groups, node, own, target)
            group[node] = target
            moves += 1
            if groups.members[own] == 0:
                free[spare] = own
                spare += 1
            for entry in range(graph.at[node], graph.at[node + 1]):
                other = graph.near[entry]
                if not waiting[other] and group[other] != target:
                    waiting[other] = True
                    queue[(head + held) % nodes] = other
                    held += 1
        for index in range(count):
            groups.link[groups.seen[index]] = 0.0
    return moves


@njit(cache=True, nogil=True)
def _summed(graph: Graph, group: np.ndarray) -> _Groups:
    nodes = len(group)
    out, inside, members = np.zeros(nodes), np.zeros(nodes), np.zeros(nodes, dtype=np.int32)
    for node in range(nodes):
        own = group[node]
        inside[own] += graph.flow[node]
        members[own] += 1
        for entry in range(graph.at[node], graph.at[node + 1]):
            if group[graph.near[entry]] != own:
                out[own] += graph.heft[entry]
    whole = np.full(1, out.sum())
    return _Groups(out, inside, members, whole, np.zeros(nodes), np.empty(nodes, dtype=np.int32))


@njit(cache=True, nogil=True)
def _gather(graph: Graph, group: np.ndarray, groups: _Groups, node: int) -> int:
    """Fill `link` and `seen` for a node; returns how many groups it has links to."""
    count = 0
    for entry in range(graph.at[node], graph.at[node + 1]):
        other = group[graph.near[entry]]
        if groups.link[other] == 0.0:
            groups.seen[count] = other
            count += 1
        groups.link[other] += graph.heft[entry]
    return count


@njit(cache=True, nogil=True)
def _without(graph: Graph, groups: _Groups, node: int, own: int) -> tuple[float, float]:
    """What leaves a node's group, and its flow, once the node has gone."""
    if groups.members[own] == 1:
        return 0.0, 0.0
    out = groups.out[own] - graph.leave[node] + 2 * groups.link[own]
    return max(out, 0.0), max(groups.inside[own] - graph.flow[node], 0.0)


@njit(cache=True, nogil=True)
def _best(graph: Graph, groups: _Groups, node: int, own: int, count: int, empty: int) -> int:
    """Group that shortens the description most: of those the node has links to, or none but itself (`empty`)."""
    flow, leave, whole = graph.flow[node], graph.leave[node], groups.whole[0]
    out, inside = _without(graph, groups, node, own)
    left = 2 * (_plogp(groups.out[own]) - _plogp(out)) + _plogp(out + inside)
    left -= _plogp(groups.out[own] + groups.inside[own]) + _plogp(whole)
    rest = whole + out - groups.out[own]
    best, target = -_LEAST, own
    if empty >= 0 and groups.members[own] > 1:
        change = left + _plogp(max(rest + leave, 0.0)) - 2 * _plogp(leave) + _plogp(leave + flow)
        if change < best:
            best, target = change, empty
    for index in range(count):
        other = groups.seen[index]
        if other == own:
            continue
        old = groups.out[other]
        new = max(old + leave - 2 * groups.link[other], 0.0)
        change = left + _plogp(max(rest + new - old, 0.0)) + 2 * (_plogp(old) - _plogp(new))
        change += _plogp(new + groups.inside[other] + flow) - _plogp(old + groups.inside[other])
        if change < best:
            best, target = change, other
    return target


@njit(cache=True, nogil=True)
def _move(graph: Graph, groups: _Groups, node: int, own: int, target: int) -> None:
    out, inside = _without(graph, groups, node, own)
    new = graph.leave[node]
    if groups.members[target] > 0:
        new = max(groups.out[target] + new - 2 * groups.link[target], 0.0)
    else:
        groups.out[target], groups.inside[target] = 0.0, 0.0
    groups.whole[0] += out - groups.out[own] + new - groups.out[target]
    groups.out[own], groups.inside[own] = out, inside
    groups.out[target] = new
    groups.inside[target] += graph.flow[node]
    groups.members[own] -= 1
    groups.members[target] += 1
