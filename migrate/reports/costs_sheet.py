"""The sheet ``Costs``: what the cloud costs a month by application, target and resource."""

from __future__ import annotations

import polars as pl

from migrate.model.plan import Plan
from migrate.reports.html.costs import PARTS
from migrate.reports.sheet import Sheets

__all__ = ["write_costs"]


def write_costs(sheets: Sheets, plan: Plan, servers: pl.DataFrame) -> None:
    """Add ``Costs``: by application and resource, with its coverage. `servers` is `servers_table` of the plan."""
    names = [f"{part}_usd_month" for part in PARTS]
    known = [pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name) for name in (*names, "cost_usd_month")]
    frame = (
        servers.filter(pl.col("wave").is_not_null())
        .group_by("application", "region", "disposition", "target", maintain_order=True)  # the same last digits each time
        .agg(pl.len().alias("servers"), pl.col("cost_usd_month").count().alias("priced_servers"), *known)
        .sort("application", "region", "disposition", "target", nulls_last=True)
        .with_columns(price_source=pl.lit(f"{plan.price_book}, {plan.spec.target.term.replace('_', ' ')}"))
    )
    sheets.table("Costs", frame)
