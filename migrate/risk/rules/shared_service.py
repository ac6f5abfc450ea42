"""Services that everything needs."""

from __future__ import annotations

import polars as pl

from migrate.risk.references import PORTFOLIO_PLAYBOOK
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

RULE = RiskRule(
    id="shared-service",
    title="It is a shared service",
    measures="Discovery recognised it as a shared service, such as directory, name service or backup",
    reference=f"{PORTFOLIO_PLAYBOOK}: wave planning; AWS Well-Architected Framework, Reliability Pillar: dependencies",
    points=5,
    remedy="Extend it into the region before the first wave, and retire the source after the last.",
    needs="flow logs or declared dependencies",
    population=pl.col("dependencies_known"),
    hit=pl.col("shared_service"),
    detail=pl.lit("shared service"),
)
