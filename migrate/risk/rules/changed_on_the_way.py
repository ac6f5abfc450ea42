"""Applications that change while they move."""

from __future__ import annotations

import polars as pl

from migrate.risk.references import ASSESSMENT, MIGRATION_PLAYBOOK
from migrate.risk.rule import RiskRule

__all__ = ["RULE"]

RULE = RiskRule(
    id="changed-on-the-way",
    title="It changes while it moves",
    measures="At least one server is replatformed, refactored or repurchased rather than moved as it is",
    reference=f"{ASSESSMENT}: migration strategies (7 Rs); {MIGRATION_PLAYBOOK}",
    points=4,
    remedy="Test it as a new release: function, load and interfaces, with the owner's acceptance.",
    needs="a disposition of its servers",
    population=pl.col("disposition_known") > 0,
    hit=pl.col("changed") > 0,
    detail=pl.format("servers that change on the way: {} of {}", "changed", "servers"),
)
