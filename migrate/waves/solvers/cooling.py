"""One annealing run: from hot to cold over one assignment, with the price of violations following the search."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from migrate.waves.kernels.core import ANY_REST, CHOICES, NEAR, Core, new_state
from migrate.waves.kernels.moves import load_state, price_move
from migrate.waves.kernels.search import FEASIBLE, anneal, fill_lists, new_track, refresh
from migrate.waves.solvers.effort import Effort

__all__ = ["Heat", "Plan", "Run", "find_heat"]

_STAGES = 100  # temperatures of one run
_PRICE = 3.0  # of a violation at the start, in first temperatures
_CEILING = 1e5  # of that price, likewise
_REPAIRS = 40  # stages more for a plan that still breaks a rule
_LOCAL = 0.35  # share of a run after which most moves are between near waves: then halves go on side by side
_PARTINGS = 5  # a temperature
_AT_THE_END = 20  # proposals a group of a repair, and of the last descent
_PILOT_STAGES = 60
_MOLTEN, _FROZEN = 0.25, 0.002  # shares of the cost between the hottest and the coldest plan that bound the useful heat
_MARGIN = 4.0  # by which the last temperature is below the frozen one
_SAMPLED = 300  # moves
_SMALLEST = 20_000  # proposals of one call: less is lost in calling


@dataclass(frozen=True)
class Plan:
    """An assignment with what it costs; sorted by violations, then cost."""

    wave: NDArray[np.int32]
    usd: float
    violations: float

    @property
    def rank(self) -> tuple[float, float]:
        """The lower the better."""
        return (self.violations if self.violations >= FEASIBLE else 0.0, self.usd)


@dataclass(frozen=True)
class Heat:
    """The temperatures between which a plan takes shape, in dollars."""

    hot: float
    cold: float


class Run:
    """An assignment that is being annealed."""

    def __init__(self, core: Core, wave: NDArray[np.int32], seed: int) -> None:
        self.core, self.state, self.track = core, new_state(core), new_track(core, seed)
        self._everyone = np.arange(len(wave), dtype=np.int32)
        self._rng = np.random.default_rng(seed)
        load_state(core, self.state, wave)
        fill_lists(core, self.state, self.track)

    def plan(self) -> Plan:
        """The best plan so far; the present one when none kept all rules."""
        sums = self.track.sums
        if sums[3] > 0:
            return Plan(self.track.best.copy(), float(sums[2]), 0.0)
        return Plan(self.state.wave.copy(), float(sums[0]), float(sums[1]))

    def cool(
        self,
        heat: Heat,
        proposals: int,
        effort: Effort,
        until: float = 1.0,
        helper: Executor | None = None,
        counted: list[int] | None = None,
        told: Callable[[Plan], None] | None = None,
    ) -> Plan:
        """Go from hot to cold in `proposals`, or until the effort's share reaches `until`, then only downwards.

        Parameters
        ----------
        heat, proposals, effort
            From where to where, in how many proposals, within what budget.
        until
            Share of the effort at which to stop early.
        helper
            A second thread for problems whose waves only their pairs tie together.
        counted
            Takes the proposals made; None: `effort.done` does.
        told
            Called after every temperature with the best plan.
        """
        steps = max(proposals // _STAGES, _SMALLEST if effort.seconds is not None else 1, 1)
        price, made, begin = _PRICE * heat.hot, 0, effort.share()
        while True:
            share = max(made / max(proposals, 1), (effort.share() - begin) / max(until - begin, 1e-9) if _timed(effort) else 0.0)
            if share >= 1.0 or effort.stop.is_set():
                break
            temperature = heat.hot * (heat.cold / heat.hot) ** share
            feasible = self._temperature(temperature, price, steps, helper if share > _LOCAL else None) / steps
            made += steps
            if counted is None:
                effort.done += steps
            if told is not None:
                told(self.plan())
            if feasible < 0.3 or (share > 0.7 and self.track.sums[1] > FEASIBLE):
                price = min(price * 1.2, _CEILING * heat.hot)
            elif feasible > 0.7 and share < 0.7:
                price = max(price * 0.95, heat.cold)
        rest = self._finish(heat, price, steps, effort)
        if counted is None:
            effort.done += rest
        else:
            counted.append(made + rest)
        return self.plan()

    def _finish(self, heat: Heat, price: float, steps: int, effort: Effort) -> int:
        """Repair what is still broken, at growing prices, and go down."""
        made, steps = 0, min(steps, max(_AT_THE_END * len(self.state.wave), _SMALLEST))
        for _ in range(_REPAIRS if self.track.sums[3] == 0.0 else 0):
            if self.track.sums[3] > 0 or effort.stop.is_set():
                break
            price = min(price * 1.5, _CEILING * heat.hot)
            self.stage(heat.cold, price, steps)
            made += steps
        self.stage(0.0, price, steps)
        return made + steps

    def _temperature(self, temperature: float, price: float, steps: int, helper: Executor | None) -> int:
        """A stage, or several with the waves parted elsewhere each time."""
        if helper is None:
            return self.stage(temperature, price, steps)
        return sum(self.stage(temperature, price, steps // _PARTINGS, helper) for _ in range(_PARTINGS))

    def stage(self, temperature: float, price: float, steps: int, helper: Executor | None = None) -> int:
        """One temperature; returns after how many proposals the plan broke no rule."""
        last = self.core.allowed.shape[1] - 1
        if helper is not None and last > 1 and self.core.constants[ANY_REST] == 0:
            return self._halves(temperature, price, steps, helper)
        feasible = int(anneal(self.core, self.state, self.track, temperature, price, steps, self._everyone, 0, last))
        refresh(self.core, self.state, self.track)
        return feasible

    def _halves(self, temperature: float, price: float, steps: int, helper: Executor) -> int:
        """Early and late waves side by side, parted at random.

        A pair across the parting costs its later wave less its earlier one (or, cut, the same always), so neither half
        needs to know where in the other a group stands: the moves of both are priced exactly.
        """
        wave, waves = self.state.wave, self.core.allowed.shape[1]
        ahead = np.searchsorted(np.sort(wave), np.arange(1, waves), side="left") / len(wave)
        middle = np.flatnonzero((ahead > 0.3) & (ahead < 0.7))
        part = int(self._rng.choice(middle)) + 1 if len(middle) else waves // 2
        seeds = [int(seed) for seed in self._rng.integers(1, 1 << 62, 2)]
        spans = [(wave < part, 0, part - 1, seeds[0]), (wave >= part, part, waves - 1, seeds[1])]

        def half(mine: NDArray[np.bool_], first: int, last: int, seed: int) -> tuple[NDArray[np.int32], Run, int]:
            members = np.flatnonzero(mine).astype(np.int32)
            own = self._own(seed)
            count = round(steps * len(members) / len(wave))
            if not len(members):
                return members, own, 0
            kept = anneal(self.core, own.state, own.track, temperature, price, count, members, first, last)
            return members, own, int(kept)

        other = helper.submit(half, *spans[1])
        feasible = 0
        for members, own, kept in (half(*spans[0]), other.result()):
            wave[members] = own.state.wave[members]
            self.track.position[members] = own.track.position[members]
            feasible += kept
        self.track.is_changed[:] = True
        self.track.changed[:] = self._everyone
        self.track.counts[0] = len(wave)
        refresh(self.core, self.state, self.track)
        return feasible

    def _own(self, seed: int) -> Run:
        """What a half writes to where the other one reads is its own; the loads and lists of its waves are shared."""
        own = copy.copy(self)
        own.state = self.state._replace(wave=self.state.wave.copy())
        own.track = self.track._replace(
            position=self.track.position.copy(),
            changed=np.empty_like(self.track.changed),
            is_changed=np.ones_like(self.track.is_changed),
            sums=np.array([self.track.sums[0], self.track.sums[1], -np.inf, 0.0]),
            counts=np.zeros(2, dtype=np.int64),
            random=np.array([seed], dtype=np.uint64),
        )
        return own


def find_heat(run: Run, proposals: int, effort: Effort) -> Heat:
    """Cool once over all temperatures that could matter, and take those between which the cost falls."""
    highest = _highest(run)
    steps = max(proposals // _PILOT_STAGES, 1)
    temperatures = highest * 10.0 ** np.linspace(0.0, -6.0, _PILOT_STAGES)
    cost = np.zeros(_PILOT_STAGES)
    begin = time.thread_time()
    price = _PRICE * highest
    done = 0
    for stage, temperature in enumerate(temperatures):
        if effort.stop.is_set():
            break
        feasible = run.stage(float(temperature), price, steps) / steps
        done += steps
        price = price * 1.2 if feasible < 0.3 else price * 0.8 if feasible > 0.7 else price
        price = max(price, 3.0 * float(temperature))
        cost[stage] = run.track.sums[0]
    effort.done += done
    effort.rate = done / max(time.thread_time() - begin, 1e-6)
    low, high = cost[-5:].mean(), cost[:5].mean()
    if not high > low:
        return Heat(float(temperatures[len(temperatures) // 3]), float(temperatures[-1]))
    molten = np.flatnonzero(cost > low + _MOLTEN * (high - low))
    thawed = np.flatnonzero(cost > low + _FROZEN * (high - low))
    hot, cold = float(temperatures[molten[-1]]), float(temperatures[thawed[-1]]) / _MARGIN
    return Heat(hot, min(cold, hot / 10.0))


def _highest(run: Run) -> float:
    """What the pairs and the own cost of a group can come to; more where most of some moves change more than that."""
    core = run.core
    force = np.zeros(len(run.state.wave))
    np.add.at(force, np.repeat(np.arange(len(force)), np.diff(core.at[:, NEAR])), np.abs(core.near_usd_day))
    spread = core.fixed_usd.max(axis=1, initial=0.0) - core.fixed_usd.min(axis=1, initial=0.0)
    highest = float((force * core.far.max(initial=0.0) + spread).max(initial=0.0))
    if core.constants[ANY_REST] > 0 and len(core.choices):
        owner = np.repeat(np.arange(len(force)), np.diff(core.at[:, CHOICES]))
        some = np.linspace(0, len(owner) - 1, min(len(owner), _SAMPLED)).astype(np.int64)
        changes = [abs(price_move(core, run.state, int(owner[k]), int(core.choices[k]))[0]) for k in some]
        highest = max(highest, float(np.median(changes)))
    return highest or 1.0


def _timed(effort: Effort) -> bool:
    return effort.seconds is not None
