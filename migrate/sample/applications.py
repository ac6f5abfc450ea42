"""The applications of one sample: which exist, for which hospital, and what each needs."""

from __future__ import annotations

import math

import numpy as np
import polars as pl

from migrate.sample.catalogue import ENTERPRISE, HOSPITAL, templates
from migrate.sample.hospitals import hospital_codes, hospital_names, hospital_site
from migrate.sample.randomness import stream

__all__ = ["draw_applications", "draw_needs"]

_SERVERS_PER_APPLICATION = 6.2
_PER_HOSPITAL = 22  # applications of its own that a hospital has on average
_FEWEST = 12


def draw_applications(servers: int, seed: int) -> pl.DataFrame:
    """One row per application, in a fixed order; column ``app`` is its number.

    ``hospital`` is -1 for applications of the whole health system, ``site`` the data center of its production.
    """
    count = max(_FEWEST, round(servers / _SERVERS_PER_APPLICATION))
    enterprise = templates(ENTERPRISE)
    common = enterprise.head(min(enterprise.height, max(_FEWEST, round(0.42 * count))))
    rng = stream(seed, "applications")
    south = np.where(common["application"].str.ends_with("South").to_numpy(), 1.0, rng.random(common.height))
    common = common.with_columns(
        hospital=pl.lit(-1, dtype=pl.Int64),
        site=pl.Series(np.where(common["application"].str.ends_with("North").to_numpy(), 0, south > 0.6).astype(np.int64)),
        kind=pl.col("application"),
    )
    own = _of_hospitals(count - common.height, rng)
    apps = pl.concat([common, own.select(common.columns)]) if own.height else common
    return apps.with_row_index("app").with_columns(pl.col("app").cast(pl.Int64))


def _of_hospitals(count: int, rng: np.random.Generator) -> pl.DataFrame:
    """`count` applications that belong to single hospitals; the first kinds of the table are the most common."""
    kinds = templates(HOSPITAL)
    hospitals = max(12, math.ceil(count / _PER_HOSPITAL))
    rank = np.tile(np.arange(kinds.height), hospitals) + rng.normal(0, 6, kinds.height * hospitals)
    chosen = np.sort(np.argsort(rank, kind="stable")[:count])
    hospital = chosen // kinds.height
    names, codes = hospital_names(hospitals), hospital_codes(hospitals)
    site = np.array([hospital_site(number) for number in range(hospitals)])
    picked = kinds[chosen % kinds.height]
    return picked.with_columns(
        kind=pl.col("application"),
        application=pl.Series([names[h] for h in hospital], dtype=pl.String) + " " + pl.col("application"),
        code=pl.Series([codes[h] for h in hospital], dtype=pl.String) + pl.col("code"),
        hospital=pl.Series(hospital, dtype=pl.Int64),
        site=pl.Series(site[hospital], dtype=pl.Int64),
    )


def draw_needs(apps: pl.DataFrame) -> pl.DataFrame:
    """What needs what, as numbers of applications: consumer, provider, strength (hard or soft), port of the provider.

    Needs on applications that a small sample does not have are left out.
    """
    needs = (
        apps.select("app", "hospital", "site", need=pl.col("needs").str.split(";"))
        .explode("need", empty_as_null=True, keep_nulls=False)
        .filter(pl.col("need") != "")
        .with_columns(
            strength=pl.when(pl.col("need").str.starts_with("~")).then(pl.lit("soft")).otherwise(pl.lit("hard")),
            local=pl.col("need").str.ends_with("@"),
            wanted=pl.col("need").str.strip_chars("~").str.strip_chars_end("@"),
        )
        .with_columns(
            wanted=pl.when(pl.col("wanted") == "@PACS")
            .then(pl.when(pl.col("site") == 0).then(pl.lit("PACS North")).otherwise(pl.lit("PACS South")))
            .otherwise(pl.col("wanted")),
            of=pl.when("local").then("hospital").otherwise(pl.lit(-1, dtype=pl.Int64)),
        )
    )
    providers = apps.select(provider="app", wanted="kind", of="hospital", port="port")
    return (
        needs.join(providers, on=["wanted", "of"])
        .select(consumer="app", provider="provider", strength="strength", port="port")
        .sort("consumer", "provider")
    )
