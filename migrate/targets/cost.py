"""What a server costs a month in the cloud, by resource. What it costs where it stands is in `source_cost`.

Every figure is quantity × price of the book, at list price. A price or quantity that is not known gives null, which
takes that part out of the sum; without compute there is no sum.
"""

from __future__ import annotations

import polars as pl

from migrate.spec import Spec
from migrate.targets.managed_database import LEAST_STORAGE_GIB
from migrate.targets.prices import PriceBook
from migrate.targets.storage_class import GP3_INCLUDED_IOPS, GP3_INCLUDED_MIB_S, add_storage_class
from migrate.units import HOURS_PER_MONTH

__all__ = ["PARTS", "add_costs", "add_prices"]

PARTS = ("compute_usd_month", "licence_usd_month", "storage_usd_month", "backup_usd_month", "transfer_usd_month")

_MBYTE_PER_MIB = 1.048576


def add_prices(options: pl.DataFrame, book: PriceBook, spec: Spec) -> pl.DataFrame:
    """Add what each part but the traffic would cost a month: on the type that was found, and as a managed database.

    Columns: ``server_`` and ``database_`` before each of `PARTS`, and storage_class. A stopped server pays for storage and
    backups only.
    """
    priced = add_storage_class(options).join(_item_prices(options, book), on="region", how="left", maintain_order="left")
    known = pl.col("volumes_gib").list.len() > 0
    allocated = pl.when(known).then(pl.col("volumes_gib").list.sum())
    least = pl.when(known).then(pl.max_horizontal(allocated, pl.lit(LEAST_STORAGE_GIB)))
    copies = pl.coalesce("disk_used_gib", allocated) * spec.target.backup_retained_copies
    parts = {
        "server_compute_usd_month": _while_running("usd_h"),
        "server_licence_usd_month": _while_running("licence_usd_h"),
        "server_storage_usd_month": pl.when(pl.col("storage_class") == "io2")
        .then(allocated * pl.col("io2_gib_month") + _io2_speed())
        .otherwise(allocated * pl.col("gp3_gib_month") + _extra_speed()),
        "server_backup_usd_month": copies * pl.col("snapshot_gib_month"),
        "database_compute_usd_month": pl.col("database_usd_h") * HOURS_PER_MONTH,
        "database_licence_usd_month": pl.when(pl.col("database_usd_h").is_not_null()).then(0.0),
        "database_storage_usd_month": least * _database_storage(),
        "database_backup_usd_month": (copies - least).clip(0.0, None) * pl.col("database_backup_gib_month"),
    }
    return priced.with_columns(**parts)


def add_costs(chosen: pl.DataFrame, book: PriceBook) -> pl.DataFrame:
    """Add the columns of `PARTS` and cost_usd_month, of the two prices that `add_prices` gave the one that was chosen.

    Servers that need no target (`needs_target` false) cost nothing in the cloud. Of bought services (`bought`) no price is known.
    """
    priced = chosen.join(_traffic_prices(chosen, book), on="region", how="left", maintain_order="left")
    parts = {
        name: pl.when("managed").then(f"database_{name}").otherwise(f"server_{name}")
        for name in PARTS
        if name != "transfer_usd_month"
    }
    parts["transfer_usd_month"] = pl.when("off").then(0.0).otherwise(pl.col("external_gb_month") * pl.col("internet_usd_gb"))
    stays, bought = ~pl.col("needs_target") & ~pl.col("bought"), pl.col("bought") | pl.col("target").is_null()
    shown = {name: pl.when(stays).then(0.0).when(bought).then(None).otherwise(part) for name, part in parts.items()}
    total = pl.when(pl.col("compute_usd_month").is_not_null()).then(pl.sum_horizontal(PARTS))
    return priced.with_columns(**shown).with_columns(cost_usd_month=total)


def _while_running(usd_h: str) -> pl.Expr:
    """AWS, EC2 User Guide, "Stop and start Amazon EC2 instances": a stopped instance is charged for its volumes alone."""
    price = pl.col(usd_h) * HOURS_PER_MONTH
    return pl.when(pl.col("off") & price.is_not_null()).then(0.0).otherwise(price)


def _database_storage() -> pl.Expr:
    multi = pl.col("database_deployment") == "multi-az"
    return pl.when(multi).then("database_gib_month_multi_az").otherwise("database_gib_month_single_az")


def _extra_speed() -> pl.Expr:
    """Provisioned IOPS and throughput over what the volumes include, where the load was measured (headroom included)."""
    volumes = pl.col("volumes_gib").list.len()
    iops = (pl.col("need_ebs_iops") - volumes * GP3_INCLUDED_IOPS).clip(0.0, None) * pl.col("gp3_iops_month")
    speed = (pl.col("need_ebs_mbyte_s") / _MBYTE_PER_MIB - volumes * GP3_INCLUDED_MIB_S).clip(0.0, None) * pl.col(
        "gp3_mib_s_month"
    )
    return pl.when(volumes > 0).then(iops.fill_null(0.0) + speed.fill_null(0.0))


def _io2_speed() -> pl.Expr:
    """All IOPS of io2 are provisioned, at the price of the first tier: later ones are cheaper. Throughput comes with them."""
    return pl.col("need_ebs_iops") * pl.col("io2_iops_month")


_ITEMS = (
    "gp3_gib_month",
    "gp3_iops_month",
    "gp3_mib_s_month",
    "io2_gib_month",
    "io2_iops_month",
    "snapshot_gib_month",
    "database_gib_month_single_az",
    "database_gib_month_multi_az",
    "database_backup_gib_month",
)


def _item_prices(options: pl.DataFrame, book: PriceBook) -> pl.DataFrame:
    """Prices by the piece in each region."""
    regions = sorted(options["region"].drop_nulls().unique().to_list())
    rows = [{"region": region} | {name: book.item(name, region) for name in _ITEMS} for region in regions]
    return pl.DataFrame(rows, schema={"region": pl.String, **dict.fromkeys(_ITEMS, pl.Float64)})


def _traffic_prices(chosen: pl.DataFrame, book: PriceBook) -> pl.DataFrame:
    """The price of a GB to the internet in each region.

    Traffic is priced in tiers by what the whole estate sends; each server pays the mean price of the region.
    """
    sending = chosen.filter(pl.col("needs_target") & ~pl.col("off"))
    sent = sending.group_by("region").agg(pl.col("external_gb_month").sum()).drop_nulls("region")
    totals = dict(sent.iter_rows())
    rows = []
    for region in sorted(chosen["region"].drop_nulls().unique().to_list()):
        volume = totals.get(region) or 1.0
        usd = book.internet_usd_month(region, volume)
        rows.append({"region": region, "internet_usd_gb": None if usd is None else usd / volume})
    return pl.DataFrame(rows, schema={"region": pl.String, "internet_usd_gb": pl.Float64})
