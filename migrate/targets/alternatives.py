"""The same servers bought in other ways, priced: as allocated, right-sized, on the newest types, with Graviton, as planned."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from migrate.model.plan import Alternative, MonthlyCost
from migrate.spec import Target
from migrate.targets.arm import CANDIDATE, SUPPORTED
from migrate.targets.core_licences import read_core
from migrate.targets.fitting import fit, gathered
from migrate.targets.need import ALLOCATED, DIMENSIONS
from migrate.targets.prices import PriceBook
from migrate.targets.size import ARM64, asked_of, offers
from migrate.units import HOURS_PER_MONTH

__all__ = ["PRICED", "Bought", "alternatives", "bought_otherwise", "newest"]

#: Parts of a bill that differ between alternatives.
PRICED = ("compute", "licence", "storage", "backup")

_SCHEMA = {"instance_type": pl.String, "usd_h": pl.Float64, "licence_usd_h": pl.Float64}


@dataclass(frozen=True)
class Bought:
    """What each server would become and cost: columns type and `PRICED` (USD a month, null: not known)."""

    key: str
    label: str
    method: str
    servers: pl.DataFrame


@dataclass(frozen=True)
class _Way:
    key: str
    label: str
    method: str
    needs: Sequence[str] = DIMENSIONS
    newest: bool = False
    arm64: bool = False


_WAYS = (
    _Way("as-allocated", "As allocated", "vCPUs and memory that the server has today; cheapest type allowed", needs=ALLOCATED),
    _Way(
        "newest",
        "Right-sized, newest generation",
        "measured load with headroom, by the speed of processors where today's is known; newest generation of each series",
        newest=True,
    ),
    _Way(
        "arm64",
        "Right-sized, newest generation, Graviton",
        "the same, and arm64 wherever nothing known of the software forbids it; candidates are to be confirmed",
        newest=True,
        arm64=True,
    ),
)


def bought_otherwise(servers: pl.DataFrame, book: PriceBook, target: Target) -> tuple[Bought, ...]:
    """Every alternative, in the order of `migrate.model.plan.Alternative.key`.

    Parameters
    ----------
    servers
        Those that get a target, with all columns of the stage.
    """
    ways = _ways(servers, book, target)
    sized = Bought(
        "right-sized",
        "Right-sized",
        "measured load with headroom, as allocated where it was not measured; cheapest type allowed",
        servers.select(type="instance_type", **{part: f"server_{part}_usd_month" for part in PRICED}),
    )
    managed = pl.col("database_target").is_not_null()
    databases = Bought(
        "managed-databases",
        "Right-sized, every MySQL and PostgreSQL managed",
        "right-sized; servers that can become a managed database do, whether it is worth its price or not",
        servers.select(
            type=pl.when(managed).then("database_target").otherwise("instance_type"),
            **{
                part: pl.when(managed).then(f"database_{part}_usd_month").otherwise(f"server_{part}_usd_month") for part in PRICED
            },
        ),
    )
    planned = Bought(
        "planned",
        "As planned",
        "right-sized, with managed databases where they are worth their price or were decided",
        servers.select(type="target", **{part: f"{part}_usd_month" for part in PRICED}),
    )
    return (ways["as-allocated"], sized, ways["newest"], ways["arm64"], databases, planned)


def _ways(servers: pl.DataFrame, book: PriceBook, target: Target) -> dict[str, Bought]:
    """The alternatives that ask for types of their own, by key."""
    can = pl.col("arm64").is_in([SUPPORTED, CANDIDATE])
    with_arm = pl.when(can).then(pl.col("allowed") | ARM64).otherwise("allowed").cast(pl.UInt8)
    groups = asked_of(servers, target).partition_by("region", "licensed", "core", as_dict=True, maintain_order=True)
    found = {way.key: [pl.DataFrame(schema={"row": pl.UInt32, **_SCHEMA})] for way in _WAYS}
    for (region, licensed, core), part in groups.items():
        every = offers(book, str(region), target.term, windows=bool(licensed), core=read_core(core, target))
        latest = every.filter(newest())
        for way in _WAYS:
            kinds = latest if way.newest else every
            asking = part.with_columns(allowed=with_arm) if way.arm64 else part
            by_speed = way.newest or target.cpu_speed == "documented"
            index = gathered(fit(asking, kinds, needs=way.needs, by_speed=by_speed))
            found[way.key].append(part.select("row").hstack(kinds.select(pl.col(list(_SCHEMA)).gather(index))))
    storage = servers.select("off", storage="server_storage_usd_month", backup="server_backup_usd_month")
    columns = {"type": pl.col("instance_type"), "compute": _running("usd_h"), "licence": _running("licence_usd_h")}
    return {
        way.key: Bought(
            way.key,
            way.label,
            way.method,
            pl.concat(found[way.key]).sort("row").hstack(storage).select(**columns, storage="storage", backup="backup"),
        )
        for way in _WAYS
    }


def newest() -> pl.Expr:
    """Types of the newest generation that is offered, of each series (the letters before the number) and architecture."""
    series = pl.col("instance_type").str.extract(r"^([a-z]+)\d")
    generation = pl.col("instance_type").str.extract(r"^[a-z]+(\d+)").cast(pl.Int64)
    return (generation == generation.max().over(series, "architecture")).fill_null(value=False)


def _running(usd_h: str) -> pl.Expr:
    month = pl.col(usd_h) * HOURS_PER_MONTH
    return pl.when(pl.col("off") & month.is_not_null()).then(0.0).otherwise(month)


def alternatives(bought: Sequence[Bought]) -> tuple[Alternative, ...]:
    """The records of a plan; savings are against the first."""
    totals = [each.servers.select(usd=_sum()).to_series() for each in bought]
    records = []
    for each, usd in zip(bought, totals, strict=True):
        both = usd.is_not_null() & totals[0].is_not_null()
        types = each.servers["type"].drop_nulls().unique().sort()
        places = each.servers["type"].cast(pl.Enum(types)).to_physical()
        sums = each.servers.select(pl.when(usd.is_not_null()).then(pl.col(PRICED)).sum()).row(0, named=True)
        known = each.servers.select(pl.when(usd.is_not_null()).then(pl.col(PRICED)).count()).row(0, named=True)
        cost = {part: float(sums[part]) if known[part] else None for part in PRICED}
        records.append(
            Alternative.model_validate(
                {
                    "key": each.key,
                    "label": each.label,
                    "method": each.method,
                    "servers": usd.len(),
                    "priced": usd.count(),
                    "cost": MonthlyCost(**cost),
                    "cost_usd_month": float(usd.sum() or 0.0),
                    "compared": int(both.sum()),
                    "saved_usd_month": float((totals[0] - usd).filter(both).sum() or 0.0),
                    "types": tuple(types.to_list()),
                    "type_of": tuple(places.to_list()),
                    "usd_month": tuple(usd.round(4).to_list()),
                }
            )
        )
    return tuple(records)


def _sum() -> pl.Expr:
    """Sum of the known parts; null where compute is not known."""
    return pl.when(pl.col("compute").is_not_null()).then(pl.sum_horizontal(PRICED))
