"""Dependencies that should hold a move group together, but are severed."""

from __future__ import annotations

import polars as pl

from migrate.risk.figure import figure
from migrate.risk.references import PORTFOLIO_PLAYBOOK
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

_PRICE = (
    pl.when(pl.col("severed_usd_day") > 0)
    .then(pl.format(", at {} USD for every day apart", figure("severed_usd_day", 2)))
    .otherwise(pl.lit(""))  # no traffic is known
)

RULE = RiskRule(
    id="severed-dependency",
    title="A dependency that should not be split is severed",
    measures="A hard dependency, either way, that is in a cycle or too chatty or too dear to be split, with an application of "
    "another move group: together they would be too much for one wave, or a rule keeps them apart",
    reference=f"{PORTFOLIO_PLAYBOOK}: move groups; AWS Well-Architected Framework, Performance Efficiency Pillar: networking",
    points=5,
    remedy="Keep the two waves close, and test the dependency across the link before the first of them.",
    needs="flow logs or declared dependencies",
    population=pl.col("dependencies_known"),
    hit=pl.col("severed") > 0,
    detail=pl.format("severed with other move groups: {}{}", "severed", _PRICE),
)
