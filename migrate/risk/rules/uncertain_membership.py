"""Applications whose servers are guessed."""

from __future__ import annotations

import polars as pl

from migrate.risk.figure import figure
from migrate.risk.references import NIST_800_53, PORTFOLIO_PLAYBOOK
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

RULE = RiskRule(
    id="uncertain-membership",
    title="Its servers are not certain",
    measures="The mean confidence of its memberships is below 0.6",
    reference=f"{PORTFOLIO_PLAYBOOK}: application metadata; {NIST_800_53}: CM-8 System Component Inventory",
    points=5,
    remedy="Have the owner confirm the list of servers: a forgotten one fails the cutover.",
    needs="servers of the application",
    population=pl.col("servers") > 0,
    hit=pl.col("membership_confidence") < 0.6,
    detail=pl.format("mean confidence {}", figure("membership_confidence", 2)),
)
