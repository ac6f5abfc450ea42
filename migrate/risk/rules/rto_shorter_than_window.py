"""Applications that may not be away for as long as a cutover window lasts."""

from __future__ import annotations

import polars as pl

from migrate.risk.figure import figure
from migrate.risk.references import NIST_800_34, SECURITY_RULE
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

RULE = RiskRule(
    id="rto-shorter-than-window",
    title="Its RTO is shorter than its cutover window",
    measures=(
        "The RTO is shorter than the longest cutover window of its domain, so a rollback decided at the end of the window"
        " comes too late"
    ),
    reference=f"{NIST_800_34}: recovery time objective; {SECURITY_RULE} 164.308(a)(7)(ii)(B) disaster recovery plan",
    points=8,
    remedy=(
        "Set a point of no return early enough that the rollback ends within the RTO, or cut over with replication in "
        "both directions."
    ),
    needs="RTO of applications",
    population=pl.col("rto_h").is_not_null() & pl.col("window_h").is_not_null(),
    hit=pl.col("rto_h") < pl.col("window_h"),
    detail=pl.format("RTO {} h, window {} h", figure("rto_h"), figure("window_h")),
)
