"""What the compiled search adds up move by move is what the plan costs, whole or in halves side by side."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.wave_instances import make_instance
from benchmarks.wave_problems import core_of, problem_from
from migrate.waves.compact import compact
from migrate.waves.kernels.core import Core, new_state
from migrate.waves.kernels.moves import load_state, measure
from migrate.waves.kernels.search import FEASIBLE, anneal, fill_lists, new_track
from migrate.waves.problem import build_problem
from migrate.waves.solvers.cooling import Run
from tests.waves.builders import PRICED, random_records


def random_core(seed: int, planned: bool) -> Core:
    sections = PRICED if seed % 2 else {}
    return (
        compact(build_problem(*random_records(seed, **sections)))
        if planned
        else core_of(problem_from(make_instance(40, 6, seed)))[0]
    )


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.booleans(), st.sampled_from([0.0, 100.0, 10_000.0]))
def test_the_sum_of_accepted_moves_is_the_cost_of_the_plan(seed: int, planned: bool, heat: float) -> None:
    core = random_core(seed, planned)
    groups, waves = core.allowed.shape
    state, track, fresh = new_state(core), new_track(core, seed), new_state(core)
    dice = np.random.default_rng(seed)
    load_state(core, state, np.array([dice.choice(np.flatnonzero(row)) for row in core.allowed], dtype=np.int32))
    fill_lists(core, state, track)
    anneal(core, state, track, heat, 500.0, 3_000, np.arange(groups, dtype=np.int32), 0, waves - 1)
    load_state(core, fresh, state.wave)
    assert (track.sums[0], track.sums[1]) == pytest.approx(measure(core, fresh), rel=1e-7, abs=1e-4)
    assert (state.used == fresh.used).all()
    assert core.allowed[np.arange(groups), state.wave].all()
    assert [sorted(track.listed[w, : track.length[w]]) for w in range(waves)] == [
        np.flatnonzero(state.wave == w).tolist() for w in range(waves)
    ]
    if track.sums[3] > 0:
        load_state(core, fresh, track.best)
        usd, excess = measure(core, fresh)
        assert excess < FEASIBLE
        assert usd == pytest.approx(track.sums[2], rel=1e-7, abs=1e-4)


def test_halves_side_by_side_are_priced_exactly_and_repeatably() -> None:
    core = random_core(3, planned=False)
    start = np.array([np.flatnonzero(row)[0] for row in core.allowed], dtype=np.int32)
    waves = []
    with ThreadPoolExecutor(2) as pool:
        for _ in range(2):
            run = Run(core, start, 9)
            for _ in range(20):
                run.stage(300.0, 900.0, 5_000, pool)
            fresh = new_state(core)
            load_state(core, fresh, run.state.wave)
            assert (run.state.used == fresh.used).all()
            assert (run.track.sums[0], run.track.sums[1]) == pytest.approx(measure(core, fresh))
            waves.append(run.state.wave.tolist())
    assert waves[0] == waves[1]
    assert waves[0] != start.tolist()
