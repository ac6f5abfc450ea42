"""Applications that need each other in a circle."""

from __future__ import annotations

import polars as pl

from migrate.risk.references import PORTFOLIO_PLAYBOOK
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

RULE = RiskRule(
    id="dependency-cycle",
    title="It is part of a dependency cycle",
    measures="It depends, through others, on itself, so no order of cutovers suits all of the circle",
    reference=f"{PORTFOLIO_PLAYBOOK}: move groups",
    points=4,
    remedy="Move the whole circle in one wave, or break it with a queue or a read replica.",
    needs="flow logs or declared dependencies",
    population=pl.col("dependencies_known"),
    hit=pl.col("cycles") > 0,
    detail=pl.format("neighbours in a circle with it: {}", "cycles"),
)
