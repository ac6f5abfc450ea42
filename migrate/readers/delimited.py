"""Delimited text (CSV) as a table of texts: encoding and delimiter are found out, rows keep their numbers."""

from __future__ import annotations

import contextlib
import csv
import io
import re
from dataclasses import dataclass
from itertools import zip_longest

import polars as pl

from migrate.errors import InputError
from migrate.findings import Severity
from migrate.model.provenance import cite, cite_expr
from migrate.readers.ledger import Ledger
from migrate.readers.peek import HEAD, Peek

__all__ = ["Sheet", "header_of", "read_delimited"]

_DELIMITERS = (",", ";", "\t", "|")
_LONGEST_CELL = 1 << 24  # characters; the columns say how much of it is kept
_SAID = re.compile(r"""\s*"?sep=([^\w\s"']|\t)"?[ \t]*(?:\r\n|\r|\n)""", re.IGNORECASE)  # Excel's own first line

csv.field_size_limit(_LONGEST_CELL)


@dataclass(frozen=True)
class Sheet:
    """Delimited text, decoded."""

    text: str
    encoding: str  # cp1252 means: it is not UTF-8, so this is assumed
    delimiter: str


def header_of(peek: Peek) -> list[str]:
    """The first row that is not blank, as it stands in the file; empty when there is none."""
    known = peek.cache.get("header")
    if isinstance(known, list):
        return known
    head, _ = _decode(peek.head)
    header: list[str] = []
    with contextlib.suppress(csv.Error):  # `read_delimited` says what is wrong, if a reader takes the file at all
        delimiter, skipped = _delimiter(head)
        rows = csv.reader(io.StringIO(head[skipped:], newline=""), delimiter=delimiter)
        header = next((row for row in rows if any(map(str.strip, row))), [])
    peek.cache["header"] = header
    return header


def read_delimited(peek: Peek, ledger: Ledger) -> pl.DataFrame:
    """Every row as texts, under the headers of the first row that is not blank, with ``source``.

    Blank rows are passed over. A row with more cells than the header is kept without the rest, with a finding.

    Raises
    ------
    InputError
        The text cannot be split into cells.
    """
    text, encoding = _decode(peek.content)
    if encoding == "cp1252":
        ledger.tell(
            "encoding-assumed",
            Severity.info,
            peek.label,
            cite(peek.label),
            "The file is not UTF-8; it was read as Windows-1252",
            "Save it as UTF-8 if letters with accents look wrong.",
        )
    if "\0" in text:
        ledger.tell(
            "nul-characters",
            Severity.warning,
            peek.label,
            cite(peek.label, text.count("\n", 0, text.index("\0")) + 1),
            "The text has NUL characters in it, from this line on: they were passed over",
            "Export the file again; it may have been damaged on its way.",
        )
    rows = _rows(text, peek.label)
    if not rows:
        return pl.DataFrame(schema={"source": pl.String})
    header = _unique(rows[0][1])
    width = len(header)
    _tell_of_long_rows(rows[1:], width, peek.label, ledger)
    cells = list(zip_longest(*(row[:width] for _, row in rows[1:]))) or [()] * width
    cells += [(None,) * (len(rows) - 1)] * (width - len(cells))
    frame = pl.DataFrame(
        {name: list(column) for name, column in zip(header, cells, strict=True)}, schema=dict.fromkeys(header, pl.String)
    )
    numbers = pl.Series("_row", [number for number, _ in rows[1:]], dtype=pl.Int64)
    return frame.with_columns(numbers).with_columns(cite_expr(peek.label, pl.col("_row")).alias("source")).drop("_row")


def _decode(content: bytes) -> tuple[str, str]:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", errors="replace"), "utf-16"
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError as error:
        if len(content) == HEAD and error.start > HEAD - 4:  # a character cut in two by the look at the head
            return content[: error.start].decode("utf-8-sig"), "utf-8"
    return content.decode("cp1252", errors="replace"), "cp1252"


def _rows(text: str, label: str) -> list[tuple[int, list[str]]]:
    """The rows that are not blank, with their numbers."""
    delimiter, skipped = _delimiter(text[:HEAD])
    before = 1 if skipped else 0
    reader = csv.reader(io.StringIO(text[skipped:], newline=""), delimiter=delimiter)
    rows: list[tuple[int, list[str]]] = []
    start = last = 0  # lines before the row, and before the last row
    try:
        for number, row in enumerate(reader, start=1 + before):
            if any(map(str.strip, row)):
                rows.append((number, row))
            last, start = start, reader.line_num
    except csv.Error as error:
        raise InputError(
            f"cannot be split into cells: {error}",
            where=cite(label, start + before + 1),
            remedy="Look for a quotation mark that is never closed.",
        ) from None
    if rows and _is_open(text, delimiter, start - last):
        raise InputError(
            "cannot be split into cells: a quotation mark in this row is never closed",
            where=cite(label, last + before + 1),
            remedy="Close or remove it: what follows it would be taken for one cell.",
        )
    return rows


def _is_open(text: str, delimiter: str, lines: int) -> bool:
    """Whether the last row, of so many lines, ends inside quotation marks."""
    if '"' not in text[text.rfind("\n", 0, len(text) - 1) + 1 :] and lines < 2:
        return False
    tail = io.StringIO(text, newline="").readlines()[-lines:]
    try:
        list(csv.reader(tail, delimiter=delimiter, strict=True))
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _delimiter(text: str) -> tuple[str, int]:
    """The delimiter, and the characters of a line before the table that names it.

    Where none is named, it is the one that splits the first line that is not blank into most cells; a comma when none does.
    """
    if said := _SAID.match(text):
        return said[1], said.end()
    line = next((line for line in text.splitlines() if line.strip()), "")
    outside = "".join(line.split('"')[::2])
    return max(_DELIMITERS, key=outside.count), 0


def _unique(header: list[str]) -> list[str]:
    """Headers that are blank or repeated get a number; `source` is a name of ours."""
    seen: dict[str, int] = {"source": 1}
    names = []
    for place, given in enumerate(header, start=1):
        name = given.strip() or f"column {place}"
        while name in seen:
            seen[name] += 1
            name = f"{name} ({seen[name]})"
        seen[name] = 1
        names.append(name)
    return names


def _tell_of_long_rows(rows: list[tuple[int, list[str]]], width: int, label: str, ledger: Ledger) -> None:
    for number, row in rows:
        if any(map(str.strip, row[width:])):
            ledger.tell(
                "row-too-long",
                Severity.warning,
                label,
                cite(label, number),
                f"The row has {len(row)} cells and the header {width}: the rest was not read",
                "Look for a delimiter inside a cell that is not quoted.",
            )
