"""Flow logs: recognised here by their head, aggregated where they lie. What each format holds: `flow_formats`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from migrate.errors import InputError
from migrate.model.stages import FlowFile, Layout
from migrate.readers.flow_formats import FORMATS
from migrate.readers.flow_formats.heads import lines_of
from migrate.readers.ledger import Ledger
from migrate.readers.line_count import line_count
from migrate.readers.peek import Peek
from migrate.readers.reading import Reading

__all__ = ["NAME", "hint", "identify", "read", "row_count"]

NAME = "flows"
_ADDRESS = r"\d{1,3}(\.\d{1,3}){3}|[0-9A-Fa-f]{0,4}(:[0-9A-Fa-f]{0,4}){2,7}"


def identify(peek: Peek) -> str | None:
    """Say why these are flow records, or None.

    Raises
    ------
    InputError
        The file is damaged, or of more than one format.
    """
    found = _format_of(peek)
    return found[2] if found else None


def hint(peek: Peek) -> str:
    """What may help where a text was not recognised although its rows look like those of a flow log; else empty."""
    lines = lines_of(peek) if peek.kind == "text" else []
    first = next((line for line in lines if line.strip()), "")
    if sum(re.fullmatch(_ADDRESS, cell) is not None for cell in first.split()) < 2:
        return ""
    return (
        "; if these are VPC Flow Logs without a header, say which fields they have: --fields, or `fields` in [flows] of plan.toml"
    )


def read(peeks: Sequence[Peek], ledger: Ledger) -> Reading:
    """Note the files and, where they tell it, their number of rows; the records themselves are not read."""
    files = []
    for peek in peeks:
        found = _format_of(peek)
        assert found is not None, "only files that were identified are read"
        rows = row_count(peek)
        if rows is None:
            ledger.uncounted.add(peek.label)
        ledger.read[peek.label] += rows or 0
        files.append(FlowFile(peek.path, peek.label, found[0], found[1]))
    return Reading(flows=tuple(sorted(files, key=lambda file: file.label)))


def row_count(peek: Peek) -> int | None:
    """Rows of a flow log: of Parquet as its footer tells, of a text by its lines; None where it is too long to count."""
    if peek.kind == "parquet":
        return peek.parquet_rows
    found = _format_of(peek)
    lines = line_count(peek, found[1].comment) if found else None
    return None if lines is None or found is None else max(lines - found[1].skip_lines, 0)


def _format_of(peek: Peek) -> tuple[str, Layout, str] | None:
    """Name, layout and reason of the one format that claims the file."""
    if "flow format" not in peek.cache:
        claims = [(module.NAME, *found) for module in FORMATS if (found := module.identify(peek))]
        if len(claims) > 1:
            names = " and ".join(f"{name} ({why})" for name, _, why in claims)
            raise InputError(
                f"could be either of {names}", where=peek.label, remedy="Remove the columns that belong to the other."
            )
        peek.cache["flow format"] = claims[0] if claims else None
    known = peek.cache["flow format"]
    assert known is None or isinstance(known, tuple)
    return known
