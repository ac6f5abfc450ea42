"""Database engines that no managed service of the target runs."""

from __future__ import annotations

import polars as pl

from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

RULE = RiskRule(
    id="unmanaged-database",
    title="A database engine has no managed target",
    measures="An engine that Amazon RDS does not run, so it is operated by hand after the move as well",
    reference="Amazon RDS User Guide: DB engines",
    points=4,
    remedy="Have the vendor confirm the target platform, and plan who operates it there.",
    needs="engines of databases",
    population=pl.col("databases_known") & (pl.col("engines_known") > 0),
    hit=pl.col("unmanaged") > 0,
    detail=pl.format("servers with an engine outside Amazon RDS: {}", "unmanaged"),
)
