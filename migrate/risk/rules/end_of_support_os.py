"""Operating systems that their vendor no longer supports."""

from __future__ import annotations

import polars as pl

from migrate.risk.references import NIST_800_53, SECURITY_RULE
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

RULE = RiskRule(
    id="end-of-support-os",
    title="An operating system is out of support",
    measures=(
        "At least one server whose operating system is past its last vendor support (migrate/model/support.py) when the "
        "plan starts"
    ),
    reference=(
        f"{NIST_800_53}: SA-22 Unsupported System Components; {SECURITY_RULE} 164.308(a)(1)(ii)(B) risk management. End "
        "dates: the vendors' life-cycle pages named in migrate/model/support.py"
    ),
    points=8,
    remedy=(
        "Upgrade before the cutover, replatform, or buy extended support, and check that the replication agent supports "
        "the version."
    ),
    needs="operating-system names with their versions",
    population=pl.col("support_known") > 0,
    hit=pl.col("unsupported") > 0,
    detail=pl.format("servers past the end of support: {} of {} whose end is known", "unsupported", "support_known"),
    serious=True,
)
