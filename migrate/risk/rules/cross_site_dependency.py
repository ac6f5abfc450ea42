"""Hard dependencies between data centers."""

from __future__ import annotations

import polars as pl

from migrate.risk.references import ASSESSMENT
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

RULE = RiskRule(
    id="cross-site-dependency",
    title="It needs an application in another data center",
    measures="A hard dependency, either way, on an application whose servers mostly stand at another site",
    reference=f"{ASSESSMENT}: dependency mapping",
    points=3,
    remedy="Measure the latency it lives with today and compare it with that to the region before choosing the wave.",
    needs="flow logs or declared dependencies and the sites of servers",
    population=pl.col("dependencies_known") & pl.col("main_site").is_not_null(),
    hit=pl.col("cross_site") > 0,
    detail=pl.format("hard dependencies with other sites: {}", "cross_site"),
)
