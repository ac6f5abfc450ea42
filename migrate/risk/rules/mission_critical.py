"""Applications without which the business stops."""

from __future__ import annotations

import polars as pl

from migrate.risk.references import NIST_800_34, SECURITY_RULE
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

RULE = RiskRule(
    id="mission-critical",
    title="It is mission-critical",
    measures="The criticality is mission-critical",
    reference=(
        f"{NIST_800_34}: business impact analysis; {SECURITY_RULE} 164.308(a)(7)(ii)(E) applications and data criticality "
        "analysis"
    ),
    points=10,
    remedy=(
        "Rehearse its wave twice, keep the source running through hypercare, and have decision-makers at hand in the window."
    ),
    needs="the criticality of applications",
    population=pl.col("criticality").is_not_null(),
    hit=pl.col("criticality") == "mission-critical",
    detail=pl.lit("mission-critical"),
)
