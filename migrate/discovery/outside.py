"""Who outside the estate talks to it: partners, payers, SaaS, user networks. Firewall rules and egress to be planned."""

from __future__ import annotations

import polars as pl

from migrate.discovery.addresses import PRIVATE
from migrate.discovery.ends import ADDRESS
from migrate.discovery.networks import merged
from migrate.discovery.traffic import Traffic
from migrate.findings import Finding, Severity
from migrate.model.stages import OutsideParties
from migrate.units import BYTES_PER_GB, DAYS_PER_MONTH

__all__ = ["outside_parties", "with_parties"]

_KEY = ["network", "direction", "application"]
_NAMED = 5


def with_parties(traffic: Traffic, home: pl.DataFrame) -> pl.DataFrame:
    """`Traffic.external` with ``application`` (at the inner end), ``inbound``, ``server_id`` and ``network``.

    Networks are the smallest that flows tell apart (/24, or /48 of version 6); where both halves of a larger one use the same
    ports of the same application, the larger one takes their place: fewer firewall rules that say the same.

    Parameters
    ----------
    home
        Columns ``server_id`` and ``application``: one row per server.
    """
    rows = traffic.external.with_columns(
        server_id=pl.coalesce("consumer_id", "provider_id"),
        inbound=pl.col("consumer_id").is_null(),
        smallest=pl.coalesce("client_network", "server_network"),
    ).join(home.select("server_id", "application"), on="server_id")
    larger = merged(
        rows.group_by("application", "inbound", "smallest").agg(
            ports=pl.format("{}/{}", "protocol", "port").unique().sort().str.join(" ")
        )
    )
    return rows.join(larger, on=["application", "inbound", "smallest"], how="left")


def outside_parties(traffic: Traffic, home: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
    """The parties as `OutsideParties`, and one finding that sums them up.

    Parameters
    ----------
    home
        Columns ``server_id`` and ``application``: one row per server.
    """
    if traffic.external.is_empty():
        return OutsideParties.create_empty(), []
    days = max(traffic.observed_days, 1)
    direction = pl.when("inbound").then(pl.lit("inbound")).otherwise(pl.lit("outbound")).alias("direction")
    rows = with_parties(traffic, home).with_columns(direction, size=pl.col("bytes_out") + pl.col("bytes_in"))
    port = pl.when(pl.col("port") > 0).then(pl.format("{}/{}", "protocol", "port")).otherwise("protocol")
    ports = (
        rows.group_by(*_KEY, port=port)
        .agg(pl.col("size", "connections").sum())
        .sort("size", "connections", "port", descending=[True, True, False])
        .group_by(_KEY, maintain_order=True)
        .agg(ports="port")
    )
    egress = pl.when("inbound").then("bytes_in").otherwise("bytes_out")
    sums = rows.group_by(_KEY).agg(
        servers=pl.col("server_id").n_unique(),
        bytes_day=pl.col("size").sum() / days,
        egress_gb_month=egress.sum() * DAYS_PER_MONTH / days / BYTES_PER_GB,
        connections_day=pl.col("connections").sum() / days,
    )
    found = sums.join(ports, on=_KEY).join(_addresses(traffic, rows), on=_KEY)
    found = OutsideParties.cast(found.select(list(OutsideParties.columns())).sort(_KEY))
    return found, [_summed_up(found)]


def _addresses(traffic: Traffic, rows: pl.DataFrame) -> pl.DataFrame:
    """How many addresses each network showed, and of what kind it is."""
    place = rows.select("server_id", "inbound", "smallest", *_KEY).unique()
    hidden = traffic.parties["address"].is_in(list(traffic.hidden))
    parties = traffic.parties.with_columns(hidden=hidden).rename({"network": "smallest"})
    private = pl.col("network").str.contains(PRIVATE)
    kind = (
        pl.when(~pl.col("network").str.contains("/", literal=True) & ~pl.col("network").str.contains(ADDRESS))
        .then(pl.lit("name"))
        .when(pl.col("hidden") & private)
        .then(pl.lit("private behind NAT (suspected)"))
        .when(private)
        .then(pl.lit("private"))
        .otherwise(pl.lit("public"))
    )
    return (
        parties.join(place, on=["server_id", "inbound", "smallest"])
        .group_by(_KEY)
        .agg(addresses=pl.col("address").n_unique(), hidden=pl.col("hidden").any())
        .select(*_KEY, "addresses", kind=kind)
    )


def _summed_up(found: pl.DataFrame) -> Finding:
    by_network = found.group_by("network").agg(pl.col("bytes_day", "egress_gb_month").sum(), pl.col("kind").first())
    public = by_network.filter(pl.col("kind") == "public").height
    busiest = by_network.sort("bytes_day", "network", descending=[True, False])["network"].head(_NAMED).to_list()
    return Finding(
        code="outside-parties",
        severity=Severity.info,
        subject="outside parties",
        message=f"{by_network.height:,} networks and names outside the inventory ({public:,} public) exchange traffic with "
        f"{found['application'].n_unique():,} applications, which send them {found['egress_gb_month'].sum():,.1f} GB a month; "
        f"the busiest are {', '.join(busiest)}",
        remedy="Plan firewall rules and egress for them; add those that are servers of yours to the inventory.",
    )
