"""Simulated annealing from several seeded starts: the solver behind `plan_waves`.

The budget is a number of proposals, never a time, so the result depends on the problem and the seed alone. Every start
cools from a temperature taken from the instance (a multiple of what random moves cost) to nearly nothing; the price of a
violation follows the search: it rises while plans break rules and falls while they do not, and only rises towards the end.
A descent at temperature zero finishes each start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from migrate.waves.kernels.core import NEAR, Core, State, new_state
from migrate.waves.kernels.moves import load_state
from migrate.waves.kernels.search import Track, anneal, fill_lists, new_track, sample_moves
from migrate.waves.solvers.first_fit import first_fit, urgency

__all__ = ["Found", "Progress", "default_iterations", "improve"]

#: Called with the share of the work done (0 to 1) and the cost of the best plan so far (inf while there is none).
Progress = Callable[[float, float], None]

_STARTS = 3
_STAGES = 150  # temperatures of one start
_HOT = 0.3  # first temperature, in mean costs of a worsening move
_COLD = 1e-4  # last temperature, as a share of the first


@dataclass(frozen=True)
class Found:
    """`wave` of each group; `feasible` False: it still breaks hard rules. `first_fit` is None when that found no plan."""

    wave: NDArray[np.int32]
    feasible: bool
    first_fit: NDArray[np.int32] | None
    iterations: int
    stopped: bool  # by the keyboard, before the budget was used up


def default_iterations(groups: int) -> int:
    """Proposals over all starts: in proportion to the groups, within what a person waits for."""
    return int(np.clip(groups * 6_000, 60_000, 12_000_000))


def improve(core: Core, seed: int, iterations: int, progress: Progress | None = None) -> Found:
    """Search for the cheapest assignment.

    Parameters
    ----------
    core
        The problem.
    seed
        Of everything random.
    iterations
        Proposals, all starts together.
    progress
        Told after every temperature. A `KeyboardInterrupt` raised in it, or by the terminal, ends the search early;
        the best plan so far is returned.
    """
    state, track = new_state(core), new_track(core, seed)
    baseline, fits = first_fit(core, urgency(core))
    worst = baseline
    steps = max(1, iterations // (_STARTS * _STAGES))
    done, stopped = 0, False
    rng = np.random.default_rng(seed)
    try:
        for start in range(_STARTS):
            wave = baseline if start == 0 else first_fit(core, _neighbourly(core, rng))[0]
            load_state(core, state, wave)
            fill_lists(core, state, track)
            for stage in _cool(core, state, track, steps):
                done += steps
                if progress is not None:
                    progress((start + stage) / _STARTS, float(track.sums[2]))
            worst = state.wave.copy()
    except KeyboardInterrupt:
        stopped = True
    feasible = bool(track.sums[3] > 0)
    return Found(track.best.copy() if feasible else worst, feasible, baseline if fits else None, done, stopped)


def _cool(core: Core, state: State, track: Track, steps: int) -> Iterator[float]:
    """Go through the temperatures of one start, yielding the share that is done."""
    changes = np.zeros(1000)
    found = sample_moves(core, state, track, changes)
    mean = float(changes[:found].mean()) if found else 1.0
    penalty, ceiling = mean, 1e4 * mean
    for stage in range(_STAGES):
        share = stage / (_STAGES - 1)
        temperature = _HOT * mean * _COLD**share if stage < _STAGES - 1 else 0.0
        feasible = anneal(core, state, track, temperature, penalty, steps) / steps
        if feasible < 0.3 or (share > 0.8 and track.sums[1] > 1e-9):
            penalty = min(penalty * 1.2, ceiling)
        elif feasible > 0.7 and share < 0.8:
            penalty = max(penalty * 0.95, 0.01 * mean)
        yield (stage + 1) / _STAGES


def _neighbourly(core: Core, rng: np.random.Generator) -> NDArray[np.float64]:
    """A priority in which groups that exchange data come one after another: a walk from random groups outwards."""
    groups = core.allowed.shape[0]
    rank = np.full(groups, -1.0)
    count = 0
    for start in rng.permutation(groups):
        queue = [int(start)] if rank[start] < 0 else []
        for g in queue:
            if rank[g] >= 0:
                continue
            rank[g] = count
            count += 1
            span = slice(core.at[g, NEAR], core.at[g + 1, NEAR])
            heavy = np.argsort(-core.near_usd_day[span], kind="stable")[:8]
            queue += [int(other) for other in core.near[span][heavy] if rank[other] < 0]
    return rank
