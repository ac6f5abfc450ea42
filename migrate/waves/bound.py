"""A lower bound on the cost of every plan: for each wave that could be the last, by Lagrangian relaxation of the capacities.

Each group pays only what depends on its own wave: double run, dependencies on what is retained, dated soft rules, and its
expected loss alone, with the most experience that the capacities allow before the wave. Capacities are priced by
multipliers λ ≥ 0, so that for any λ and any last wave m ::

    Σ groups min over waves ≤ m (own cost + λ·load) − Σ waves ≤ m λ·capacity     ≤  that part of every plan that ends with m

and subgradient steps (Held, Wolfe, Crowder, Mathematical Programming 6, 1974) raise it where it is lowest. To that come, for
each m: the programme until m; waves with what sharing them costs (`kernels.piles`): few waves are crowded, and crowds fail
more often, many cost their overhead; and the sites' fixed cost until the capacities could have emptied them at the earliest.
The bound is the least over m. Where an amount beyond a capacity has a price (`migrate.waves.extra_capacity`), it costs at least
λ × (used − amount) for every λ up to that price, so such capacities are relaxed likewise, with λ bounded. That holds for what a
wave of a link has alone; what waves in flight take from each other, and the cost of split dependencies and of soft rules between
applications, are bounded by nothing (0).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from migrate.model.plan import ObjectiveTerms
from migrate.waves.kernels.piles import cheapest_crowds
from migrate.waves.objective import PILE_APPLICATION, PILE_CRITICAL
from migrate.waves.problem import Problem
from migrate.waves.resources import UNLIMITED

__all__ = ["Bound", "bound_of"]

Floats = NDArray[np.float64]

_HOW = "Lagrangian relaxation of the capacities for each wave that could be the last, with the earliest site exits"

_STEPS = 400
_DUST = 1e-9  # mean loads
_LENGTH, _SHORTER = 0.2, 0.98  # of the steps: share of the gap, and factor on a step that raised nothing
_STEEPEST = 100.0  # of multipliers, in the cost of a known plan for a mean load: steeper ones drown in their own rounding
_WORTH = 100_000_000  # groups × waves × steps at most: a second or two


@dataclass(frozen=True)
class Bound:
    """No plan costs less than `usd`; the others are its parts: a bound on each term, all at the least of their sums."""

    usd: float
    placed: float  # double run, risk, extra capacity, and what depends on single dates
    sites: float
    waves: float  # waves held, and the programme

    def reason(self, terms: ObjectiveTerms) -> str:
        """How it came about, and where the cost of a plan is farthest above it."""
        placed = "double run, risk and extra capacity" if terms.extra_capacity else "double run and risk"
        gaps = {
            placed: terms.double_run + terms.risk + terms.extra_capacity - self.placed,
            "site exits": terms.site_exit - self.sites,
            "the number of waves and their last date": terms.wave_overhead - self.waves,
            "split dependencies and soft rules": terms.split + terms.soft_rules,
        }
        where, most = max(gaps.items(), key=lambda item: item[1])
        whole = sum(gaps.values())
        share = f"; {most / whole:.0%} of the gap lies in {where}" if whole > 0 else ""
        return f"{_HOW}{share}"


def bound_of(problem: Problem, allowed: NDArray[np.bool_], upper: float) -> Bound:
    """Bound a problem.

    Parameters
    ----------
    problem
        The problem.
    allowed
        Groups × waves.
    upper
        USD of a known plan, which sets the length of the steps.
    """
    cost = _own_cost(problem, allowed)
    holding, crowding = _waves_and_crowds(problem)
    programme = problem.prices.programme_usd_day * problem.day[: problem.waves]
    programme[: _earliest_end(problem, allowed, np.arange(problem.groups))] = np.inf
    sites = float(problem.prices.site_usd.sum()) + _site_bound(problem, allowed)
    rest = programme + holding + crowding
    placed = _assignment_bound(problem, cost, rest, upper - sites)
    last = int(np.argmin(placed + rest))
    return Bound(
        usd=round(float(placed[last] + rest[last]) + sites, 2),
        placed=float(placed[last] + crowding[last]),
        sites=sites,
        waves=float(programme[last] + holding[last]),
    )


def _own_cost(problem: Problem, allowed: NDArray[np.bool_]) -> Floats:
    """What each group pays in each wave whatever the others do, inf where it may not be."""
    waves, prices = problem.waves, problem.prices
    day = problem.day[:waves]
    own = prices.run[:, :waves] + prices.dated[:, :waves] + prices.kept_usd_day[:, None] * (problem.day[-1] - day)[None, :]
    alone = prices.settling * prices.learning[_most_before(problem)] * prices.risk_weight
    own = own + prices.loss_usd[:, None] * alone[None, :]
    cost = np.zeros((problem.groups, waves))
    np.add.at(cost, problem.group, own)
    cost[~allowed] = np.inf
    return cost


def _most_before(problem: Problem) -> NDArray[np.int64]:
    """Applications that the capacities let be cut over before each wave, at most: those with the least load, in parts."""
    room = np.minimum(problem.capacity, UNLIMITED).cumsum(axis=0)
    most = np.full(problem.waves, float(len(problem.group)))
    for column in range(room.shape[1]):
        load = np.sort(problem.load[:, column]).cumsum()
        before = np.concatenate([[0], room[:-1, column]])
        most = np.minimum(most, np.searchsorted(load, before, side="right") + 1.0)
    most[0] = 0.0
    return np.asarray(np.minimum(most, len(problem.group)).astype(np.int64))


def _waves_and_crowds(problem: Problem) -> tuple[Floats, Floats]:
    """For each last wave: overhead of the waves held, and what sharing them adds to the expected losses, at their cheapest."""
    prices = problem.prices
    least = prices.risk_weight * float(prices.learning[-1] * prices.settling.min())
    number = np.arange(1, problem.waves + 1)
    crowded = np.zeros(problem.waves)
    for share, some in ((PILE_APPLICATION, prices.loss_usd), (PILE_CRITICAL, prices.loss_usd[prices.critical])):
        crowded += least * share * cheapest_crowds(np.sort(some)[::-1].copy(), problem.waves)
    together = prices.wave_usd * number + crowded
    together[: _fewest_waves(problem) - 1] = np.inf
    best = np.array([int(np.argmin(together[:k])) for k in number])
    return prices.wave_usd * number[best], np.where(np.isfinite(together[best]), crowded[best], np.inf)


def _assignment_bound(problem: Problem, cost: Floats, rest: Floats, upper: float) -> Floats:
    """The relaxed assignment for each last wave; inf where none can be the last."""
    load, capacity, highest = _relaxed(problem)
    price = np.zeros_like(capacity)
    best, step = np.full(problem.waves, -np.inf), 1.0
    rows = np.arange(len(cost))
    known = -np.inf
    for number in range(int(np.clip(_WORTH / cost.size, 1, _STEPS))):
        reduced = cost + load @ price.T if number else cost
        value = np.minimum.accumulate(reduced, axis=1).sum(axis=0) - (price * capacity).sum(axis=1).cumsum()
        best = np.maximum(best, value)
        last = int(np.argmin(best + rest))
        lowest = float(best[last] + rest[last])
        if not np.isfinite(lowest):
            break
        step = step if lowest > known else step * _SHORTER
        known = lowest
        chosen = np.argmin(reduced[:, : last + 1], axis=1)
        slope = np.negative(capacity)
        np.add.at(slope, chosen, load[rows])
        slope[last + 1 :] = 0.0
        slope[np.abs(slope) < _DUST] = 0.0
        if problem.extras.steps:  # these have far to go, and what is slack anyway would shorten the steps
            slope[(price <= 0.0) & (slope < 0.0)] = 0.0
        norm = float((slope**2).sum())
        if norm == 0.0:
            break
        length = max(upper - float(value[last] + rest[last]), 1.0)
        price = np.clip(price + step * length * _LENGTH / norm * slope, 0.0, np.minimum(highest, _STEEPEST * max(upper, 1.0)))
    return best


def _relaxed(problem: Problem) -> tuple[Floats, Floats, Floats]:
    """Loads and capacities in mean loads, one column for each that is relaxed, and the most that its multiplier may be."""
    limited = np.flatnonzero((problem.capacity < UNLIMITED).all(axis=0) & (problem.group_load.sum(axis=0) > 0))
    priced = problem.extras.chains()
    columns = np.concatenate([limited, priced.links.columns])
    scale = np.maximum(problem.group_load[:, columns].mean(axis=0), 1.0)
    capacity = np.hstack([problem.capacity[:, limited], priced.links.due - priced.links.opens])
    highest = np.concatenate([np.full(len(limited), np.inf), priced.usd * scale[len(limited) :]])
    return problem.group_load[:, columns] / scale, capacity / scale, highest


def _fewest_waves(problem: Problem) -> int:
    fewest = 0
    for column in range(len(problem.resources)):
        need = int(problem.load[:, column].sum())
        largest = np.sort(np.minimum(problem.capacity[:, column], UNLIMITED))[::-1].cumsum()
        fewest = max(fewest, int(np.searchsorted(largest, need)) + 1 if need else 0)
    return min(fewest, problem.waves)


def _site_bound(problem: Problem, allowed: NDArray[np.bool_]) -> float:
    """Fixed cost until each site could be empty if the waves served nothing else; where leaving saves money."""
    total = 0.0
    for site, usd_day in enumerate(problem.prices.site_usd_day):
        at_site = problem.footprint.servers[:, site] > 0
        if not at_site.any():
            continue
        groups = np.unique(problem.group[at_site])
        wave = problem.waves - 1 if usd_day < 0 else _earliest_end(problem, allowed, groups)
        total += float(usd_day) * min(problem.day[wave] + problem.prices.hypercare_days, problem.day[-1])
    return total


def _earliest_end(problem: Problem, allowed: NDArray[np.bool_], groups: NDArray[np.int64]) -> int:
    """The first wave by which some groups could all have moved, if the waves before it served nothing else."""
    wave = int(np.argmax(allowed[groups], axis=1).max(initial=0))
    need = problem.group_load[groups].sum(axis=0)
    room = np.minimum(problem.capacity, UNLIMITED).cumsum(axis=0)
    enough = (room >= need).all(axis=1)
    return max(wave, int(np.argmax(enough)) if enough.any() else problem.waves - 1)
