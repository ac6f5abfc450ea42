"""Managed databases: which database servers can become one, the class that fits, and its price."""

from __future__ import annotations

import numpy as np
import polars as pl

from migrate.spec import Target
from migrate.targets.instances import load_instances
from migrate.targets.kernel import first_that_fits
from migrate.targets.prices import PriceBook

__all__ = ["LEAST_STORAGE_GIB", "add_databases"]

#: AWS, RDS User Guide, "Amazon RDS DB instance storage": at least 20 GiB of gp3.
LEAST_STORAGE_GIB = 20.0

_ENGINES = ("mysql", "postgresql")
_SINGLE = ("test", "development")  # environments in which one zone is enough
_STORAGE = {"single-az": "database_gib_month_single_az", "multi-az": "database_gib_month_multi_az"}
_NO_UPFRONT = {"reserved_3y": "reserved_1y"}  # RDS offers three years only with upfront payment
_ROUNDING = 1e-9


def add_databases(needs: pl.DataFrame, book: PriceBook, target: Target) -> pl.DataFrame:
    """Add database_target (such as ``rds:db.m6i.large (postgresql, multi-az)``), database_usd_h and database_deployment.

    A server is eligible when it runs MySQL or PostgreSQL and no other database, is switched on, sized, and serves no
    mission-critical application, whose version and extensions a person should check first. The offer is made only where
    the book prices both the class and its storage; whether it is worth its price, `add_worth` says. Two zones unless the
    environment is test or development; an unknown environment counts as production.
    """
    single = pl.col("environment").cast(pl.String).is_in(_SINGLE).fill_null(value=False)
    deployment = pl.when(single).then(pl.lit("single-az")).otherwise(pl.lit("multi-az"))
    eligible = (
        pl.col("engine").is_in(_ENGINES).fill_null(value=False)
        & ~pl.col("off")
        & pl.col("sized")
        & (pl.col("kind").cast(pl.String).is_in(["mainframe", "appliance"]).not_().fill_null(value=True))
        & pl.col("criticality").cast(pl.String).ne_missing("mission-critical")
    )
    marked = needs.with_columns(database_deployment=deployment).with_row_index("row")
    some = marked.filter(eligible)
    groups = some.partition_by("region", "engine", "database_deployment", as_dict=True, maintain_order=True)
    parts = [
        _fitted(part, _classes(book, target, str(region), str(engine), str(deployment)))
        for (region, engine, deployment), part in groups.items()
    ]
    schema = {"row": pl.UInt32, "database_target": pl.String, "database_usd_h": pl.Float64}
    found = pl.concat(parts) if parts else pl.DataFrame(schema=schema)
    return marked.join(found, on="row", how="left", maintain_order="left").drop("row")


def _classes(book: PriceBook, target: Target, region: str, engine: str, deployment: str) -> pl.DataFrame:
    """Classes with a steady CPU, cheapest first; of equal prices the later generation."""
    term = _NO_UPFRONT.get(target.term, target.term)
    types = load_instances().types.with_columns(type=pl.format("db.{}", pl.col("instance_type")))
    types = types.filter(~pl.col("burstable") & pl.col("architecture").is_in(target.architectures))
    if book.item(_STORAGE[deployment], region) is None:
        types = types.clear()
    generation = pl.col("instance_type").str.extract(r"^[a-z]+(\d+)").cast(pl.Int64)
    priced = types.join(book.databases(region, engine, deployment, term), on="type")
    named = priced.with_columns(label=pl.format(f"rds:{{}} ({engine}, {deployment})", pl.col("type")), generation=generation)
    return named.sort("usd_h", "generation", "type", descending=[False, True, False])


def _fitted(servers: pl.DataFrame, classes: pl.DataFrame) -> pl.DataFrame:
    wanted = servers.select(pl.col("need_vcpu", "need_memory_gib") - _ROUNDING).to_numpy().astype(np.float64)
    given = classes.select("vcpu", "memory_gib").to_numpy().astype(np.float64).reshape(-1, 2)
    allowed, features = np.zeros(servers.height, dtype=np.uint8), np.zeros(classes.height, dtype=np.uint8)
    found = first_that_fits(np.ascontiguousarray(wanted), allowed, np.ascontiguousarray(given), features)
    index = pl.Series("index", found).to_frame().select(pl.when(pl.col("index") >= 0).then("index")).to_series()
    chosen = classes.select(pl.col("label").gather(index).alias("database_target"), pl.col("usd_h").gather(index))
    return servers.select("row").hstack(chosen.rename({"usd_h": "database_usd_h"}))
