"""Many rows into a worksheet at once.

xlsxwriter writes a cell in about 8 µs: a minute for 100,000 servers. In its ``constant_memory`` mode it keeps finished
rows as XML in a temporary file; here that XML is made by polars, column by column, and appended there. This reaches
into attributes of xlsxwriter that are not its public interface; the tests read every cell back.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl
from xlsxwriter.utility import xl_col_to_name

__all__ = ["append_rows"]

_CHUNK = 20_000
_MOST_CHARACTERS = 32_767
_NO_XML = r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]"
_AWKWARD = rf"{_NO_XML}|[&<>\r]|_x[0-9A-Fa-f]{{4}}_"


def append_rows(sheet: Any, first: int, frame: pl.DataFrame, formats: Sequence[Any]) -> None:
    """Write the rows of `frame`, text and numbers, below all that was written before.

    Parameters
    ----------
    sheet
        An xlsxwriter worksheet in ``constant_memory`` mode.
    first
        Row of the first of them, from 0.
    formats
        For each column the cell format, or None.
    """
    if not frame.height:
        return
    end = first + frame.height
    sheet._check_dimensions(first, 0)
    sheet._check_dimensions(end - 1, frame.width - 1)
    sheet._write_single_row(end)  # what is pending comes first, and the next row is `end`
    styles = [f' s="{cell._get_xf_index()}"' if cell is not None else "" for cell in formats]
    number = pl.col("__row").cast(pl.String)
    cells = [_cell(name, frame.schema[name], xl_col_to_name(at), styles[at], number) for at, name in enumerate(frame.columns)]
    row = pl.concat_str(pl.lit('<row r="'), number, pl.lit('">'), *cells, pl.lit("</row>"))
    sheet.row_data_fh.flush()
    for at in range(0, frame.height, _CHUNK):
        rows = _escaped(frame.slice(at, _CHUNK)).with_row_index("__row", offset=first + at + 1)
        sheet.row_data_fh.buffer.write(rows.select(row.str.join("").cast(pl.Binary)).item())


def _cell(name: str, dtype: pl.DataType, letters: str, style: str, number: pl.Expr) -> pl.Expr:
    begin, value = pl.lit(f'<c r="{letters}'), pl.col(name)
    if dtype == pl.String:
        inside = pl.lit(f'"{style} t="inlineStr"><is><t xml:space="preserve">')
        return pl.concat_str(begin, number, inside, value, pl.lit("</t></is></c>")).fill_null("")
    return pl.concat_str(begin, number, pl.lit(f'"{style}><v>'), value.cast(pl.String), pl.lit("</v></c>")).fill_null("")


def _escaped(frame: pl.DataFrame) -> pl.DataFrame:
    """Text as XML. Characters that XML cannot hold are dropped, and ``_x0041_``, an escape of workbooks, is kept as it is.

    Most columns have nothing to escape: one look at each is cheaper than seven replacements that find nothing.
    """
    text = [pl.col(name) for name, dtype in frame.schema.items() if dtype == pl.String]
    looks = frame.select(t.str.contains(_AWKWARD).any() | (t.str.len_bytes().max() > _MOST_CHARACTERS) for t in text)
    return frame.with_columns(_as_xml(pl.col(look.name)) for look in looks if look.item() is not False)


def _as_xml(text: pl.Expr) -> pl.Expr:
    return (
        text.str.slice(0, _MOST_CHARACTERS)
        .str.replace_all(_NO_XML, "")
        .str.replace_all(r"(_x[0-9A-Fa-f]{4}_)", "_x005F$1")
        .str.replace_all("&", "&amp;", literal=True)
        .str.replace_all("<", "&lt;", literal=True)
        .str.replace_all(">", "&gt;", literal=True)
        .str.replace_all("\r", "_x000D_", literal=True)
    )
