"""What a group of servers is called that nobody has named."""

from __future__ import annotations

import polars as pl

from migrate.discovery.naming import sensible_label

__all__ = ["community_names"]

_ALIKE = 0.4  # share of the members whose names have the same core, for the core to name them all


def community_names(communities: pl.DataFrame, internal: pl.DataFrame, servers: pl.DataFrame) -> pl.DataFrame:
    """Name each community after the core that its servers' names share, or after the server that most of them use.

    Parameters
    ----------
    communities
        As `applications_by_traffic` returns them.
    internal
        As `Traffic.internal`.
    servers
        Columns ``server_id``, ``name`` and ``core`` (as `name_keys` returns it).

    Returns
    -------
    Columns ``server_id`` and ``label``, sorted by server. No two communities have the same label: where names would
    agree, those after the first, in the order of their numbers, carry a number.
    """
    members = communities.select("server_id", "community").join(servers, on="server_id")
    size = pl.len().over("community")
    core = (
        members.drop_nulls("core")
        .group_by("community", "core")
        .agg(alike=pl.len())
        .sort("community", "alike", "core", descending=[False, True, False])
        .unique("community", keep="first", maintain_order=True)
    )
    busiest = _busiest(members, internal)
    labels = (
        members.select("community", size=size)
        .unique()
        .join(core, on="community", how="left")
        .join(busiest, on="community", how="left")
        .sort("community")
        .with_columns(
            wanted=pl.when((pl.col("alike") > 1) & (pl.col("alike") >= _ALIKE * pl.col("size")))
            .then(sensible_label(pl.col("core")))
            .otherwise(pl.format("{} and {} more", sensible_label(pl.col("name")), pl.col("size") - 1))
        )
        .with_columns(again=pl.int_range(pl.len()).over("wanted") + 1)
        .select(
            "community",
            label=pl.when(pl.col("again") > 1).then(pl.format("{} ({})", "wanted", "again")).otherwise("wanted"),
        )
    )
    return members.join(labels, on="community").select("server_id", "label").sort("server_id")


def _busiest(members: pl.DataFrame, internal: pl.DataFrame) -> pl.DataFrame:
    """Columns ``community`` and ``name`` of the member that most members use; the first by name among equals."""
    home = members.select("server_id", "community")
    used = (
        internal.select("consumer_id", "provider_id")
        .join(home.rename({"server_id": "consumer_id", "community": "of"}), on="consumer_id")
        .join(home.rename({"server_id": "provider_id"}), on="provider_id")
        .filter(pl.col("of") == pl.col("community"))
        .group_by(server_id="provider_id")
        .agg(users=pl.col("consumer_id").n_unique())
    )
    return (
        members.join(used, on="server_id", how="left")
        .sort("community", pl.col("users").fill_null(0), "name", "server_id", descending=[False, True, False, False])
        .unique("community", keep="first", maintain_order=True)
        .select("community", "name")
    )
