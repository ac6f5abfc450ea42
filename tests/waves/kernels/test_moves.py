"""The compiled search prices moves exactly: against its own sums, and against the objective that knows nothing of it."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.waves.compact import compact
from migrate.waves.kernels.core import new_state
from migrate.waves.kernels.moves import apply_move, load_state, measure, price_move
from migrate.waves.links import link_room
from migrate.waves.objective import evaluate
from migrate.waves.problem import build_problem
from migrate.waves.rules import Kind, times_broken
from tests.waves.builders import NARROW, PRICED, Records, random_records


def given_records(seed: int) -> Records:
    sections: tuple[dict[str, Any], ...] = ({}, {"link": NARROW}, PRICED)
    return random_records(seed, **sections[seed % 3])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_the_sum_of_moves_is_the_difference_of_the_whole(seed: int) -> None:
    problem = build_problem(*given_records(seed))
    core = compact(problem)
    state, fresh = new_state(core), new_state(core)
    dice = random.Random(seed)
    wave = np.array([dice.randrange(problem.waves) for _ in range(problem.groups)], dtype=np.int32)
    load_state(core, state, wave)
    before = evaluate(problem, wave.astype(np.int64)[problem.group])
    usd, excess = start = measure(core, state)
    for _ in range(40):
        group, target = dice.randrange(problem.groups), dice.randrange(problem.waves)
        change = price_move(core, state, group, target)
        apply_move(core, state, group, target)
        usd, excess = usd + change[0], excess + change[1]
    load_state(core, fresh, state.wave)
    assert (usd, excess) == pytest.approx(measure(core, fresh), rel=1e-9, abs=1e-6)
    assert (state.used == fresh.used).all()
    assert (state.channel == fresh.channel).all()
    assert (state.last == fresh.last).all()
    assert (state.sent == fresh.sent).all()
    after = evaluate(problem, state.wave.astype(np.int64)[problem.group])
    assert usd - start[0] == pytest.approx(after.total - before.total, abs=0.1)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000))
def test_violations_are_excess_loads_and_broken_hard_rules(seed: int) -> None:
    problem = build_problem(*given_records(seed))
    core = compact(problem)
    state = new_state(core)
    dice = random.Random(seed)
    wave = np.array([dice.randrange(problem.waves) for _ in range(problem.groups)])
    load_state(core, state, wave.astype(np.int32))
    used = np.zeros_like(problem.capacity)
    np.add.at(used, wave, problem.group_load)
    columns = problem.links.columns
    capacity = problem.capacity.copy()
    capacity[:, columns] = link_room(problem.links, used[:, columns])
    expected = float((np.maximum(used - capacity, 0) * core.per_load).sum())
    for rule in problem.rules:
        if rule.price is None and rule.kind != Kind.together:
            expected += times_broken(rule, wave[problem.group], problem.waves, problem.group)
    assert measure(core, state)[1] == pytest.approx(expected)
