"""Servers larger than common instance types."""

from __future__ import annotations

import polars as pl

from migrate.risk.figure import figure
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

_VCPU = 64
_MEMORY_GIB = 512

RULE = RiskRule(
    id="large-server",
    title="A server is very large",
    measures=f"A server of {_VCPU} or more vCPUs, or {_MEMORY_GIB} or more GiB of memory, allocated",
    reference="Amazon EC2 Instance Types Guide: sizes; AWS Well-Architected Framework, Reliability Pillar: service quotas",
    points=4,
    remedy="Check quotas and capacity in the region, reserve capacity for the window, and measure whether it needs that size.",
    needs="vCPUs and memory of servers",
    population=pl.col("size_known") > 0,
    hit=(pl.col("largest_vcpu") >= _VCPU) | (pl.col("largest_memory_gib") >= _MEMORY_GIB),
    detail=pl.format("largest: {} vCPUs, {} GiB", figure("largest_vcpu"), figure("largest_memory_gib", 0)),
)
