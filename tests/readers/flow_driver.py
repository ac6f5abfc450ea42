"""Flow logs read as an engine would read them: columns of text by the layout, then the format's expression."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import polars as pl

from migrate.model.stages import Layout
from migrate.readers.flow_formats import FORMATS, format_named
from migrate.readers.flow_formats.record import RECORD_COLUMNS
from migrate.readers.peek import peek_at


def claims(path: Path, fields: tuple[str, ...] = ()) -> list[tuple[str, Layout]]:
    """Every format that claims a file."""
    (peek,) = peek_at([path], fields)
    return [(module.NAME, found[0]) for module in FORMATS if (found := module.identify(peek))]


def records(path: Path, fields: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    """The records of a file that exactly one format claims."""
    ((name, layout),) = claims(path, fields)
    backend = _backend()
    backend.con.execute(f"CREATE OR REPLACE TABLE raw AS FROM {_source(path, layout)}")
    expression = format_named(name).records(backend.table("raw"))
    assert tuple(expression.columns) == RECORD_COLUMNS
    frame = pl.from_arrow(backend.con.sql(backend.compile(expression)).to_arrow_table())
    assert isinstance(frame, pl.DataFrame)
    return list(frame.iter_rows(named=True))


def written(path: Path, *lines: str) -> Path:
    """A text of these lines."""
    path.write_text("\n".join(lines) + "\n")
    return path


@functools.cache
def _backend() -> Any:
    import ibis

    return ibis.duckdb.connect(threads=1)


def _source(path: Path, layout: Layout) -> str:
    columns = "{" + ", ".join(f"{_quoted(name)}: 'VARCHAR'" for name in layout.columns) + "}"
    if layout.container == "parquet":
        return f"read_parquet({_quoted(str(path))})"
    if layout.container == "json":
        return f"read_json({_quoted(str(path))}, format='newline_delimited', columns={columns})"
    marks = f"delim={_quoted(layout.delimiter)}, quote={_quoted(layout.quote)}, escape={_quoted(layout.quote)}"
    lines = f"comment={_quoted(layout.comment)}, skip={layout.skip_lines}, header=false, null_padding=true, strict_mode=false"
    return f"read_csv({_quoted(str(path))}, columns={columns}, auto_detect=false, {marks}, {lines}, ignore_errors=true)"


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
