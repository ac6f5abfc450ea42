"""Simulated annealing from seeded starts: the solver behind `plan_waves`.

The budget is a number of proposals, never a time, so the result depends on the problem and the seed alone. A run cools from
a temperature taken from the instance (a multiple of what random moves cost) to nearly nothing; the price of a violation
follows the search: it rises while plans break rules and falls while they do not, and only rises towards the end. A descent
at temperature zero finishes each run.

What a site and the programme cost depends on the last wave alone, so that leaving the last wave pays only when all leave it:
no single move finds that. And how hot to begin differs between problems by more than ten times. So short runs scout first,
each with a deadline and a temperature of its own, and long runs follow with the two that found the cheapest plans.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from migrate.waves.compact import allow
from migrate.waves.kernels.core import NEAR, Core, State, new_state
from migrate.waves.kernels.moves import load_state
from migrate.waves.kernels.search import FEASIBLE, Track, anneal, fill_lists, new_track, sample_moves
from migrate.waves.resources import UNLIMITED
from migrate.waves.solvers.first_fit import first_fit, urgency

__all__ = ["Found", "Progress", "default_iterations", "improve"]

#: Called with the share of the work done (0 to 1) and the cost of the best plan so far (inf while there is none).
Progress = Callable[[float, float], None]

_DEADLINES = (1.0, 0.8, 0.6, 0.4, 0.2, 0.1)  # of scouts: share of the way from the earliest possible end to first fit's
_HOT = (1.0, 20.0)  # of scouts: first temperature, in typical costs of a worsening move
_COLD = 1e-4  # last temperature, likewise
_SCOUTING = 0.4  # share of the budget
_LONG = 2  # long runs
_NEAR = 0.5  # share of the budget that a run near an earlier plan has, beside it
_WARM = 0.05  # its first temperature
_STAGES = 150  # temperatures of one run


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
    return int(np.clip(groups * 6_000, 60_000, 7_000_000))


def improve(
    core: Core, seed: int, iterations: int, progress: Progress | None = None, before: NDArray[np.int64] | None = None
) -> Found:
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
    before
        Wave of each group in an earlier plan, -1 where it had none: the search begins with a run that stays near it.
    """
    search = _Search(core, seed, iterations, progress)
    baseline, fits = first_fit(core, urgency(core))
    stopped = False
    try:
        search.start(core, baseline)
        if before is not None:
            search.near(before, _NEAR)
        scouts = [(share, hot) for hot in _HOT for share in _DEADLINES]
        found = [search.run(share, hot, baseline, _SCOUTING / len(scouts)) for share, hot in scouts]
        best = sorted(range(len(scouts)), key=lambda number: (found[number], number))[:_LONG]
        for number in best:
            search.run(*scouts[number], baseline, (1.0 - _SCOUTING) / _LONG)
    except KeyboardInterrupt:
        stopped = True
    track = search.track
    feasible = bool(track.sums[3] > 0)
    wave = track.best if feasible else search.state.wave
    return Found(wave.copy(), feasible, baseline if fits else None, search.done, stopped)


class _Search:
    """Runs one after another over one best plan."""

    def __init__(self, core: Core, seed: int, iterations: int, progress: Progress | None) -> None:
        self.state, self.track = new_state(core), new_track(core, seed)
        self.done = 0
        self._core, self._iterations, self._progress = core, iterations, progress
        self._rng = np.random.default_rng(seed)

    def start(self, core: Core, wave: NDArray[np.int32]) -> None:
        """Set the state to a plan; it becomes the best one if it is."""
        load_state(core, self.state, wave)
        fill_lists(core, self.state, self.track)

    def near(self, before: NDArray[np.int64], budget: float) -> None:
        """Cool once from an earlier plan, never hot enough to forget it."""
        self.start(self._core, _kept(self._core, before))
        steps = max(1, round(self._iterations * budget / _STAGES))
        for _ in _cool(self._core, self.state, self.track, steps, _WARM):
            self.done += steps

    def run(self, share: float, hot: float, baseline: NDArray[np.int32], budget: float) -> float:
        """Cool once; returns the cost of the plan that it ends with, inf when that breaks a rule."""
        core = _until(self._core, baseline, share)
        self.start(core, first_fit(core, _neighbourly(core, self._rng))[0])
        steps = max(1, round(self._iterations * budget / _STAGES))
        for _ in _cool(core, self.state, self.track, steps, hot):
            self.done += steps
            if self._progress is not None:
                self._progress(min(self.done / self._iterations, 1.0), float(self.track.sums[2]))
        return float(self.track.sums[0]) if self.track.sums[1] < FEASIBLE else float("inf")


def _kept(core: Core, before: NDArray[np.int64]) -> NDArray[np.int32]:
    """The earlier plan, with what it did not have, or what may not stay, placed first-fit."""
    kept = np.zeros_like(core.allowed)
    had = np.flatnonzero(before >= 0)
    kept[had, before[had]] = True
    kept &= core.allowed
    return first_fit(allow(core, np.where(kept.any(axis=1, keepdims=True), kept, core.allowed)), urgency(core))[0]


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


def _cool(core: Core, state: State, track: Track, steps: int, hot: float) -> Iterator[int]:
    """Go through the temperatures of one run, yielding each one's number when it is done."""
    changes = np.zeros(1000)
    found = sample_moves(core, state, track, changes)
    # the median: a few moves cost a month of a site or of the programme, and say nothing of all the others
    typical = float(np.median(changes[:found])) if found else 1.0
    penalty, ceiling = max(1.0, hot) * typical, 1e4 * typical
    for stage in range(_STAGES):
        share = stage / (_STAGES - 1)
        temperature = hot * typical * (_COLD / hot) ** share if stage < _STAGES - 1 else 0.0
        feasible = anneal(core, state, track, temperature, penalty, steps) / steps
        if feasible < 0.3 or (share > 0.8 and track.sums[1] > FEASIBLE):
            penalty = min(penalty * 1.2, ceiling)
        elif feasible > 0.7 and share < 0.8:
            penalty = max(penalty * 0.95, 0.01 * typical)
        yield stage


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
