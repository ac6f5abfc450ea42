"""Where a row came from, written one way everywhere: ``file!sheet:row``, or ``file:row`` where there are no sheets.

Rows are counted as a person sees them in the file: the header is row 1. A row merged from several sources names
them all, separated by ``"; "``.
"""

from __future__ import annotations

import polars as pl

__all__ = ["JOINER", "cite", "cite_expr"]

JOINER = "; "


def cite(file: str, row: int | None = None, sheet: str = "") -> str:
    """Write a source, such as ``rvtools.xlsx!vInfo:12``.

    Parameters
    ----------
    file
        The file's name without its folder.
    row
        One-based row as seen in the file, header included; None for the file or sheet as a whole.
    sheet
        The worksheet's name; empty for formats without sheets.
    """
    place = f"{file}!{sheet}" if sheet else file
    return place if row is None else f"{place}:{row}"


def cite_expr(file: str, row: pl.Expr, sheet: str = "") -> pl.Expr:
    """`cite` for a column of row numbers."""
    return pl.concat_str(pl.lit(f"{cite(file, sheet=sheet)}:"), row.cast(pl.String))
