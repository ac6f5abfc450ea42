"""A table of applications and their waves that was edited in a spreadsheet, as ``migrate export --format waves-…`` makes it.

A CSV (any delimiter and encoding that Excel writes) or a workbook; columns are found by their headers, so that others may
be added, removed or moved. Needed is `wave`, and `application` or `application id`. ``cutover date`` and ``why`` are read
where they are there.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from migrate.errors import InputError
from migrate.findings import Finding, Severity
from migrate.model.provenance import cite_expr
from migrate.readers.cells import Column, normal_header, read_columns
from migrate.readers.days import days_of
from migrate.readers.delimited import read_delimited
from migrate.readers.ledger import Ledger
from migrate.readers.peek import Peek, peek_at
from migrate.readers.workbook import read_sheet, sheet_names

__all__ = ["WaveRow", "WaveTable", "read_table", "read_wave_table"]

_COLUMNS = (
    Column("application_id", ("application id", "app id"), longest=60),
    Column("application", ("application", "application name", "app name", "app"), longest=1000),
    Column("wave", ("wave", "wave number", "wave name"), longest=60),
    Column("cutover_date", ("cutover date", "cutover", "date"), longest=60),
    Column("why", ("why", "reason", "comment"), longest=300),
)
_NONE = ("none", "no", "-", "–", "—", "0", "n/a", "na")
_WAVE = re.compile(r"(?:wave[ #-]*)?(\d{1,4})(?:\.0+)?", re.IGNORECASE)


@dataclass(frozen=True)
class WaveRow:
    """One row: which application, and where it is to be.

    `wave` None: in none. `dates` are all days that the cell may mean; none where it is empty or means nothing.
    """

    application_id: str | None
    application: str | None
    wave: int | None
    dates: tuple[dt.date, ...]
    why: str
    source: str


@dataclass(frozen=True)
class WaveTable:
    """The rows in order, and what was doubtful while they were read."""

    label: str
    rows: tuple[WaveRow, ...]
    findings: tuple[Finding, ...]


_EXPORT = "Write one with `migrate export PLAN.json --format waves-csv` or `waves-xlsx`, and edit that."


def read_wave_table(path: Path) -> WaveTable:
    """Read an edited table of waves.

    Raises
    ------
    InputError
        It is neither a table of text nor a workbook, or no sheet of it has the columns.
    """
    ledger = Ledger()
    peek = peek_at([path])[0]
    raw = read_table(peek, ledger, (("wave",), ("application", "application id")), "an edited table of waves", _EXPORT)
    frame, _ = read_columns(raw, _COLUMNS, ledger)
    rows = [row for cells in frame.iter_rows(named=True) if (row := _row(cells, ledger)) is not None]
    return WaveTable(peek.label, tuple(rows), tuple(ledger.findings))


def read_table(peek: Peek, ledger: Ledger, needed: Sequence[Sequence[str]], what: str, remedy: str) -> pl.DataFrame:
    """The first table of a CSV or workbook whose headers have one of each of `needed`, as texts with ``source``.

    Raises
    ------
    InputError
        There is none.
    """
    if peek.kind == "xlsx":
        for sheet in sheet_names(peek):
            frame = read_sheet(peek, sheet)
            if _has(frame.columns, needed):
                return frame.with_columns(cite_expr(peek.label, pl.col("_row"), sheet).alias("source")).drop("_row")
    elif peek.kind == "text":
        frame = read_delimited(peek, ledger)
        if _has(frame.columns, needed):
            return frame
    wanted = " and ".join(f"`{names[0]}`" for names in needed)
    raise InputError(f"is not {what}: no table in it has the columns {wanted}", where=peek.label, remedy=remedy)


def _has(columns: Sequence[str], needed: Sequence[Sequence[str]]) -> bool:
    headers = {normal_header(name) for name in columns}
    return all(headers.intersection(names) for names in needed)


def _row(cells: dict[str, str | None], ledger: Ledger) -> WaveRow | None:
    name, identity, source = cells["application"], cells["application_id"], cells["source"] or ""
    if name is None and identity is None:
        ledger.tell(
            "row-without-name", Severity.warning, source, source, "A row names no application", "Name it, or remove the row."
        )
        return None
    text = (cells["wave"] or "").strip()
    match = _WAVE.fullmatch(text)
    subject = name or identity or source
    if text and match is None and text.casefold() not in _NONE:
        ledger.tell(
            "wave-not-understood",
            Severity.error,
            subject,
            source,
            f"The wave is no number, so the application stays where it was: {text[:60]}",
            "Write the number of a wave, or leave it empty for none.",
        )
        return None
    dates = days_of(cells["cutover_date"] or "")
    if cells["cutover_date"] and not dates:
        said = cells["cutover_date"][:60]
        ledger.tell(
            "date-not-understood", Severity.warning, subject, source, f"The cutover date is none: {said}", "Write YYYY-MM-DD."
        )
    wave = int(match[1]) if match is not None and int(match[1]) > 0 else None
    return WaveRow(identity, name, wave, dates, cells["why"] or "", source)
