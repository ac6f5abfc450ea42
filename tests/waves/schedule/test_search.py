"""The search for short schedules: always valid, never better than the bound, the same for a seed."""

from __future__ import annotations

import itertools
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.errors import RequestError
from migrate.waves.schedule.project import Project, check_schedule
from migrate.waves.schedule.search import lower_bound, search


def project(duration: list[int], demand: list[list[int]], capacity: list[int], arcs: list[tuple[int, int]]) -> Project:
    return Project(
        np.array(duration, dtype=np.int64),
        np.array(demand, dtype=np.int64).reshape(len(duration), len(capacity)),
        np.array(capacity, dtype=np.int64),
        np.array(arcs, dtype=np.int64).reshape(-1, 2),
    )


@st.composite
def projects(draw: st.DrawFn, most: int = 12) -> Project:
    count = draw(st.integers(1, most))
    capacity = draw(st.lists(st.integers(1, 9), min_size=1, max_size=6))
    duration = draw(st.lists(st.integers(0, 7), min_size=count, max_size=count))
    demand = [[draw(st.integers(0, limit)) for limit in capacity] for _ in range(count)]
    names = draw(st.permutations(range(count)))
    pairs = [pair for pair in itertools.combinations(range(count), 2) if draw(st.booleans()) and draw(st.booleans())]
    return project(duration, demand, capacity, [(names[first], names[then]) for first, then in pairs])


@settings(max_examples=60, deadline=None)
@given(projects(), st.integers(0, 2**32 - 1))
def test_schedules_keep_precedence_and_resources_and_the_bound(given_project: Project, seed: int) -> None:
    found = search(given_project, seed, children=200)
    assert check_schedule(given_project, found.start) == []
    assert found.makespan == int((found.start + given_project.duration).max())
    assert found.makespan >= found.bound >= 0


def shortest(given_project: Project) -> int:
    """Over all lists: some list of a serial schedule is optimal (Kolisch 1996)."""
    count, best = len(given_project.duration), 1 << 30
    for order in itertools.permutations(range(count)):
        start: dict[int, int] = {}
        horizon = int(given_project.duration.sum()) + 1
        left = np.tile(given_project.capacity, (horizon, 1))
        for i in order:
            before = [int(a) for a, b in given_project.arcs.tolist() if b == i]
            if any(a not in start for a in before):
                break
            begin = max([start[a] + int(given_project.duration[a]) for a in before], default=0)
            length = int(given_project.duration[i])
            while (left[begin : begin + length] < given_project.demand[i]).any():
                begin += 1
            left[begin : begin + length] -= given_project.demand[i]
            start[i] = begin
        else:
            best = min(best, max(start[i] + int(given_project.duration[i]) for i in order))
    return best


@settings(max_examples=15, deadline=None)
@given(projects(most=5))
def test_small_projects_are_solved_and_no_bound_is_above_the_shortest_schedule(given_project: Project) -> None:
    best = shortest(given_project)
    assert search(given_project, 1, children=2000).makespan == best
    assert lower_bound(given_project) <= best


def hard_project(count: int = 60) -> Project:
    random = np.random.default_rng(5)
    arcs = [(int(random.integers(0, then)), then) for then in range(1, count)]
    demand = random.integers(0, 6, (count, 4)).tolist()
    return project(random.integers(1, 10, count).tolist(), demand, [8, 8, 8, 8], arcs)


def test_a_seed_gives_the_same_schedule_whatever_the_threads_do() -> None:
    one, two = (search(hard_project(), 7, children=4000, islands=2) for _ in range(2))
    assert one.start.tolist() == two.start.tolist()
    assert one.children == two.children


def test_more_children_make_no_longer_schedules_and_the_first_lists_are_improved() -> None:
    few, many = search(hard_project(), 3, children=80), search(hard_project(), 3, children=40_000)
    assert many.makespan < few.makespan


def test_a_time_limit_is_kept() -> None:
    search(hard_project(), 1, children=100)  # compiles
    began = time.perf_counter()
    found = search(hard_project(200), 1, seconds=0.6)
    assert time.perf_counter() - began < 0.9
    assert check_schedule(hard_project(200), found.start) == []


def test_a_target_ends_the_search_early() -> None:
    assert search(hard_project(), 1, children=40_000, target=10_000).children < 200


def test_the_check_finds_what_is_planted() -> None:
    small = project([3, 2, 2], [[1], [1], [1]], [1], [(0, 1)])
    assert check_schedule(small, np.array([0, 3, 5])) == []
    assert any("before activity 1" in fault for fault in check_schedule(small, np.array([0, 2, 5])))
    assert any("used 2 times of 1" in fault for fault in check_schedule(small, np.array([0, 3, 4])))
    assert any("before time 0" in fault for fault in check_schedule(small, np.array([-1, 3, 5])))
    assert check_schedule(small, np.array([0])) == ["1 starts for 3 activities"]


@pytest.mark.parametrize(
    ("faulty", "says"),
    [
        (project([1, 1], [[0], [0]], [1], [(0, 1), (1, 0)]), "wait for each other"),
        (project([1], [[5]], [4], []), "more of a resource"),
        (project([1], [[1]], [40_000], []), "more than 32,767 units"),
        (project([3_000_000], [[1]], [1], []), "over 2,000,000 units of time"),
    ],
)
def test_projects_that_cannot_be_scheduled_are_refused(faulty: Project, says: str) -> None:
    with pytest.raises(RequestError, match=says):
        search(faulty, 1)


def test_nothing_takes_no_time() -> None:
    assert search(project([], [], [1], []), 1).makespan == 0
