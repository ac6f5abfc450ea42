"""Ids of servers: readable, the same whatever the order of the files, and longer only where names repeat."""

from __future__ import annotations

import hashlib

import polars as pl

__all__ = ["with_server_ids"]

_LONGEST = 60


def with_server_ids(servers: pl.DataFrame) -> pl.DataFrame:
    """Add ``server_id``: the name as a slug; where several share it, with the site; then with the start of the UUID; then
    with a digest of everything that tells them apart.

    Parameters
    ----------
    servers
        One row per server with ``name``, ``site``, ``uuid``, ``cluster``, ``hypervisor`` and ``source``.
    """
    base = _slug(pl.col("name"), "server")
    frame = servers.with_columns(base.alias("server_id"))
    frame = _longer(frame, _slug(pl.col("site"), None))
    frame = _longer(frame, pl.col("uuid").str.to_lowercase().str.replace_all("[^0-9a-f]", "").str.slice(0, 8))
    told_apart = ["name", "site", "uuid", "cluster", "hypervisor", "source"]
    clash = pl.len().over("server_id") > 1
    digests = frame.with_columns(clash.alias("_clash"))
    rest = digests.filter(pl.col("_clash")).select("server_id", *told_apart)
    suffix = [hashlib.sha256("\n".join(str(value) for value in row).encode()).hexdigest()[:8] for row in rest.iter_rows()]
    same = digests.filter(pl.col("_clash")).with_columns(pl.Series("_suffix", suffix, dtype=pl.String))
    same = same.with_columns(pl.concat_str("server_id", "_suffix", separator="-").alias("server_id")).drop("_suffix")
    frame = pl.concat([digests.filter(~pl.col("_clash")), same]).drop("_clash")
    # nothing at all tells the last ones apart but that they are several
    frame = frame.sort("server_id", "source")
    turn = pl.int_range(pl.len()).over("server_id")
    return frame.with_columns(
        pl.when(turn > 0).then(pl.format("{}-{}", "server_id", turn + 1)).otherwise("server_id").alias("server_id")
    )


def _slug(text: pl.Expr, empty: str | None) -> pl.Expr:
    slug = text.str.to_lowercase().str.replace_all(r"[^a-z0-9]+", "-").str.strip_chars("-").str.slice(0, _LONGEST)
    return pl.when(slug == "").then(pl.lit(empty, pl.String)).otherwise(slug)


def _longer(frame: pl.DataFrame, suffix: pl.Expr) -> pl.DataFrame:
    """Add a suffix to the ids that several servers have."""
    longer = pl.concat_str(pl.col("server_id"), suffix, separator="-")
    clash = (pl.len().over("server_id") > 1) & suffix.is_not_null() & (suffix != "")
    return frame.with_columns(pl.when(clash).then(longer).otherwise("server_id").alias("server_id"))
