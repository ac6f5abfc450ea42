from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.waves.kernels.piles import cheapest_crowds


@given(st.lists(st.integers(0, 50), min_size=1, max_size=6), st.integers(1, 4))
def test_nobody_spreads_losses_over_waves_more_cheaply(losses: list[int], waves: int) -> None:
    largest_first = np.array(sorted(losses, reverse=True), dtype=float)

    def cost(choice: tuple[int, ...]) -> float:
        members = [[loss for loss, wave in zip(largest_first, choice, strict=True) if wave == w] for w in range(waves)]
        return float(sum(sum(some) * max(len(some) - 1, 0) for some in members))

    best = min(cost(choice) for choice in itertools.product(range(waves), repeat=len(losses)))
    assert cheapest_crowds(largest_first, waves)[-1] == pytest.approx(best)
