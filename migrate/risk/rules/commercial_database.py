"""Databases whose licence counts cores."""

from __future__ import annotations

import polars as pl

from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

RULE = RiskRule(
    id="commercial-database",
    title="A database licence must be cleared",
    measures="Oracle, SQL Server or Db2: the licence terms in a cloud differ from those at the source",
    reference="Oracle, Licensing Oracle Software in the Cloud Computing Environment; Microsoft Product Terms: Licence Mobility",
    points=3,
    remedy="Clear the licence for the chosen type with the vendor in writing before the wave.",
    needs="engines of databases",
    population=pl.col("databases_known") & (pl.col("engines_known") > 0),
    hit=pl.col("licensed") > 0,
    detail=pl.format("servers with a licensed engine: {}", "licensed"),
)
