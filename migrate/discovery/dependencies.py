"""Which application needs which: observed, declared, or both, with its ports, volume and strength."""

from __future__ import annotations

import polars as pl

from migrate.discovery.flows import DAYS
from migrate.discovery.server_dependencies import Traffic, active_days
from migrate.discovery.strength import judged
from migrate.model.plan import PlannedDependency
from migrate.units import BYTES_PER_GB

__all__ = ["EXTERNAL_OTHERS", "application_edges", "planned"]

_PORTS = 20  # that a dependency lists
_NETWORKS = 50  # external networks that an application's dependencies name, by traffic and direction
EXTERNAL_OTHERS = "external other addresses"

_PAIR = ["consumer", "provider", "external"]


def application_edges(traffic: Traffic, home: pl.DataFrame, further: pl.DataFrame, declared: pl.DataFrame) -> pl.DataFrame:
    """One row per consumer and provider.

    Parameters
    ----------
    home
        Columns ``server_id``, ``application`` and ``doubted``: one row per server.
    further
        The same for declared memberships beside: those applications depend on the server's own.
    declared
        Columns ``consumer`` and ``provider`` of the CMDB.

    Returns
    -------
    The fields of `PlannedDependency` but `in_cycle`; also ``bytes``, ``connections`` (whole numbers over the observed days),
    ``consumers`` and ``providers`` (servers seen at each end), ``shares`` (servers of both), ``latency_bound`` (whether the
    busiest use waits for every answer), ``chatter`` (connections a day of that use) and ``weight`` (what a cut costs, for
    comparison).
    """
    detail = _observed(traffic, home)
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
        pl.col("bytes", "connections", "active_days", "consumers", "providers").fill_null(0),
        shares=pl.col("shares").fill_null(0),
        origin=pl.when(pl.col("stated").is_null())
        .then(pl.lit("observed"))
        .when(pl.col("connections").is_null())
        .then(pl.lit("declared"))
        .otherwise(pl.lit("confirmed")),
    )
    return judged(edges, traffic.observed_days).sort("consumer", "provider")


def planned(edges: pl.DataFrame, observed_days: int, in_cycle: pl.Series) -> tuple[PlannedDependency, ...]:
    """`application_edges` as records of the plan."""
    days = max(observed_days, 1)
    rows = edges.select(
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
    )
    return tuple(PlannedDependency.model_validate({**row, "ports": tuple(row["ports"])}) for row in rows.iter_rows(named=True))


def _observed(traffic: Traffic, home: pl.DataFrame) -> pl.DataFrame:
    """Server edges with the applications at their ends, and whether one of these ends is doubted."""
    consumer = home.select(consumer_id="server_id", consumer="application", doubted="doubted")
    provider = home.select(provider_id="server_id", provider="application", doubted_too="doubted")
    columns = ["consumer", "provider", "consumer_id", "provider_id", "protocol", "port", "use", "connections", "hours", "bytes"]
    doubt = (pl.col("doubted") | pl.col("doubted_too")).fill_null(value=False)
    size = pl.col("bytes_out") + pl.col("bytes_in")

    def at_home(rows: pl.DataFrame, external: bool) -> pl.DataFrame:
        known = rows.join(consumer, on="consumer_id", how="left").join(provider, on="provider_id", how="left")
        return known.with_columns(bytes=size, doubted=doubt, external=pl.lit(external))

    internal = at_home(traffic.internal, external=False).filter(pl.col("consumer") != pl.col("provider"))
    outside = _named_networks(at_home(traffic.external, external=True))
    return pl.concat([frame.select(*columns, DAYS, "doubted", "external") for frame in (internal, outside)])


def _named_networks(outside: pl.DataFrame) -> pl.DataFrame:
    """Name the busiest networks of each application and direction; all others together are one party."""
    inner, network = pl.coalesce("consumer", "provider"), pl.coalesce("client_network", "server_network")
    outside = outside.with_columns(inner=inner, network=network, inbound=pl.col("consumer").is_null())
    totals = outside.group_by("inner", "network", "inbound").agg(pl.col("bytes", "connections").sum())
    busiest = totals.sort("bytes", "connections", "network", descending=[True, True, False]).with_columns(
        rank=pl.int_range(pl.len()).over("inner", "inbound")
    )
    party = pl.when(pl.col("rank") < _NETWORKS).then(pl.format("external {}", "network")).otherwise(pl.lit(EXTERNAL_OTHERS))
    named = outside.join(busiest.select("inner", "network", "inbound", party=party), on=["inner", "network", "inbound"])
    return named.with_columns(
        pl.coalesce("consumer", "party").alias("consumer"), pl.coalesce("provider", "party").alias("provider")
    )


def _per_pair(detail: pl.DataFrame) -> pl.DataFrame:
    port = pl.when(pl.col("port") > 0).then(pl.format("{}/{}", "protocol", "port")).otherwise("protocol")
    sums, masks = pl.col("bytes", "connections").sum(), (DAYS | pl.selectors.by_name("hours")).bitwise_or()
    by_port = detail.group_by(*_PAIR, port=port, use="use").agg(sums, masks)
    by_port = by_port.sort(*_PAIR, "bytes", "port", descending=[False, False, False, True, False])
    sure = detail.filter(~pl.col("doubted"))
    by_use = sure.group_by(*_PAIR, "use").agg(sums, masks).with_columns(active_days=active_days())
    by_use = by_use.sort(*_PAIR, "connections", "use", descending=[False, False, False, True, False])
    ports = by_port.group_by(_PAIR, maintain_order=True).agg(pl.col("port").head(_PORTS).alias("ports"), sums, masks)
    ports = ports.with_columns(active_days=active_days()).drop(DAYS, "hours")
    uses = by_use.group_by(_PAIR, maintain_order=True).agg(uses=pl.struct("use", "connections", "active_days", "hours"))
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
