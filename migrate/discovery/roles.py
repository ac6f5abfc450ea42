"""Servers alike in role: database servers, web servers, batch clients, whatever application they belong to."""

from __future__ import annotations

import numpy as np
import polars as pl

from migrate.discovery.role_clusters import clusters_of
from migrate.discovery.role_names import described
from migrate.discovery.role_profiles import matrix, profiles
from migrate.model.stages import ServerRoles

__all__ = ["roles"]


def roles(internal: pl.DataFrame) -> pl.DataFrame:
    """Group servers by what they serve, and those that serve nothing that others serve too by what they use.

    What a server listens for is what it is there for; what it connects to depends on the application it works for.
    Port numbers are compared and never interpreted. How many roles there are follows from the data: servers are
    together where it is more likely that they are alike than that they are not (`migrate.discovery.role_clusters`).

    Parameters
    ----------
    internal
        Dependencies between servers: ``consumer_id``, ``provider_id``, ``protocol`` (text) and ``port``; what a server
        says to itself does not count, and other columns are not read.

    Returns
    -------
    `ServerRoles`, one row per server with traffic to or from another, sorted. A server that has nothing in common with
    any other is a role by itself. Does not depend on the order of rows.
    """
    profile = profiles(internal)
    if profile.is_empty():
        return ServerRoles.create_empty()
    members = _by_service(profile)
    words = described(profile, members)
    return ServerRoles.cast(
        members.join(words, on="role").select("server_id", "role_group", "reason").sort("server_id")
    )  # fmt: skip


def _by_service(profile: pl.DataFrame) -> pl.DataFrame:
    """Role number of each server and the direction in which its role is alike."""
    found = []
    left = profile["server_id"].unique().sort()
    for direction in ("serves", "uses"):
        rows = profile.filter((pl.col("direction") == direction) & pl.col("server_id").is_in(left.implode()))
        table = matrix(rows, left)
        shared = np.asarray(table.sum(axis=1)).ravel() > 0
        clusters = pl.DataFrame({"server_id": left, "cluster": clusters_of(table), "shared": shared})
        found.append(clusters.filter("shared").select("server_id", "cluster", direction=pl.lit(direction)))
        left = clusters.filter(~pl.col("shared"))["server_id"]
    alone = profile.filter(pl.col("server_id").is_in(left.implode())).group_by("server_id").agg(pl.col("direction").min())
    found.append(
        alone.sort("server_id").select("server_id", cluster=-1 - pl.int_range(pl.len(), dtype=pl.Int64), direction="direction")
    )
    return pl.concat(found).with_columns(role=pl.struct("direction", "cluster").rank("dense").cast(pl.Int64)).drop("cluster")
