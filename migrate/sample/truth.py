"""What is really so: for tests, never an input of a plan."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from migrate.files import replacing
from migrate.sample.background import shared_services

__all__ = ["write_truth"]

_KINDS = ("virtual", "physical", "mainframe", "appliance")


def write_truth(folder: Path, servers: pl.DataFrame, apps: pl.DataFrame, needs: pl.DataFrame) -> None:
    """Write memberships.csv (one row per server), dependencies.csv (between applications) and shared_services.csv."""
    traits = [
        pl.when(flag).then(pl.lit(word))
        for word, flag in {
            "no-owner": pl.col("app") < 0,
            "powered-off": ~pl.col("power_on") & ~pl.col("ghost"),
            "orphaned": pl.col("orphaned"),
            "cmdb-only-ghost": pl.col("ghost"),
            "not-in-cmdb": ~pl.col("in_cmdb"),
            "duplicate-name": pl.col("name").is_duplicated(),
            "os-unknown": pl.col("os_unknown"),
        }.items()
    ]
    members = servers.select(
        server="name",
        ip="ip",
        application="application",
        tier=pl.col("tier").replace_strict({0: "web", 1: "app", 2: "db"}, default=None, return_dtype=pl.String),
        environment="env",
        kind=pl.col("kind").replace_strict(dict(enumerate(_KINDS)), return_dtype=pl.String),
        traits=pl.concat_str(traits, separator=" ", ignore_nulls=True),
    )
    names = apps.select("app", "application")
    dependencies = (
        needs.join(names.rename({"app": "consumer", "application": "consumer_name"}), on="consumer")
        .join(names.rename({"app": "provider", "application": "provider_name"}), on="provider")
        .select(consumer="consumer_name", provider="provider_name", port="port", strength="strength")
        .sort("consumer", "provider")
    )
    services = shared_services().filter(pl.col("application").is_in(apps["application"].to_list()))
    for name, frame in {"memberships": members, "dependencies": dependencies, "shared_services": services}.items():
        with replacing(folder / f"{name}.csv") as temporary:
            frame.write_csv(temporary)
