"""How strongly servers belong together by their traffic, without what everybody uses."""

from __future__ import annotations

import polars as pl

from migrate.discovery.ports import INFRASTRUCTURE
from migrate.discovery.server_dependencies import Traffic

__all__ = ["affinity", "by_application"]


def affinity(traffic: Traffic, shared: pl.DataFrame) -> pl.DataFrame:
    """Pairs of servers with a weight, each pair in both orders.

    The weight grows with the square root of connections and of megabytes, so that one bulk copy does not outweigh a
    month of sessions. Infrastructure uses and shared servers say nothing about membership and are left out. Whole
    numbers, so that sums do not depend on order.

    Returns
    -------
    Columns ``server_id``, ``partner_id``, ``weight``.
    """
    apart = shared["server_id"].implode()
    edges = traffic.internal.filter(
        ~pl.col("use").is_in(INFRASTRUCTURE) & ~pl.col("consumer_id").is_in(apart) & ~pl.col("provider_id").is_in(apart)
    )
    megabytes = (pl.col("bytes_out") + pl.col("bytes_in")) / 1e6
    weight = (100 * pl.col("connections").sqrt() + 10 * megabytes.sqrt()).round().cast(pl.Int64) + 1
    edges = edges.select("consumer_id", "provider_id", weight=weight)
    both = pl.concat(
        [
            edges.select(server_id="consumer_id", partner_id="provider_id", weight="weight"),
            edges.select(server_id="provider_id", partner_id="consumer_id", weight="weight"),
        ]
    )
    return both.group_by("server_id", "partner_id").agg(pl.col("weight").sum()).sort("server_id", "partner_id")


def by_application(pairs: pl.DataFrame, home: pl.DataFrame) -> pl.DataFrame:
    """Weight of each server with each application its partners belong to (``server_id``, ``application``, ``weight``).

    Parameters
    ----------
    home
        Columns ``server_id`` and ``application``; partners that are not in it do not count.
    """
    return (
        pairs.join(home.select(partner_id="server_id", application="application"), on="partner_id")
        .group_by("server_id", "application")
        .agg(pl.col("weight").sum(), partners=pl.len())
        .sort("server_id", "weight", "application", descending=[False, True, False])
    )
