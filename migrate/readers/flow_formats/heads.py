"""What the beginning of a flow log says about its rows: the fields, and what stands between them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterator

from migrate.errors import InputError
from migrate.model.stages import Layout
from migrate.readers.peek import Peek

__all__ = ["distinct", "lines_of", "table_head", "told"]

_DELIMITERS = (",", ";", "\t", "|")
_SAID = re.compile(r"sep=([^\w\s\"']|\t)", re.IGNORECASE)  # Excel's own first line
_LONGEST_HEADER = 30_000  # characters


def lines_of(peek: Peek) -> list[str]:
    """The lines at the beginning of a text, without line ends. The last one is left out where it is cut off."""
    known = peek.cache.get("flow lines")
    if isinstance(known, list):
        return known
    *lines, last = peek.head_text.split("\n")
    if last and peek.head_is_all:
        lines.append(last)
    lines = [line.removesuffix("\r") for line in lines]
    peek.cache["flow lines"] = lines
    return lines


def table_head(peek: Peek) -> Layout | None:
    """The layout of a table with a header: Parquet, or delimited text. None where there is no header."""
    if peek.kind == "parquet":
        return Layout("parquet", peek.parquet_columns)
    if peek.kind != "text":
        return None
    known = peek.cache.get("flow header")
    if isinstance(known, Layout):
        return known
    found = _delimited(lines_of(peek))
    if found is not None:
        peek.cache["flow header"] = found
    return found


def _delimited(lines: list[str]) -> Layout | None:
    said = ""
    for place, line in _filled(lines):
        if not said and (match := _SAID.fullmatch(line.strip('" '))):
            said = match[1]
            continue
        if len(line) > _LONGEST_HEADER:
            return None
        delimiter = said or max(_DELIMITERS, key="".join(line.split('"')[::2]).count)
        try:
            cells = next(csv.reader(io.StringIO(line), delimiter=delimiter), [])
        except csv.Error:
            return None
        return Layout("delimited", distinct(cells), delimiter, '"', "", place + 1)
    return None


def _filled(lines: list[str]) -> Iterator[tuple[int, str]]:
    return ((place, line) for place, line in enumerate(lines) if line.strip())


def distinct(cells: Collection[str]) -> tuple[str, ...]:
    """Names of columns: each once whatever its case, none blank."""
    seen: set[str] = set()
    names = []
    for place, cell in enumerate(cells, start=1):
        name = cell.strip() or f"column {place}"
        while name.lower() in seen:
            name = f"{name} ({place})"
        seen.add(name.lower())
        names.append(name)
    return tuple(names)


def told(layout: Layout, what: str, peek: Peek) -> tuple[Layout, str]:
    """A layout with the reason for it.

    Raises
    ------
    InputError
        The text is UTF-16, which flow logs are not read in.
    """
    if layout.container != "parquet" and peek.head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise InputError("is UTF-16, and flow logs are read as UTF-8 only", where=peek.label, remedy="Save it as UTF-8.")
    return layout, what
