"""Leases find the servers that they name."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from migrate.findings import Severity
from migrate.readers.attach import attach
from migrate.readers.ledger import Ledger
from migrate.readers.merge import Merged
from migrate.spec import Site

__all__ = ["merge_leases"]


def merge_leases(rows: pl.DataFrame, merged: Merged, sites: Sequence[Site], ledger: Ledger) -> pl.DataFrame:
    """Leases of servers of the estate, each once. A host that is none becomes one finding, however many leases it had.

    Parameters
    ----------
    rows
        Table ``leases`` of `reading.TABLES`.
    """
    if merged.servers.is_empty() and rows.height:
        ledger.left_out(rows)
        ledger.tell(
            "leases-without-inventory",
            Severity.warning,
            "leases",
            rows["source"][0],
            f"{rows.height:,} leases name hosts, but there is no inventory with servers that could hold them: they were left out",
            "Give an inventory with these hosts, if only a list of their names and applications.",
        )
        return rows.head(0).rename({"server": "server_id"})
    nothing = pl.lit(None, pl.String)
    hosts = rows.unique("server", keep="first", maintain_order=True)
    asked = hosts.select(nothing.alias("ref"), "server", nothing.alias("ip"), nothing.alias("site"), "source", host="server")
    found = attach(asked, "leases", merged, sites, ledger, aside=False, severity=Severity.info).select("server_id", server="host")
    ledger.left_out(rows.join(found, on="server", how="anti"))
    leases = rows.join(found, on="server", maintain_order="left").drop("server")
    _tell_of_overlaps(leases, ledger)
    key = pl.struct("server_id", "ip", "valid_from")
    repeated = ~key.is_last_distinct()  # a lease file is a journal: what stands later replaces what stood before
    ledger.left_out(leases.filter(repeated))
    for file, group in leases.filter(repeated).group_by(pl.col("source").str.replace(r":\d+$", ""), maintain_order=True):
        ledger.tell(
            "lease-repeated",
            Severity.info,
            str(file[0]),
            group["source"][0],
            f"{group.height:,} leases of a server begin when another of the same address does: the last row counts",
            "Nothing to do; lease files repeat themselves.",
        )
    return leases.filter(~repeated)


def _tell_of_overlaps(leases: pl.DataFrame, ledger: Ledger) -> None:
    """An address that went to another server before its lease ended belongs to that server from then on."""
    ordered = leases.sort("ip", "valid_from", "server_id")
    following = ordered.with_columns(
        pl.col("server_id").shift(-1).over("ip").alias("_next"), pl.col("valid_from").shift(-1).over("ip").alias("_until")
    )
    early = (pl.col("_next") != pl.col("server_id")) & (pl.col("valid_to").is_null() | (pl.col("valid_to") > pl.col("_until")))
    ledger.rows(
        following.filter(early),
        "lease-cut-short",
        Severity.info,
        subject=pl.col("ip"),
        message=pl.format(
            "The address went to another server at {}, before this lease ended: it counts until then",
            pl.col("_until").dt.strftime("%Y-%m-%d %H:%M:%S"),
        ),
        remedy="Nothing to do if leases are released early; else look for an address that is used twice.",
        aside=False,
    )
