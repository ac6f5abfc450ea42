"""How many servers each tier of each application gets, so that the sample has exactly the size asked for."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

__all__ = ["TIERS", "servers_by_tier"]

TIERS = ("web", "app", "db")
_LARGEST_APPLICATION = 140  # servers; real ones are split before they move
_REFERENCE = 2_600


def servers_by_tier(apps: pl.DataFrame, servers: int) -> pl.DataFrame:
    """Columns app, tier (index into `TIERS`) and count, summing to `servers`, at least one server an application.

    Applications of the whole health system grow with the square root of its size; the rest of the growth is hospitals.
    """
    weights = apps.select([f"{tier}_servers" for tier in TIERS]).to_numpy().astype(np.float64)
    growth = max(1.0, servers / _REFERENCE) ** 0.5
    common = (apps["hospital"] < 0).to_numpy()
    weights[common] *= growth
    weights *= np.minimum(1.0, _LARGEST_APPLICATION / weights.sum(axis=1))[:, None]
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
