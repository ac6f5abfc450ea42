"""IP addresses, network names and MAC addresses."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from migrate.sample.randomness import stream

__all__ = ["dotted", "draw_addresses"]

_FIRST_OCTETS = (16, 96)  # 10.16.0.0 on in the north, 10.96.0.0 on in the south: over a million servers each
_IN_SUBNET = 240  # addresses .10 to .249 of each /24


def dotted(octets: NDArray[np.int64]) -> pl.Series:
    """Addresses as text from an array of shape (n, 4)."""
    columns = pl.DataFrame(octets, schema=["a", "b", "c", "d"])
    return columns.select(pl.concat_str(pl.all(), separator=".")).to_series()


def draw_addresses(frame: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Add ``ip``, ``network`` (port group), ``mac`` and, on some database servers, ``backup_ip`` of a second interface."""
    rng = stream(seed, "addresses")
    site = frame["site"].to_numpy()
    order = frame.select(pl.int_range(pl.len()).over("site")).to_series().to_numpy()
    net, inside = np.divmod(order, _IN_SUBNET)
    first = np.array(_FIRST_OCTETS)[site] + net // 256
    octets = np.stack([np.full_like(first, 10), first, net % 256, inside + 10], axis=1)
    second = (frame["tier"] == 2).to_numpy() & (rng.random(frame.height) < 0.35)
    backup = octets.copy()
    backup[:, 0], backup[:, 1] = 172, 16 + first % 16  # not unique beyond two million servers, which no sample has
    unique = net // 256 < 8
    mac = rng.integers(0, 1 << 24, frame.height)
    digits = pl.Series(np.char.mod("%06x", mac)) if frame.height else pl.Series([], dtype=pl.String)
    prefix = pl.lit("00:50:56:")
    return frame.with_columns(
        ip=dotted(octets),
        backup_ip=pl.when(pl.Series(second & unique)).then(dotted(backup)),
        network=pl.concat_str(
            pl.when(pl.col("site") == 0).then(pl.lit("dvpg-n-")).otherwise(pl.lit("dvpg-s-")),
            pl.when(pl.col("tier") == 2)
            .then(pl.lit("data-"))
            .when(pl.col("tier") == 0)
            .then(pl.lit("dmz-"))
            .otherwise(pl.lit("srv-")),
            pl.Series(net).cast(pl.String),
        ),
        mac=pl.concat_str(
            prefix, digits.str.slice(0, 2), pl.lit(":"), digits.str.slice(2, 2), pl.lit(":"), digits.str.slice(4, 2)
        ),
    )
