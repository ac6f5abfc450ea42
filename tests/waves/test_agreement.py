"""The compiled search and the judgement of plans, which know nothing of each other, agree on every plan."""

from __future__ import annotations

import functools
import random
from typing import NamedTuple

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.waves import check_plan, score_plan
from migrate.waves.compact import compact
from migrate.waves.constraints import broken_rules
from migrate.waves.kernels.core import Core, State, new_state
from migrate.waves.kernels.moves import load_state, measure
from migrate.waves.objective import evaluate
from migrate.waves.problem import Problem, build_problem
from tests.waves.builders import NARROW, PRICED, Records, planned, random_records

_ESTATES = 8


class _Case(NamedTuple):
    records: Records
    problem: Problem
    core: Core
    state: State
    constant: float  # what every plan costs, which the search leaves out


@functools.cache
def _case(seed: int) -> _Case:
    given = random_records(seed, **(PRICED if seed % 2 else {"link": NARROW}))
    problem = build_problem(*given)
    core = compact(problem)
    prices, present = problem.prices, (problem.footprint.servers > 0).any(axis=0)
    constant = float(prices.site_usd.sum() + prices.site_usd_day[present].sum() * prices.hypercare_days)
    return _Case(given, problem, core, new_state(core), constant)


@settings(max_examples=1_000, deadline=None)
@given(st.integers(0, _ESTATES - 1), st.integers(0, 2**32), st.booleans())
def test_cost_to_the_cent_and_whether_any_rule_is_broken(estate: int, seed: int, tidy: bool) -> None:
    records, problem, core, state, constant = _case(estate)
    dice = random.Random(seed)
    waves = [
        dice.choice(np.flatnonzero(row).tolist()) if tidy and row.any() else dice.randrange(problem.waves)
        for row in problem.group_allowed
    ]
    load_state(core, state, np.array(waves, dtype=np.int32))
    usd, violations = measure(core, state)
    chosen = np.array(waves)[problem.group]
    total = evaluate(problem, chosen).total
    assert abs(total - (usd + constant)) <= 0.035 + 1e-6  # seven terms, each rounded to the cent
    outside = not all(problem.group_allowed[group, wave] for group, wave in enumerate(waves))
    assert bool(broken_rules(problem, chosen)) == (violations > 1e-9 or outside)
    if seed % 25 == 0:  # what `migrate score` and `migrate check` do, from the records of a plan alone
        names = (item.application for item in problem.applications)
        plan = planned(records, dict(zip(names, (int(wave) + 1 for wave in chosen), strict=True)))
        assert score_plan(plan).total == total
        assert bool(check_plan(plan)) == (violations > 1e-9 or outside)
