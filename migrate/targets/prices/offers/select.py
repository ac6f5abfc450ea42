"""Which rows of price lists are the rates of a book: one price for each, or none."""

from __future__ import annotations

import polars as pl

__all__ = ["Picked", "pick_hours", "pick_internet", "pick_items", "pick_regions_apart", "pick_savings", "pick_windows"]

Picked = tuple[pl.DataFrame, list[str]]

_MIB_S_PER_GIB_S = 1024.0
_EVERYWHERE = r"^(?:[A-Z]{2,4}[0-9]*-)?"  # AWS puts a short name of the region before a usage type, none in us-east-1
#: usage type -> (item of the book, unit -> divisor)
_ITEMS: dict[str, tuple[str, dict[str, float]]] = {
    "EBS:VolumeUsage.gp3": ("gp3_gib_month", {"GB-Mo": 1.0, "GB-month": 1.0}),
    "EBS:VolumeP-IOPS.gp3": ("gp3_iops_month", {"IOPS-Mo": 1.0}),
    "EBS:VolumeP-Throughput.gp3": ("gp3_mib_s_month", {"GiBps-mo": _MIB_S_PER_GIB_S, "MiBps-Mo": 1.0}),
    "EBS:VolumeUsage.io2": ("io2_gib_month", {"GB-Mo": 1.0, "GB-month": 1.0}),
    "EBS:VolumeP-IOPS.io2": ("io2_iops_month", {"IOPS-Mo": 1.0}),  # the first tier; the others end in .tier2 and .tier3
    "EBS:SnapshotUsage": ("snapshot_gib_month", {"GB-Mo": 1.0, "GB-month": 1.0}),
    "RDS:GP3-Storage": ("database_gib_month_single_az", {"GB-Mo": 1.0}),
    "RDS:Multi-AZ-GP3-Storage": ("database_gib_month_multi_az", {"GB-Mo": 1.0}),
    "RDS:ChargedBackupUsage": ("database_backup_gib_month", {"GB-Mo": 1.0}),
}
_ENGINES = {"MySQL": "mysql", "PostgreSQL": "postgresql"}
_SYSTEMS = {"Linux": "linux", "Windows": "windows"}
_DEPLOYMENTS = {"Single-AZ": "single-az", "Multi-AZ": "multi-az"}
_MOST = 0.5  # share of the types that have to agree on the rate of the Windows licence
_NAMED = 3


def pick_hours(rows: pl.DataFrame) -> Picked:
    """Prices an hour of instances and databases: service, region, type, os, engine, deployment, term, usd.

    Instances: shared tenancy, used, without other software, no licence brought along. Databases: MySQL and PostgreSQL in
    one zone or two. Local zones and outposts are left out.
    """
    compute = pl.col("productfamily").is_in(["Compute Instance", "Compute Instance (bare metal)"])
    plain = (
        (pl.col("tenancy") == "Shared")
        & (pl.col("preinstalledsw").fill_null("NA") == "NA")
        & (pl.col("capacitystatus").fill_null("Used") == "Used")
        & (pl.col("licensemodel").fill_null("No License required") == "No License required")
        & (pl.col("marketoption").fill_null("OnDemand") == "OnDemand")
    )
    database = (pl.col("productfamily") == "Database Instance") & pl.col("databaseengine").is_in(list(_ENGINES))
    known = (compute & plain & pl.col("operatingsystem").is_in(list(_SYSTEMS))) | (
        database & pl.col("deploymentoption").is_in(list(_DEPLOYMENTS))
    )
    term = (
        pl.when(pl.col("termtype") == "OnDemand")
        .then(pl.lit("on_demand"))
        .otherwise(pl.col("leasecontractlength").replace_strict({"1yr": "reserved_1y", "3yr": "reserved_3y"}, default=None))
    )
    found = rows.filter(known & (pl.col("locationtype") == "AWS Region") & (pl.col("unit") == "Hrs")).select(
        pl.when(compute).then(pl.lit("compute")).otherwise(pl.lit("database")).alias("service"),
        pl.col("regioncode").alias("region"),
        pl.col("instancetype").alias("type"),
        pl.when(compute).then(pl.col("operatingsystem").replace_strict(_SYSTEMS, default=None)).alias("os"),
        pl.when(database).then(pl.col("databaseengine").replace_strict(_ENGINES, default=None)).alias("engine"),
        pl.when(database).then(pl.col("deploymentoption").replace_strict(_DEPLOYMENTS, default=None)).alias("deployment"),
        term.alias("term"),
        _usd(),
    )
    return _single(found.drop_nulls(["region", "type", "term"]), "type")


def pick_savings(rates: pl.DataFrame) -> Picked:
    """Prices an hour under Savings Plans, in the columns of `pick_hours`."""
    empty = pl.lit(None, dtype=pl.String)
    columns = (pl.lit("compute").alias("service"), "region", "type", "os", empty.alias("engine"), empty.alias("deployment"))
    return _single(rates.select(*columns, "term", "usd"), "type")


def pick_items(rows: pl.DataFrame) -> Picked:
    """Prices by the piece, of storage, backup and dedicated hosts by family: item, region, usd."""
    usage = pl.col("usagetype").str.replace(_EVERYWHERE, "")
    parts = [
        rows.filter((usage == name) & (pl.col("termtype") == "OnDemand") & (pl.col("locationtype") == "AWS Region"))
        .filter(pl.col("databaseengine").fill_null("Any").is_in(["Any", *_ENGINES]))
        .select(
            pl.lit(item).alias("item"),
            pl.col("regioncode").alias("region"),
            (_usd() / pl.col("unit").replace_strict(divisors, default=None, return_dtype=pl.Float64)).round(10).alias("usd"),
        )
        for name, (item, divisors) in _ITEMS.items()
    ]
    family = usage.str.extract(r"^HostUsage:([a-z0-9-]+)$")
    hosts = rows.filter((pl.col("productfamily") == "Dedicated Host") & (pl.col("termtype") == "OnDemand") & family.is_not_null())
    parts.append(
        hosts.filter((pl.col("unit") == "Hrs") & (pl.col("locationtype") == "AWS Region")).select(
            pl.format("dedicated_host_{}_h", family).alias("item"), pl.col("regioncode").alias("region"), _usd()
        )
    )
    return _single(pl.concat(parts).drop_nulls("region"), "item")


def pick_internet(rows: pl.DataFrame) -> Picked:
    """Traffic to the internet: region, from_gb, to_gb (null: without end), usd."""
    found = _transfer(rows, "DataTransfer-Out-Bytes", "AWS Outbound").filter(pl.col("tolocation") == "External")
    tiers = found.select(
        "region",
        pl.col("startingrange").cast(pl.Float64, strict=False).alias("from_gb"),
        pl.col("endingrange").replace("Inf", None).cast(pl.Float64, strict=False).alias("to_gb"),
        _usd(),
    )
    single, notes = _single(tiers.drop_nulls("from_gb"), "region")
    ordered = single.sort("region", "from_gb")
    before = pl.col("to_gb").shift(1).over("region")
    first = pl.int_range(pl.len()).over("region") == 0
    broken = (pl.col("to_gb") <= pl.col("from_gb")) | (~first & (before.is_null() | (before != pl.col("from_gb"))))
    odd = ordered.filter(broken)["region"].unique().sort()
    if odd.len():
        notes.append(f"Traffic to the internet was left out of {', '.join(odd)}: its tiers do not follow each other")
    return ordered.filter(~pl.col("region").is_in(odd.to_list())), notes


def pick_regions_apart(rows: pl.DataFrame) -> pl.DataFrame:
    """Traffic to other regions: region, usd. Where destinations differ, the price of most of them; of equals the higher."""
    found = _transfer(rows, "AWS-Out-Bytes", "InterRegion Outbound").filter(pl.col("tolocationtype") == "AWS Region")
    prices = found.select("region", "tolocation", _usd()).filter(pl.col("usd") > 0).unique()
    counted = prices.group_by("region", "usd").agg(pl.len()).sort("len", "usd", descending=True)
    return counted.group_by("region").agg(pl.col("usd").first()).sort("region")


def pick_windows(rows: pl.DataFrame, hours: pl.DataFrame) -> tuple[pl.DataFrame, list[str]]:
    """The Windows licence a vCPU-hour: region, usd; only where more than half of the types with fixed performance agree."""
    numbers = rows.select(type="instancetype", vcpu=pl.col("vcpu").cast(pl.Float64, strict=False)).filter(pl.col("vcpu") > 0)
    cores = numbers.group_by("type").agg(pl.col("vcpu").max())
    demand = hours.filter((pl.col("term") == "on_demand") & ~pl.col("type").str.starts_with("t"))
    pairs = demand.filter(os="windows").join(demand.filter(os="linux"), on=["region", "type"], suffix="_linux")
    rates = pairs.join(cores, on="type").select("region", usd=((pl.col("usd") - pl.col("usd_linux")) / pl.col("vcpu")).round(6))
    counted = rates.group_by("region", "usd").agg(pl.len()).sort("len", "usd", descending=True)
    most = counted.group_by("region").agg(pl.col("usd").first(), (pl.col("len").first() / pl.col("len").sum()).alias("share"))
    agreed = (pl.col("share") > _MOST) & (pl.col("usd") > 0)
    odd = most.filter(~agreed)["region"].sort()
    notes = [f"The Windows licence was left out in {', '.join(odd)}: types differ in its rate"] if odd.len() else []
    return most.filter(agreed).select("region", "usd").sort("region"), notes


def _usd() -> pl.Expr:
    return pl.col("priceperunit").cast(pl.Float64, strict=False).alias("usd")


def _transfer(rows: pl.DataFrame, usage: str, kind: str) -> pl.DataFrame:
    found = rows.filter(
        (pl.col("productfamily") == "Data Transfer") & (pl.col("transfertype") == kind) & (pl.col("unit") == "GB")
    )
    plain = found.filter(pl.col("usagetype").str.contains(rf"(?:^|-){usage}$"))
    return plain.with_columns(region=pl.coalesce("fromregioncode", "regioncode")).drop_nulls("region")


def _single(found: pl.DataFrame, name: str) -> Picked:
    """Each rate once. Prices of 0 and of no number are missing; a rate with two prices is left out. Both are told."""
    keys = [column for column in found.columns if column != "usd"]
    priced = found.filter((pl.col("usd") > 0) & pl.col("usd").is_finite())
    counted = priced.group_by(keys).agg(pl.col("usd").first(), pl.col("usd").n_unique().alias("prices")).sort(keys)
    notes = []
    without = found.select(keys).unique().join(priced, on=keys, how="anti", nulls_equal=True)
    for rows, why in ((without, "no price above 0"), (counted.filter(pl.col("prices") > 1), "several prices")):
        if not rows.is_empty():
            shown = ", ".join(sorted({f"{row[name]} in {row['region']}" for row in rows.iter_rows(named=True)})[:_NAMED])
            count = "1 rate has" if rows.height == 1 else f"{rows.height:,} rates have"
            notes.append(f"{count} {why}, left out: {shown}{' and others' if rows.height > _NAMED else ''}")
    return counted.filter(pl.col("prices") == 1).select(*keys, "usd"), notes
