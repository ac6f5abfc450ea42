"""Mission-critical, regulated and needed back at once."""

from __future__ import annotations

import polars as pl

from migrate.risk.figure import figure
from migrate.risk.references import NIST_800_34, SECURITY_RULE
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

RULE = RiskRule(
    id="critical-care-path",
    title="Everything comes together: mission-critical, regulated, four hours or less",
    measures=(
        "Mission-critical with regulated data and an RTO of four hours or less: the pattern of an electronic health record"
    ),
    reference=f"{SECURITY_RULE} 164.308(a)(7)(ii)(C) emergency mode operation plan; {NIST_800_34}",
    points=8,
    remedy="Give it a wave of its own with a full rehearsal, downtime procedures on paper, and a tested way back.",
    needs="criticality, data class and RTO of applications",
    population=pl.col("criticality").is_not_null() & pl.col("data_class").is_not_null() & pl.col("rto_h").is_not_null(),
    hit=(pl.col("criticality") == "mission-critical")
    & pl.col("data_class").str.contains(r"(?i)\b(?:e?phi|pci|pii)\b")
    & (pl.col("rto_h") <= 4),
    detail=pl.format("data class {}, RTO {} h", pl.col("data_class").str.slice(0, 60), figure("rto_h")),
    serious=True,
)
