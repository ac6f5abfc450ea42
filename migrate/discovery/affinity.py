"""How strongly servers belong together by their traffic, without what everybody uses."""

from __future__ import annotations

import polars as pl

from migrate.discovery.ports import INFRASTRUCTURE
from migrate.discovery.traffic import Traffic

__all__ = ["affinity", "by_application"]


def affinity(traffic: Traffic, shared: pl.DataFrame, home: pl.DataFrame) -> pl.DataFrame:
    """Pairs of servers with a weight, each pair in both orders.

    The weight grows with the square root of connections and of megabytes, so that one bulk copy does not outweigh a
    month of sessions, and is divided by the number of applications that use the same port of the provider: an interface
    says little about who belongs to it, a private database much. Infrastructure uses and shared servers are left out.
    Whole numbers, so that sums do not depend on order.

    Parameters
    ----------
    home
        Columns ``server_id`` and ``application``: what is declared.

    Returns
    -------
    Columns ``server_id``, ``partner_id``, ``weight`` and ``full``: the weight before the division.
    """
    apart = shared["server_id"].implode()
    edges = traffic.internal.filter(
        ~pl.col("use").is_in(INFRASTRUCTURE) & ~pl.col("consumer_id").is_in(apart) & ~pl.col("provider_id").is_in(apart)
    )
    endpoint = ["provider_id", "protocol", "port"]
    users = (
        edges.join(home.select(consumer_id="server_id", application="application"), on="consumer_id")
        .group_by(endpoint)
        .agg(users=pl.col("application").n_unique())
    )
    edges = edges.join(users, on=endpoint, how="left")
    megabytes = (pl.col("bytes_out") + pl.col("bytes_in")) / 1e6
    size = 100 * pl.col("connections").sqrt() + 10 * megabytes.sqrt()
    weight = (size / pl.col("users").fill_null(1).clip(1)).round().cast(pl.Int64) + 1
    edges = edges.select("consumer_id", "provider_id", weight=weight, full=size.round().cast(pl.Int64) + 1)
    both = pl.concat(
        [
            edges.select(server_id="consumer_id", partner_id="provider_id", weight="weight", full="full"),
            edges.select(server_id="provider_id", partner_id="consumer_id", weight="weight", full="full"),
        ]
    )
    return both.group_by("server_id", "partner_id").agg(pl.col("weight", "full").sum()).sort("server_id", "partner_id")


def by_application(pairs: pl.DataFrame, home: pl.DataFrame) -> pl.DataFrame:
    """Weight of each server with each application its partners belong to.

    Columns ``server_id``, ``application``, ``weight``, ``full`` and ``partners`` (servers); each server's heaviest first.

    Parameters
    ----------
    home
        Columns ``server_id`` and ``application``; partners that are not in it do not count.
    """
    return (
        pairs.join(home.select(partner_id="server_id", application="application"), on="partner_id")
        .group_by("server_id", "application")
        .agg(pl.col("weight", "full").sum(), partners=pl.len())
        .sort("server_id", "weight", "application", descending=[False, True, False])
    )
