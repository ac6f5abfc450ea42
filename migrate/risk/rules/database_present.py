"""Applications with databases of their own."""

from __future__ import annotations

import polars as pl

from migrate.risk.references import SECURITY_RULE
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

RULE = RiskRule(
    id="database-present",
    title="It has a database",
    measures="A database is known to run on its servers",
    reference=(
        f"AWS Database Migration Service User Guide: best practices; {SECURITY_RULE} 164.308(a)(7)(ii)(A) data backup plan"
    ),
    points=4,
    remedy="Rehearse the final synchronisation with a consistency check, and take a backup that has been restored once.",
    needs="an inventory of databases",
    population=pl.col("databases_known") & (pl.col("servers") > 0),
    hit=pl.col("databases") > 0,
    detail=pl.format("databases: {}, on servers: {}", "databases", "database_servers"),
)
