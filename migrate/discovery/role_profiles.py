"""What each server serves and uses, as a matrix of servers by services."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy import sparse

__all__ = ["matrix", "profiles"]


def profiles(internal: pl.DataFrame) -> pl.DataFrame:
    """Services of each server, such as ``tcp/1433``, in both directions.

    Parameters
    ----------
    internal
        Dependencies between servers: ``consumer_id``, ``provider_id``, ``protocol`` (text) and ``port``.

    Returns
    -------
    One row per server, direction (``serves`` or ``uses``) and service: columns ``server_id`` and ``service`` (both Enum, in the
    order of their texts), ``direction`` and ``peers``, the number of servers at the other end. Sorted. What a server says to
    itself is left out.
    """
    between = internal.select("consumer_id", "provider_id", "protocol", "port").filter(
        pl.col("consumer_id") != pl.col("provider_id")
    )
    servers = pl.Enum(pl.concat([between["consumer_id"], between["provider_id"]]).unique().sort())
    edges = _with_services(between).with_columns(pl.col("consumer_id", "provider_id").cast(servers)).unique()
    sides = [("serves", "provider_id"), ("uses", "consumer_id")]
    return pl.concat(
        [
            edges.group_by("service", server_id=side).agg(peers=pl.len().cast(pl.Int64)).with_columns(direction=pl.lit(name))
            for name, side in sides
        ]
    ).select("server_id", "direction", "service", "peers").sort("server_id", "direction", "service")  # fmt: skip


def _with_services(between: pl.DataFrame) -> pl.DataFrame:
    """Name each service once, not once for each edge."""
    kinds = (
        between.select("protocol", "port")
        .unique()
        .with_columns(
            service=pl.when(pl.col("port") > 0).then(pl.format("{}/{}", "protocol", "port")).otherwise(pl.col("protocol"))
        )
    )
    kinds = kinds.with_columns(pl.col("service").cast(pl.Enum(kinds["service"].unique().sort())))
    return between.join(kinds, on=["protocol", "port"]).select("consumer_id", "provider_id", "service")


def matrix(rows: pl.DataFrame) -> sparse.csr_matrix:
    """Build a 0/1 matrix of the servers of `profiles`, in their order, by what at least two of them have in common.

    A service has a column for one peer or more, for two or more, four, eight and so on: what many ask for is more surely
    a service of the server than what one did, and how many do is part of the role; so for what it uses.
    """
    level = (pl.col("peers").log(2) + 1e-9).floor().cast(pl.Int64)
    cells = (
        rows.select("direction", "service", row=pl.col("server_id").to_physical(), level=pl.int_ranges(level + 1))
        .explode("level", empty_as_null=False, keep_nulls=False)
        .filter(pl.len().over("direction", "service", "level") > 1)
        .with_columns(column=pl.struct("direction", "service", "level").rank("dense").cast(pl.Int64) - 1)
    )
    shape = (rows["server_id"].n_unique(), cells["column"].n_unique())
    ones = np.ones(cells.height, dtype=np.int64)
    return sparse.csr_matrix((ones, (cells["row"].to_numpy(), cells["column"].to_numpy())), shape=shape)
