"""Which class of volume a server's measured load asks for: gp3, or io2 where gp3 does not give enough."""

from __future__ import annotations

import polars as pl

from migrate.model.plan import StorageClass

__all__ = ["GP3_INCLUDED_IOPS", "GP3_INCLUDED_MIB_S", "add_storage_class", "storage_classes"]

#: Included in each gp3 volume, and the most that one gives: AWS, EBS User Guide, "General Purpose SSD volumes"; the most as
#: raised in September 2025 (AWS re:Invent 2025, STG320).
GP3_INCLUDED_IOPS, GP3_INCLUDED_MIB_S = 3_000.0, 125.0
_GP3_IOPS, _GP3_MIB_S = 80_000.0, 2_000.0

_MBYTE_PER_MIB = 1.048576


def add_storage_class(servers: pl.DataFrame) -> pl.DataFrame:
    """Add storage_class: ``io2`` where the measured load, spread evenly over the volumes, is more than gp3 volumes give;
    null without volumes."""
    count = pl.col("volumes_gib").list.len()
    more = (pl.col("need_ebs_iops") > count * _GP3_IOPS) | (pl.col("need_ebs_mbyte_s") / _MBYTE_PER_MIB > count * _GP3_MIB_S)
    return servers.with_columns(storage_class=pl.when(count > 0).then(pl.when(more).then(pl.lit("io2")).otherwise(pl.lit("gp3"))))


def storage_classes(servers: pl.DataFrame) -> tuple[StorageClass, ...]:
    """Volumes of servers that become instances, by class, with what they cost a month."""
    count = pl.col("volumes_gib").list.len()
    included = pl.when(pl.col("storage_class") == "gp3").then(count).otherwise(0)
    rows = servers.filter(pl.col("storage_class").is_not_null() & ~pl.col("managed") & pl.col("target").is_not_null())
    sums = (
        rows.group_by("storage_class")
        .agg(
            servers=pl.len(),
            volumes=count.sum(),
            gib=pl.col("volumes_gib").list.sum().sum(),
            extra_iops=(pl.col("need_ebs_iops") - included * GP3_INCLUDED_IOPS).clip(0.0, None).sum(),
            extra_mib_s=(pl.col("need_ebs_mbyte_s") / _MBYTE_PER_MIB - included * GP3_INCLUDED_MIB_S).clip(0.0, None).sum(),
            priced=pl.col("storage_usd_month").count(),
            usd_month=pl.col("storage_usd_month").sum(),
        )
        .sort("storage_class")
    )
    return tuple(StorageClass.model_validate(row) for row in sums.iter_rows(named=True))
