"""Applications that may lose less data than replication is behind."""

from __future__ import annotations

import polars as pl

from migrate.risk.figure import figure
from migrate.risk.references import MGN, NIST_800_34
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

_LAG_H = 24.0 * pl.col("data_gib") * pl.col("change_rate_day") / pl.col("link_gib_day")

RULE = RiskRule(
    id="rpo-shorter-than-replication",
    title="Its RPO is shorter than replication can keep",
    measures=(
        "The RPO is shorter than the hours in which its site's link carries one day of its changed data, or zero, which "
        "asynchronous replication never keeps"
    ),
    reference=f"{MGN}: lag and backlog of continuous replication; {NIST_800_34}: recovery point objective",
    points=7,
    remedy="Replicate its databases with their own means, or stop writing before the final synchronisation.",
    needs="RPO of applications, their data and a [[link]] for their site",
    population=pl.col("rpo_h").is_not_null() & pl.col("data_gib").is_not_null() & pl.col("link_gib_day").is_not_null(),
    hit=(pl.col("rpo_h") < _LAG_H) | (pl.col("rpo_h") == 0),
    detail=pl.format("RPO {} h, replication about {} h behind", figure("rpo_h", 2), figure(_LAG_H, 2)),
)
