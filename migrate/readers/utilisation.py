"""Utilisation: a CSV file with one row per server, as monitoring tools export it."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from migrate.findings import Severity
from migrate.model.provenance import cite
from migrate.readers.cells import Column, normal_header, read_columns
from migrate.readers.delimited import header_of, read_delimited
from migrate.readers.ledger import Ledger
from migrate.readers.peek import Peek
from migrate.readers.reading import Reading

__all__ = ["NAME", "identify", "read"]

NAME = "utilisation"

_PERCENTS = tuple(f"{thing}_{how}_pct" for thing in ("cpu", "memory") for how in ("mean", "p90", "p95", "p99", "max"))
_ENOUGH = 20  # values that prove that a column headed "percent" holds fractions


def _measured(name: str, thing: tuple[str, ...], how: tuple[str, ...]) -> Column:
    """A percentage: every spelling of what is measured and how, in either order."""
    spelled: list[str] = []
    for noun in thing:
        for kind in how:
            for unit in (" pct", " percent", " percentage", ""):
                for middle in ("", " usage", " utilization", " utilisation", " util", " used"):
                    spelled += [f"{noun}{middle} {kind}{unit}", f"{kind} {noun}{middle}{unit}", f"{noun}{middle}{unit} {kind}"]
    return Column(name, tuple(dict.fromkeys(spelled)), "number", 1.0, 0.0, 100.0)


_MEAN = ("mean", "avg", "average")
_MAX = ("max", "maximum", "peak")


def _percentile(number: int) -> tuple[str, ...]:
    return (
        *(f"p{number}", f"{number}th", f"{number}th percentile", f"{number} percentile"),
        *(f"{number}pct", f"perc{number}", f"pct{number}"),
    )


_CPU, _MEMORY = ("cpu", "processor"), ("memory", "mem", "ram")

_COLUMNS = (
    Column(
        "server", ("server", "server name", "hostname", "host name", "host", "vm", "vm name", "name", "machine", "machine name")
    ),
    Column("ip", ("ip address", "ip", "ip addresses", "ipv4 address", "primary ip address"), longest=1000),
    Column("site", ("site", "data center", "datacenter", "location")),
    _measured("cpu_mean_pct", _CPU, _MEAN),
    *(_measured(f"cpu_p{number}_pct", _CPU, _percentile(number)) for number in (90, 95, 99)),
    _measured("cpu_max_pct", _CPU, _MAX),
    _measured("memory_mean_pct", _MEMORY, _MEAN),
    *(_measured(f"memory_p{number}_pct", _MEMORY, _percentile(number)) for number in (90, 95, 99)),
    _measured("memory_max_pct", _MEMORY, _MAX),
    Column("disk_iops_p95", ("disk iops p95", "iops p95", "p95 iops", "p95 disk iops", "disk iops 95th"), "number"),
    Column(
        "disk_mib_s_p95",
        ("disk mib s p95", "disk mibps p95", "disk throughput mib s p95", "disk mb s p95", "disk mbps p95"),
        "number",
    ),
    Column("network_mbit_s_p95", ("network mbit s p95", "network mbps p95", "net mbit s p95", "network mb s p95 mbit"), "number"),
    Column(
        "observed_days", ("observed days", "days", "days observed", "observation days", "period days"), "number", most=36_500.0
    ),
)
_BY_HEADER = {header: column.name for column in _COLUMNS for header in column.headers}
_WHO = frozenset(("server", "ip"))
_WHERE = frozenset(("server", "ip", "site", "observed_days"))


def identify(peek: Peek) -> str | None:
    """Say why this is utilisation by server, or None: it names servers, and at least a mean or a percentile."""
    if peek.kind != "text":
        return None
    known = {_BY_HEADER[name] for cell in header_of(peek) if (name := normal_header(cell)) in _BY_HEADER}
    measures = known - _WHERE
    return f"has the columns {', '.join(sorted(known))}" if known & _WHO and measures else None


def read(peeks: Sequence[Peek], ledger: Ledger) -> Reading:
    """Read utilisation. Values that are fractions by all evidence are turned into percentages, and a finding says so."""
    frames = []
    for peek in sorted(peeks, key=lambda peek: peek.label):
        raw = read_delimited(peek, ledger)
        ledger.read[peek.label] += raw.height
        frame, used = read_columns(raw.with_columns(_first_of_name(raw)), _named(), ledger)
        unread = sorted(name for name in raw.columns if name not in (*used, "source"))
        if unread:
            ledger.tell(
                "column-not-read",
                Severity.info,
                peek.label,
                peek.label,
                f"These columns were not read: {', '.join(unread[:20])}",
                "Nothing to do, or rename them as docs/inventories.md lists them.",
            )
        frame = _percentages(frame.drop("name"), [normal_header(name) for name in used], peek, ledger)
        frames.append(_addressed(frame, ledger))
        peek.release()
    return Reading({"utilisation": pl.concat(frames)} if frames else {})


def _named() -> tuple[Column, ...]:
    """The columns, and the server's name a second time: findings about a cell name it."""
    return (*_COLUMNS, Column("name", ("name of the server for findings",)))


def _first_of_name(raw: pl.DataFrame) -> pl.Expr:
    names = [name for name in raw.columns if _BY_HEADER.get(normal_header(name)) in _WHO]
    return pl.coalesce(names).alias("name of the server for findings")


def _percentages(frame: pl.DataFrame, headers: list[str], peek: Peek, ledger: Ledger) -> pl.DataFrame:
    """Tell fractions from percentages, column by column.

    A column whose largest value is at most 1 holds fractions, unless its header says percent and there are too few values
    to prove it wrong: no estate has twenty servers that all stay below one percent.
    """
    for column in _PERCENTS:
        values = frame[column].drop_nulls()
        largest = values.max()
        if not isinstance(largest, float) or largest > 1.0 or largest == 0.0:
            continue
        header = next(name for name in headers if _BY_HEADER[name] == column)
        says_percent = "pct" in header.split() or "percent" in header
        fraction = not says_percent or values.len() >= _ENOUGH
        ledger.tell(
            "utilisation-as-fraction" if fraction else "utilisation-scale-doubtful",
            Severity.info if fraction else Severity.warning,
            column,
            cite(peek.label),
            f"No value of the column is over 1: they were taken as {'fractions of 1' if fraction else 'percentages'}",
            "Write percentages from 0 to 100 if that is wrong."
            if fraction
            else "Write percentages from 0 to 100 if they are fractions.",
        )
        if fraction:
            frame = frame.with_columns(pl.col(column) * 100.0)
    return frame


def _addressed(frame: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    nobody = pl.col("server").is_null() & pl.col("ip").is_null()
    ledger.rows(
        frame.filter(nobody),
        "row-without-name",
        Severity.warning,
        subject=pl.col("source"),
        message="A row names neither a server nor an address, so it was left out",
        remedy="Name the server, or remove the row.",
    )
    return frame.filter(~nobody)
