"""Whose was an address when a flow began? Addresses that were leased are replaced by their lease."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    import ibis.expr.types as ir

__all__ = ["LEASE", "lease_periods", "leased"]

#: What the name of a lease begins with; the number of its row in `Estate.leases` follows.
LEASE = "lease:"


def lease_periods(leases: pl.DataFrame) -> pl.DataFrame:
    """Leases as periods that do not overlap.

    Parameters
    ----------
    leases
        `Estate.leases`: ``ip``, ``valid_from``, ``valid_to`` (null: still valid), UTC.

    Returns
    -------
    ``lease`` (row of the frame), ``ip``, ``valid_from``, ``valid_to`` (UTC seconds; the latter not part of it). A new
    lease ends the older one of the same address; of two that begin together the first in the frame counts.
    """
    last = 2**62
    seconds = leases.select(
        pl.int_range(pl.len(), dtype=pl.Int64).alias("lease"),
        "ip",
        pl.col("valid_from").dt.epoch("s").cast(pl.Int64),
        pl.col("valid_to").dt.epoch("s").cast(pl.Int64).fill_null(last),
    )
    ordered = seconds.sort(["ip", "valid_from", "lease"], descending=[False, False, True])
    following = pl.col("valid_from").shift(-1).over("ip").fill_null(last)
    return ordered.with_columns(pl.min_horizontal("valid_to", following)).filter(pl.col("valid_to") > pl.col("valid_from"))


def leased(records: ir.Table, periods: ir.Table) -> ir.Table:
    """Replace each end's address by ``lease:<n>`` where a lease covers the time at which the record begins.

    Parameters
    ----------
    records
        Records with ``src``, ``dst`` and ``start``. Without a time an address stays as it is.
    periods
        What `lease_periods` returns, as a table of the same engine.
    """
    columns = records.columns
    for end in ("src", "dst"):
        of_end = periods.select(
            address=periods.ip, lease=periods.lease.cast("string"), begins=periods.valid_from, ends=periods.valid_to
        ).view()
        joined = records.left_join(
            of_end,
            [records[end] == of_end.address, records.start >= of_end.begins, records.start < of_end.ends],
        )
        whose = (LEASE + joined.lease).coalesce(joined[end])
        records = joined.select(**{name: whose if name == end else joined[name] for name in columns})
    return records
