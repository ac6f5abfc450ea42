"""The bound on what splitting costs is below the best of every small problem, and near it."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.wave_instances import make_instance
from benchmarks.wave_problems import core_of, judge, problem_from
from migrate.waves.relaxation import split_bound
from migrate.waves.solvers.effort import Effort

_ROUNDS = 200


def best_cost(given: dict[str, Any]) -> float:
    problem = problem_from(given)
    verdicts = (judge(problem, np.array(choice)) for choice in itertools.product(range(problem.waves), repeat=problem.groups))
    return min(verdict.cost for verdict in verdicts if verdict.feasible)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["waves", "cut"]), st.sampled_from([(7, 3), (5, 5)]))
def test_no_assignment_costs_less(seed: int, distance: str, size: tuple[int, int]) -> None:
    instance = make_instance(*size, seed, distance)
    core, _ = core_of(problem_from(instance))
    bound = split_bound(core, Effort(iterations=1), rounds=_ROUNDS)
    assert 0 <= bound <= best_cost(instance) + 1e-6


def test_it_is_near_the_best_cut_of_a_small_problem() -> None:
    instance = make_instance(8, 3, 5, "cut", slack=0.1)
    core, _ = core_of(problem_from(instance))
    best = best_cost(instance)
    assert split_bound(core, Effort(iterations=1), rounds=600) == pytest.approx(best, rel=0.15)


def test_it_is_near_the_best_distances_of_a_small_problem() -> None:
    instance = make_instance(8, 4, 3, slack=0.1)
    core, _ = core_of(problem_from(instance))
    best = best_cost(instance)
    assert split_bound(core, Effort(iterations=1), rounds=600) == pytest.approx(best, rel=0.15)


def test_groups_that_fit_together_nowhere_are_apart_at_the_distance_of_their_windows() -> None:
    windows = {"earliest": [0, 3], "latest": [1, 3]}
    given = {"distance": "waves", "capacities": [[9]] * 4, "loads": [[5], [5]], "edges": [[0, 1, 10.0]], **windows}
    core, _ = core_of(problem_from(given))
    assert split_bound(core, Effort(iterations=1), rounds=100) == pytest.approx(20.0, rel=1e-3)
