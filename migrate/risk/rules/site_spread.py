"""Applications in several data centers."""

from __future__ import annotations

import polars as pl

from migrate.risk.references import ASSESSMENT, NIST_800_34
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

RULE = RiskRule(
    id="site-spread",
    title="Its servers stand in several data centers",
    measures="Its servers stand at two sites or more",
    reference=f"{ASSESSMENT}: dependency mapping; {NIST_800_34}: alternate sites",
    points=3,
    remedy="Find out whether the second site is its recovery: then move it in another wave, and keep a recovery at all times.",
    needs="the sites of servers",
    population=pl.col("main_site").is_not_null(),
    hit=pl.col("sites") > 1,
    detail=pl.format("servers at {} sites, most at {}", "sites", "main_site"),
)
