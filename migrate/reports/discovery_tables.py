"""What discovery found as flat tables. Columns only: a million servers are ordinary here.

Lists become text joined with ``; ``, and unknown stays null.
"""

from __future__ import annotations

import polars as pl

from migrate.model.plan import PlannedDependency
from migrate.model.stages import Discovery
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

    `strength`, `reason` and `origin` are those of the dependency between the two applications; within one application they
    are null. The other columns are those of `migrate.model.stages.ServerDependencies`.
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
    frame = frame.join(_judgements(discovery), on=list(_APPLICATIONS), how="left", maintain_order="left")
    lists = [pl.col(name).list.join(JOINER) for name, dtype in frame.schema.items() if dtype == pl.List(pl.String)]
    front = ("consumer", "provider", "protocol", "port")
    return (
        frame.drop("consumer_id", "provider_id")
        .with_columns(lists)
        .select(*front, pl.exclude(*front, *_APPLICATIONS), *_APPLICATIONS)
        .sort(*front)
    )


def _judgements(discovery: Discovery) -> pl.DataFrame:
    """What is said of the dependency between two applications, by their names."""
    rows = [(d.consumer, d.provider, d.strength, d.reason, d.origin) for d in discovery.dependencies if not d.external]
    return pl.DataFrame(rows, schema=dict.fromkeys((*_APPLICATIONS, "strength", "reason", "origin"), pl.String), orient="row")


def application_dependencies_table(dependencies: tuple[PlannedDependency, ...]) -> pl.DataFrame:
    """One row per consumer and provider, in their order; columns as the fields of `PlannedDependency`."""
    if not dependencies:
        return pl.DataFrame(schema=dict.fromkeys(PlannedDependency.model_fields, pl.String))
    columns = {name: [getattr(item, name) for item in dependencies] for name in PlannedDependency.model_fields}
    frame = pl.DataFrame(columns, infer_schema_length=None)
    lists = [pl.col(name).list.join(JOINER) for name, dtype in frame.schema.items() if isinstance(dtype, pl.List)]
    return frame.with_columns(lists)


def discovered_outside_table(outside: pl.DataFrame) -> pl.DataFrame:
    """One row per network, direction and application at the inner end, most data first."""
    return outside.with_columns(pl.col("ports").list.join(JOINER), pl.col("direction").cast(pl.String)).sort(
        "bytes_day", "connections_day", "network", "direction", "application", descending=[True, True, False, False, False]
    )


def _labels(discovery: Discovery) -> pl.DataFrame:
    """Columns ``server_id`` and ``server``: the name where it is the only one, else the id."""
    once = pl.len().over("name") == 1
    return discovery.estate.servers.select("server_id", server=pl.when(once).then("name").otherwise("server_id"))


def _homes(discovery: Discovery) -> pl.DataFrame:
    """Application and move group of each server."""
    groups = pl.DataFrame(
        {
            "move_group": [group.move_group for group in discovery.move_groups],
            "application": [list(group.applications) for group in discovery.move_groups],
        },
        schema={"move_group": pl.String, "application": pl.List(pl.String)},
    ).explode("application", empty_as_null=False, keep_nulls=False)
    return (
        discovery.estate.memberships.select("server_id", "application")
        .join(groups, on="application", how="left")
        .select("server_id", "move_group", application_group="application")
    )
