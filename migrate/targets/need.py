"""What a server needs: its measured load with headroom, or, without a measurement, what it has been given."""

from __future__ import annotations

import polars as pl

from migrate.spec import Target

__all__ = ["ALLOCATED", "DIMENSIONS", "add_needs", "load_pct"]

#: Columns that `add_needs` gives, in the order in which offers are compared with them.
DIMENSIONS = ("need_vcpu", "need_memory_gib", "need_sustained_vcpu", "need_network_gbit_s", "need_ebs_mbyte_s", "need_ebs_iops")

#: The same of what the server has been given; its measured network and disk load, which nobody allocates, as in `DIMENSIONS`.
ALLOCATED = (
    "allocated_vcpu",
    "allocated_memory_gib",
    "allocated_vcpu",
    "need_network_gbit_s",
    "need_ebs_mbyte_s",
    "need_ebs_iops",
)

#: Percentiles that utilisation tables may have, as their columns name them, ascending.
_PERCENTILES = {90: "p90", 95: "p95", 99: "p99", 100: "max"}

#: Below these nothing is sized, whatever was measured: (vCPU, GiB). Windows: Microsoft, "Hardware requirements for Windows
#: Server" asks for 2 GiB with the desktop. Database servers: a planning value of this project.
_LEAST = {"windows": (1.0, 2.0), "other": (1.0, 0.5)}
_LEAST_DATABASE = (2.0, 4.0)

#: A load that was watched for less than a week is not believed. A planning value of this project.
_LEAST_DAYS = 7.0

_MBYTE_PER_MIB = 1.048576


def add_needs(facts: pl.DataFrame, target: Target) -> pl.DataFrame:
    """Add the columns of `DIMENSIONS` and `ALLOCATED`, `sized` (vCPU and memory are known), `measured_*`, `database` and
    `target_reason`.

    need = allocated × load / 100 × (1 + headroom), for vCPU and memory each where its load at the percentile asked for (or the
    next higher one that is known, see `load_pct`) is known, the server runs and it was watched for a week (or nobody knows how
    long); otherwise as allocated. Memory of database servers is never sized below what is allocated, for their caches use
    what they are given. `need_sustained_vcpu` is the same with the mean: what a burstable type must give for good; without a
    mean it equals the need for vCPU, so that burstable types are not chosen on a guess. Network and disk count only where
    they were measured.
    """
    factor = 1.0 + target.headroom
    database = pl.col("engines").list.len() > 0
    long_enough = pl.col("observed_days").is_null() | (pl.col("observed_days") >= _LEAST_DAYS)
    running = ~pl.col("off") & long_enough
    cpu_pct, memory_pct = load_pct("cpu", target.percentile), load_pct("memory", target.percentile)
    measured_cpu = running & cpu_pct.is_not_null()
    measured_memory = running & memory_pct.is_not_null() & ~database
    sized = (pl.col("vcpu") > 0).fill_null(value=False) & (pl.col("memory_gib") > 0).fill_null(value=False)
    with_flags = facts.with_columns(sized=sized, measured_cpu=measured_cpu, measured_memory=measured_memory, database=database)
    cpu = pl.when("measured_cpu").then(pl.col("vcpu") * cpu_pct / 100 * factor).otherwise("vcpu")
    memory = pl.when("measured_memory").then(pl.col("memory_gib") * memory_pct / 100 * factor).otherwise("memory_gib")
    needs = with_flags.with_columns(
        need_vcpu=pl.max_horizontal(cpu, _least(0)),
        need_memory_gib=pl.max_horizontal(memory, _least(1)),
        allocated_vcpu=pl.max_horizontal("vcpu", _least(0)),
        allocated_memory_gib=pl.max_horizontal("memory_gib", _least(1)),
        need_network_gbit_s=_measured("network_mbit_s_p95") * factor / 1000,
        need_ebs_mbyte_s=_measured("disk_mib_s_p95") * factor * _MBYTE_PER_MIB,
        need_ebs_iops=_measured("disk_iops_p95") * factor,
    )
    mean = pl.col("vcpu") * pl.col("cpu_mean_pct") / 100 * factor
    sustained = pl.when(pl.col("measured_cpu") & pl.col("cpu_mean_pct").is_not_null()).then(mean).otherwise("need_vcpu")
    needs = needs.with_columns(need_sustained_vcpu=pl.min_horizontal(sustained, "need_vcpu"))
    return needs.with_columns(target_reason=pl.concat_str(_reason(target), _driver(cpu, memory, target.percentile)))


def load_pct(thing: str, percentile: int) -> pl.Expr:
    """Load of ``cpu`` or ``memory`` in percent, at the percentile or the next higher one that is known; else null."""
    return pl.coalesce(f"{thing}_{name}_pct" for number, name in _PERCENTILES.items() if number >= percentile)


def _least(part: int) -> pl.Expr:
    windows = pl.col("os_family").cast(pl.String) == "windows"
    plain = pl.when(windows).then(_LEAST["windows"][part]).otherwise(_LEAST["other"][part])
    return pl.when("database").then(pl.max_horizontal(plain, pl.lit(_LEAST_DATABASE[part]))).otherwise(plain)


def _measured(column: str) -> pl.Expr:
    return pl.when(~pl.col("off")).then(pl.col(column)).fill_null(0.0)


def _driver(cpu: pl.Expr, memory: pl.Expr, percentile: int) -> pl.Expr:
    """What asks for more than the server has been given, where its load with headroom does; else an empty text."""
    said = []
    for name, need, given, unit in (("cpu", cpu, "vcpu", "vCPU"), ("memory", memory, "memory_gib", "GiB")):
        place = "its maximum" if percentile == 100 else f"p{percentile}"
        words = f"; more than its {{}} {unit}, for {'CPU' if name == 'cpu' else 'memory'} at {place} is {{}} % before headroom"
        text = pl.format(words, pl.col(given).round(2), load_pct(name, percentile).round(0).cast(pl.Int64))
        said.append(pl.when(pl.col("sized") & pl.col(f"measured_{name}") & (need > pl.col(given))).then(text).fill_null(""))
    return pl.concat_str(said)


def _reason(target: Target) -> pl.Expr:
    """On what evidence, in words, with the figures that were compared."""
    share = f"{target.headroom:.0%}".replace("%", " %")
    size = pl.format("needs {} vCPU and {} GiB: ", pl.col("need_vcpu").round(2), pl.col("need_memory_gib").round(2))
    days = pl.when(pl.col("observed_days") > 0).then(pl.format(" over {} days", pl.col("observed_days").round(0).cast(pl.Int64)))
    load = "at its maximum" if target.percentile == 100 else f"at the {target.percentile}th percentile"
    end = pl.concat_str(pl.lit(load), days.fill_null(""), pl.lit(f", with {share} headroom"))
    cpu, memory = pl.col("measured_cpu"), pl.col("measured_memory")
    return (
        pl.when(~pl.col("sized"))
        .then(pl.lit("not sized"))
        .when(~pl.col("off") & (pl.col("observed_days") < _LEAST_DAYS))
        .then(pl.concat_str(size, pl.lit("as allocated, for its load was watched for less than 7 days")))
        .when(cpu & memory)
        .then(pl.concat_str(size, pl.lit("CPU and memory "), end))
        .when(cpu & pl.col("database"))
        .then(pl.concat_str(size, pl.lit("CPU "), end, pl.lit("; memory as allocated, for a database's caches")))
        .when(cpu)
        .then(pl.concat_str(size, pl.lit("CPU "), end, pl.lit("; memory as allocated, not measured")))
        .when(memory)
        .then(pl.concat_str(size, pl.lit("memory "), end, pl.lit("; CPU as allocated, not measured")))
        .when(pl.col("off"))
        .then(pl.concat_str(size, pl.lit("as allocated")))
        .otherwise(pl.concat_str(size, pl.lit("as allocated, without utilisation")))
    )
