"""Right-sizing: the cheapest instance type that is offered in the region and meets what the server needs."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from migrate.spec import Target
from migrate.targets.instances import load_instances
from migrate.targets.kernel import first_that_fits
from migrate.targets.need import DIMENSIONS
from migrate.targets.prices import PriceBook

__all__ = ["ARM64", "SHARED_CPU", "X86_64", "offers", "size_servers"]

#: Features of types, as bits: the processor's architecture, and whether the CPU is given only in part for good.
X86_64, ARM64, SHARED_CPU = 1, 2, 4

_CAPACITIES = ("vcpu", "memory_gib", "sustained_vcpu", "network_gbit_s", "ebs_mbyte_s", "ebs_iops")
_SIZES = 3  # of them, those that are the server's size; the others are the load of its network and disks
_ROUNDING = 1e-9  # a need of 16.000000000001 GiB fits into 16


def offers(book: PriceBook, region: str, term: str, *, windows: bool) -> pl.DataFrame:
    """Usable types with a price in the region, cheapest first, equal prices by name.

    Columns: those of the instance table, usd_h (compute), licence_usd_h (Windows by vCPU, 0 without) and features.
    With Windows licences included there are no burstable types: the book's licence price is not theirs.
    """
    types = load_instances().types.filter("usable").join(book.compute(region, term), left_on="instance_type", right_on="type")
    licence = book.item("windows_vcpu_h", region) if windows else 0.0
    if windows:
        types = types.filter(~pl.col("burstable")) if licence is not None else types.clear()
    arm = pl.col("architecture") == "arm64"
    shared = pl.col("burstable") | pl.col("flex")
    return types.with_columns(
        licence_usd_h=pl.col("vcpu") * (licence or 0.0),
        features=pl.when(arm).then(ARM64).otherwise(X86_64) + pl.when(shared).then(SHARED_CPU).otherwise(0),
    ).sort(pl.col("usd_h") + pl.col("licence_usd_h"), "instance_type")


def size_servers(needs: pl.DataFrame, book: PriceBook, target: Target) -> pl.DataFrame:
    """Add instance_type, instance_vcpu, usd_h, licence_usd_h, load_bound (the disks or network ask for a larger type) and
    more_vcpu_type (the type of more vCPUs that would have been cheapest if Windows were not paid by vCPU; null: none).

    All are null where a server is not sized or nothing is large enough.
    """
    included = (pl.col("os_family").cast(pl.String) == "windows").fill_null(value=False) & (target.windows_licence == "included")
    marked = needs.with_columns(licensed=included, allowed=_allowed(target)).with_row_index("row")
    groups = marked.partition_by("region", "licensed", as_dict=True, maintain_order=True)
    if not groups:
        groups = {(target.regions[0], False): marked}
    parts = [
        _sized(part, offers(book, str(region), target.term, windows=bool(licensed)))
        for (region, licensed), part in groups.items()
    ]
    return pl.concat(parts).sort("row").drop("row", "licensed", "allowed")


def _allowed(target: Target) -> pl.Expr:
    """Which features a server may have: arm64 is for Linux, shared CPUs for servers with a known mean load, no databases."""
    x86 = X86_64 if "x86_64" in target.architectures else 0
    arm = ARM64 if "arm64" in target.architectures else 0
    linux = pl.col("os_family").cast(pl.String).eq_missing("linux")
    lasting = pl.col("measured_cpu") & pl.col("cpu_mean_pct").is_not_null() & ~pl.col("database")
    return (pl.when(linux).then(x86 | arm).otherwise(x86) + pl.when(lasting).then(SHARED_CPU).otherwise(0)).cast(pl.UInt8)


def _sized(servers: pl.DataFrame, kinds: pl.DataFrame) -> pl.DataFrame:
    needs = servers.select(pl.when("sized").then(pl.col(name)).otherwise(float("inf")) - _ROUNDING for name in DIMENSIONS)
    wanted, given = _matrix(needs), _matrix(kinds.select(pl.col(_CAPACITIES).fill_null(0.0)))
    allowed, features = servers["allowed"].to_numpy(), kinds["features"].to_numpy().astype(np.uint8)
    found = first_that_fits(wanted, allowed, given, features)
    by_size = first_that_fits(
        np.ascontiguousarray(wanted[:, :_SIZES]), allowed, np.ascontiguousarray(given[:, :_SIZES]), features
    )
    chosen = kinds.select("instance_type", pl.col("vcpu").alias("instance_vcpu"), "usd_h", "licence_usd_h")
    by_compute = kinds.with_row_index("row").sort("usd_h", "instance_type")
    order = by_compute["row"].to_numpy()
    unlicensed = by_compute.select(more_vcpu_type="instance_type", more_vcpu="vcpu")
    bare = first_that_fits(wanted, allowed, np.ascontiguousarray(given[order]), features[order])
    more = pl.col("more_vcpu") > pl.col("instance_vcpu")
    return (
        servers.hstack(chosen.select(pl.all().gather(_index(found))))
        .hstack(unlicensed.select(pl.all().gather(_index(bare))))
        .with_columns(
            load_bound=pl.when(pl.col("instance_type").is_not_null()).then(pl.Series(found != by_size)),
            more_vcpu_type=pl.when(more & (pl.col("licence_usd_h") > 0)).then("more_vcpu_type"),
        )
        .drop("more_vcpu")
    )


def _index(found: NDArray[np.int64]) -> pl.Series:
    """Rows to gather; null where nothing fits."""
    return pl.select(index=found).select(pl.when(pl.col("index") >= 0).then("index")).to_series()


def _matrix(frame: pl.DataFrame) -> NDArray[np.float64]:
    return np.ascontiguousarray(frame.to_numpy().astype(np.float64).reshape(frame.height, frame.width))
