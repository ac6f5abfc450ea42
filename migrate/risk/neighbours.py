"""Dependency columns of the evidence frame: who needs an application, and what it needs, as counts."""

from __future__ import annotations

import ipaddress

import polars as pl

from migrate.model.stages import Discovery

__all__ = ["CLEARTEXT_PORTS", "neighbours"]

#: Ports of protocols without encryption of their own: FTP, Telnet, TFTP, rlogin, rsh, and HL7 v2 over MLLP.
CLEARTEXT_PORTS = ("tcp/21", "tcp/23", "udp/69", "tcp/513", "tcp/514", "tcp/2575")

#: Addresses of users, branches and carriers' networks (RFC 1918, 6598, 3927, 4193): outside the estate, yet no partner.
_INTERNAL = tuple(
    ipaddress.ip_network(cidr)
    for cidr in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "169.254.0.0/16", "127.0.0.0/8", "fc00::/7")
)

_SCHEMA = {
    "consumer": pl.String,
    "provider": pl.String,
    "external": pl.Boolean,
    "hard": pl.Boolean,
    "connections_day": pl.Float64,
    "in_cycle": pl.Boolean,
    "cleartext": pl.Boolean,
    "partner": pl.Boolean,
    "severed": pl.Boolean,
    "split_usd_day": pl.Float64,
}


def neighbours(discovery: Discovery, frame: pl.DataFrame) -> pl.DataFrame:
    """One row per application of `frame`, which has `main_site`, `move_group`, `mainframes` and `stays` already."""
    unencrypted = frozenset(CLEARTEXT_PORTS)
    outside = {name for d in discovery.dependencies if d.external for name in (d.consumer, d.provider)}
    partners = {name for name in outside if _is_public(name)}
    table = pl.DataFrame(
        [
            (
                d.consumer,
                d.provider,
                d.external,
                d.strength == "hard",
                d.connections_day,
                d.in_cycle,
                bool(unencrypted & {*d.ports}),
                d.external and (d.consumer in partners or d.provider in partners),
                d.severed is not None,
                d.split_usd_day,
            )
            for d in discovery.dependencies
        ],
        schema=_SCHEMA,
        orient="row",
    )
    both_ways = pl.concat(
        [
            table.rename({"consumer": "application", "provider": "other"}).with_columns(needs=pl.lit(value=True)),
            table.rename({"provider": "application", "consumer": "other"}).with_columns(needs=pl.lit(value=False)),
        ],
        how="diagonal",
    )
    known = frame.select(
        pl.col("application"),
        pl.col("main_site"),
        pl.col("move_group"),
        (pl.col("mainframes") > 0).alias("mainframe"),
        pl.col("stays"),
    )
    edges = (
        both_ways.join(known.drop("mainframe", "stays"), on="application")
        .join(known.rename({"application": "other"}), on="other", how="left", suffix="_other")
        .with_columns(apart=~pl.col("external") & (pl.col("move_group") != pl.col("move_group_other")).fill_null(value=True))
    )
    counted = edges.group_by("application").agg(**_counts())
    observed = discovery.observed_days > 0
    columns = [name for name in counted.columns if name != "application"]
    return (
        frame.select("application")
        .join(counted, on="application", how="left")
        .with_columns(dependencies_known=pl.col("dependencies").is_not_null() | pl.lit(observed), observed=pl.lit(observed))
        .with_columns(pl.col(columns).fill_null(0))
    )


def _is_public(name: str) -> bool:
    """Whether an external party, such as "external 203.0.113.0/24", is in no network of the organisation's own."""
    try:
        network = ipaddress.ip_network(name.rpartition(" ")[2], strict=False)
    except ValueError:
        return False
    if isinstance(network, ipaddress.IPv4Network):
        return not any(network.subnet_of(own) for own in _INTERNAL if isinstance(own, ipaddress.IPv4Network))
    return not any(network.subnet_of(own) for own in _INTERNAL if isinstance(own, ipaddress.IPv6Network))


def _counts() -> dict[str, pl.Expr]:
    inside, hard, needs = ~pl.col("external"), pl.col("hard"), pl.col("needs")
    others = pl.col("other")

    def count(condition: pl.Expr) -> pl.Expr:
        return others.filter(condition.fill_null(value=False)).n_unique().cast(pl.Int64)

    return {
        "dependencies": pl.len().cast(pl.Int64),
        "consumers": count(inside & ~needs),
        "providers": count(inside & needs),
        "cycles": count(pl.col("in_cycle")),
        "partners": count(pl.col("partner")),
        "cross_site": count(inside & hard & (pl.col("main_site") != pl.col("main_site_other"))),
        "mainframe_providers": count(inside & needs & pl.col("mainframe")),
        "staying_neighbours": count(inside & hard & pl.col("stays")),
        "cleartext_links": count(pl.col("apart") & pl.col("cleartext")),
        "severed": pl.col("severed").sum().cast(pl.Int64),
        "severed_usd_day": pl.col("split_usd_day").sum(),
        "busiest_apart": pl.col("connections_day").filter(pl.col("apart") & hard).max().fill_null(0.0),
    }
