"""How many servers each tier of each application gets, so that the sample has exactly the size asked for."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

__all__ = ["TIERS", "servers_by_tier"]

TIERS = ("web", "app", "db")
_LARGEST_GROWN = 50  # servers to which an application of the health system may grow; real ones are split before they move
_ROOM = 1.25  # times its size in the reference estate that a larger one may always have
_REFERENCE = 2_600


def servers_by_tier(apps: pl.DataFrame, servers: int) -> pl.DataFrame:
    """Columns app, tier (index into `TIERS`) and count, summing to `servers`, at least one server an application.

    Applications of the whole health system grow slowly with its size; the rest of the growth is hospitals.
    """
    weights = apps.select([f"{tier}_servers" for tier in TIERS]).to_numpy().astype(np.float64)
    growth = max(1.0, servers / _REFERENCE) ** 0.25
    common = (apps["hospital"] < 0).to_numpy()
    largest = np.maximum(weights.sum(axis=1) * _ROOM, _LARGEST_GROWN)
    weights[common] *= growth
    for _ in range(60):  # what is cut from the largest goes to the others, which may then be too large in turn
        share = weights.sum(axis=1) * servers / weights.sum()
        if (share <= largest).all():
            break
        weights *= np.minimum(1.0, largest / share)[:, None]
    counts = _apportion(weights, servers)
    cells = np.argwhere(counts > 0)
    return pl.DataFrame({"app": cells[:, 0], "tier": cells[:, 1], "count": counts[cells[:, 0], cells[:, 1]]})


def _apportion(weights: NDArray[np.float64], total: int) -> NDArray[np.int64]:
    """Whole numbers near a multiple of `weights` that sum to `total`; each row has at least one."""
    counts = np.zeros(weights.shape, dtype=np.int64)
    main = np.where(weights[:, 1] > 0, 1, weights.argmax(axis=1))
    counts[np.arange(len(weights)), main] = 1
    left = total - int(counts.sum())
    rest = np.maximum(weights - counts, 0.0)
    share = rest / rest.sum() * left
    counts += share.astype(np.int64)
    missing = total - int(counts.sum())
    order = np.argsort(-(share - np.floor(share)), axis=None, kind="stable")[:missing]
    counts.ravel()[order] += 1
    return counts
