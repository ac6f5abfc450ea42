"""What is told about servers after their sources were merged: differences, repetitions and servers that one source knows.

Sightings have ``entity``, the server that they were merged into; servers have one row per ``entity``.
"""

from __future__ import annotations

import polars as pl

from migrate.findings import Severity
from migrate.readers.ledger import Ledger

__all__ = ["tell_of_address_matches", "tell_of_conflicts", "tell_of_repeats", "tell_of_single_sources"]

_APART = 1.1  # two sources conflict where one says more than 10 % more


def tell_of_conflicts(joined: pl.DataFrame, servers: pl.DataFrame, ledger: Ledger) -> None:
    """Sources that differ by more than a tenth on capacity, or at all on operating-system family or site."""
    several = joined.filter(pl.len().over("entity") > 1)
    for column in ("vcpu", "memory_gib", "disk_gib"):
        spread = several.group_by("entity").agg(pl.col(column).min().alias("_low"), pl.col(column).max().alias("_high"))
        apart = spread.filter(pl.col("_high") > pl.col("_low") * _APART)
        _tell_of_values(apart, several, servers, column, ledger)
    known = several.filter(pl.col("os_family").is_not_null() & (pl.col("os_family") != "other"))
    families = known.group_by("entity").agg(pl.col("os_family").n_unique().alias("_n")).filter(pl.col("_n") > 1)
    _tell_of_values(families, known, servers, "os_family", ledger)
    places = several.filter(pl.col("site").is_not_null()).group_by("entity").agg(pl.col("site").n_unique().alias("_n"))
    _tell_of_values(places.filter(pl.col("_n") > 1), several, servers, "site", ledger)


def _tell_of_values(apart: pl.DataFrame, sightings: pl.DataFrame, servers: pl.DataFrame, column: str, ledger: Ledger) -> None:
    """One finding per entity: what each source says, and what counts."""
    value = pl.col(column).round(2).cast(pl.String) if sightings.schema[column] == pl.Float64 else pl.col(column)
    said = (
        sightings.filter(pl.col(column).is_not_null())
        .sort("reader", "source")
        .group_by("entity")
        .agg(pl.concat_str(value, pl.lit(" in "), pl.col("reader")).unique(maintain_order=True).str.join(", ").alias("_said"))
    )
    chosen = servers.select("entity", "name", "source", value.alias("_chosen"))
    ledger.rows(
        apart.join(said, on="entity").join(chosen, on="entity").sort("source"),
        "value-conflict",
        Severity.warning,
        subject=pl.col("name"),
        message=pl.format(f"Sources differ on {column}: {{}}; {{}} counts", pl.col("_said"), pl.col("_chosen")),
        remedy="Correct the source that is wrong.",
        aside=False,
    )


def tell_of_repeats(entities: pl.DataFrame, ledger: Ledger) -> None:
    """Servers that one file lists more than once."""
    file = pl.col("ref").str.replace(r":\d+$", "")
    again = entities.filter(~pl.struct("entity", file).is_first_distinct())
    ledger.rows(
        again,
        "server-repeated",
        Severity.warning,
        subject=pl.col("name"),
        message="The file lists the server more than once: its rows were joined",
        remedy="Remove the repeated rows in the source.",
        aside=False,
    )


def tell_of_address_matches(found: pl.DataFrame, ledger: Ledger) -> None:
    """Records that were joined to a server on the strength of an IP address alone."""
    ledger.rows(
        found,
        "server-matched-by-address",
        Severity.info,
        subject=pl.col("name"),
        message="The record was taken for the server that has its IP address, though the names differ",
        remedy="Check it, and give both the same name.",
        aside=False,
    )


def tell_of_single_sources(joined: pl.DataFrame, servers: pl.DataFrame, ledger: Ledger) -> None:
    """With both vCenter and a CMDB at hand, a server that only one of them knows is a question for its owner."""
    if joined["reader"].n_unique() < 2:
        return
    single = joined.group_by("entity").agg(pl.col("reader").n_unique().alias("_n"), pl.col("reader").first())
    names = {"rvtools": "vCenter (RVTools)", "servicenow": "the CMDB (ServiceNow)"}
    told = single.filter(pl.col("_n") == 1).join(servers, on="entity").sort("source")
    ledger.rows(
        told,
        "server-in-one-source",
        Severity.info,
        subject=pl.col("name"),
        message=pl.format("Only {} knows the server", pl.col("reader").replace_strict(names, return_dtype=pl.String)),
        remedy="Check that it exists, and record it where it is missing.",
        aside=False,
    )
