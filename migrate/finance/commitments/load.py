"""The load that can be committed: by pool and over time, in USD an hour at on-demand prices.

A pool is what one reservation can cover. Regional reservations for Linux in shared tenancy cover every size of their family
(AWS, EC2 User Guide, "How Reserved Instance discounts are applied", "Instance size flexibility"; sizes count by their
normalisation factor, in proportion to their price). Those for Windows do not: there each type is a pool of its own. Classes of
managed MySQL and PostgreSQL are flexible within their family (AWS, RDS User Guide, "Size-flexible reserved DB instances");
deployments are kept apart. Linux stands for all that the book prices as such: subscriptions of Red Hat or SUSE that are
bought by the hour would not be flexible.

Time is cut at the first of every month and on every day on which some load begins, settles or falls: between two cuts nothing
changes. A calendar month costs 730 hours, whatever its number of days, as in the cash flow.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from migrate.finance.axis import NEVER, Axis, Days, Floats
from migrate.finance.fates import Fates
from migrate.model.names import DATABASE_TARGET
from migrate.model.plan import OfferedRate, PlannedServer
from migrate.spec import Spec
from migrate.units import HOURS_PER_MONTH

__all__ = ["TERMS", "Load", "Times", "read_load"]

#: Terms with their years, as price books name them.
TERMS = {"reserved_1y": 1, "reserved_3y": 3, "savings_1y": 1, "savings_3y": 3}

_YEAR_DAYS = 365.25
_ROUNDING = 1e-6  # lots: 3.9999999 are 4
_SIZES = {"nano": 0.25, "micro": 0.5, "small": 1.0, "medium": 2.0, "large": 4.0, "xlarge": 8.0}


@dataclass(frozen=True)
class Times:
    """Stretches without change: the month of each, and its hours as billed."""

    month: Days
    hours: Floats
    months: int


@dataclass(frozen=True)
class Load:
    """Load by pool (rows) and stretch (columns), in lots: the smallest amount of a pool that its servers make sense in.

    Only whole lots can be committed, as only whole instances can be reserved.
    """

    #: service, region, pool, size_flexible, lot_units (normalisation units, or 1 instance), lot_usd_h (on demand), and the
    #: four terms: prices as shares of on demand, null where not offered.
    pools: pl.DataFrame
    lots: Floats
    rest_usd_h: Floats  # beyond whole lots: always on demand
    most_lots: Floats  # by pool and month: up to which commitments may go
    times: Times
    priced_usd: Floats  # by month: what the plan has for its compute
    servers: int  # that are in it
    moving_servers: int  # that run, move, and become an instance or a managed database

    @property
    def lot_usd_h(self) -> Floats:
        """On-demand price of a lot by pool, as a column."""
        return self.pools["lot_usd_h"].to_numpy()[:, None]

    def share(self, term: str) -> Floats:
        """Price of a term as a share of on demand by pool, as a column; NaN where not offered."""
        return self.pools[term].to_numpy().astype(float)[:, None]


def read_load(
    servers: Sequence[PlannedServer], fates: Fates, rates: Sequence[OfferedRate], spec: Spec, axis: Axis
) -> Load | None:
    """The load of the servers that move and run; None where there is none with an on-demand price."""
    frame = _servers(servers, fates)
    moving = frame.height
    keys = ["service", "region", "pool", "size_flexible"]
    priced = (
        frame.join(_prices(rates), on=["service", "region", "item", "engine", "deployment"], how="inner", nulls_equal=True)
        .with_columns(weight=pl.lit(axis.days) - pl.col("begin").clip(0, axis.days))
        .filter(pl.col("weight") > 0)
        .with_columns(lot_units=_greatest_divisor().over(keys))
        .with_columns(lots=pl.col("units") / pl.col("lot_units"))
    )
    if priced.is_empty():
        return None
    usage = (pl.col("weight") * pl.col("on_demand")).sum()
    ratios = {term: (pl.col(term) * pl.col("weight")).sum() / usage for term in TERMS}
    pools = priced.group_by(keys, maintain_order=True).agg(
        pl.col("lot_units").first(),
        (usage / (pl.col("lots") * pl.col("weight")).sum()).alias("lot_usd_h"),
        *(pl.when(pl.col(term).null_count() == 0).then(ratio).alias(term) for term, ratio in ratios.items()),
    )
    pools = pools.sort(keys).with_row_index("index")
    placed = priced.join(pools.select(*keys, "index"), on=keys, how="inner", maintain_order="left")
    lots, usd_h, most, times = _levels(placed, pools.height, spec, axis)
    whole = np.floor(lots + _ROUNDING)
    rest = usd_h - whole * pools["lot_usd_h"].to_numpy()[:, None]
    begin = placed["begin"].to_numpy()
    usd = axis.mean(begin, np.full_like(begin, NEVER), placed["compute"].to_numpy())
    return Load(pools.drop("index"), whole, np.round(rest, 9), most, times, usd, priced.height, moving)


def _greatest_divisor() -> pl.Expr:
    """Of the normalisation units of all types in a pool, which are quarters at least."""
    quarters = (pl.col("units") * 4.0).round().cast(pl.Int64)
    return quarters.map_batches(lambda units: pl.Series([int(np.gcd.reduce(units.to_numpy()))] * len(units)), pl.Int64) / 4.0


def _servers(servers: Sequence[PlannedServer], fates: Fates) -> pl.DataFrame:
    """Running servers that move to an instance or a managed database: what they become, and their days."""
    frame = pl.DataFrame(
        {
            "target": [server.target for server in servers],
            "region": [server.region for server in servers],
            "windows": [server.os_family == "windows" for server in servers],
            "compute": fates.bill["compute"],
            "begin": fates.replication,
            "settled": fates.cutover,
            "moves": fates.moves & fates.counted,
        },
        schema_overrides={"target": pl.String, "region": pl.String, "windows": pl.Boolean},
    )
    target = pl.col("target")
    database = target.str.starts_with("rds:")
    windows = pl.col("windows") & ~database
    shown = pl.format(
        "{} ({}, {})",
        target.str.extract(DATABASE_TARGET, 2),
        target.str.extract(DATABASE_TARGET, 3),
        target.str.extract(DATABASE_TARGET, 4),
    )
    return (
        frame.filter("moves", pl.col("compute") > 0.0)
        .with_columns(
            service=pl.when(database).then(pl.lit("rds")).otherwise(pl.lit("ec2")),
            item=pl.when(database).then(target.str.extract(DATABASE_TARGET, 1)).otherwise(target),
            engine=target.str.extract(DATABASE_TARGET, 3),
            deployment=target.str.extract(DATABASE_TARGET, 4),
            pool=pl.when(database).then(shown).when(windows).then(pl.format("{} (windows)", target))
            .otherwise(target.str.extract(r"^([^.]+)\.")),
            size_flexible=~windows,
        )
        .with_columns(units=pl.when("size_flexible").then(_units()).otherwise(1.0))
        .drop_nulls(["item", "pool", "units"])
    )  # fmt: skip


def _units() -> pl.Expr:
    """Normalisation factor by the name of the size: AWS, "Instance size flexibility": large 4, xlarge 8, 2xlarge 16 …"""
    size = pl.col("item").str.extract(r"\.([^.]+)$")
    many = size.str.extract(r"^(\d+)xlarge$").cast(pl.Float64) * _SIZES["xlarge"]
    return pl.coalesce(many, size.replace_strict(_SIZES, default=None, return_dtype=pl.Float64))


def _prices(rates: Sequence[OfferedRate]) -> pl.DataFrame:
    """One row per item with a column for each term; only items with an on-demand price."""
    keys = {name: pl.String() for name in ("service", "region", "item", "engine", "deployment", "term")}
    rows = [(rate.service, rate.region, rate.item, rate.engine, rate.deployment, rate.term, rate.usd_h) for rate in rates]
    long = pl.DataFrame(rows, schema={**keys, "usd_h": pl.Float64()}, orient="row")
    columns = [pl.col("usd_h").filter(pl.col("term") == term).first().alias(term) for term in ("on_demand", *TERMS)]
    return (
        long.group_by("service", "region", "item", "engine", "deployment", maintain_order=True)
        .agg(columns)
        .filter(pl.col("on_demand") > 0)
    )


def _levels(placed: pl.DataFrame, count: int, spec: Spec, axis: Axis) -> tuple[Floats, Floats, Floats, Times]:
    """Lots and USD an hour by pool and stretch, lots that may be committed by pool and month, and the stretches."""
    pool, lots = placed["index"].to_numpy().astype(np.int64), placed["lots"].to_numpy()
    begin, cutover = placed["begin"].to_numpy(), placed["settled"].to_numpy()
    terms = spec.commitments
    # what had moved before the axis begins has settled
    settled = np.where(cutover < NEVER, cutover + np.where(cutover > 0, terms.settle_days, 0), NEVER)
    falling = [(begin, 1.0), *_falls(cutover, terms.load_falls_share_year, axis)]
    settling = [(settled, 1.0), *((np.maximum(day, settled), share) for day, share in falling[1:])]
    days = np.unique(np.clip(np.concatenate([day for day, _ in (*falling, *settling)]), 0, axis.days))
    cuts = np.unique(np.concatenate([axis.edges, days]))
    month = np.searchsorted(axis.edges, cuts[:-1], side="right") - 1
    hours = np.diff(cuts) / np.diff(axis.edges)[month] * HOURS_PER_MONTH
    level = _stepped(pool, lots, falling, cuts, count)
    usd_h = _stepped(pool, placed["on_demand"].to_numpy(), falling, cuts, count)
    ready = _stepped(pool, lots, settling, cuts, count)
    at_first = np.searchsorted(cuts[:-1], axis.edges[:-1])
    most = np.floor(np.maximum.accumulate(ready[:, at_first], axis=1) * terms.most_share + _ROUNDING)
    return level, usd_h, most, Times(month, hours, len(axis.months))


def _falls(cutover: Days, share: float, axis: Axis) -> list[tuple[Days, float]]:
    """The steps down at every anniversary of the cutover, as shares of the load at cutover."""
    if share == 0.0:
        return []
    found = []
    for year in range(1, int(axis.days / _YEAR_DAYS) + 2):
        day = np.where(cutover < NEVER, cutover + round(year * _YEAR_DAYS), NEVER)
        found.append((day, -share * (1.0 - share) ** (year - 1)))
    return found


def _stepped(pool: Days, amount: Floats, steps: Sequence[tuple[Days, float]], cuts: Days, count: int) -> Floats:
    """Level of each pool in each stretch, of amounts that change by shares of themselves on days."""
    change = np.zeros((count, cuts.size))
    for day, share in steps:
        place = np.searchsorted(cuts, np.clip(day, 0, cuts[-1]))
        np.add.at(change, (pool, place), amount * share)
    return np.clip(np.round(np.cumsum(change, axis=1)[:, :-1], 9), 0.0, None) + 0.0
