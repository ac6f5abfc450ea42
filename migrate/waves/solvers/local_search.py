"""Simulated annealing from several seeded starts: the solver behind `plan_waves`.

The budget is a number of proposals, never a time, so the result depends on the problem and the seed alone. Every start
cools from a temperature taken from the instance (a multiple of what random moves cost) to nearly nothing; the price of a
violation follows the search: it rises while plans break rules and falls while they do not, and only rises towards the end.
A descent at temperature zero finishes each start.

What a site and the programme cost depends on the last wave alone, so that leaving the last wave pays only when all leave it:
no single move finds that. Every start therefore has a deadline of its own, from the earliest that the capacities allow to
the last date.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from migrate.waves.compact import allow
from migrate.waves.kernels.core import NEAR, Core, State, new_state
from migrate.waves.kernels.moves import load_state
from migrate.waves.kernels.search import Track, anneal, fill_lists, new_track, sample_moves
from migrate.waves.resources import UNLIMITED
from migrate.waves.solvers.first_fit import first_fit, urgency

__all__ = ["Found", "Progress", "default_iterations", "improve"]

#: Called with the share of the work done (0 to 1) and the cost of the best plan so far (inf while there is none).
Progress = Callable[[float, float], None]

_DEADLINES = (1.0, 0.6, 0.3, 0.1)  # of each start: share of the way from the earliest possible end to that of first fit
_HOT = (0.3, 1.0, 0.3, 1.0)  # of each start: first temperature, in typical costs of a worsening move
_STARTS = len(_DEADLINES)
_STAGES = 150  # temperatures of one start
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
        for start, share in enumerate(_DEADLINES):
            bounded = _until(core, baseline, share)
            wave = baseline if start == 0 else first_fit(bounded, _neighbourly(core, rng))[0]
            load_state(bounded, state, wave)
            fill_lists(bounded, state, track)
            for stage in _cool(bounded, state, track, steps, _HOT[start]):
                done += steps
                if progress is not None:
                    progress((start + stage) / _STARTS, float(track.sums[2]))
            worst = state.wave.copy()
    except KeyboardInterrupt:
        stopped = True
    feasible = bool(track.sums[3] > 0)
    return Found(track.best.copy() if feasible else worst, feasible, baseline if fits else None, done, stopped)


def _until(core: Core, baseline: NDArray[np.int32], share: float) -> Core:
    """The problem with no wave after a deadline, except for groups that have no earlier one; all waves at a share of 1."""
    waves = len(core.day)
    if share >= 1.0:
        return core
    enough = (np.minimum(core.capacity, UNLIMITED).cumsum(axis=0) >= core.load.sum(axis=0)).all(axis=1)
    first = int(np.argmax(enough)) if enough.any() else waves - 1
    last = first + round(share * max(int(baseline.max(initial=0)) - first, 0))
    early = core.allowed & (np.arange(waves) <= last)
    return allow(core, np.where(early.any(axis=1, keepdims=True), early, core.allowed))


def _cool(core: Core, state: State, track: Track, steps: int, hot: float) -> Iterator[float]:
    """Go through the temperatures of one start, yielding the share that is done."""
    changes = np.zeros(1000)
    found = sample_moves(core, state, track, changes)
    # the median: a few moves cost a month of a site or of the programme, and say nothing of all the others
    typical = float(np.median(changes[:found])) if found else 1.0
    penalty, ceiling = max(1.0, hot) * typical, 1e4 * typical
    for stage in range(_STAGES):
        share = stage / (_STAGES - 1)
        temperature = hot * typical * _COLD**share if stage < _STAGES - 1 else 0.0
        feasible = anneal(core, state, track, temperature, penalty, steps) / steps
        if feasible < 0.3 or (share > 0.8 and track.sums[1] > 1e-9):
            penalty = min(penalty * 1.2, ceiling)
        elif feasible > 0.7 and share < 0.8:
            penalty = max(penalty * 0.95, 0.01 * typical)
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
