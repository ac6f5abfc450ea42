"""Important applications on one server."""

from __future__ import annotations

import polars as pl

from migrate.risk.references import NIST_800_34
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

RULE = RiskRule(
    id="single-server",
    title="It stands on a single server",
    measures="Mission-critical or high, and only one server is known",
    reference=f"AWS Well-Architected Framework, Reliability Pillar: fault isolation; {NIST_800_34}",
    points=4,
    remedy="Ask whether a second server is missing in the inventory, and add redundancy at the target.",
    needs="the criticality of applications and their servers",
    population=pl.col("criticality").is_not_null() & (pl.col("servers") > 0),
    hit=pl.col("criticality").is_in(["mission-critical", "high"]) & (pl.col("all_servers") == 1),
    detail=pl.format("one server, criticality {}", pl.col("criticality").cast(pl.String)),
)
