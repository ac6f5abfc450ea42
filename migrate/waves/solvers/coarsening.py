"""Pairs that exchange most become one group: half the problem, in which a whole cluster moves in one step."""

from __future__ import annotations

import numpy as np
from numba import njit
from numpy.typing import NDArray

from migrate.waves.kernels.core import NEAR, Core

__all__ = ["couples"]

_SHARE = 0.1  # of a mean wave that a couple may load at most: coarser grains leave no room to fill waves with


@njit(cache=True)
def _matched(
    at: np.ndarray,
    near: np.ndarray,
    weight: np.ndarray,
    load: np.ndarray,
    limit: np.ndarray,
    allowed: np.ndarray,
    order: np.ndarray,
) -> np.ndarray:
    """The partner of each group, itself where it has none: in the given order, the free one that it exchanges most with."""
    partner = np.full(len(order), -1)
    for g in order:
        if partner[g] >= 0:
            continue
        best, most = g, 0.0
        for k in range(at[g, NEAR], at[g + 1, NEAR]):
            h = near[k]
            fits = partner[h] < 0 and h != g and weight[k] > most
            for r in range(load.shape[1]):
                fits = fits and load[g, r] + load[h, r] <= limit[r]
            if fits and np.any(allowed[g] & allowed[h]):
                best, most = h, weight[k]
        partner[g], partner[best] = best, g
    return partner


def couples(core: Core, rng: np.random.Generator) -> NDArray[np.int64]:
    """A label for each group, the same for both of a couple.

    Heavy-edge matching: Karypis and Kumar, SIAM J. Scientific Computing 20, 1998.
    """
    limit = np.floor(core.capacity.mean(axis=0) * _SHARE).astype(np.int64)
    order = rng.permutation(len(core.load))
    partner = _matched(core.at, core.near, core.near_usd_day, core.load, limit, core.allowed, order)
    first = np.minimum(partner, np.arange(len(partner)))
    return np.unique(first, return_inverse=True)[1].astype(np.int64)
