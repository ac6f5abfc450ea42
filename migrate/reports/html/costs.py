"""Monthly cost tables: what the target costs by domain, site, disposition and instance type, with coverage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from migrate.model.plan import Plan

__all__ = ["PARTS", "CostRow", "CostTable", "TypeRow", "cost_tables", "type_rows"]

PARTS = ("compute", "licence", "storage", "backup", "transfer")
_TOP_TYPES = 15


@dataclass(frozen=True)
class CostRow:
    """One group of servers, USD a month. None: no server of the group has a known figure."""

    label: str
    servers: int
    moving: int
    priced: int
    parts: Mapping[str, float | None]
    total: float | None
    source: float | None


@dataclass(frozen=True)
class CostTable:
    """One way to cut the cost."""

    title: str
    rows: tuple[CostRow, ...]
    total: CostRow


@dataclass(frozen=True)
class TypeRow:
    """One target with its price, as far as an assumption of the plan names it."""

    target: str
    region: str
    servers: int
    compute: float | None
    each: float | None
    price: str
    source: str


def cost_tables(plan: Plan, table: pl.DataFrame) -> tuple[CostTable, ...]:
    """Add the cost up by domain, site and disposition, the dearest first. `table` is `servers_table` of the plan."""
    domain_of = {application.application: application.domain for application in plan.applications}
    servers = table.with_columns(
        domain=pl.Series([domain_of.get(server.application or "") for server in plan.servers], dtype=pl.String),
        moving=pl.col("wave").is_not_null(),
    )
    total = _row("All servers", servers.select(_sums()).row(0, named=True))
    cuts = (("Business domain", "domain"), ("Site", "site"), ("Disposition", "disposition"))
    return tuple(CostTable(title, _rows(servers, column, title), total) for title, column in cuts)


def type_rows(plan: Plan, table: pl.DataFrame) -> tuple[TypeRow, ...]:
    """The targets that cost most, with the price and source that the plan's assumptions name for them."""
    grouped = (
        table.filter(pl.col("target").is_not_null() & pl.col("wave").is_not_null())
        .group_by("target", "region", maintain_order=True)  # else threads add up in any order, to other last digits
        .agg(pl.len().alias("servers"), _known("compute_usd_month"), pl.col("compute_usd_month").mean().alias("each"))
        .sort("compute_usd_month", "target", "region", descending=[True, False, False], nulls_last=True)
        .head(_TOP_TYPES)
    )
    rows = []
    for row in grouped.iter_rows(named=True):
        named = next((a for a in plan.business_case.assumptions if row["target"] in a.key.split("/")), None)
        price = f"{named.value} {named.unit}".strip() if named else ""
        source = named.source if named else ""
        rows.append(
            TypeRow(row["target"], row["region"] or "", row["servers"], row["compute_usd_month"], row["each"], price, source)
        )
    return tuple(rows)


def _rows(servers: pl.DataFrame, column: str, title: str) -> tuple[CostRow, ...]:
    added = servers.group_by(column, maintain_order=True).agg(_sums())  # as above
    grouped = added.sort("cost_usd_month", column, descending=[True, False], nulls_last=True)
    nothing = "undecided" if column == "disposition" else f"no {title.lower()}"
    return tuple(_row(row[column] or nothing, row) for row in grouped.iter_rows(named=True))


def _sums() -> list[pl.Expr]:
    columns = [*(f"{part}_usd_month" for part in PARTS), "cost_usd_month", "source_cost_usd_month"]
    return [
        pl.len().alias("servers"),
        pl.col("moving").sum(),
        (pl.col("moving") & pl.col("cost_usd_month").is_not_null()).sum().alias("priced"),
        *(_known(name) for name in columns),
    ]


def _known(name: str) -> pl.Expr:
    """Sum of the known figures; null when none is known."""
    return pl.when(pl.col(name).count() > 0).then(pl.col(name).sum()).alias(name)


def _row(label: str, row: Mapping[str, float | None]) -> CostRow:
    return CostRow(
        label=label,
        servers=int(row["servers"] or 0),
        moving=int(row["moving"] or 0),
        priced=int(row["priced"] or 0),
        parts={part: row[f"{part}_usd_month"] for part in PARTS},
        total=row["cost_usd_month"],
        source=row["source_cost_usd_month"],
    )
