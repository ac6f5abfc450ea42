"""Plain simulated annealing of the wave problem: the baseline of `benchmarks.waves`, and nothing of the product's search.

Groups go to a random wave of their window or to that of a neighbour, or two groups change places; overloads and pairs in the
wrong order cost a multiple of the temperature's start; it cools geometrically. The caller sweeps the start temperature.
"""

from __future__ import annotations

import time

import numpy as np
from numba import njit
from numpy.typing import NDArray

from migrate.waves.kernels.core import NEAR, PRIOR, Core

__all__ = ["anneal_plainly"]

_BATCH = 40  # proposals a group between two temperatures
_END = 1e-3  # last temperature, of the first one
_PENALTY = 10.0  # of a mean load too much or a pair the wrong way, in first temperatures


@njit(cache=True)
def _cost(core: Core, wave: np.ndarray, used: np.ndarray) -> tuple[float, float]:
    cost, broken = 0.0, 0.0
    used[:] = 0
    for g in range(len(wave)):
        used[wave[g]] += core.load[g]
        for k in range(core.at[g, NEAR], core.at[g + 1, NEAR]):
            cost += 0.5 * core.near_usd_day[k] * core.far[wave[g], wave[core.near[k]]]
        for k in range(core.at[g, PRIOR], core.at[g + 1, PRIOR]):
            broken += 1.0 if core.prior_side[k] > 0 and wave[g] > wave[core.prior[k]] else 0.0
    for w in range(used.shape[0]):
        for r in range(used.shape[1]):
            broken += max(used[w, r] - core.capacity[w, r], 0) * core.per_load[r]
    return cost, broken


@njit(cache=True)
def _shift(
    near_at: np.ndarray,
    near: np.ndarray,
    weight: np.ndarray,
    prior: np.ndarray,
    side: np.ndarray,
    far: np.ndarray,
    wave: np.ndarray,
    g: int,
    old: int,
    new: int,
) -> tuple[float, float]:
    cost, broken = 0.0, 0.0
    for k in range(near_at[g, NEAR], near_at[g + 1, NEAR]):
        cost += weight[k] * (far[new, wave[near[k]]] - far[old, wave[near[k]]])
    for k in range(near_at[g, PRIOR], near_at[g + 1, PRIOR]):
        w = wave[prior[k]]
        if side[k] > 0:
            broken += (1.0 if new > w else 0.0) - (1.0 if old > w else 0.0)
        else:
            broken += (1.0 if w > new else 0.0) - (1.0 if w > old else 0.0)
    return cost, broken


@njit(cache=True)
def _batch(
    core: Core, wave: np.ndarray, used: np.ndarray, best: np.ndarray, sums: np.ndarray, heat: float, price: float, steps: int
) -> None:
    at, near, weight, prior, side, far = core.at, core.near, core.near_usd_day, core.prior, core.prior_side, core.far
    load, capacity, per_load, allowed = core.load, core.capacity, core.per_load, core.allowed
    groups, waves = allowed.shape
    for _ in range(steps):
        g = np.random.randint(groups)
        old = wave[g]
        begin, end = at[g, NEAR], at[g + 1, NEAR]
        if end > begin and np.random.random() < 0.5:
            new = int(wave[near[np.random.randint(begin, end)]])
        else:
            new = np.random.randint(waves)
        h = np.random.randint(groups) if np.random.random() < 0.3 else -1
        if h >= 0:
            new = int(wave[h])
        if new == old or not allowed[g, new] or (h >= 0 and not allowed[h, old]):
            continue
        cost, broken = _shift(at, near, weight, prior, side, far, wave, g, old, new)
        if h >= 0:
            wave[g] = new
            more, worse = _shift(at, near, weight, prior, side, far, wave, h, new, old)
            cost, broken = cost + more, broken + worse
            wave[g] = old
        for r in range(load.shape[1]):
            size = load[g, r] - (load[h, r] if h >= 0 else 0)
            there, here = used[new, r] - capacity[new, r], used[old, r] - capacity[old, r]
            broken += (max(there + size, 0) - max(there, 0) + max(here - size, 0) - max(here, 0)) * per_load[r]
        total = cost + price * broken
        if total > 0.0 and (heat <= 0.0 or np.random.random() >= np.exp(-total / heat)):
            continue
        wave[g] = new
        used[old] -= load[g]
        used[new] += load[g]
        if h >= 0:
            wave[h] = old
            used[new] -= load[h]
            used[old] += load[h]
        sums[0] += cost
        sums[1] += broken
        if sums[1] < 1e-9 and sums[0] < sums[2] - 1e-6:
            sums[2] = sums[0]
            best[:] = wave


@njit(cache=True)
def _seed(seed: int) -> None:
    np.random.seed(seed)


def anneal_plainly(
    core: Core, start: NDArray[np.int32], hot: float, seconds: float, seed: int
) -> tuple[NDArray[np.int32], float]:
    """Cool once from `hot`; returns the best feasible assignment and its cost (inf: none). Time of this thread's CPU."""
    _seed(seed)
    wave, best = start.copy(), start.copy()
    used = np.zeros_like(core.capacity)
    cost, broken = _cost(core, wave, used)
    sums = np.array([cost, broken, np.inf if broken > 1e-9 else cost])
    began, share = time.thread_time(), 0.0
    while share < 1.0:
        heat = hot * _END**share
        _batch(core, wave, used, best, sums, heat, _PENALTY * hot, _BATCH * len(wave))
        sums[0], sums[1] = _cost(core, wave, used)
        share = (time.thread_time() - began) / seconds
    _batch(core, wave, used, best, sums, 0.0, _PENALTY * hot, _BATCH * len(wave))
    return best, float(sums[2])
