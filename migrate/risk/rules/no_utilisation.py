"""Servers that were sized without a measurement."""

from __future__ import annotations

import polars as pl

from migrate.risk.references import ASSESSMENT
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

RULE = RiskRule(
    id="no-utilisation",
    title="It was sized without measurements",
    measures="Fewer than half of its servers have measured CPU or memory",
    reference=f"{ASSESSMENT}: right-sizing; AWS Well-Architected Framework, Cost Optimization Pillar: right-sizing",
    points=3,
    remedy="Collect two weeks of utilisation, month end included, before the instance types are ordered.",
    needs="servers of the application",
    population=pl.col("servers") > 0,
    hit=pl.col("measured") * 2 < pl.col("servers"),
    detail=pl.format("servers with measurements: {} of {}", "measured", "servers"),
)
