"""ServiceNow Table API dumps as tables of texts.

Every value of the Table API is a text; a reference is ``{"link", "value"}``; with ``sysparm_display_value=all`` every
field is ``{"display_value", "value"}``, with ``=true`` references are ``{"display_value", "link"}`` and the rest are
display values, whose numbers have thousands separators (docs: "Table API", `sysparm_display_value`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl
from pydantic_core import from_json

from migrate.errors import InputError
from migrate.model.provenance import cite_expr
from migrate.readers.peek import Peek

__all__ = ["Record", "fields", "first_lines_of", "records_of"]

Record = dict[str, Any]
_DEEPEST = 5  # lists and objects around the records


def records_of(peek: Peek) -> list[Record]:
    """Every record of a dump: ``{"result": […]}``, a list, pages of results, results by table, or one record a line.

    Raises
    ------
    InputError
        The file is no JSON, or is nested too deep.
    """
    known = peek.cache.get("records")
    if isinstance(known, list):
        return known
    found = list(_records(_parse(peek), 0))
    peek.cache["records"] = found
    return found


def first_lines_of(peek: Peek) -> list[Record] | None:
    """The records at the beginning of a file that has one a line; None for other files. No more than the head is read."""
    lines = [line for line in peek.head_text.splitlines() if line.strip()]
    if not peek.head_is_all:
        lines = lines[:-1]
    try:
        found = [from_json(line) for line in lines]
    except ValueError:
        return None
    return list(_records(found, 0)) if len(lines) > 1 else None


def fields(records: Sequence[Record], numbers: Sequence[int], label: str, names: Sequence[str]) -> pl.DataFrame:
    """The named fields of records as texts: the value, and as ``NAME.shown`` the display value.

    A field without display values shows its value, except for a reference, whose value is an id that tells nobody anything.

    Parameters
    ----------
    numbers
        Of each record in its file, from 1; cited as ``source``.
    """
    present = set().union(*records)
    columns: dict[str, list[str | None]] = {}
    wanted = [column for name in names for column in (name, f"{name}.shown")]
    for name in (name for name in names if name in present):
        pairs = [_pair(record.get(name)) for record in records]
        columns[name] = [value for value, _ in pairs]
        columns[f"{name}.shown"] = [shown for _, shown in pairs]
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String), height=len(records))
    frame = frame.with_columns(pl.lit(None, pl.String).alias(name) for name in wanted if name not in columns).select(wanted)
    row = pl.Series("_row", list(numbers), dtype=pl.Int64)
    return frame.with_columns(row).with_columns(cite_expr(label, pl.col("_row")).alias("source")).drop("_row")


def _parse(peek: Peek) -> Any:
    content = peek.content.removeprefix(b"\xef\xbb\xbf")
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        content = content.decode("utf-16", errors="replace").encode()
    try:
        return from_json(content, cache_strings="keys")
    except ValueError as error:
        first = error
    try:
        if b"\n" in content.strip():  # one object a line
            return [from_json(line) for line in content.splitlines() if line.strip()]
    except ValueError:
        pass
    try:  # the lenient parser knows what the fast one refuses: halves of surrogate pairs, other encodings
        return json.loads(content)
    except (ValueError, RecursionError):
        reason = "is nested too deep" if "recursion" in str(first) else f"is no valid JSON ({str(first)[:120]})"
        raise InputError(reason, where=peek.label, remedy="Export it again.") from None


def _records(value: Any, depth: int) -> Iterator[Record]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _records(item, depth + 1)
    elif isinstance(value, dict):
        if _is_envelope(value):
            for item in value.values():
                if isinstance(item, list | dict):
                    yield from _records(item, depth + 1)
        else:
            yield value


def _is_envelope(value: Record) -> bool:
    """Whether an object holds records, rather than being one: it has neither identity nor scalar fields beside lists."""
    if "sys_id" in value or "sys_class_name" in value or ("parent" in value and "child" in value):
        return False
    return any(isinstance(item, list) and item and isinstance(item[0], dict) for item in value.values()) or all(
        isinstance(item, list) or (isinstance(item, dict) and "result" in item) for item in value.values()
    )


def _pair(value: Any) -> tuple[str | None, str | None]:
    """Value and display value of one field."""
    if isinstance(value, str) and value.isascii():
        return value, value
    if isinstance(value, dict):
        raw, shown = value.get("value"), value.get("display_value")
        if raw is None and isinstance(link := value.get("link"), str):
            raw = link.rstrip("/").rpartition("/")[2]  # with display values, a reference's id stands only in its link
        if shown is None and "link" not in value:
            shown = raw
        return _scalar(raw if raw is not None else shown), _scalar(shown)
    text = _scalar(value)
    return text, text


def _scalar(value: Any) -> str | None:
    if value is None or isinstance(value, dict | list):
        return None
    text = str(value)
    if not text.isascii():
        text = text.encode("utf-8", errors="replace").decode("utf-8")
    return text
