"""Which edges speak of an application: learned from the data, from how edges inside groups differ from those between them.

An estate where volume tells nothing, or where ports are opaque, is treated as such; one where everything within an
application talks on few ports and much is told apart better at each turn.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

__all__ = ["InsideEvidence"]

_QUANTILES = 12
_STEPS = 2  # classes for each doubling of a count
_MOST = 24
_COMMON_PORT = 0.001  # share of all rows that makes a port a class of its own
_FEW = 20.0  # edges by which a class is drawn to the mean of all
#: Exponent of each feature's likelihood ratio: the features depend on each other, so that their product says too much.
_TRUST = 0.7
_LEAST = 0.02  # of a weight: no edge is quite without meaning


class InsideEvidence:
    """Pairs of servers, and features by which pairs of one application may differ from others.

    Parameters
    ----------
    edges
        Columns ``consumer``, ``provider`` (numbers), ``protocol``, ``port``, ``bytes``, ``connections``.

    Attributes
    ----------
    one, other
        The pairs, smaller number first, sorted.
    """

    def __init__(self, edges: pl.DataFrame) -> None:
        # Several numbers as one: whoever groups and sorts ten millions by one number needs a third of the time.
        port = pl.col("protocol").cast(pl.UInt64) * 2**17 + pl.col("port").cast(pl.UInt64)
        ends = [pl.col(end).cast(pl.UInt64) for end in ("consumer", "provider")]
        edges = edges.select(
            "port",
            "bytes",
            "connections",
            service=port,
            offer=ends[1] * 2**32 + port,
            pair=pl.min_horizontal(ends) * 2**32 + pl.max_horizontal(ends),
            up=ends[0] < ends[1],
        )
        common = pl.len().over("service") > max(_FEW, _COMMON_PORT * edges.height)
        pairs = (
            edges.with_columns(users=pl.len().over("offer"), common=pl.when(common).then("port").otherwise(-1))
            .group_by("pair")
            .agg(
                pl.col("users", "common").min(),
                pl.col("bytes", "connections").sum(),
                rows=pl.len().clip(upper_bound=4),
                ways=1 + (pl.col("up").max() != pl.col("up").min()).cast(pl.Int8),
            )
            .sort("pair")
        )
        self.one, self.other = (
            pairs.select(end.cast(pl.Int32))["pair"].to_numpy() for end in (pl.col("pair") // 2**32, pl.col("pair") % 2**32)
        )
        self._fixed: list[NDArray[np.integer]] = [
            _doublings(pairs["users"].to_numpy()),
            _quantiles(pairs["bytes"]),
            _quantiles(pairs["connections"]),
            (pairs["common"].rank("dense") - 1).cast(pl.Int16).to_numpy(),
            pairs.select(kind=2 * pl.col("rows").cast(pl.Int8) + pl.col("ways").cast(pl.Int8))["kind"].to_numpy(),
        ]

    def weights(self, group: NDArray[np.int32], counted: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Probability that each pair lies inside an application, as far as the features tell (naive Bayes).

        Parameters
        ----------
        group
            Of each server.
        counted
            Pairs from which to learn: those without a server that serves everybody.
        """
        one, other = self.one[counted], self.other[counted]
        partners = np.bincount(one, minlength=len(group)) + np.bincount(other, minlength=len(group))
        ends = partners[self.one], partners[self.other]
        features = [*self._fixed, _doublings(np.maximum(*ends)), _doublings(np.minimum(*ends))]
        same = group[one] == group[other]
        inside, outside = max(int(same.sum()), 1), max(int((~same).sum()), 1)
        mean = inside / (inside + outside)
        odds = np.full(len(self.one), np.log(inside / outside), dtype=np.float32)
        for feature in features:
            count = np.bincount(feature[counted], minlength=int(feature.max()) + 1)
            within = np.bincount(feature[counted], same, len(count))
            ratio = np.log((within + _FEW * mean) / inside) - np.log((count - within + _FEW * (1 - mean)) / outside)
            odds += (_TRUST * ratio).astype(np.float32)[feature]
        return np.maximum(1 / (1 + np.exp(-odds)), np.float32(_LEAST))


def _doublings(count: NDArray[np.integer]) -> NDArray[np.int8]:
    steps: NDArray[np.float64] = _STEPS * np.log2(np.maximum(count, 1))
    return np.minimum(steps, _MOST).astype(np.int8)


def _quantiles(volume: pl.Series) -> NDArray[np.int8]:
    """Class of equal frequency; equal volumes are in one class."""
    quantile = (volume.rank("min").cast(pl.Int64) - 1) * _QUANTILES // max(len(volume), 1)
    classes: NDArray[np.int8] = quantile.to_numpy().astype(np.int8)
    return classes
