"""Servers that are switched off."""

from __future__ import annotations

import polars as pl

from migrate.risk.references import NIST_800_53, PORTFOLIO_PLAYBOOK
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

RULE = RiskRule(
    id="powered-off-members",
    title="A server is switched off",
    measures="At least one server is powered off or suspended, so nobody knows whether it still starts",
    reference=f"{PORTFOLIO_PLAYBOOK}: disposition; {NIST_800_53}: CM-8 System Component Inventory",
    points=2,
    remedy="Ask the owner whether it can be retired; if not, start it once before replication.",
    needs="the power state of servers",
    population=pl.col("power_known") > 0,
    hit=pl.col("powered_off") > 0,
    detail=pl.format("servers not running: {} of {}", "powered_off", "power_known"),
)
