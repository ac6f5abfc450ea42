"""Which VM a row of an RVTools tab is about."""

from __future__ import annotations

import polars as pl

from migrate.findings import Severity
from migrate.readers.ledger import Ledger

__all__ = ["rows_of_servers"]

# from the surest to the least; the last two are for exports without ids, where names may repeat
_WAYS = (
    ("vm_id", "name"),
    ("uuid", "name"),
    ("uuid",),
    ("name", "hypervisor", "cluster", "site"),
    ("name", "cluster", "site"),
    ("name",),
)


def rows_of_servers(rows: pl.DataFrame, every: pl.DataFrame, servers: pl.DataFrame, tab: str, ledger: Ledger) -> pl.DataFrame:
    """Give each row the ``ref`` of its server.

    A row whose VM is in no row of vInfo, or could be one of several, is left out with a finding. A row of a template is
    left out with the template.

    Parameters
    ----------
    rows
        A tab with the columns of `rvtools_tabs.KEYS`.
    every, servers
        All rows of vInfo, and those that are servers.
    """
    left = rows.with_row_index("_index")
    found: list[pl.DataFrame] = []
    for way in _WAYS:
        unique = every.filter(pl.all_horizontal(pl.col(way).is_not_null()) & (pl.len().over(way) == 1)).select(*way, "ref")
        found.append(left.join(unique, on=way, how="inner"))
        left = left.join(unique, on=way, how="anti")
    matched = pl.concat(found).sort("_index").drop("_index")
    several = pl.col("name").is_in(every["name"].unique().to_list())
    ledger.rows(
        left,
        "row-without-server",
        Severity.warning,
        subject=pl.coalesce("name", "source"),
        message=pl.when(several)
        .then(pl.lit(f"A row of {tab} could belong to several VMs of that name"))
        .otherwise(pl.lit(f"A row of {tab} is about a VM that vInfo does not list")),
        remedy="Export all tabs at the same time, with the columns VM ID and VM UUID.",
    )
    kept = matched.join(servers, on="ref", how="semi", maintain_order="left")
    for source in matched.join(servers, on="ref", how="anti")["source"]:
        ledger.aside[str(source).split("!")[0] if "!" in str(source) else str(source).rpartition(":")[0]] += 1
    return kept
