"""Every rate of a price book in one table, each with its unit, its source and that source's date."""

from __future__ import annotations

import polars as pl

from migrate.targets.prices.book import PriceBook

__all__ = ["KEY", "list_rates"]

#: What names a rate; columns that a service has no use for are null.
KEY = ("service", "region", "item", "os", "engine", "deployment", "term", "from_gb", "to_gb")

_SCHEMA = {
    "service": pl.String,
    "region": pl.String,
    "item": pl.String,
    "os": pl.String,
    "engine": pl.String,
    "deployment": pl.String,
    "term": pl.String,
    "from_gb": pl.Float64,
    "to_gb": pl.Float64,
    "unit": pl.String,
    "usd": pl.Float64,
    "source": pl.String,
    "date": pl.Date,
}

_HOURLY = {"compute": "ec2", "database": "rds"}  # as AWS names what the format calls by its kind

#: item -> (service, unit, deployment)
_ITEMS: dict[str, tuple[str, str, str | None]] = {
    "gp3_gib_month": ("ebs", "GiB-month", None),
    "gp3_iops_month": ("ebs", "IOPS-month", None),
    "gp3_mib_s_month": ("ebs", "MiB/s-month", None),
    "snapshot_gib_month": ("ebs", "GiB-month", None),
    "io2_gib_month": ("ebs", "GiB-month", None),
    "io2_iops_month": ("ebs", "IOPS-month", None),
    "balanced_disk_gib_month": ("disk", "GiB-month", None),
    "ssd_disk_gib_month": ("disk", "GiB-month", None),
    "disk_snapshot_gib_month": ("disk", "GiB-month", None),
    "windows_vcpu_h": ("windows", "vCPU-hour", None),
    "database_gib_month_single_az": ("rds-storage", "GiB-month", "single-az"),
    "database_gib_month_multi_az": ("rds-storage", "GiB-month", "multi-az"),
    "database_backup_gib_month": ("rds-storage", "GiB-month", None),
    "direct_connect_1g_port_h": ("direct-connect", "port-hour", None),
    "direct_connect_10g_port_h": ("direct-connect", "port-hour", None),
    "direct_connect_100g_port_h": ("direct-connect", "port-hour", None),
    "direct_connect_out_gb": ("direct-connect", "GB", None),
}

_HOST_NAME, _HOST = "dedicated_host_", ("dedicated-host", "host-hour", None)


def list_rates(book: PriceBook) -> pl.DataFrame:
    """All rates of a book, sorted by `KEY`.

    Columns: service (``ec2``, ``rds``, ``ebs``, ``rds-storage``, ``transfer``, ``direct-connect``, ``windows``,
    ``dedicated-host``; ``compute`` and ``disk`` of other clouds; an item that this version does not know stands under the
    name of its source), region (``*``: every region that has no row of its own), item (instance type, class or name of the
    item), os, engine, deployment, term, from_gb and to_gb (traffic a month that a tier begins and ends with; null: without
    end), unit (null: not known), usd (a unit), source, date.
    """
    frames = [_hours(book), _rows(_item_rows(book)), _rows(_transfer_rows(book))]
    return pl.concat(frames).sort(KEY, nulls_last=True)


def _hours(book: PriceBook) -> pl.DataFrame:
    hours = book.hours
    if book.provider == "aws":
        hours = hours.with_columns(pl.col("service").replace(_HOURLY))
    return hours.rename({"type": "item", "usd_h": "usd"}).select(
        *KEY[:7],
        pl.lit(None, dtype=pl.Float64).alias("from_gb"),
        pl.lit(None, dtype=pl.Float64).alias("to_gb"),
        pl.lit("hour").alias("unit"),
        "usd",
        "source",
        "date",
    )


def _rows(rows: list[dict[str, object]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=_SCHEMA)


def _item_rows(book: PriceBook) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for part in book.items:
        source = book.sources[part.source]
        for name, prices in part.usd.items():
            known = _HOST if name.startswith(_HOST_NAME) else _ITEMS.get(name)
            service, unit, deployment = known or (part.source, None, None)
            fixed = {"service": service, "item": name, "unit": unit, "deployment": deployment}
            said = {"source": source.title, "date": source.date}
            rows += [{**fixed, **said, "region": region, "usd": usd} for region, usd in prices.items()]
    return rows


def _transfer_rows(book: PriceBook) -> list[dict[str, object]]:
    source = book.sources[book.transfer.source]
    fixed = {"service": "transfer", "unit": "GB", "source": source.title, "date": source.date}
    rows: list[dict[str, object]] = []
    for region, tiers in book.transfer.internet.items():
        begin = 0.0
        for tier in tiers:
            ends = {"from_gb": begin, "to_gb": tier.up_to_gb}
            rows.append({**fixed, **ends, "region": region, "item": "internet", "usd": tier.usd_gb})
            begin = tier.up_to_gb if tier.up_to_gb is not None else begin
    for region, usd in book.transfer.inter_region.items():
        rows.append({**fixed, "region": region, "item": "inter_region", "usd": usd})
    return rows
