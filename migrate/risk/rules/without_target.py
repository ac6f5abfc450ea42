"""Servers for which no target was found."""

from __future__ import annotations

import polars as pl

from migrate.risk.references import ASSESSMENT
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

RULE = RiskRule(
    id="without-target",
    title="A server has no target",
    measures="At least one server that is to be cut over has no target",
    reference=f"{ASSESSMENT}: target state",
    points=6,
    remedy="Complete vCPUs, memory and operating system, or decide its disposition.",
    needs="servers of the application",
    population=(pl.col("servers") > 0) & (pl.col("cut_over") > 0),
    hit=pl.col("without_target") > 0,
    detail=pl.format("servers without a target: {} of {}", "without_target", "servers"),
)
