"""The lists that people keep by hand: applications with their owners, and measured load."""

# ruff: noqa: SIM905 - word lists read better as words

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl

from migrate.files import replacing
from migrate.sample.hospitals import hospital_names
from migrate.sample.randomness import stream

__all__ = ["write_applications", "write_utilisation"]

_GIVEN = (
    "Amara Bjorn Carmen Dalia Edwin Farah Gustav Hana Ines Jonah Keiko Lamar Mirela Nadia Oskar Priya Rosa Samir Tove".split()
)
_FAMILY = "Abara Brandt Castillo Dvorak Eriksen Fontaine Garza Hollis Iversen Janssen Kowalski Lindqvist Moreau Okafor".split()
_LISTED = 40  # the most important applications are always in the list
_SPELLINGS = {
    "mission-critical": ("Mission Critical", "mission-critical", "Tier 0", "MISSION CRITICAL"),
    "high": ("High", "high", "Tier 1", "HIGH"),
    "medium": ("Medium", "medium", "Tier 2", "Medium "),
    "low": ("Low", "low", "Tier 3", "LOW"),
}
_RTO_H = {"mission-critical": (1, 2, 4), "high": (4, 8, 8), "medium": (24, 24, 48), "low": (72, 72, 168)}
_RPO_H = {"mission-critical": (0.25, 0.5, 1), "high": (1, 4, 4), "medium": (12, 24, 24), "low": (24, 24, 72)}


def write_applications(path: Path, apps: pl.DataFrame, seed: int) -> int:
    """Write the application list; returns its rows. Some applications are missing, two stand in it twice."""
    rng = stream(seed, "application list")
    count = apps.height
    names = [*hospital_names(int(apps["hospital"].max() or 0) + 1), ""]  # type: ignore[arg-type]
    people = np.array([f"{given} {family}" for given in _GIVEN for family in _FAMILY])
    level = apps["criticality"].to_list()
    spelling, rto, rpo = rng.integers(0, 4, count), rng.integers(0, 3, count), rng.integers(0, 3, count)
    blank = {name: pl.Series(rng.random(count)) for name in ("owner", "criticality", "rto", "domain", "data")}
    vital = pl.col("criticality") == "mission-critical"
    frame = apps.with_columns(
        owner=pl.when(blank["owner"] >= 0.07).then(pl.Series(people[rng.integers(0, len(people), count)])),
        rto_h=pl.when(vital | (blank["rto"] >= 0.08)).then(
            pl.Series([float(_RTO_H[name][i]) for name, i in zip(level, rto, strict=True)])
        ),
        rpo_h=pl.when(vital | (blank["rto"] >= 0.08)).then(
            pl.Series([float(_RPO_H[name][i]) for name, i in zip(level, rpo, strict=True)])
        ),
        domain=pl.when(vital | (blank["domain"] >= 0.015)).then("domain"),
        data_class=pl.when(vital | (blank["data"] >= 0.05)).then("data_class"),
        hospital=pl.Series([names[number] for number in apps["hospital"].to_list()], dtype=pl.String),
        shown=pl.Series([_SPELLINGS[name][i] for name, i in zip(level, spelling, strict=True)], dtype=pl.String),
    ).with_columns(criticality=pl.when(vital | (blank["criticality"] >= 0.05)).then("shown"))
    columns = ["application", "domain", "owner", "criticality", "rto_h", "rpo_h", "data_class", "hospital", "description"]
    listed = frame.filter((pl.col("app") < _LISTED) | pl.Series(rng.random(count) >= 0.025)).select(columns)
    twice = listed.filter(pl.col("application").is_in(["Sleep Medicine", "Policy Library"])).with_columns(
        owner=pl.lit("(unknown)")
    )
    rows = pl.concat([listed, twice])
    with replacing(path) as temporary:
        rows.write_csv(temporary)
    return rows.height


def write_utilisation(path: Path, servers: pl.DataFrame, seed: int) -> int:
    """Write two weeks of measured load; returns its rows. One server in eight is not measured, some only for days."""
    rng = stream(seed, "utilisation")
    seen = servers.filter(pl.col("power_on") & (pl.col("kind") <= 1))
    seen = seen.filter(pl.Series(rng.random(seen.height) >= 0.12))
    short, silent = rng.random(seen.height) < 0.06, pl.Series(rng.random(seen.height) < 0.04)
    rows = seen.select(
        server=pl.when(pl.Series(rng.random(seen.height) < 0.1)).then("fqdn").otherwise("name"),
        ip_address="ip",
        cpu_mean_pct="cpu_mean",
        cpu_p95_pct="cpu_p95",
        memory_mean_pct=pl.when(~silent).then("memory_mean"),
        memory_p95_pct=pl.when(~silent).then("memory_p95"),
        disk_iops_p95="iops",
        disk_mib_s_p95="disk_rate",
        network_mbit_s_p95="network_rate",
        observed_days=pl.Series(np.where(short, rng.integers(1, 7, seen.height), 14)),
    )
    with replacing(path) as temporary:
        rows.write_csv(temporary)
    return rows.height
