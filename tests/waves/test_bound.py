from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from migrate.waves.bound import bound_of
from migrate.waves.constraints import broken_rules
from migrate.waves.infeasible import demand_possible
from migrate.waves.objective import evaluate
from migrate.waves.planning import plan_waves
from migrate.waves.problem import build_problem
from tests.factories import make_application
from tests.waves.builders import PRICED, random_records, records


@pytest.mark.parametrize("seed", range(10, 18))
def test_it_is_below_every_plan_whatever_the_last_wave_and_the_crowds(seed: int) -> None:
    limits = {"max_servers": 16, "max_waves": 4, "pathfinders": 1}
    crew = [{"skill": "linux", "hours_week": 15, "overtime_hours_week": 60, "overtime_usd_hour": 50.0}]
    priced = {**PRICED, "crew": crew, "waves": {**limits, "usual_servers": 9, "over_usual_usd_server": 2_000.0}}
    given = random_records(seed, count=6, rule=[], **(priced if seed % 2 else {"waves": limits}))
    problem = build_problem(*given)
    allowed = demand_possible(problem)
    plans = [np.array(choice)[problem.group] for choice in itertools.product(range(problem.waves), repeat=problem.groups)]
    kept = [evaluate(problem, wave) for wave in plans if not broken_rules(problem, wave)]
    best = min(kept, key=lambda terms: terms.total)
    bound = bound_of(problem, allowed, best.total).usd
    assert 0.5 * best.total < bound <= best.total


@pytest.mark.parametrize("servers", [(3, 5, 1, 1), (1, 2, 3, 4)])
def test_a_wave_that_is_filled_but_for_rounding_does_not_break_it(servers: tuple[int, ...]) -> None:
    crew = [{"skill": "linux", "hours_week": 16, "overtime_hours_week": 40, "overtime_usd_hour": 500.0}]
    applications = [
        make_application(name, servers=number, moving_servers=number, crew_h={"linux": 4.0 * number}, data_gib=5.0 * number)
        for name, number in zip("ABCD", servers, strict=True)
    ]
    waves = {"max_servers": 10, "pathfinders": 0, "max_waves": 5}
    given = records(applications, window=[], freeze=[], rule=[], link=[], crew=crew, waves=waves)
    problem = build_problem(*given)
    best = plan_waves(*given).solution.objective.total  # of all plans
    assert 0.99 * best < bound_of(problem, demand_possible(problem), best).usd <= best


def test_what_has_to_be_bought_is_in_the_bound() -> None:
    quiet: dict[str, Any] = {"window": [], "freeze": [], "rule": [], "link": [], "costs": {"programme_usd_month": 0}}
    crew = [{"skill": "linux", "hours_week": 10, "overtime_hours_week": 30, "overtime_usd_hour": 50.0}]
    weights = {"split": 0, "double_run": 0, "site_exit": 0, "risk": 0, "wave_usd": 100}
    applications = [make_application(name, crew_h={"linux": 45.0}) for name in "AB"]
    waves = {"pathfinders": 0, "max_waves": 1}
    solution = plan_waves(*records(applications, **quiet, crew=crew, weights=weights, waves=waves), iterations=5_000).solution
    assert solution.objective.extra_capacity == 50 * 50.0  # of 90 hours, 40 are regular
    assert solution.bound == pytest.approx(solution.objective.total, rel=0.02)
