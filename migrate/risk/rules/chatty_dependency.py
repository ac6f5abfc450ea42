"""Dependencies that latency would break."""

from __future__ import annotations

import polars as pl

from migrate.risk.figure import figure
from migrate.risk.references import PORTFOLIO_PLAYBOOK
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

_BUSY = 100_000  # more than one a second: 10 ms more latency each add up to a quarter of an hour a day

RULE = RiskRule(
    id="chatty-dependency",
    title="A busy dependency may be split by the waves",
    measures=f"A hard dependency of {_BUSY:,} or more connections a day with an application outside its move group",
    reference=f"AWS Well-Architected Framework, Performance Efficiency Pillar: networking and latency; {PORTFOLIO_PLAYBOOK}",
    points=6,
    remedy="Put both applications in one wave with a `together` rule, or test the split with added latency first.",
    needs="flow logs",
    population=pl.col("dependencies_known") & pl.col("observed"),
    hit=pl.col("busiest_apart") >= _BUSY,
    detail=pl.format("{} connections a day with an application of another move group", figure("busiest_apart", 0)),
)
