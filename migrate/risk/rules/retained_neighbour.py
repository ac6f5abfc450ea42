"""Hard dependencies on what stays behind."""

from __future__ import annotations

import polars as pl

from migrate.risk.references import PORTFOLIO_PLAYBOOK
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

RULE = RiskRule(
    id="retained-neighbour",
    title="A hard dependency stays behind",
    measures="A hard dependency, either way, with an application that is retained, so the link between both becomes permanent",
    reference=f"{PORTFOLIO_PLAYBOOK}: wave planning; AWS Well-Architected Framework, Reliability Pillar: network topology",
    points=5,
    remedy="Plan redundant connectivity for as long as the neighbour stays, and test with its latency.",
    needs="flow logs or declared dependencies",
    population=pl.col("dependencies_known") & (pl.col("cut_over") > 0),
    hit=pl.col("staying_neighbours") > 0,
    detail=pl.format("retained applications with hard dependencies: {}", "staying_neighbours"),
)
