"""Commercial database engines that are licensed by core: how cores are counted, and what a licence weighs in the choice."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from migrate.spec import Target
from migrate.units import HOURS_PER_MONTH

__all__ = ["ENGINES", "CoreEngine", "CoreLicence", "core_licence", "licensed_vcpu", "read_core"]


@dataclass(frozen=True)
class CoreEngine:
    """How licences of an engine are counted on cloud servers.

    Attributes
    ----------
    least_vcpu
        Licences for so many vCPUs are needed at least.
    counted
        The rule in words, with its source.
    """

    name: str
    least_vcpu: float
    counted: str


ENGINES = (
    CoreEngine("db2", 0.0, "by vCPU (IBM, Eligible Public Cloud BYOSL policy: 70 PVU a virtual core)"),
    CoreEngine("oracle", 0.0, "two vCPUs are one processor licence (Oracle, Licensing Oracle Software in the Cloud)"),
    CoreEngine("sqlserver", 4.0, "by vCPU, at least four for a server (Microsoft, SQL Server licensing guide)"),
)


@dataclass(frozen=True)
class CoreLicence:
    """What the licences brought along weigh in the order of types: USD a vCPU-hour, of so many vCPUs at least."""

    usd_vcpu_h: float
    least_vcpu: float


def core_licence(target: Target) -> pl.Expr:
    """Which of `ENGINES` with a price in the request run on a server, comma-separated; null where none does."""
    priced = [engine.name for engine in ENGINES if _price(target, engine) is not None]
    if not priced:
        return pl.lit(None, dtype=pl.String)
    found = pl.col("engines").list.set_intersection(pl.lit(priced, dtype=pl.List(pl.String))).list.sort().list.join(",")
    return pl.when(found != "").then(found)


def read_core(names: object, target: Target) -> CoreLicence | None:
    """What a value of `core_licence` stands for: the prices add up, the largest of the least counts."""
    if not names:
        return None
    engines = [engine for engine in ENGINES if engine.name in str(names).split(",")]
    usd = sum(_price(target, engine) or 0.0 for engine in engines)
    return CoreLicence(usd / HOURS_PER_MONTH, max(engine.least_vcpu for engine in engines))


def _price(target: Target, engine: CoreEngine) -> float | None:
    prices = {
        "db2": target.db2_usd_vcpu_month,
        "oracle": target.oracle_usd_vcpu_month,
        "sqlserver": target.sqlserver_usd_vcpu_month,
    }
    return prices[engine.name]


def licensed_vcpu(vcpu: str) -> pl.Expr:
    """vCPUs that licences are counted on, of a server with so many; null without such an engine."""
    counted = [
        pl.when(pl.col("engines").list.contains(engine.name)).then(pl.max_horizontal(pl.col(vcpu), pl.lit(engine.least_vcpu)))
        for engine in ENGINES
    ]
    return pl.when(pl.col(vcpu).is_not_null()).then(pl.max_horizontal(counted))
