"""The same application named by several sources becomes one, and memberships and dependencies name it one way."""

from __future__ import annotations

import polars as pl

from migrate.findings import Severity
from migrate.model.provenance import JOINER
from migrate.readers.ledger import Ledger

__all__ = ["dependencies_of_servers", "merge_applications", "merge_dependencies", "merge_memberships", "spelled"]

_BELIEVED = {"application list": 0, "servicenow": 1, "": 2}  # the portfolio's own list before the CMDB
_ATTRIBUTES = (
    "domain",
    "owner",
    "criticality",
    "rto_h",
    "rpo_h",
    "data_class",
    "disposition_hint",
    "description",
    "hospital",
    "cost_center",
)
_COMPARED = ("domain", "criticality", "rto_h", "rpo_h", "data_class")
_NEEDED_ONLY = 0.6  # confidence that a server belongs to the application that alone needs it


def _key(column: str) -> pl.Expr:
    """What two spellings of a name share: letters and digits, and words."""
    return pl.col(column).str.to_lowercase().str.replace_all(r"[\s_–—-]+", " ").str.strip_chars()


def merge_applications(rows: pl.DataFrame, memberships: pl.DataFrame, links: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    """One row per application, with ``key``; also for those that only a membership or a dependency names.

    Parameters
    ----------
    rows
        `reading.APPLICATIONS`.
    memberships
        With ``application`` and ``source``.
    links
        With ``consumer``, ``provider`` and ``source``.
    """
    named = [memberships.select("application", "source")] + [
        links.select(pl.col(end).alias("application"), "source").filter(pl.col("application").is_not_null())
        for end in ("consumer", "provider")
        if end in links.columns
    ]
    known = rows.with_columns(_key("application").alias("key"))
    extra = pl.concat(named).with_columns(_key("application").alias("key")).unique("key", keep="first", maintain_order=True)
    extra = extra.join(known, on="key", how="anti").with_columns(pl.lit("").alias("reader"))
    every = pl.concat([known, extra], how="diagonal")
    rank = pl.col("reader").replace_strict(_BELIEVED, return_dtype=pl.Int8)
    ranked = every.with_row_index("_index").sort(rank, "_index")
    merged = ranked.group_by("key", maintain_order=True).agg(
        pl.col("application").first(),
        *(pl.col(column).drop_nulls().first() for column in _ATTRIBUTES),
        pl.col("source").unique(maintain_order=True).str.join(JOINER),
    )
    _tell_of_conflicts(ranked, merged, ledger)
    return merged.with_columns(pl.lit(value=True).alias("declared"))


def _tell_of_conflicts(rows: pl.DataFrame, merged: pl.DataFrame, ledger: Ledger) -> None:
    for column in _COMPARED:
        value = pl.col(column).cast(pl.String)
        said = rows.filter(value.is_not_null()).group_by("key").agg(value.unique(maintain_order=True).alias("_said"))
        apart = said.filter(pl.col("_said").list.len() > 1).join(merged, on="key").sort("application")
        ledger.rows(
            apart,
            "value-conflict",
            Severity.warning,
            subject=pl.col("application"),
            message=pl.format(f"Sources differ on {column}: {{}}; the first counts", pl.col("_said").list.join(", ")),
            remedy="Correct the source that is wrong.",
            aside=False,
        )


def spelled(frame: pl.DataFrame, column: str, applications: pl.DataFrame) -> pl.DataFrame:
    """Write names of applications in `column` as `merge_applications` settled them."""
    names = applications.select("key", pl.col("application").alias("_settled"))
    joined = frame.with_columns(_key(column).alias("key")).join(names, on="key", how="left", maintain_order="left")
    return joined.with_columns(pl.col("_settled").alias(column)).drop("_settled", "key")


def merge_memberships(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per server and application; the surest evidence counts, every source is named."""
    ranked = rows.with_row_index("_index").sort("confidence", "_index", descending=[True, False])
    return ranked.group_by("server_id", "application", maintain_order=True).agg(
        pl.lit("declared").alias("origin"),
        pl.col("confidence").first(),
        pl.col("evidence").first(),
        pl.col("source").unique(maintain_order=True).str.join(JOINER),
    )


def dependencies_of_servers(needs: pl.DataFrame, memberships: pl.DataFrame, ledger: Ledger) -> tuple[pl.DataFrame, pl.DataFrame]:
    """What follows from "an application, or a server, needs a server".

    Its applications need that server's applications. A server that works for nobody else works for the application that
    needs it: a membership, of lower confidence.

    Parameters
    ----------
    needs
        ``consumer`` (an application) or ``consumer_id`` (a server), ``provider_id``, ``name`` and ``source``.
    memberships
        ``server_id`` and ``application``.

    Returns
    -------
    Dependencies (consumer, provider, source), and memberships.
    """
    consumers = memberships.select(pl.col("server_id").alias("consumer_id"), pl.col("application").alias("_of_server"))
    providers = memberships.select(pl.col("server_id").alias("provider_id"), pl.col("application").alias("provider"))
    rows = needs.with_row_index("_index")
    joined = rows.join(consumers, on="consumer_id", how="left", maintain_order="left")
    joined = joined.with_columns(pl.coalesce("consumer", "_of_server").alias("consumer"))
    joined = joined.join(providers, on="provider_id", how="left", maintain_order="left")
    nobody = pl.col("consumer").is_null() | (pl.col("provider").is_null() & pl.col("consumer_id").is_not_null())
    ledger.rows(
        joined.filter(nobody).unique("_index", keep="first", maintain_order=True),
        "relation-not-used",
        Severity.info,
        subject=pl.coalesce("name", "source"),
        message="One server needs another, but it is not known what applications they work for",
        remedy="Relate the servers to their applications in the CMDB.",
    )
    told = joined.filter(~nobody)
    new = told.filter(pl.col("provider").is_null()).select(
        pl.col("provider_id").alias("server_id"),
        pl.col("consumer").alias("application"),
        pl.lit(_NEEDED_ONLY).alias("confidence"),
        pl.lit("the CMDB says that the application depends on this server, and no other application runs on it").alias(
            "evidence"
        ),
        "source",
    )
    return told.filter(pl.col("provider").is_not_null()).select("consumer", "provider", "source"), new


def merge_dependencies(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per pair; an application that needs itself says nothing."""
    apart = rows.filter(pl.col("consumer") != pl.col("provider"))
    return (
        apart.group_by("consumer", "provider").agg(pl.col("source").unique().sort().str.join(JOINER)).sort("consumer", "provider")
    )
