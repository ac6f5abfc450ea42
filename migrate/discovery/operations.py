"""Monitoring and backup, by one host that reaches, or is reached by, many on a port of that use."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from migrate.discovery.ports import LATENCY_BOUND
from migrate.discovery.traffic_rules import listed, recognised
from migrate.findings import Finding
from migrate.spec.flows import FlowRule

__all__ = ["operational"]

_RULES: tuple[FlowRule, ...] = ("monitoring", "backup")
# Planning values of this project.
_PARTNERS = 10  # a hub exchanges such traffic with so many servers
_CHECKED = 0.5  # of the servers that a hub reaches: a port that it reaches on so many of them is a check of the same system


def operational(
    internal: pl.DataFrame, external: pl.DataFrame, rules_off: Collection[FlowRule]
) -> tuple[pl.DataFrame, pl.DataFrame, list[Finding]]:
    """Settle which traffic is monitoring and backup.

    A port of such a use is what it says. Where one server reaches many on it, the other ports on which it reaches most of
    the same servers are of the same system (a check of a web page, a ping, an agent's second port). With the rule switched
    off, its ports are ordinary ports.

    Parameters
    ----------
    internal, external
        Of `Traffic`: ``use`` by the port alone.

    Returns
    -------
    The same with ``use`` settled, and what was recognised.
    """
    findings: list[Finding] = []
    for use in _RULES:
        if use in rules_off:
            plain = pl.when(pl.col("use") == use).then(pl.lit("application")).otherwise("use").alias("use")
            internal, external = internal.with_columns(plain), external.with_columns(plain)
            continue
        rows = internal.filter(pl.col("use") == use)
        out, into = _hubs(rows, "consumer_id", "provider_id"), _hubs(rows, "provider_id", "consumer_id")
        internal = _with_checks(internal, rows, out, use)
        hubs = (
            pl.concat([out, into]).group_by("hub").agg(pl.col("partners").max()).sort("partners", "hub", descending=[True, False])
        )
        of = internal.filter(pl.col("use") == use)
        seen = (
            f"{hubs.height:,} servers exchange it with many: {listed(hubs['hub'].to_list())}" if hubs.height else "by its ports"
        )
        both = [frame.select("records", "bytes_out", "bytes_in") for frame in (of, external.filter(pl.col("use") == use))]
        findings += recognised(use, pl.concat(both), seen)
    return internal, external, findings


def _hubs(rows: pl.DataFrame, hub: str, partner: str) -> pl.DataFrame:
    found = rows.group_by(hub=hub).agg(partners=pl.col(partner).n_unique())
    return found.filter(pl.col("partners") >= _PARTNERS)


def _with_checks(internal: pl.DataFrame, rows: pl.DataFrame, hubs: pl.DataFrame, use: str) -> pl.DataFrame:
    """Mark the ports on which a hub that reaches out reaches most of the same servers."""
    if hubs.is_empty():
        return internal
    watched = rows.join(hubs, left_on="consumer_id", right_on="hub").select("consumer_id", "provider_id", "partners").unique()
    others = internal.join(watched, on=["consumer_id", "provider_id"]).filter(
        (pl.col("use") != use) & ~pl.col("use").is_in(LATENCY_BOUND)
    )
    endpoint = ["consumer_id", "protocol", "port"]
    checks = (
        others.group_by(endpoint)
        .agg(reached=pl.len(), partners=pl.col("partners").first())
        .filter((pl.col("reached") >= _PARTNERS) & (pl.col("reached") >= _CHECKED * pl.col("partners")))
        .select(*endpoint, check=pl.lit(value=True))
    )
    if checks.is_empty():
        return internal
    pairs = watched.select("consumer_id", "provider_id", watched=pl.lit(value=True))
    marked = internal.join(checks, on=endpoint, how="left", maintain_order="left").join(
        pairs, on=["consumer_id", "provider_id"], how="left", maintain_order="left"
    )
    of = pl.when(pl.col("check") & pl.col("watched")).then(pl.lit(use)).otherwise("use").alias("use")
    return marked.with_columns(of).drop("check", "watched")
