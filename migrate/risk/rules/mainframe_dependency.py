"""Applications that need the mainframe."""

from __future__ import annotations

import polars as pl

from migrate.risk.references import PORTFOLIO_PLAYBOOK
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

RULE = RiskRule(
    id="mainframe-dependency",
    title="It depends on a mainframe",
    measures="It needs an application that runs on a mainframe",
    reference=f"AWS Prescriptive Guidance: mainframe modernization patterns; {PORTFOLIO_PLAYBOOK}",
    points=7,
    remedy="Measure its transactions with the latency to the region, and move batch interfaces to queues or files first.",
    needs="flow logs or declared dependencies",
    population=pl.col("dependencies_known"),
    hit=pl.col("mainframe_providers") > 0,
    detail=pl.format("applications on a mainframe that it needs: {}", "mainframe_providers"),
)
