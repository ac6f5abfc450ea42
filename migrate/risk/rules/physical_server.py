"""Servers that are not virtual."""

from __future__ import annotations

import polars as pl

from migrate.risk.references import MGN
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

RULE = RiskRule(
    id="physical-server",
    title="A server is physical",
    measures="At least one physical server or appliance is to be cut over",
    reference=f"{MGN}: supported operating systems and source servers",
    points=5,
    remedy="Check drivers, BIOS or UEFI boot, dongles and attached devices in a test launch.",
    needs="the kind of servers",
    population=pl.col("kind_known") > 0,
    hit=pl.col("physical") > 0,
    detail=pl.format("physical servers or appliances: {}", "physical"),
)
