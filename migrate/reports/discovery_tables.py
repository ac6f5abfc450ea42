"""What discovery found as flat tables. Columns only: a million servers are ordinary here.

Lists become text joined with ``; ``, and unknown is null: the bytes where no flow record tells any, the port where the
protocol has none.
"""

from __future__ import annotations

import polars as pl

from migrate.model.stages import Discovery
from migrate.reports.discovery_groups import group_of_application
from migrate.reports.tables import JOINER

__all__ = ["application_dependencies_table", "discovered_groups_table", "discovered_outside_table", "server_dependencies_table"]

_APPLICATIONS = ("consumer_application", "provider_application")


def discovered_groups_table(discovery: Discovery) -> pl.DataFrame:
    """One row per server, sorted: ``server``, ``application_group``, ``role_group`` and ``move_group``.

    A server is named as its source names it, and by its id where several share the name. `role_group` is null for servers
    without traffic.
    """
    return (
        _labels(discovery)
        .join(_homes(discovery), on="server_id", how="left")
        .join(discovery.roles.select("server_id", "role_group"), on="server_id", how="left")
        .select("server", "application_group", "role_group", "move_group")
        .sort("server")
    )


def server_dependencies_table(discovery: Discovery) -> pl.DataFrame:
    """One row per consumer, provider and port, with the applications at both ends; by consumer, provider, protocol and port.

    `origin` is that of the dependency between the two applications; within one application it is null. The other columns are
    those of `migrate.model.stages.ServerDependencies`: `strength` and `reason` are judged for each row by itself.
    """
    labels, homes = _labels(discovery), _homes(discovery).select("server_id", application="application_group")
    named = labels.join(homes, on="server_id", how="left")
    frame = discovery.server_dependencies
    for end in ("consumer", "provider"):
        ends = named.select(
            pl.col("server_id").alias(f"{end}_id"),
            pl.col("server").alias(end),
            pl.col("application").alias(f"{end}_application"),
        )
        frame = frame.join(ends, on=f"{end}_id", how="left", maintain_order="left")
    frame = frame.join(_origins(discovery), on=list(_APPLICATIONS), how="left", maintain_order="left")
    lists = [pl.col(name).list.join(JOINER) for name, dtype in frame.schema.items() if dtype == pl.List(pl.String)]
    front = ("consumer", "provider", "protocol", "port")
    return (
        frame.drop("consumer_id", "provider_id")
        .with_columns(*lists, _known_bytes("bytes_day"), port=pl.when(pl.col("port") > 0).then("port"))
        .select(*front, pl.exclude(*front, *_APPLICATIONS), *_APPLICATIONS)
        .sort(*front)
    )


def _origins(discovery: Discovery) -> pl.DataFrame:
    """Whether the dependency between two applications was declared, observed or both, by their names."""
    inner = discovery.application_dependencies.filter(~pl.col("external"))
    return inner.select("origin", **dict(zip(_APPLICATIONS, ("consumer", "provider"), strict=True)))


def application_dependencies_table(dependencies: pl.DataFrame) -> pl.DataFrame:
    """One row per consumer and provider, in their order; columns as `ApplicationDependencies` has them."""
    lists = [pl.col(name).list.join(JOINER) for name, dtype in dependencies.schema.items() if isinstance(dtype, pl.List)]
    return dependencies.with_columns(*lists, _known_bytes("gb_day"))


def discovered_outside_table(outside: pl.DataFrame) -> pl.DataFrame:
    """One row per network, direction and application at the inner end; bytes and egress are null where none are told."""
    told = pl.when(pl.col("bytes_day") > 0)
    lists = pl.col("ports", "some_addresses").list.join(JOINER)
    return outside.with_columns(
        lists,
        pl.col("direction").cast(pl.String),
        told.then("bytes_day").alias("bytes_day"),
        told.then("egress_gb_month").alias("egress_gb_month"),
    )


def _labels(discovery: Discovery) -> pl.DataFrame:
    """Columns ``server_id`` and ``server``: the name where it is the only one, else the id."""
    once = pl.len().over("name") == 1
    return discovery.estate.servers.select("server_id", server=pl.when(once).then("name").otherwise("server_id"))


def _homes(discovery: Discovery) -> pl.DataFrame:
    """Application and move group of each server."""
    return (
        discovery.estate.memberships.select("server_id", "application")
        .join(group_of_application(discovery), on="application", how="left")
        .select("server_id", "move_group", application_group="application")
    )


def _known_bytes(size: str) -> pl.Expr:
    """Null where no flow record tells bytes: then there is no percentile of them either."""
    return pl.when((pl.col(size) > 0) | pl.col(f"{size}_p95").is_not_null()).then(size).alias(size)
