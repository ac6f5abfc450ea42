"""Applications that many others need."""

from __future__ import annotations

import polars as pl

from migrate.risk.references import ASSESSMENT, PORTFOLIO_PLAYBOOK
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

_MANY = 10  # beyond it nobody can call all consumers during a window

RULE = RiskRule(
    id="blast-radius",
    title="Many applications depend on it",
    measures=f"{_MANY} applications or more depend on it",
    reference=f"{ASSESSMENT}: dependency mapping; {PORTFOLIO_PLAYBOOK}: wave planning",
    points=7,
    remedy="Move it with its closest consumers or ahead of all of them, and keep its old address answering during hypercare.",
    needs="flow logs or declared dependencies",
    population=pl.col("dependencies_known"),
    hit=pl.col("consumers") >= _MANY,
    detail=pl.format("applications that depend on it: {}", "consumers"),
)
