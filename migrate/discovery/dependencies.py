"""Which application needs which: observed, declared, or both, with its ports, volume and strength."""

from __future__ import annotations

import polars as pl

from migrate.discovery.chattiness import round_trips_mb
from migrate.discovery.flows import DAYS
from migrate.discovery.services import services
from migrate.discovery.sources import source_names
from migrate.discovery.strength import judged
from migrate.discovery.traffic import Traffic, active_days, business_share
from migrate.model.stages import ApplicationDependencies
from migrate.units import BYTES_PER_GB

__all__ = ["EXTERNAL_OTHERS", "application_edges", "planned"]

_PORTS = 20  # that a dependency lists
_NETWORKS = 50  # external networks that an application's dependencies name, by traffic and direction
EXTERNAL_OTHERS = "external other addresses"

_ENDS = ("consumer_id", "provider_id")
_PAIR = ["consumer", "provider", "external"]
_SUMS = (
    "bytes_out", "bytes_in", "round_trips", "connections", "business_connections", "bytes_day_p95", "connections_day_p95",
)  # fmt: skip
_SPAN = ("first_seen", "last_seen")


def application_edges(
    traffic: Traffic, home: pl.DataFrame, parties: pl.DataFrame, further: pl.DataFrame, declared: pl.DataFrame
) -> pl.DataFrame:
    """One row per consumer and provider.

    Parameters
    ----------
    home
        Columns ``server_id``, ``application`` and ``doubted``: one row per server.
    parties
        As `migrate.discovery.outside.with_parties` gives them.
    further
        The same as `home` for declared memberships beside: those applications depend on the server's own.
    declared
        Columns ``consumer`` and ``provider`` of the CMDB.

    Returns
    -------
    The fields of `PlannedDependency` but `in_cycle`; also ``bytes``, ``connections`` (whole numbers over the observed days),
    ``consumers`` and ``providers`` (servers seen at each end), ``shares`` (servers of both), ``latency_bound`` (whether the
    busiest use waits for every answer), ``chatter`` (connections a day of that use) and ``weight`` (what a cut costs, for
    comparison).
    """
    detail = _observed(traffic, home, parties)
    observed = _per_pair(detail)
    shared = _shared_servers(home, further)
    said = declared.select("consumer", "provider", shares=pl.lit(0, dtype=pl.Int64))
    stated = pl.concat([said, shared]).unique(["consumer", "provider"], keep="last", maintain_order=True)
    stated = (
        stated.with_columns(stated=pl.lit(value=True))
        .filter(pl.col("consumer") != pl.col("provider"))
        .with_columns(external=pl.lit(value=False))
    )
    edges = observed.join(stated, on=_PAIR, how="full", coalesce=True)
    edges = edges.with_columns(
        pl.col("ports", "uses").fill_null([]),
        pl.col("bytes", *_SUMS, "active_days", "consumers", "providers", "sources").fill_null(0),
        shares=pl.col("shares").fill_null(0),
        origin=pl.when(pl.col("stated").is_null())
        .then(pl.lit("observed"))
        .when(pl.col("connections").is_null())
        .then(pl.lit("declared"))
        .otherwise(pl.lit("confirmed")),
    )
    return judged(edges, traffic.observed_days, traffic.working_days).sort("consumer", "provider")


def planned(edges: pl.DataFrame, observed_days: int, in_cycle: pl.Series) -> pl.DataFrame:
    """`application_edges`, with ``severed`` and ``usd_day`` of `form_groups`, as `ApplicationDependencies`."""
    days = max(observed_days, 1)
    seen = pl.col("origin") != "declared"

    def known(value: pl.Expr) -> pl.Expr:
        return pl.when(seen).then(value)

    rows = edges.with_columns(flows=source_names(edges["sources"])).select(
        *_PAIR,
        "ports",
        (pl.col("bytes") / days / BYTES_PER_GB).alias("gb_day"),
        (pl.col("connections") / days).alias("connections_day"),
        "active_days",
        pl.lit(observed_days).alias("observed_days"),
        "strength",
        "reason",
        "origin",
        in_cycle.alias("in_cycle"),
        "severed",
        pl.col("usd_day").round(4).alias("split_usd_day"),
        "service",
        pl.when(pl.col("bytes") > 0).then(pl.col("bytes_day_p95") / BYTES_PER_GB).alias("gb_day_p95"),
        known(pl.col("connections_day_p95").cast(pl.Float64)).alias("connections_day_p95"),
        pl.from_epoch("first_seen", time_unit="s").alias("first_seen"),
        pl.from_epoch("last_seen", time_unit="s").alias("last_seen"),
        known(business_share()).round(4).alias("business_share"),
        known(round_trips_mb()).round(1).alias("round_trips_mb"),
        pl.when(pl.col("via").list.len() > 0).then("via").alias("via"),
        pl.concat_list(
            pl.col("flows").fill_null([]),
            pl.when(pl.col("stated").is_not_null()).then(pl.lit(["cmdb"])).otherwise(pl.lit([], pl.List(pl.String))),
        ).alias("sources"),
    )
    return ApplicationDependencies.cast(rows)


def _observed(traffic: Traffic, home: pl.DataFrame, parties: pl.DataFrame) -> pl.DataFrame:
    """Server edges with the applications at their ends, and whether one of these ends is doubted."""
    consumer = home.select(consumer_id="server_id", consumer="application", doubted="doubted")
    provider = home.select(provider_id="server_id", provider="application", doubted_too="doubted")
    doubt = (pl.col("doubted") | pl.col("doubted_too")).fill_null(value=False)
    columns = [
        "consumer",
        "provider",
        "consumer_id",
        "provider_id",
        "protocol",
        "port",
        "use",
        *_SUMS,
        *_SPAN,
        "hours",
        "sources",
    ]

    def at_home(rows: pl.DataFrame, external: bool) -> pl.DataFrame:
        known = rows.join(consumer, on="consumer_id", how="left").join(provider, on="provider_id", how="left")
        return known.with_columns(doubted=doubt, external=pl.lit(external))

    internal = at_home(_between_two(traffic.internal, home), external=False).filter(pl.col("consumer") != pl.col("provider"))
    outside = _named_networks(at_home(parties, external=True))
    return pl.concat([frame.select(*columns, "via", DAYS, "doubted", "external") for frame in (internal, outside)]).with_columns(
        bytes=pl.col("bytes_out") + pl.col("bytes_in")
    )


def _between_two(internal: pl.DataFrame, home: pl.DataFrame) -> pl.DataFrame:
    """Rows but for those inside one application, which are most: found by numbers, before anything is copied."""
    ids = home["server_id"].unique().sort()
    number = pl.Enum(ids.cast(pl.String))
    application = pl.DataFrame({"server_id": ids}).join(
        home.unique("server_id", keep="first").select("server_id", number=pl.col("application").rank("dense").cast(pl.UInt32)),
        on="server_id",
        how="left",
        maintain_order="left",
    )["number"]
    one, other = (application.gather(internal[end].cast(number, strict=False).to_physical()) for end in _ENDS)
    return internal.filter((one != other).fill_null(value=True))


def _named_networks(outside: pl.DataFrame) -> pl.DataFrame:
    """Name the busiest networks of each application and direction; all others together are one party."""
    size = pl.col("bytes_out") + pl.col("bytes_in")
    totals = outside.group_by("application", "network", "inbound").agg(size.sum().alias("bytes"), pl.col("connections").sum())
    busiest = totals.sort("bytes", "connections", "network", descending=[True, True, False]).with_columns(
        rank=pl.int_range(pl.len()).over("application", "inbound")
    )
    party = pl.when(pl.col("rank") < _NETWORKS).then(pl.format("external {}", "network")).otherwise(pl.lit(EXTERNAL_OTHERS))
    key = ["application", "network", "inbound"]
    named = outside.join(busiest.select(*key, party=party), on=key)
    return named.with_columns(
        pl.coalesce("consumer", "party").alias("consumer"), pl.coalesce("provider", "party").alias("provider")
    )


def _per_pair(detail: pl.DataFrame) -> pl.DataFrame:
    port = pl.when(pl.col("port") > 0).then(pl.format("{}/{}", "protocol", "port")).otherwise("protocol")
    sums, hours = pl.col("bytes", *_SUMS).sum(), pl.selectors.by_name("hours")
    masks = (DAYS | hours).bitwise_or()
    by_port = detail.group_by(*_PAIR, port=port, use="use", service=services(pl.col("port"), pl.col("use"))).agg(
        sums,
        masks,
        pl.col("sources").bitwise_or(),
        pl.col("first_seen").min(),
        pl.col("last_seen").max(),
        pl.col("via").unique(),
    )
    by_port = by_port.sort(*_PAIR, "bytes", "connections", "port", "use", descending=[False] * 3 + [True, True, False, False])
    ports = by_port.group_by(_PAIR, maintain_order=True).agg(
        pl.col("port").unique(maintain_order=True).head(_PORTS).alias("ports"),
        sums,
        masks,
        pl.col("service").first(),
        pl.col("sources").bitwise_or(),
        pl.col("first_seen").min(),
        pl.col("last_seen").max(),
        pl.col("via").explode().drop_nulls().unique().sort(),
    )
    ports = ports.with_columns(active_days=active_days()).drop(DAYS, "hours")
    sure = detail.filter(~pl.col("doubted"))
    by_use = sure.group_by(*_PAIR, "use").agg(sums, masks, pl.col("first_seen").min())
    by_use = by_use.with_columns(active_days=active_days(), share=business_share(), chat=round_trips_mb())
    by_use = by_use.sort(*_PAIR, "connections", "use", descending=[False, False, False, True, False])
    uses = by_use.group_by(_PAIR, maintain_order=True).agg(
        uses=pl.struct("use", "connections", "active_days", "hours", "share", "chat")
    )
    servers = detail.group_by(_PAIR).agg(consumers=pl.col("consumer_id").n_unique(), providers=pl.col("provider_id").n_unique())
    return ports.join(uses, on=_PAIR, how="left").join(servers, on=_PAIR)


def _shared_servers(home: pl.DataFrame, further: pl.DataFrame) -> pl.DataFrame:
    return (
        further.rename({"application": "consumer"})
        .join(home.select("server_id", provider="application"), on="server_id")
        .group_by("consumer", "provider")
        .agg(shares=pl.len().cast(pl.Int64))
        .select("consumer", "provider", "shares")
    )
