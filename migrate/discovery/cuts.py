"""What hangs together but is too much for one part is parted along the cheapest cut.

What fits is never cut. What does not is parted exactly when it has few nodes; otherwise edge by edge, dearest first, and
again in other orders, each improved by simulated annealing: the cheapest is kept, so it is never dearer than the plain way.
Parting a graph into parts of bounded size is NP-hard (M. Garey and D. Johnson, Computers and Intractability, 1979, ND14).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

__all__ = ["Limits", "cheapest_parts", "cut_cost", "greedy_parts"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_EXACT = 12  # nodes up to which every way is tried
_HOT = (1.0, 0.5, 2.0, 4.0)  # first temperatures, in typical weights: each improves another order of joining, for up to …
_MANY = 1_000  # … so many nodes; larger ones are improved once
_TRIES = 800  # moves of annealing a node
_MOST_TRIES = 4_000_000  # moves of annealing of one start …
_MOST_LOOKS = 80_000_000  # … and neighbours that they look at, about


@dataclass(frozen=True)
class Limits:
    """What one part may hold.

    A part is allowed when, of each kind, it holds no more than the capacity or all it holds is one node's (a node is never
    cut), and when it has no two colours of one rule.
    """

    load: Ints  # nodes × kinds
    capacity: Ints  # kinds
    colour: Ints  # nodes × rules; -1: the rule does not touch the node

    def of(self, nodes: Ints) -> Limits:
        """The same for some nodes, without the rules that cannot part these."""
        colour = self.colour[nodes]
        told = [len(np.unique(column[column >= 0])) > 1 for column in colour.T]
        return Limits(self.load[nodes], self.capacity, np.ascontiguousarray(colour[:, told]))

    def merged(self, label: Ints) -> Limits:
        """The same for parts as nodes, numbered from 0 in `label`."""
        count = int(label.max(initial=-1)) + 1
        load = np.zeros((count, self.load.shape[1]), dtype=np.int64)
        colour = np.full((count, self.colour.shape[1]), -1, dtype=np.int64)
        np.add.at(load, label, self.load)
        np.maximum.at(colour, label, self.colour)
        return Limits(load, self.capacity, colour)


def cheapest_parts(first: Ints, second: Ints, weight: Floats, limits: Limits, seed: int = 0) -> Ints:
    """Part of each node, numbered in the order of their first nodes; each part hangs together.

    Parameters
    ----------
    first, second, weight
        Edges: two nodes, and what it costs to have them in two parts, more than 0. No pair stands there twice.
    limits
        What one part may hold.
    seed
        Of the random numbers. The result depends on the numbering of nodes, not on the order of edges.
    """
    order = np.lexsort((np.maximum(first, second), np.minimum(first, second)))
    first, second, weight = np.minimum(first, second)[order], np.maximum(first, second)[order], weight[order]
    label = _connected(len(limits.load), first, second)
    whole = limits.merged(label)
    loose = np.flatnonzero(~_allowed(label, limits, whole))
    nodes_by, edges_by = np.argsort(label, kind="stable"), np.argsort(label[first], kind="stable")
    node_at = np.searchsorted(label[nodes_by], loose), np.searchsorted(label[nodes_by], loose, side="right")
    edge_at = np.searchsorted(label[first[edges_by]], loose), np.searchsorted(label[first[edges_by]], loose, side="right")
    label = label.copy()
    place = np.zeros(len(label), dtype=np.int64)
    for number in range(len(loose)):
        nodes, edges = nodes_by[node_at[0][number] : node_at[1][number]], edges_by[edge_at[0][number] : edge_at[1][number]]
        place[nodes] = np.arange(len(nodes))
        parts = _parted(place[first[edges]], place[second[edges]], weight[edges], limits.of(nodes), seed)
        label[nodes] = len(label) + nodes[parts]  # a part is named after one of its nodes
    return _renumbered(label)


def cut_cost(first: Ints, second: Ints, weight: Floats, label: Ints) -> float:
    """Weight of the edges whose ends are in two parts."""
    return float(weight[label[first] != label[second]].sum())


def greedy_parts(first: Ints, second: Ints, weight: Floats, limits: Limits) -> Ints:
    """The plain way: join along the dearest edge first wherever it is allowed. The first of two equal edges goes first."""
    from migrate.discovery.kernels.joining import joined  # noqa: PLC0415 -- compiled code is loaded only where something is cut

    order = np.argsort(-weight, kind="stable")
    return joined(first[order], second[order], limits.load, limits.capacity, limits.colour)


def _allowed(label: Ints, limits: Limits, whole: Limits) -> NDArray[np.bool_]:
    """Which connected parts may stay whole."""
    holders = np.zeros_like(whole.load)
    np.add.at(holders, label, (limits.load > 0).astype(np.int64))
    fine = ((whole.load <= limits.capacity) | (holders <= 1)).all(axis=1)
    lowest = np.full(whole.colour.shape, np.iinfo(np.int64).max)
    np.minimum.at(lowest, label, np.where(limits.colour < 0, lowest[label], limits.colour))
    return np.asarray(fine & ((whole.colour < 0) | (lowest == whole.colour)).all(axis=1))


def _parted(first: Ints, second: Ints, weight: Floats, limits: Limits, seed: int) -> Ints:
    """Parts of one connected blob: each has the number of one of its nodes."""
    from migrate.discovery.kernels.exact_parts import best_parts  # noqa: PLC0415 -- as above
    from migrate.discovery.kernels.part_search import Graph, anneal  # noqa: PLC0415 -- as above

    nodes = len(limits.load)
    if nodes <= _EXACT:
        return best_parts(first, second, weight, limits.load, limits.capacity, limits.colour)
    graph = Graph(*_rows(nodes, first, second, weight), limits.load, limits.capacity, limits.colour)
    random = np.random.default_rng(seed)
    best = greedy_parts(first, second, weight, limits)
    least = cut_cost(first, second, weight, best)
    for start, hot in enumerate(_HOT if nodes <= _MANY else _HOT[:1]):
        blurred = weight if start == 0 else weight * random.uniform(0.5, 1.5, len(weight))
        begun = greedy_parts(first, second, blurred, limits)
        heat, tries = (
            hot * float(np.sqrt(weight).mean()) ** 2,
            min(_TRIES * nodes, _MOST_TRIES, _MOST_LOOKS * nodes // (2 * len(weight))),
        )
        found = anneal(graph, begun, heat, tries, seed + start + 1)
        found = _closed(first, second, weight, limits, found)
        cost = cut_cost(first, second, weight, found)
        if cost < least:
            best, least = found, cost
    return _closed(first, second, weight, limits, best)


def _closed(first: Ints, second: Ints, weight: Floats, limits: Limits, label: Ints) -> Ints:
    """Take parts apart that do not hang together, then join whole parts along the dearest cuts while they fit."""
    same = label[first] == label[second]
    piece = _connected(len(label), first[same], second[same])
    a, b = piece[first[~same]], piece[second[~same]]
    cuts, pair = np.unique(np.stack([np.minimum(a, b), np.maximum(a, b)]), axis=1, return_inverse=True)
    cost = np.bincount(pair.ravel(), weights=weight[~same], minlength=cuts.shape[1]).astype(np.float64)
    joined = greedy_parts(cuts[0], cuts[1], cost, limits.merged(piece))[piece]
    _, earliest, inverse = np.unique(joined, return_index=True, return_inverse=True)
    return earliest[inverse]


def _rows(nodes: int, first: Ints, second: Ints, weight: Floats) -> tuple[Ints, Ints, Floats]:
    """Edges as compressed rows, in both directions."""
    tail, head = np.concatenate([first, second]), np.concatenate([second, first])
    order = np.lexsort((head, tail))
    begin = np.concatenate([[0], np.cumsum(np.bincount(tail, minlength=nodes))]).astype(np.int64)
    return begin, head[order], np.concatenate([weight, weight])[order]


def _connected(nodes: int, first: Ints, second: Ints) -> Ints:
    graph = coo_array((np.ones(len(first), dtype=np.int8), (first, second)), shape=(nodes, nodes))
    return _renumbered(connected_components(graph, directed=False)[1]) if nodes else np.zeros(0, dtype=np.int64)


def _renumbered(label: NDArray[np.integer]) -> Ints:
    """The same parts, numbered by first appearance."""
    _, earliest, inverse = np.unique(label, return_index=True, return_inverse=True)
    rank = np.empty(len(earliest), dtype=np.int64)
    rank[np.argsort(earliest)] = np.arange(len(earliest))
    return rank[inverse]
