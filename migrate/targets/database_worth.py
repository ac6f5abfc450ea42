"""Is a managed database worth its price? Its month against that of the same server rehosted, and the work it spares."""

from __future__ import annotations

import polars as pl

from migrate.spec import Effort
from migrate.targets.cost import PARTS

__all__ = ["SPARED_H", "add_worth"]

#: Hours a month that nobody spends any more on patches, backups, replicas and failovers of one database server.
#: A planning value of this project; an hour costs ``effort.hour_usd``.
SPARED_H = 4.0

_COMPARED = tuple(part for part in PARTS if part != "transfer_usd_month")  # traffic costs the same on both sides


def add_worth(priced: pl.DataFrame, effort: Effort) -> pl.DataFrame:
    """Add what to compare, and `database_worth`: the managed database is not dearer than rehosting, spared work counted.

    Columns: database_usd_month and rehost_usd_month (of the parts whose price is known on both sides), spared_usd_month,
    and database_premium_usd_month = database - spared - rehost. All are null without a managed database to compare, the
    premium also where no type is large enough to rehost the server: then the managed database is worth its price.
    """
    offered = pl.col("database_target").is_not_null()
    sums = {}
    for side in ("database", "server"):
        parts = []
        for name in _COMPARED:
            known = pl.col(f"database_{name}").is_not_null() & pl.col(f"server_{name}").is_not_null()
            parts.append(pl.when(known | pl.col("instance_type").is_null()).then(f"{side}_{name}"))
        sums[side] = pl.sum_horizontal(parts)
    spared = SPARED_H * effort.hour_usd
    compared = priced.with_columns(
        database_usd_month=pl.when(offered).then(sums["database"]),
        rehost_usd_month=pl.when(offered & pl.col("instance_type").is_not_null()).then(sums["server"]),
        spared_usd_month=pl.when(offered).then(spared),
    )
    premium = pl.col("database_usd_month") - pl.col("spared_usd_month") - pl.col("rehost_usd_month")
    return compared.with_columns(database_premium_usd_month=premium).with_columns(
        database_worth=offered & (premium <= 0).fill_null(value=True)
    )
