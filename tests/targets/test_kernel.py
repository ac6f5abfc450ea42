"""The scan equals a search by brute force."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.targets.kernel import first_that_fits


@given(st.integers(0, 12), st.integers(0, 20), st.integers(1, 6), st.integers(0, 2**31))
@settings(max_examples=150, deadline=None)
def test_equals_brute_force(servers: int, types: int, dimensions: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    needs = random.integers(0, 6, (servers, dimensions)).astype(np.float64)
    offers = random.integers(0, 6, (types, dimensions)).astype(np.float64)
    needs[random.random(needs.shape) < 0.03] = np.inf
    allowed, features = random.integers(0, 8, servers).astype(np.uint8), random.integers(0, 8, types).astype(np.uint8)
    expected = [
        next((t for t in range(types) if features[t] & ~allowed[s] == 0 and np.all(offers[t] >= needs[s])), -1)
        for s in range(servers)
    ]
    assert first_that_fits(needs, allowed, offers, features).tolist() == expected
