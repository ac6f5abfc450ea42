"""What the stage needs to know of each server, in one table: itself, its application, its load, its databases, its traffic."""

from __future__ import annotations

import polars as pl

from migrate.model.stages import Discovery
from migrate.model.support import end_of_support_expr

__all__ = ["collect_facts"]

_LOADS = (
    "cpu_mean_pct",
    *(f"{thing}_{name}_pct" for thing in ("cpu", "memory") for name in ("p90", "p95", "p99", "max")),
    "disk_iops_p95",
    "disk_mib_s_p95",
    "network_mbit_s_p95",
    "observed_days",
)


#: Confidence from which an inferred membership counts as evidence that a server is somebody's. A planning value.
_STRONG = 0.6


def collect_facts(discovery: Discovery) -> pl.DataFrame:
    """One row per server of the estate, sorted by server_id.

    Beside the columns of `Servers` and `Utilisation`: application (the membership with the highest confidence), criticality,
    domain, business_owner, data_class and hint of that application, claimed (a source states a membership, or the evidence
    for one is strong), engines (sorted, of known databases), engine (when there is exactly one), connected (a dependency was
    observed), end_of_support of its operating system, off, external_gb_month (null without flows) and volumes_gib.
    """
    estate = discovery.estate
    members = (
        estate.memberships.sort("server_id", "confidence", "application", descending=[False, True, False])
        .unique("server_id", keep="first", maintain_order=True)
        .select("server_id", "application")
    )
    strong = (pl.col("origin") == "declared") | (pl.col("confidence") >= _STRONG)
    claimed = estate.memberships.filter(strong).select("server_id").unique().with_columns(claimed=True)
    applications = estate.applications.select(
        "application", "criticality", "domain", "data_class", business_owner="owner", hint="disposition_hint"
    )
    engines = estate.databases.group_by("server_id").agg(
        engines=pl.col("engine").str.to_lowercase().drop_nulls().unique().sort(), unknown_engine=pl.col("engine").is_null().any()
    )
    ends = pl.concat([discovery.server_dependencies[side].rename("server_id") for side in ("consumer_id", "provider_id")])
    connected = ends.unique().to_frame().with_columns(connected=True)
    facts = (
        estate.servers.join(members, on="server_id", how="left")
        .join(claimed, on="server_id", how="left")
        .join(applications, on="application", how="left")
        .join(estate.utilisation.select("server_id", *_LOADS), on="server_id", how="left")
        .join(engines, on="server_id", how="left")
        .join(connected, on="server_id", how="left")
        .join(_external(discovery), on="server_id", how="left")
        .join(_volumes(estate.disks), on="server_id", how="left")
        .sort("server_id")
    )
    return facts.with_columns(
        pl.col("claimed", "connected").fill_null(value=False),
        pl.col("engines").fill_null([]),
        engine=pl.when((pl.col("engines").list.len() == 1) & ~pl.col("unknown_engine")).then(pl.col("engines").list.first()),
        off=pl.col("power").cast(pl.String).is_in(["off", "suspended"]).fill_null(value=False),
        end_of_support=end_of_support_expr("os_name"),
        external_gb_month=pl.col("external_gb_month").fill_null(0.0) if discovery.observed_days else pl.lit(None, pl.Float64),
    ).with_columns(volumes_gib=_completed_volumes())


def _external(discovery: Discovery) -> pl.DataFrame:
    traffic = sorted(discovery.external_gb_month.items())
    return pl.DataFrame(traffic, schema={"server_id": pl.String, "external_gb_month": pl.Float64}, orient="row")


#: Whole GiB, at least 1, at most 16 TiB: the size of a gp3 volume. AWS, EBS User Guide, "General Purpose SSD volumes".
_LARGEST_VOLUME = 16_384.0


def _volumes(disks: pl.DataFrame) -> pl.DataFrame:
    """The volumes that a server's disks become, in the order of the disks; a disk that is too large becomes several."""
    parts = (pl.col("capacity_gib") / _LARGEST_VOLUME).ceil().clip(1, None)
    sized = disks.filter(pl.col("capacity_gib") > 0).sort("server_id", "disk").with_columns(parts=parts)
    sized = sized.with_columns(each=(pl.col("capacity_gib") / pl.col("parts")).ceil().clip(1.0, None))
    spread = sized.with_columns(pl.col("each").repeat_by(pl.col("parts").cast(pl.UInt32)))
    return spread.group_by("server_id", maintain_order=True).agg(volumes_gib=pl.col("each").explode())


def _completed_volumes() -> pl.Expr:
    """Without a list of disks: one volume of the allocated size, or several where that is too large; none if it is unknown."""
    parts = (pl.col("disk_gib") / _LARGEST_VOLUME).ceil().clip(1, None)
    whole = (pl.col("disk_gib") / parts).ceil().clip(1.0, None).repeat_by(parts.cast(pl.UInt32))
    known = pl.col("disk_gib") > 0
    return pl.coalesce("volumes_gib", pl.when(known).then(whole), pl.lit([], dtype=pl.List(pl.Float64)))
