"""A lower bound on the cost of every plan, by Lagrangian relaxation of the capacities.

Each group pays only what depends on its own wave: double run, dependencies on what is retained, dated soft rules, and its
expected loss alone and with the most experience that the wave can have. Capacities are priced by multipliers λ ≥ 0, so
for any λ ::

    Σ groups min over waves (own cost + λ·load) − Σ waves λ·capacity        ≤  that part of every plan

and subgradient steps (Held, Wolfe, Crowder, Mathematical Programming 6, 1974) raise it. To that come the wave overhead of
the fewest waves that hold all loads, and the sites' fixed cost until the capacities could have emptied them at the
earliest. The cost of split dependencies and of soft rules between applications is bounded by nothing (0).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from migrate.model.plan import ObjectiveTerms
from migrate.waves.problem import Problem
from migrate.waves.resources import UNLIMITED

__all__ = ["lower_bound"]

_STEPS = 60
_LARGEST = 4_000_000  # groups × waves × steps are what it takes; beyond this it is not worth the time


def lower_bound(problem: Problem, allowed: NDArray[np.bool_], terms: ObjectiveTerms) -> tuple[float, str]:
    """The bound in USD, and how it came about.

    Parameters
    ----------
    problem
        The problem.
    allowed
        Groups × waves.
    terms
        Cost of a known plan: its total sets the length of the steps, its terms say where the gap is.
    """
    waves, prices, group = problem.waves, problem.prices, problem.group
    day = problem.day[:waves]
    own = prices.run[:, :waves] + prices.dated[:, :waves] + prices.kept_usd_day[:, None] * (problem.day[-1] - day)[None, :]
    alone = prices.settling * prices.learning[-1] * prices.risk_weight
    alone[:1] = prices.settling[:1] * prices.learning[0] * prices.risk_weight  # nothing was done before the first wave
    own = own + prices.loss_usd[:, None] * alone[None, :]
    cost = np.zeros((problem.groups, waves))
    np.add.at(cost, group, own)
    cost[~allowed] = np.inf
    placed = _assignment_bound(problem, cost, terms.total)
    overhead = prices.wave_usd * _fewest_waves(problem) + _programme_bound(problem, allowed)
    sites = float(prices.site_usd.sum()) + _site_bound(problem, allowed)
    gaps = {
        "double run and risk": terms.double_run + terms.risk - placed,
        "site exits": terms.site_exit - sites,
        "the number of waves and their last date": terms.wave_overhead - overhead,
        "split dependencies and soft rules": terms.split + terms.soft_rules,
    }
    where, most = max(gaps.items(), key=lambda item: item[1])
    whole = sum(gaps.values())
    share = f"; {most / whole:.0%} of the gap lies in {where}" if whole > 0 else ""
    reason = f"Lagrangian relaxation of the capacities, with the fewest waves and the earliest site exits{share}"
    return round(placed + overhead + sites, 2), reason


def _assignment_bound(problem: Problem, cost: NDArray[np.float64], upper: float) -> float:
    limited = np.flatnonzero((problem.capacity < UNLIMITED).all(axis=0) & (problem.group_load.sum(axis=0) > 0))
    scale = np.maximum(problem.group_load[:, limited].mean(axis=0), 1.0)
    load, capacity = problem.group_load[:, limited] / scale, problem.capacity[:, limited] / scale
    price = np.zeros_like(capacity)
    best, step = -np.inf, 1.0
    rows = np.arange(len(cost))
    for number in range(_STEPS if cost.size <= _LARGEST else 1):
        reduced = cost + load @ price.T if number else cost
        chosen = np.argmin(reduced, axis=1)
        value = float(reduced[rows, chosen].sum() - (price * capacity).sum())
        if value > best:
            best = value
        else:
            step *= 0.8
        slope = np.negative(capacity)
        np.add.at(slope, chosen, load)
        norm = float((slope**2).sum())
        if norm == 0.0:
            break
        price = np.maximum(price + step * max(upper - value, 1.0) * 0.05 / norm * slope, 0.0)
    return best


def _fewest_waves(problem: Problem) -> int:
    fewest = 0
    for column in range(len(problem.resources)):
        need = int(problem.load[:, column].sum())
        largest = np.sort(np.minimum(problem.capacity[:, column], UNLIMITED))[::-1].cumsum()
        fewest = max(fewest, int(np.searchsorted(largest, need)) + 1 if need else 0)
    return min(fewest, problem.waves)


def _programme_bound(problem: Problem, allowed: NDArray[np.bool_]) -> float:
    """The programme's cost until the day on which the capacities could have held everything at the earliest."""
    everyone = np.arange(problem.groups)
    return problem.prices.programme_usd_day * float(problem.day[_earliest_end(problem, allowed, everyone)])


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
