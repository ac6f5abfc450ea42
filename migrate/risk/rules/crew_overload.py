"""Applications that need more than a week of a crew."""

from __future__ import annotations

import polars as pl

from migrate.risk.figure import figure
from migrate.risk.references import MIGRATION_PLAYBOOK
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

RULE = RiskRule(
    id="crew-overload",
    title="It needs more than a week of a crew",
    measures="Its crew hours of one skill exceed what the crew has in a week",
    reference=f"{MIGRATION_PLAYBOOK}: capacity of the migration workstream",
    points=4,
    remedy="Add crew for its wave, or spread the preparation over the weeks before.",
    needs="a [[crew]] with its hours",
    population=pl.col("crew_need").is_not_null() & (pl.col("cut_over") > 0),
    hit=pl.col("crew_need") > 1,
    detail=pl.format("{} weeks of the scarcest crew", figure("crew_need")),
)
