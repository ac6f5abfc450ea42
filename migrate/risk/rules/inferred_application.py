"""Applications that no list names."""

from __future__ import annotations

import polars as pl

from migrate.risk.references import ASSESSMENT, NIST_800_53
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

RULE = RiskRule(
    id="inferred-application",
    title="No list names it",
    measures="It was inferred from traffic, names or folders",
    reference=f"{ASSESSMENT}: portfolio discovery; {NIST_800_53}: CM-8 System Component Inventory",
    points=4,
    remedy="Show it to the owners of its neighbours, and enter it into the application list.",
    needs="",
    population=pl.lit(value=True),
    hit=~pl.col("declared"),
    detail=pl.lit("inferred, not declared"),
)
