"""Small problems are solved by comparing all plans; the search finds the same where it is made to search."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from migrate.waves.constraints import broken_rules
from migrate.waves.objective import evaluate
from migrate.waves.planning import plan_waves
from migrate.waves.problem import build_problem
from migrate.waves.solvers import local_search
from tests.waves.builders import PRICED, Records, random_records

LIMITS = {"max_servers": 14, "max_waves": 4, "max_mission_critical": 2, "pathfinders": 1}
STEEP = {**LIMITS, "usual_servers": 5, "over_usual_usd_server": 20_000.0}  # dearer than all that pairs and dates could cost
CASES: list[dict[str, Any]] = [{"waves": LIMITS}, {"waves": STEEP}, {**PRICED, "waves": STEEP}]


def _best(given: Records) -> tuple[float, int]:
    """The least cost of all plans that break no rule, and how many plans there are."""
    problem = build_problem(*given)
    plans = [np.array(choice)[problem.group] for choice in itertools.product(range(problem.waves), repeat=problem.groups)]
    return min(evaluate(problem, wave).total for wave in plans if not broken_rules(problem, wave)), len(plans)


@pytest.mark.parametrize("sections", CASES)
def test_all_plans_are_compared_where_they_are_few(sections: dict[str, Any]) -> None:
    given = random_records(2, count=6, rule=[], **sections)
    best, plans = _best(given)
    solution = plan_waves(*given).solution
    assert solution.objective.total == solution.bound == best
    assert solution.gap == 0.0
    assert solution.iterations <= plans
    assert solution.bound_reason == f"All {solution.iterations:,} plans that there are were compared"


@pytest.mark.parametrize("sections", CASES)
def test_the_search_finds_what_comparing_all_plans_finds(sections: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    given = random_records(2, count=6, rule=[], **sections)
    best = plan_waves(*given).solution.objective.total
    monkeypatch.setattr(local_search, "_FEW", 0)
    for seed in (1, 2, 3):
        plan = given.spec.plan.model_copy(update={"seed": seed})
        found = plan_waves(*given._replace(spec=given.spec.model_copy(update={"plan": plan})), iterations=100_000).solution
        assert best <= found.objective.total <= best * 1.001
