"""Server names. Every hospital joined the health system with a convention of its own, and kept it."""

from __future__ import annotations

import numpy as np
import polars as pl

from migrate.sample.hospitals import ORGANISATION, hospital_codes
from migrate.sample.randomness import stream

__all__ = ["draw_names"]

_TIER_LONG = ("web", "app", "db", "x")
_TIER_SHORT = ("W", "A", "D", "X")
_ENV_SHORT = {"production": "P", "test": "T", "development": "V", "dr": "R"}
_ODD = (
    '=HYPERLINK("http://203.0.113.9/x","open me")',
    "<img src=x onerror=alert(1)>",
    "../../etc/passwd",
    "Überwachung – alt (nicht löschen)",
    "-1+1 lab",
    "SQL & Reports <old>",
)  # vCenter takes any text for a name, and people use that
_LOST = (
    "test-vm",
    "jkowalski-dev",
    "old-intranet",
    "winxp-lab",
    "copy-of-sql",
    "poc-kafka",
    "migration-tmp",
    "vendor-demo",
    "clinic-scan",
    "do-not-delete",
    "temp-restore",
    "ncrtest",
    "crystalrpt",
    "accessdb",
    "ftp-legacy",
)


def draw_names(frame: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Add ``name`` (as vCenter shows it) and ``host_name`` (as DNS and the operating system know it).

    Conventions: ``nhsy-elig-app03`` (system-wide; n or s is the data center), ``NGHLBMA01P`` and ``lbm-db1.sam``; names of
    servers that no one owns follow none, and a few of them are hostile. ``duplicate`` takes the name of the server before it.
    """
    rng = stream(seed, "names")
    hospitals = frame["hospital"].to_numpy()
    codes = np.array([*hospital_codes(int(hospitals.max()) + 1), "hsy"])  # -1 is the last: the whole system
    tier = frame["tier"].to_numpy()
    lost = np.array(_LOST)[rng.integers(0, len(_LOST), frame.height)]
    frame = frame.with_columns(
        _dc=pl.when(pl.col("site") == 0).then(pl.lit("n")).otherwise(pl.lit("s")),
        _hospital=pl.Series(codes[hospitals]),
        _tier=pl.Series(np.array(_TIER_LONG)[tier]),
        _letter=pl.Series(np.array(_TIER_SHORT)[tier]),
        _env=pl.col("env").replace_strict(_ENV_SHORT, default="P", return_dtype=pl.String),
        _lost=pl.Series(lost),
        _function=pl.when(pl.col("hospital") < 0).then("code").otherwise(pl.col("code").str.slice(-3)),
    ).with_columns(_number=(pl.int_range(pl.len()).over("app", "tier", pl.when(pl.col("app") < 0).then("_lost")) + 1))
    two = pl.col("_number").cast(pl.String).str.zfill(2)
    frame = frame.with_columns(
        host_name=pl.when(pl.col("app") < 0)
        .then(pl.concat_str(pl.col("_lost"), pl.lit("-"), two))
        .when(pl.col("hospital") < 0)
        .then(pl.concat_str("_dc", pl.lit("hsy-"), "_function", pl.lit("-"), "_tier", two))
        .when(pl.col("hospital") % 3 == 0)
        .then(
            pl.concat_str(pl.col("_hospital").str.to_uppercase(), pl.col("_function").str.to_uppercase(), "_letter", two, "_env")
        )
        .when(pl.col("hospital") % 3 == 1)
        .then(pl.concat_str("_function", pl.lit("-"), "_tier", "_number", pl.lit("."), "_hospital"))
        .otherwise(pl.concat_str("_dc", "_hospital", "_function", "_tier", two))
    )
    earlier = pl.col("host_name").shift(1).fill_null(pl.col("host_name"))
    frame = frame.with_columns(host_name=pl.when(pl.col("duplicate")).then(earlier).otherwise("host_name"))
    unowned = frame.filter((pl.col("app") < 0) & (pl.col("kind") == 0) & ~pl.col("duplicate"))["server"].to_list()
    odd = dict(zip(unowned[::2], _ODD, strict=False))
    frame = frame.with_columns(
        name=pl.col("server").replace_strict(odd, default=pl.col("host_name"), return_dtype=pl.String),
        fqdn=pl.concat_str(pl.col("host_name").str.to_lowercase(), pl.lit(f".{ORGANISATION}")),
    )
    return frame.select(pl.exclude("^_.*$"))
