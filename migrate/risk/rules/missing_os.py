"""Servers whose operating system nobody wrote down."""

from __future__ import annotations

import polars as pl

from migrate.risk.references import ASSESSMENT, NIST_800_53
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

RULE = RiskRule(
    id="missing-os",
    title="The operating system is not known",
    measures="At least one server without an operating system in any source",
    reference=f"{NIST_800_53}: CM-8 System Component Inventory; {ASSESSMENT}",
    points=5,
    remedy="Let the guest tools report it, or have the owner say what runs there, before the test launch.",
    needs="servers of the application",
    population=pl.col("servers") > 0,
    hit=pl.col("os_known") < pl.col("servers"),
    detail=pl.format("servers without an operating system: {} of {}", pl.col("servers") - pl.col("os_known"), "servers"),
)
