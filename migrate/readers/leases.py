"""DHCP leases: a CSV file with an address, the server that had it, and from when to when. Kea's lease file is one."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from migrate.findings import Severity
from migrate.readers.addresses import split_addresses
from migrate.readers.cells import Column, normal_header, read_columns
from migrate.readers.delimited import header_of, read_delimited
from migrate.readers.ledger import Ledger
from migrate.readers.moments import moment
from migrate.readers.peek import Peek
from migrate.readers.reading import Reading

__all__ = ["NAME", "identify", "read"]

NAME = "leases"

_COLUMNS = (
    Column("server", ("host", "hostname", "host name", "server", "server name", "client name", "client hostname", "machine")),
    Column("ip", ("ip", "address", "ip address", "ipaddress", "ipv4 address", "leased address"), longest=1000),
    Column(
        "start",
        ("start", "lease start", "starts", "from", "begin", "start time", "lease start time", "valid from", "lease begin"),
    ),
    Column(
        "end",
        (
            *("end", "lease end", "ends", "expires", "expire", "to", "end time", "lease end time", "lease expires", "valid to"),
            *("expiry", "lease expiry", "lease expiry time", "lease expiration", "expiration"),
        ),
    ),
    Column("lifetime_s", ("valid lifetime", "lease time", "lifetime"), "number"),
)
_BY_HEADER = {header: column.name for column in _COLUMNS for header in column.headers}
_ENDLESS = ("never", "infinite", "unlimited", "forever")


def identify(peek: Peek) -> str | None:
    """Say why these are leases, or None: they have an address, a host, and a beginning and an end or a lifetime."""
    if peek.kind != "text":
        return None
    known = {_BY_HEADER[name] for cell in header_of(peek) if (name := normal_header(cell)) in _BY_HEADER}
    period = {"start", "end"} <= known or {"end", "lifetime_s"} <= known
    return f"has the columns {', '.join(sorted(known))}" if period and {"ip", "server"} <= known else None


def read(peeks: Sequence[Peek], ledger: Ledger) -> Reading:
    """Read leases. A row whose host, address or beginning is unknown, or whose end cannot be understood, is left out."""
    frames = []
    for peek in sorted(peeks, key=lambda peek: peek.label):
        raw = read_delimited(peek, ledger)
        ledger.read[peek.label] += raw.height
        cells, _ = read_columns(raw, _COLUMNS, ledger, blanks=("-", "n/a"))
        frames.append(_addressed(_timed(cells, ledger), ledger))
        peek.release()
    return Reading({"leases": pl.concat(frames)} if frames else {})


def _timed(cells: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    endless = pl.col("end").str.to_lowercase().is_in(_ENDLESS) | pl.col("end").str.starts_with("9999")
    told = pl.col("end").is_not_null() & ~endless.fill_null(value=False)
    rows = cells.with_columns(
        moment(pl.col("start")).alias("valid_from"), pl.when(told).then(moment(pl.col("end"))).alias("valid_to")
    )
    counted = pl.col("valid_to") - pl.duration(seconds=pl.col("lifetime_s").cast(pl.Int64))
    rows = rows.with_columns(pl.col("valid_from").fill_null(pl.when(pl.col("start").is_null()).then(counted)))
    bad = pl.col("valid_from").is_null() | (told & pl.col("valid_to").is_null())
    ledger.rows(
        rows.filter(bad),
        "lease-without-period",
        Severity.warning,
        subject=pl.coalesce("server", "ip"),
        message=pl.format(
            "From when to when a lease was valid is not understood, so it was left out: {} to {}",
            pl.col("start").str.slice(0, 60).fill_null("(nothing)"),
            pl.col("end").str.slice(0, 60).fill_null("(nothing)"),
        ),
        remedy="Write times as 2024-01-31T10:00:00Z or as seconds since 1970; without an end the lease is still valid.",
    )
    return rows.filter(~bad)


def _addressed(rows: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    known = pl.col("ip").is_not_null() & pl.col("server").is_not_null()
    found, _ = split_addresses(rows.filter(known).rename({"ip": "text"}), "text")
    ledger.rows(
        rows.join(found, on="source", how="anti", maintain_order="left"),
        "lease-without-address",
        Severity.warning,
        subject=pl.coalesce("server", "ip"),
        message="A lease names no host, or no address that tells one host from another, so it was left out",
        remedy="Name both, or remove the row.",
    )
    return found.select("server", "ip", "valid_from", "valid_to", "source")
