"""Applications whose data takes long to replicate."""

from __future__ import annotations

import polars as pl

from migrate.risk.figure import figure
from migrate.risk.references import MGN, MIGRATION_PLAYBOOK
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

_DAYS = pl.col("data_gib") / pl.col("link_gib_day")

RULE = RiskRule(
    id="large-data",
    title="Its data takes long to replicate",
    measures="Alone on its site's link, its data would take more than half of the planned replication time",
    reference=(
        f"{MGN}: network bandwidth requirements; AWS Prescriptive Guidance on large data migrations; {MIGRATION_PLAYBOOK}"
    ),
    points=5,
    remedy="Start its replication earlier, raise the bandwidth, or ship the first copy on a device.",
    needs="the used disk of servers and a [[link]] for their site",
    population=pl.col("data_gib").is_not_null() & pl.col("link_gib_day").is_not_null(),
    hit=pl.col("replication_days") * 0.5 < _DAYS,
    detail=pl.format("{} days for {} GiB", figure(_DAYS), figure("data_gib", 0)),
)
