"""Annealing from seeded starts and the crossing of what they find: the solver behind `plan_waves`.

A pilot run finds the temperatures between which a plan takes shape: they differ between problems by more than ten times.
A small population is annealed between them. Then two plans at a time are crossed: groups that share a wave in both become
one (`contraction`), the smaller problem is annealed from the better plan, and the result refined group by group at little
heat. What two good plans agree on is seldom wrong, and what remains can be searched far more often. The child takes the
place of the worse parent when it is cheaper. A population that no longer improves is set aside and a new one begun.

What a site and the programme cost depends on the last wave alone, so that leaving the last wave pays only when all leave it:
no single move finds that. So the runs of a population have deadlines of their own where such costs are, and a crossing
keeps the later deadline of its parents.

A problem so small that all its plans can be compared is solved so.

With a number of iterations as its budget, the result depends on the problem and the seed alone: two runs go on side by
side, on two cores where there are, and are put together in a fixed order.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor, wait
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from migrate.waves.kernels.core import ANY_REST, Core, new_state
from migrate.waves.kernels.enumeration import best_of_all
from migrate.waves.kernels.search import FEASIBLE
from migrate.waves.solvers.contraction import contract
from migrate.waves.solvers.cooling import Heat, Plan, Run, find_heat
from migrate.waves.solvers.effort import Effort
from migrate.waves.solvers.first_fit import first_fit, urgency
from migrate.waves.solvers.starts import kept, neighbourly, through, until

__all__ = ["Found", "Progress", "default_iterations", "search"]

#: Called with the share of the work done (0 to 1) and the cost of the best plan so far (inf while there is none).
Progress = Callable[[float, float], None]

_FEW = 100_000  # assignments that are all looked at
_SIDE_BY_SIDE = 2  # runs at a time, whatever the machine
_DEADLINES = (1.0, 0.6, 0.3, 0.8, 0.45, 0.15)  # share of the way from the earliest possible end to first fit's
_PILOT = 0.03  # share of the budget
_LONGEST_PILOT = 2_000  # proposals a group
_FOUNDING = 0.3  # share of the budget, or less when a population costs less
_FOUNDER = (2_000, 10_000)  # proposals a group that a founder is worth, for few groups and for many
_MANY = 500  # groups
_LEAST_FOUNDER = 1_500  # proposals a group below which a population is not worth while
_POPULATION = (4, 16)
_CROSSED, _REFINED = (2_000, 4_000), (800, 1_500)  # proposals for each group that is left, and for each group: few, many
_HEATS = ((1.0, 0.1), (0.3, 0.05), (1.0, 0.05), (0.3, 0.1))  # of crossing and refining, in hot ones
_STALE = (3, 10)  # children for each plan of the population without a better one before a new one is begun: few, many
_GLANCE = 0.2  # seconds between two looks at the keyboard
_FIRST, _LAST = 0.7, 3.0  # temperatures of one long run, in the first and the last of the pilot …
_LAST_OF_PAIRS = 0.025  # … and its last where pairs are all there is, in the pilot's first: there colder is time lost
_MORE = 3  # times the proposals of the pilot's rate: cold runs are faster
_NEAR = 0.3  # share of the budget that a run near an earlier plan has
_WARM = 0.002  # its first temperature, of that of a run from scratch: an earlier plan is mended, not forgotten


@dataclass(frozen=True)
class Found:
    """`wave` of each group; `feasible` False: it still breaks hard rules. `first_fit` is None when that found no plan."""

    wave: NDArray[np.int32]
    feasible: bool
    first_fit: NDArray[np.int32] | None
    iterations: int
    stopped: bool  # by the keyboard, before the budget was used up
    compared: int | None = None  # all assignments that there are, when each was looked at: there is none better


def default_iterations(groups: int) -> int:
    """Proposals over all starts: in proportion to the groups, within what a person waits for."""
    return int(np.clip(groups * 12_000, 100_000, 6_000_000))


def search(
    core: Core,
    seed: int,
    effort: Effort,
    progress: Progress | None = None,
    before: NDArray[np.int64] | None = None,
    baseline: tuple[NDArray[np.int32], bool] | None = None,
) -> Found:
    """Search for the cheapest assignment.

    Parameters
    ----------
    core
        The problem.
    seed
        Of everything random.
    effort
        How long: a number of proposals, all starts together and within a tenth or so, or a time, on which the result depends
        then; and the cost that is enough.
    progress
        Told now and then. A `KeyboardInterrupt` raised in it, or by the terminal, ends the search early; the best plan
        so far is returned.
    before
        Wave of each group in an earlier plan, -1 where it had none: the search begins with a run that stays near it.
    baseline
        What `first_fit` says of the problem by `urgency`, where that is known already.
    """
    start, fits = baseline or first_fit(core, urgency(core))
    count = math.prod(int(number) for number in core.allowed.sum(axis=1))
    if 0 < count <= _FEW:
        wave = start.copy()
        _, violations = best_of_all(core, new_state(core), wave)
        return Found(wave, violations < FEASIBLE, start if fits else None, count, stopped=False, compared=count)
    whole = _Search(core, seed, effort, progress, start)
    stopped = False
    try:
        with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
            try:
                whole.run(pool, before)
            except KeyboardInterrupt:
                stopped = True
                effort.stop.set()
    except KeyboardInterrupt:  # while the threads were ending
        stopped = True
    best = whole.best
    return Found(best.wave, best.violations < FEASIBLE, start if fits else None, effort.done, stopped)


class _Search:
    def __init__(self, core: Core, seed: int, effort: Effort, progress: Progress | None, baseline: NDArray[np.int32]) -> None:
        self._core, self._seed, self._effort, self._progress, self._baseline = core, seed, effort, progress, baseline
        self._rng = np.random.default_rng(seed)
        self._heat = Heat(1.0, 0.1)
        self._runs = 0
        self._many = int(len(baseline) >= _MANY)
        self.best = Run(core, baseline, seed).plan()

    def run(self, pool: Executor, before: NDArray[np.int64] | None) -> None:
        """Use the whole budget."""
        core, effort = self._core, self._effort
        groups = len(self._baseline)
        if groups == 0 or not (core.allowed.sum(axis=1) > 1).any():
            return
        pilot = Run(core, first_fit(core, neighbourly(core, self._rng))[0], self._next_seed())
        try:
            self._heat = find_heat(
                pilot, int(np.clip(effort.proposals(_PILOT, 1), 60 * 20, max(_LONGEST_PILOT * groups, 60 * 20))), effort
            )
        finally:
            self._keep(pilot.plan())
        if before is not None:
            run = Run(core, kept(core, before), self._next_seed())
            warm = Heat(self._heat.hot * _WARM, self._heat.cold)
            try:
                run.cool(warm, effort.proposals(_NEAR, 1), effort, _PILOT + _NEAR)
            finally:
                self._keep(run.plan())
        each = effort.proposals(_FOUNDING, _SIDE_BY_SIDE) // groups
        worth = int(np.interp(groups, (0, _MANY), _FOUNDER))
        size = int(np.clip(each // worth, *_POPULATION)) // 2 * 2
        if each // size < _LEAST_FOUNDER:
            self._alone(pool)
            return
        elders: list[Plan] = [self.best] if before is not None else []
        founder = min(each // size, worth) * groups
        while effort.share() < 1.0:
            people = self._found(pool, size, founder) + elders
            elders = [*elders, self._breed(pool, people)][-size // 2 :]

    def _alone(self, pool: Executor) -> None:
        """One long run for a problem that is too large for several, after short ones have found a deadline."""
        effort, core = self._effort, self._core
        if core.constants[ANY_REST] > 0:
            scouts = self._found(pool, len(_DEADLINES), effort.proposals(_FOUNDING, _SIDE_BY_SIDE) // len(_DEADLINES))
            core = through(core, int(min(scouts, key=lambda plan: plan.rank).wave.max()))
        last = self._heat.cold * _LAST if core.constants[ANY_REST] > 0 else self._heat.hot * _LAST_OF_PAIRS
        run = Run(core, first_fit(core, neighbourly(core, self._rng))[0], self._next_seed())
        try:
            run.cool(Heat(self._heat.hot * _FIRST, last), self._rest(), effort, 0.95, pool, told=self._tell)
        finally:
            self._keep(run.plan())

    def _rest(self) -> int:
        """Proposals until the end of the budget; of a time more than can be made, so that the time ends a run."""
        runs = 1 if self._core.constants[ANY_REST] > 0 else _SIDE_BY_SIDE
        count = self._effort.proposals(1.0 - self._effort.share(), runs)
        return count * _MORE if self._effort.seconds is not None else count

    def _found(self, pool: Executor, size: int, proposals: int) -> list[Plan]:
        """Anneal the first plans of a population."""
        jobs = []
        for number in range(size):
            core = self._core
            if core.constants[ANY_REST] > 0:
                core = until(core, self._baseline, _DEADLINES[number % len(_DEADLINES)])
            start = first_fit(core, neighbourly(core, self._rng))[0]
            jobs.append((core, start, self._next_seed()))

        def job(core: Core, start: NDArray[np.int32], seed: int) -> tuple[Plan, int]:
            counted: list[int] = []
            plan = Run(core, start, seed).cool(self._heat, proposals, self._effort, 1.0, None, counted)
            return plan, sum(counted)

        plans: list[Plan] = []
        for begin in range(0, size, _SIDE_BY_SIDE):
            if begin and self._effort.share() >= 1.0:
                break
            plans += self._together(pool, job, jobs[begin : begin + _SIDE_BY_SIDE])
        return plans

    def _breed(self, pool: Executor, people: list[Plan]) -> Plan:
        """Cross plans until nothing better comes of it; returns the best of them."""
        people = sorted(people, key=lambda plan: plan.rank)
        stale = 0
        while len(people) > 1 and stale < _STALE[self._many] * len(people) and self._effort.share() < 1.0:
            pairs, jobs = [], []
            for _ in range(_SIDE_BY_SIDE):
                pair = sorted(int(number) for number in self._rng.choice(len(people), 2, replace=False))
                heat = _HEATS[self._runs % len(_HEATS)]
                pairs.append(pair[1])
                jobs.append((people[pair[0]], people[pair[1]], heat, self._next_seed()))
            for worse, child in zip(pairs, self._together(pool, self._cross, jobs), strict=True):
                known = any(abs(child.usd - plan.usd) <= 1e-9 * abs(plan.usd) for plan in people)
                if child.rank < people[worse].rank and not known:
                    people[worse] = child
                    stale = 0
                else:
                    stale += 1
            people.sort(key=lambda plan: plan.rank)
        return people[0]

    def _cross(self, better: Plan, worse: Plan, heat: tuple[float, float], seed: int) -> tuple[Plan, int]:
        core, counted = self._core, list[int]()
        if core.constants[ANY_REST] > 0:
            core = through(core, int(max(better.wave.max(), worse.wave.max())))
        waves = core.allowed.shape[1]
        label = np.unique(better.wave.astype(np.int64) * waves + worse.wave, return_inverse=True)[1]
        small = contract(core, label)
        start = np.zeros(len(small.load), dtype=np.int32)
        start[label] = better.wave
        hot, cold = self._heat.hot, self._heat.cold
        across, fine = _CROSSED[self._many] * len(start), _REFINED[self._many] * len(label)
        crossed = Run(small, start, seed).cool(Heat(hot * heat[0], cold), across, self._effort, 1.0, None, counted)
        refined = Run(core, crossed.wave[label], seed + 1)
        child = refined.cool(Heat(hot * heat[1], cold), fine, self._effort, 1.0, None, counted)
        return child, sum(counted)

    def _together(self, pool: Executor, job: Callable[..., tuple[Plan, int]], jobs: Sequence[tuple[Any, ...]]) -> list[Plan]:
        """Run jobs side by side; a Ctrl-C lets them come to an end at once."""
        waiting = [pool.submit(job, *given) for given in jobs]
        try:
            while wait(waiting, _GLANCE).not_done:  # a signal may reach another thread, which does not wake this one
                pass
        except KeyboardInterrupt:
            self._effort.stop.set()
            for future in waiting:
                self._keep(future.result()[0])
            raise
        plans = []
        for future in waiting:
            plan, made = future.result()
            self._effort.done += made
            self._keep(plan)
            plans.append(plan)
        self._tell(self.best)
        return plans

    def _tell(self, plan: Plan) -> None:
        self._keep(plan)
        if self._progress is not None:
            self._progress(self._effort.share(), self.best.usd if self.best.violations < FEASIBLE else float("inf"))

    def _keep(self, plan: Plan) -> None:
        if plan.rank < self.best.rank:
            self.best = plan
        if self.best.violations < FEASIBLE and self.best.usd <= self._effort.enough:
            self._effort.stop.set()

    def _next_seed(self) -> int:
        self._runs += 1
        return self._seed * 1_000_003 + self._runs * 10
