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
    One row per server, direction (``serves`` or ``uses``) and service: columns ``server_id``, ``direction``, ``service``
    and ``peers``, the number of servers at the other end. Sorted. What a server says to itself is left out.
    """
    service = pl.when(pl.col("port") > 0).then(pl.format("{}/{}", "protocol", "port")).otherwise(pl.col("protocol"))
    edges = (
        internal.filter(pl.col("consumer_id") != pl.col("provider_id"))
        .select("consumer_id", "provider_id", service=service)
        .unique()
    )
    sides = [("serves", "provider_id"), ("uses", "consumer_id")]
    return pl.concat(
        [
            edges.group_by("service", server_id=side).agg(peers=pl.len().cast(pl.Int64)).with_columns(direction=pl.lit(name))
            for name, side in sides
        ]
    ).select("server_id", "direction", "service", "peers").sort("server_id", "direction", "service")  # fmt: skip


def matrix(rows: pl.DataFrame, servers: pl.Series) -> sparse.csr_matrix:
    """Build a 0/1 matrix of `servers` (sorted) by what at least two of them have in common.

    A service has a column for one peer or more, for two or more, four, eight and so on: what many ask for is more surely
    a service of the server than what one did, and how many do is part of the role; so for what it uses.
    """
    level = (pl.col("peers").log(2) + 1e-9).floor().cast(pl.Int64)
    cells = (
        rows.join(pl.DataFrame({"server_id": servers, "row": np.arange(len(servers))}), on="server_id")
        .select("row", "direction", "service", level=pl.int_ranges(level + 1))
        .explode("level", empty_as_null=False, keep_nulls=False)
        .filter(pl.len().over("direction", "service", "level") > 1)
        .with_columns(column=pl.struct("direction", "service", "level").rank("dense").cast(pl.Int64) - 1)
    )
    shape = (len(servers), cells["column"].n_unique())
    ones = np.ones(cells.height, dtype=np.int64)
    return sparse.csr_matrix((ones, (cells["row"].to_numpy(), cells["column"].to_numpy())), shape=shape)
