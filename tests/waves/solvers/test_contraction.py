"""Groups that move as one cost what they cost one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.wave_instances import make_instance
from benchmarks.wave_problems import core_of, problem_from
from migrate.waves.compact import compact
from migrate.waves.kernels.core import Core, new_state
from migrate.waves.kernels.moves import load_state, measure
from migrate.waves.problem import build_problem
from migrate.waves.solvers.contraction import contract
from tests.waves.builders import PRICED, random_records


def measured(core: Core, wave: np.ndarray) -> tuple[float, float]:
    state = new_state(core)
    load_state(core, state, wave.astype(np.int32))
    usd, excess = measure(core, state)
    return usd, excess


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.booleans())
def test_the_cost_of_labels_is_that_of_their_groups(seed: int, planned: bool) -> None:
    sections = PRICED if seed % 2 else {}
    core = (
        compact(build_problem(*random_records(seed, **sections)))
        if planned
        else core_of(problem_from(make_instance(30, 5, seed)))[0]
    )
    dice = np.random.default_rng(seed)
    groups, waves = core.allowed.shape
    label = np.unique(dice.integers(0, max(groups // 2, 1), groups), return_inverse=True)[1].astype(np.int64)
    small = contract(core, label)
    for _ in range(5):
        wave = dice.integers(0, waves, len(small.load))
        assert measured(small, wave) == pytest.approx(measured(core, wave[label]), rel=1e-9, abs=1e-6)
        assert small.allowed[np.arange(len(wave)), wave].tolist() == [
            bool(core.allowed[label == one, wave[one]].all()) for one in range(len(wave))
        ]
