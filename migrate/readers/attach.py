"""Rows that name a server in words find it, or become a finding."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from migrate.findings import Severity
from migrate.readers.addresses import split_addresses
from migrate.readers.identity import match, signs_of
from migrate.readers.ledger import Ledger
from migrate.readers.merge import Merged
from migrate.readers.sites import canonical_site
from migrate.spec import Site

__all__ = ["attach"]


def attach(
    rows: pl.DataFrame,
    what: str,
    merged: Merged,
    sites: Sequence[Site],
    ledger: Ledger,
    *,
    aside: bool = True,
    severity: Severity = Severity.warning,
) -> pl.DataFrame:
    """Give rows their ``server_id``; those without are left out with a finding.

    Parameters
    ----------
    rows
        With ``ref``, ``server``, ``ip``, ``site`` and ``source``: `reading.TABLES`. A ``ref`` needs no words.
    what
        What a row is, for the finding: ``utilisation``.
    aside
        The rows count as left out; false for parts of rows that are counted elsewhere.
    severity
        Of a server that no inventory has.
    """
    rows = rows.with_row_index("_index").with_columns(pl.col("_index").cast(pl.String).alias("id"), canonical_site("site", sites))
    by_ref = rows.join(merged.server_of, on="ref", how="inner", maintain_order="left")
    rest = rows.join(by_ref, on="id", how="anti").filter(pl.col("ref").is_null() | pl.col("server").is_not_null())
    lost_refs = rows.join(by_ref, on="id", how="anti").join(rest, on="id", how="anti")
    nothing = pl.lit(None, pl.String)
    described = rest.select(
        "id", pl.col("server").alias("name"), nothing.alias("fqdn"), nothing.alias("uuid"), nothing.alias("other_uuid"), "site"
    )
    ips, _ = split_addresses(rest.filter(pl.col("ip").is_not_null()).select("id", pl.col("ip").alias("text")), "text")
    as_ip = rest.filter(pl.col("server").str.contains(r"^[0-9a-fA-F:.]*[.:][0-9a-fA-F:.]*$"))  # an address instead of a name
    server_as_ip, _ = split_addresses(as_ip.select("id", pl.col("server").alias("text")), "text")
    matches = match(signs_of(described, pl.concat([ips, server_as_ip])), merged.signs, merged.common_sites)
    by_words = rest.join(matches.found.select("id", pl.col("other").alias("server_id")), on="id", maintain_order="left")
    shown = pl.coalesce("server", "ip", "source")
    ledger.rows(
        rest.join(matches.doubtful, on="id", maintain_order="left"),
        "ambiguous-server",
        Severity.warning,
        subject=shown,
        message=pl.format(f"A row of {what} could mean any of {{}} servers, so it was not used", pl.col("candidates")),
        remedy="Name the server's site, address or full domain name.",
        aside=aside,
    )
    unknown = rest.join(by_words, on="id", how="anti").join(matches.doubtful, on="id", how="anti")
    ledger.rows(
        pl.concat([unknown, lost_refs]).sort("_index"),
        "row-without-server",
        severity,
        subject=shown,
        message=f"A row of {what} names a server that no inventory has",
        remedy="Add the server to an inventory, or remove the row.",
        aside=aside,
    )
    return pl.concat([by_ref, by_words]).sort("_index").drop("_index", "id", "ref", "server", "site")
