"""Operating systems that no target runs."""

from __future__ import annotations

import polars as pl

from migrate.risk.references import MGN
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

RULE = RiskRule(
    id="other-processor",
    title="It runs on a processor that the target does not have",
    measures="UNIX or z/OS servers that are to be rehosted, relocated or replatformed",
    reference=f"{MGN}: supported operating systems; Amazon EC2 Instance Types Guide: processors",
    points=9,
    remedy="Port it to Linux, buy a service that replaces it, or retain it: it cannot be rehosted.",
    needs="operating systems of servers",
    population=(pl.col("family_known") > 0) & (pl.col("cut_over") > 0),
    hit=pl.col("other_processors") > 0,
    detail=pl.format("servers on UNIX or z/OS that are to move as they are: {}", "other_processors"),
    serious=True,
)
