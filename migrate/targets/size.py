"""Right-sizing: the cheapest instance type that is offered in the region and meets what the server needs."""

from __future__ import annotations

import polars as pl

from migrate.spec import Target
from migrate.targets.arm import CANDIDATE, SUPPORTED
from migrate.targets.core_licences import CoreLicence, core_licence, read_core
from migrate.targets.fitting import fit, gathered
from migrate.targets.instances import load_instances
from migrate.targets.need import ALLOCATED, DIMENSIONS
from migrate.targets.prices import PriceBook
from migrate.targets.speeds import family_speed

__all__ = ["ARM64", "SHARED_CPU", "X86_64", "asked_of", "offers", "size_servers", "with_marks"]

#: Features of types, as bits: the processor's architecture, and whether the CPU is given only in part for good.
X86_64, ARM64, SHARED_CPU = 1, 2, 4

_FOUND = {
    "row": pl.UInt32,
    "instance_type": pl.String,
    "instance_vcpu": pl.Float64,
    "usd_h": pl.Float64,
    "licence_usd_h": pl.Float64,
    "load_bound": pl.Boolean,
    "more_vcpu_type": pl.String,
}


def offers(book: PriceBook, region: str, term: str, *, windows: bool, core: CoreLicence | None = None) -> pl.DataFrame:
    """Usable types with a price in the region, cheapest first, equal prices by name.

    Columns: those of the instance table, usd_h (compute), licence_usd_h (Windows by vCPU, 0 without), speed (of a thread, see
    `migrate.targets.speeds`; an unknown one counts as the slowest reference) and features. With Windows licences included
    there are no burstable types: the book's licence price is not theirs. `core` weighs the order and is in no price.
    """
    types = load_instances().types.filter("usable").join(book.compute(region, term), left_on="instance_type", right_on="type")
    licence = book.item("windows_vcpu_h", region) if windows else 0.0
    if windows:
        types = types.filter(~pl.col("burstable")) if licence is not None else types.clear()
    arm = pl.col("architecture") == "arm64"
    shared = pl.col("burstable") | pl.col("flex")
    brought = pl.max_horizontal(pl.col("vcpu"), pl.lit(core.least_vcpu)) * core.usd_vcpu_h if core else pl.lit(0.0)
    return types.with_columns(
        licence_usd_h=pl.col("vcpu") * (licence or 0.0),
        speed=family_speed("instance_type").fill_null(1.0),
        features=pl.when(arm).then(ARM64).otherwise(X86_64) + pl.when(shared).then(SHARED_CPU).otherwise(0),
    ).sort(pl.col("usd_h") + pl.col("licence_usd_h") + brought, "instance_type")


def size_servers(needs: pl.DataFrame, book: PriceBook, target: Target) -> pl.DataFrame:
    """Add instance_type, instance_vcpu, usd_h, licence_usd_h, load_bound (the disks or network ask for a larger type) and
    more_vcpu_type (the type of more vCPUs that would have been cheapest if Windows were not paid by vCPU; null: none).

    All are null where a server is not sized or nothing is large enough.
    """
    groups = asked_of(needs, target).partition_by("region", "licensed", "core", as_dict=True, maintain_order=True)
    parts = [
        _sized(part, offers(book, str(region), target.term, windows=bool(licensed), core=read_core(core, target)), target)
        for (region, licensed, core), part in groups.items()
    ]
    found = pl.concat([pl.DataFrame(schema=_FOUND), *parts])
    return needs.hstack(found.sort("row").drop("row"))


def asked_of(servers: pl.DataFrame, target: Target) -> pl.DataFrame:
    """What decides on a server's type, and nothing else: row, region, licensed, core, and what `fit` wants."""
    marked = with_marks(servers, target).with_columns(core=core_licence(target)).with_row_index("row")
    marks = ("row", "region", "licensed", "core", "allowed", "sized", "measured_cpu", "cpu_speed", "arm64")
    return marked.select(*dict.fromkeys((*marks, *DIMENSIONS, *ALLOCATED)))


def with_marks(servers: pl.DataFrame, target: Target) -> pl.DataFrame:
    """Add `licensed` (Windows is paid by the hour) and `allowed` (bits of the features that its types may have)."""
    windows = (pl.col("os_family").cast(pl.String) == "windows").fill_null(value=False)
    return servers.with_columns(licensed=windows & (target.windows_licence == "included"), allowed=_allowed(target))


def _allowed(target: Target) -> pl.Expr:
    """arm64 where the software does not forbid it; shared CPUs for servers with a known mean load, no databases."""
    x86 = X86_64 if "x86_64" in target.architectures else 0
    arm = ARM64 if "arm64" in target.architectures else 0
    lasting = pl.col("measured_cpu") & pl.col("cpu_mean_pct").is_not_null() & ~pl.col("database")
    can_arm = pl.col("arm64").is_in([SUPPORTED, CANDIDATE])
    return (pl.when(can_arm).then(x86 | arm).otherwise(x86) + pl.when(lasting).then(SHARED_CPU).otherwise(0)).cast(pl.UInt8)


def _sized(servers: pl.DataFrame, kinds: pl.DataFrame, target: Target) -> pl.DataFrame:
    by_speed = target.cpu_speed == "documented"
    found = fit(servers, kinds, by_speed=by_speed)
    by_size = fit(servers, kinds, by_speed=by_speed, loads=False)
    chosen = kinds.select("instance_type", pl.col("vcpu").alias("instance_vcpu"), "usd_h", "licence_usd_h")
    by_compute = kinds.sort("usd_h", "instance_type")
    unlicensed = by_compute.select(more_vcpu_type="instance_type", more_vcpu="vcpu")
    bare = fit(servers, by_compute, by_speed=by_speed)
    more = pl.col("more_vcpu") > pl.col("instance_vcpu")
    return (
        servers.select("row")
        .hstack(chosen.select(pl.all().gather(gathered(found))))
        .hstack(unlicensed.select(pl.all().gather(gathered(bare))))
        .with_columns(
            load_bound=pl.when(pl.col("instance_type").is_not_null()).then(pl.Series(found != by_size)),
            more_vcpu_type=pl.when(more & (pl.col("licence_usd_h") > 0)).then("more_vcpu_type"),
        )
        .select(list(_FOUND))
    )
