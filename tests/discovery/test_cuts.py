from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.discovery.cuts import Floats, Ints, Limits, cheapest_parts, cut_cost, greedy_parts

Graph = tuple[Ints, Ints, Floats, Limits]


@st.composite
def graphs(draw: st.DrawFn, most: int) -> Graph:
    nodes = draw(st.integers(1, most))
    random = np.random.default_rng(draw(st.integers(0, 10_000)))
    first, second = np.nonzero(np.triu(random.random((nodes, nodes)) < draw(st.sampled_from([0.1, 0.3, 0.6])), 1))
    weight = random.integers(1, 20, len(first)) if draw(st.booleans()) else random.lognormal(0, 1.5, len(first))
    load = np.stack([random.integers(0, 12, nodes), np.ones(nodes, dtype=np.int64)], axis=1)
    colour = np.where(random.random((nodes, 2)) < 0.2, random.integers(0, 3, (nodes, 2)), -1)
    capacity = np.array([draw(st.integers(5, 30)), draw(st.integers(1, 8))])
    return first, second, weight.astype(np.float64), Limits(load, capacity, colour)


def is_allowed(nodes: list[int], limits: Limits) -> bool:
    load = limits.load[nodes]
    fits = (load.sum(axis=0) <= limits.capacity) | ((load > 0).sum(axis=0) <= 1)
    return bool(fits.all()) and all(len(set(column[column >= 0])) <= 1 for column in limits.colour[nodes].T)


def parts_of(label: Ints) -> list[list[int]]:
    return [np.flatnonzero(label == number).tolist() for number in np.unique(label)]


def every_way(nodes: int) -> Iterator[list[int]]:
    """Every partition, as labels that grow by one at most (restricted growth strings)."""

    def grown(label: list[int]) -> Iterator[list[int]]:
        if len(label) == nodes:
            yield label
            return
        for number in range(max(label, default=-1) + 2):
            yield from grown([*label, number])

    return grown([])


@settings(max_examples=25)
@given(graphs(most=7))
def test_few_nodes_are_parted_at_the_least_cost_there_is(graph: Graph) -> None:
    first, second, weight, limits = graph
    found = cheapest_parts(first, second, weight, limits)
    least = min(
        cut_cost(first, second, weight, np.array(label))
        for label in every_way(len(limits.load))
        if all(is_allowed(part, limits) for part in parts_of(np.array(label)))
    )
    assert cut_cost(first, second, weight, found) == pytest.approx(least)


@settings(max_examples=40)
@given(graphs(most=60), st.integers(0, 5))
def test_parts_are_allowed_hang_together_and_are_never_dearer_than_the_plain_way(graph: Graph, seed: int) -> None:
    first, second, weight, limits = graph
    found = cheapest_parts(first, second, weight, limits, seed)
    plain = greedy_parts(first, second, weight, limits)
    assert cut_cost(first, second, weight, found) <= cut_cost(first, second, weight, plain) + 1e-9
    for part in parts_of(found):
        assert is_allowed(part, limits)
        reached, inside = {part[0]}, set(part)
        for _ in part:
            near = [(a, b) for a, b in zip(first, second, strict=True) if a in inside and b in inside]
            reached |= {int(end) for a, b in near if a in reached or b in reached for end in (a, b)}
        assert reached == inside


@settings(max_examples=20)
@given(graphs(most=40), st.integers(0, 1000))
def test_the_order_of_edges_changes_nothing(graph: Graph, seed: int) -> None:
    first, second, weight, limits = graph
    order = np.random.default_rng(seed).permutation(len(first))
    again = cheapest_parts(second[order], first[order], weight[order], limits)
    assert again.tolist() == cheapest_parts(first, second, weight, limits).tolist()


def test_what_fits_is_not_cut_and_a_large_node_stands_alone() -> None:
    first, second = np.array([0, 1, 3]), np.array([1, 2, 4])
    load = np.array([[1], [1], [1], [9], [1]])
    limits = Limits(load, np.array([4]), np.full((5, 0), -1))
    assert cheapest_parts(first, second, np.array([1.0, 1.0, 100.0]), limits).tolist() == [0, 0, 0, 1, 2]


def test_a_blob_of_blocks_is_parted_between_the_blocks() -> None:
    random = np.random.default_rng(1)
    pairs = {(b * 10 + i, b * 10 + j) for b in range(30) for i in range(10) for j in range(i + 1, 10) if random.random() < 0.5}
    pairs |= {(int(a), int(b)) for a, b in np.sort(random.integers(0, 300, (300, 2)), axis=1) if a != b}
    edges = np.array(sorted(pairs))
    shuffled = random.permutation(300)
    first, second, weight = shuffled[edges[:, 0]], shuffled[edges[:, 1]], np.ones(len(edges))
    limits = Limits(np.ones((300, 1), dtype=np.int64), np.array([11]), np.full((300, 0), -1))
    cost = cut_cost(first, second, weight, cheapest_parts(first, second, weight, limits))
    planted = cut_cost(edges[:, 0], edges[:, 1], weight, np.arange(300) // 10)
    plain = cut_cost(first, second, weight, greedy_parts(first, second, weight, limits))
    assert cost <= planted
    assert cost < 0.7 * plain
