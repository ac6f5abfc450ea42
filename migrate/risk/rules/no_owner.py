"""Applications that nobody answers for."""

from __future__ import annotations

import polars as pl

from migrate.risk.references import NIST_800_53, PORTFOLIO_PLAYBOOK, SECURITY_RULE
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

RULE = RiskRule(
    id="no-owner",
    title="Nobody owns it",
    measures="No owner in any application list",
    reference=(
        f"{NIST_800_53}: CM-8(4) Accountability Information; {SECURITY_RULE} 164.308(a)(2) assigned security "
        f"responsibility; {PORTFOLIO_PLAYBOOK}"
    ),
    points=6,
    remedy="Find an owner who accepts the cutover and tests the result; without one it cannot be validated.",
    needs="",
    population=pl.lit(value=True),
    hit=pl.col("owner").is_null(),
    detail=pl.lit("no owner is named"),
)
