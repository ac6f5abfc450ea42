"""Who outside the estate talks to it: partners, payers, SaaS, user networks. Firewall rules and egress to be planned."""

from __future__ import annotations

import polars as pl

from migrate.discovery.addresses import ADDRESS, PRIVATE, networks
from migrate.discovery.networks import merged
from migrate.discovery.traffic import Traffic
from migrate.findings import Finding, Severity
from migrate.model.estate import Estate
from migrate.model.stages import UNLISTED, OutsideParties
from migrate.units import BYTES_PER_GB, DAYS_PER_MONTH

__all__ = ["outside_parties", "own_networks", "with_parties"]

_KEY = ["network", "direction", "application"]
_NAMED = 5
_SHOWN = 5  # addresses by which one recognises a network


def own_networks(estate: Estate) -> pl.Series:
    """Private networks (/24, or /48 of version 6) in which servers of the estate stand or stood."""
    ips = pl.concat([estate.addresses["ip"], estate.leases["ip"]])
    return networks(ips.filter(ips.str.contains(PRIVATE)))["network"].unique().sort()


def with_parties(traffic: Traffic, home: pl.DataFrame, own: pl.Series) -> pl.DataFrame:
    """`Traffic.external` with ``application`` (at the inner end), ``inbound``, ``server_id``, ``network`` and ``unlisted``.

    Networks are the smallest that flows tell apart (/24, or /48 of version 6); where both halves of a larger one use the same
    ports of the same application, the larger one takes their place: fewer firewall rules that say the same. Those of the estate
    itself are merged among themselves only.

    Parameters
    ----------
    home
        Columns ``server_id`` and ``application``: one row per server.
    own
        As `own_networks` gives them.
    """
    rows = traffic.external.with_columns(
        server_id=pl.coalesce("consumer_id", "provider_id"),
        inbound=pl.col("consumer_id").is_null(),
        smallest=pl.coalesce("client_network", "server_network"),
    )
    rows = rows.with_columns(unlisted=pl.col("smallest").is_in(own.implode())).join(
        home.select("server_id", "application"), on="server_id"
    )
    larger = merged(
        rows.group_by("application", "inbound", "smallest").agg(
            ports=pl.format("{} {}/{}", "unlisted", "protocol", "port").unique().sort().str.join(" ")
        )
    )
    return rows.join(larger, on=["application", "inbound", "smallest"], how="left")


def outside_parties(traffic: Traffic, parties: pl.DataFrame) -> tuple[pl.DataFrame, list[Finding]]:
    """The parties as `OutsideParties`, unlisted ones last, most data first, and one finding that sums them up.

    Parameters
    ----------
    parties
        As `with_parties` gives them.
    """
    if parties.is_empty():
        return OutsideParties.create_empty(), []
    days = max(traffic.observed_days, 1)
    direction = pl.when("inbound").then(pl.lit("inbound")).otherwise(pl.lit("outbound")).alias("direction")
    rows = parties.with_columns(direction, size=pl.col("bytes_out") + pl.col("bytes_in"))
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
    found = found.sort(pl.col("kind") == UNLISTED, -pl.col("bytes_day"), -pl.col("connections_day"), *_KEY)
    found = OutsideParties.cast(found.select(list(OutsideParties.columns())))
    return found, [_summed_up(found)]


def _addresses(traffic: Traffic, rows: pl.DataFrame) -> pl.DataFrame:
    """How many addresses each network showed, which, and of what kind it is."""
    place = rows.select("server_id", "inbound", "smallest", "unlisted", *_KEY).unique()
    hidden = traffic.parties["address"].is_in(list(traffic.hidden))
    parties = traffic.parties.with_columns(hidden=hidden).rename({"network": "smallest"})
    private = pl.col("network").str.contains(PRIVATE)
    kind = (
        pl.when(~pl.col("network").str.contains("/", literal=True) & ~pl.col("network").str.contains(ADDRESS))
        .then(pl.lit("name"))
        .when(pl.col("hidden") & private)
        .then(pl.lit("private behind NAT (suspected)"))
        .when("unlisted")
        .then(pl.lit(UNLISTED))
        .when(private)
        .then(pl.lit("private"))
        .otherwise(pl.lit("public"))
    )
    return (
        parties.join(place, on=["server_id", "inbound", "smallest"])
        .group_by(_KEY)
        .agg(
            pl.col("hidden", "unlisted").any(),
            addresses=pl.col("address").n_unique(),
            some_addresses=pl.col("address").unique().sort().head(_SHOWN),
        )
        .select(*_KEY, "addresses", "some_addresses", kind=kind)
    )


def _summed_up(found: pl.DataFrame) -> Finding:
    by_network = found.group_by("network").agg(pl.col("bytes_day", "egress_gb_month").sum(), pl.col("kind").first())
    public, unlisted = (by_network.filter(pl.col("kind") == kind).height for kind in ("public", UNLISTED))
    busiest = by_network.sort("bytes_day", "network", descending=[True, False])["network"].head(_NAMED).to_list()
    ours = f", {unlisted:,} with servers of the estate beside hosts that the inventory lacks" if unlisted else ""
    applications = found["application"].n_unique()
    users = "1 application" if applications == 1 else f"{applications:,} applications"
    leaving = "which send them no known volume"
    if by_network["bytes_day"].sum() > 0:
        of_it = found.filter(pl.col("kind") == UNLISTED)["egress_gb_month"].sum()
        leaving = f"which send them {found['egress_gb_month'].sum():,.1f} GB a month"
        leaving += f" ({of_it:,.1f} GB of it to such hosts)" if unlisted else ""
    return Finding(
        code="outside-parties",
        severity=Severity.info,
        subject="outside parties",
        message=f"{by_network.height:,} networks and names outside the inventory ({public:,} public{ours}) exchange "
        f"traffic with {users}, {leaving}; the busiest are {', '.join(busiest)}",
        remedy="Plan firewall rules and egress for them; add those that are servers of yours to the inventory.",
    )
