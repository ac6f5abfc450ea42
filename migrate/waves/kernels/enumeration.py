"""Every assignment of a small problem, one after another, each a single move from the one before. Compiled."""

from __future__ import annotations

import numpy as np
from numba import njit

from migrate.waves.kernels.core import CHOICES, Core, State
from migrate.waves.kernels.moves import apply_move, load_state, measure

__all__ = ["best_of_all"]

_DUST = 1e-9  # violations, and the difference of costs, below which two plans are the same


@njit(cache=True, nogil=True)
def best_of_all(core: Core, state: State, best: np.ndarray) -> tuple[float, float]:
    """Set `best` to the cheapest of all assignments that break no rule, or to the one that breaks least.

    Counts in the reflected mixed-radix Gray code (Knuth, The Art of Computer Programming 4A, algorithm 7.2.1.1 H).

    Returns
    -------
    Its cost and violations.
    """
    groups = len(best)
    place, way = np.zeros(groups, dtype=np.int64), np.ones(groups, dtype=np.int64)
    for g in range(groups):
        best[g] = core.choices[core.at[g, CHOICES]]
    load_state(core, state, best)
    usd, excess = measure(core, state)
    g = 0
    while g < groups:
        nearby = place[g] + way[g]
        if nearby < 0 or nearby >= core.at[g + 1, CHOICES] - core.at[g, CHOICES]:
            way[g] = -way[g]
            g += 1
            continue
        place[g] = nearby
        apply_move(core, state, g, core.choices[core.at[g, CHOICES] + nearby])
        now, broken = measure(core, state)
        if broken < excess - _DUST or (broken < excess + _DUST and now < usd - _DUST):
            usd, excess = now, broken
            best[:] = state.wave
        g = 0
    return usd, excess
