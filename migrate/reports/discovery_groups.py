"""The groups that discovery formed as flat tables: applications, and what moves together."""

from __future__ import annotations

import polars as pl

from migrate.model.stages import Discovery
from migrate.reports.tables import JOINER

__all__ = ["discovered_applications_table", "discovered_move_groups_table", "group_of_application"]

_MOVE_GROUPS: dict[str, type[pl.DataType]] = {
    "move_group": pl.String,
    "applications": pl.String,
    "servers": pl.Int64,
    "reason": pl.String,
    "edges": pl.String,
    "held_by": pl.Int64,
    "severed": pl.Int64,
    "severed_usd_day": pl.Float64,
    "confidence": pl.Float64,
}


def discovered_applications_table(discovery: Discovery) -> pl.DataFrame:
    """One row per application, sorted: its servers, what it is, and what its memberships rest on.

    `confidence` is the mean of its memberships, and `evidence` what most of them rest on; both are null where it has no server.
    """
    homes = discovery.estate.memberships.group_by("application").agg(
        servers=pl.len().cast(pl.Int64), confidence=pl.col("confidence").mean()
    )
    reasons = (
        discovery.estate.memberships.group_by("application", "evidence")
        .agg(many=pl.len())
        .sort("application", "many", "evidence", descending=[False, True, False])
        .unique("application", keep="first", maintain_order=True)
    )
    return (
        discovery.estate.applications.select("application", "declared")
        .join(homes, on="application", how="left")
        .join(reasons, on="application", how="left")
        .join(group_of_application(discovery), on="application", how="left")
        .with_columns(pl.col("servers").fill_null(0), shared_service=pl.col("application").is_in(list(discovery.shared_services)))
        .select("application", "servers", "declared", "shared_service", "confidence", "evidence", "move_group")
        .sort("application")
    )


def discovered_move_groups_table(discovery: Discovery) -> pl.DataFrame:
    """One row per move group, sorted: what it holds, why it is one, and what it would have held but for its size."""
    rows = [
        (
            group.move_group,
            JOINER.join(group.applications),
            group.servers,
            group.reason,
            JOINER.join(f"{edge.consumer} → {edge.provider}: {edge.because}, {edge.reason}" for edge in group.edges) or None,
            group.held_by,
            group.severed,
            group.severed_usd_day,
            group.confidence,
        )
        for group in discovery.move_groups
    ]
    return pl.DataFrame(rows, schema=_MOVE_GROUPS, orient="row").sort("move_group")


def group_of_application(discovery: Discovery) -> pl.DataFrame:
    """Columns ``move_group`` and ``application``, one row per application."""
    return pl.DataFrame(
        {
            "move_group": [group.move_group for group in discovery.move_groups],
            "application": [list(group.applications) for group in discovery.move_groups],
        },
        schema={"move_group": pl.String, "application": pl.List(pl.String)},
    ).explode("application", empty_as_null=False, keep_nulls=False)
