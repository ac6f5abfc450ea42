"""A flat table as a worksheet: typed cells, frozen header, filter, column widths, and no more rows than fit."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import cached_property
from typing import Any

import polars as pl

from migrate.reports.bulk_rows import append_rows
from migrate.reports.numerals import count

__all__ = ["MOST_ROWS", "Sheets"]

#: Rows of a worksheet (1,048,576) less the header and the note that says what did not fit.
MOST_ROWS = 1_048_576 - 2

_NARROWEST, _WIDEST = 9, 46
_SAMPLE = 200
_EPOCH = dt.date(1899, 12, 30)

_FORMATS = {
    "usd": "$#,##0;[Red]-$#,##0",
    "share": "0%",
    "rate": "0.0%",
    "day": "yyyy-mm-dd",
    "month": "mmm yyyy",
    "year": "0",
    "whole": "#,##0",
    "decimal": "#,##0.0##",
}


class Sheets:
    """A workbook's worksheets and the formats that they share."""

    def __init__(self, book: Any, most_rows: int = MOST_ROWS) -> None:
        self.book = book
        self.most_rows = most_rows
        self._formats: dict[tuple[str, bool], Any] = {}

    def format(self, name: str, *, bold: bool = False) -> Any:
        """A number format by name: usd, share, day, month, year, whole, decimal or text."""
        if (name, bold) not in self._formats:
            properties: dict[str, Any] = {"bold": bold, "valign": "top"}
            if name in _FORMATS:
                properties["num_format"] = _FORMATS[name]
            if bold:
                properties["top"] = 1
            self._formats[name, bold] = self.book.add_format(properties)
        return self._formats[name, bold]

    @cached_property
    def header(self) -> Any:
        """Format of header cells."""
        return self.book.add_format(
            {"bold": True, "font_color": "#FFFFFF", "bg_color": "#10283B", "valign": "vcenter", "text_wrap": True, "border": 0}
        )

    @cached_property
    def title(self) -> Any:
        """Format of a sheet's title."""
        return self.book.add_format({"bold": True, "font_size": 16, "font_color": "#10283B"})

    @cached_property
    def heading(self) -> Any:
        """Format of a heading within a sheet."""
        return self.book.add_format({"bold": True, "font_size": 12, "font_color": "#1D5B86", "bottom": 1})

    @cached_property
    def wrapped(self) -> Any:
        """Format of running text."""
        return self.book.add_format({"text_wrap": True, "valign": "top"})

    def add(self, name: str, *, header_row: int | None = None) -> Any:
        """Add a worksheet that prints across one page, landscape, its header on every page."""
        sheet = self.book.add_worksheet(name)
        sheet.set_landscape()
        sheet.set_paper(9)  # A4
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(0.4, 0.4, 0.5, 0.5)
        sheet.set_footer("&L&A&RPage &P of &N")
        if header_row is not None:
            sheet.repeat_rows(header_row)
        return sheet

    def table(self, name: str, frame: pl.DataFrame, *, bars: Sequence[str] = (), printed: Sequence[str] = ()) -> Any:
        """Add a worksheet with one row per row of `frame`.

        Parameters
        ----------
        bars
            Columns that get data bars.
        printed
            Columns that come first and alone are printed; the others stand to their right. Empty prints all.
        """
        sheet = self.add(name, header_row=0)
        frame = frame.select(*printed, *(column for column in frame.columns if column not in printed))
        shown = frame.head(self.most_rows)
        kinds = [_kind(column, frame.schema[column]) for column in frame.columns]
        for at, column in enumerate(frame.columns):
            cell_format = None if kinds[at] == "text" else self.format(kinds[at])
            sheet.set_column(at, at, _width(column, shown[column], kinds[at]), cell_format)
        sheet.set_row(0, 30)
        for at, column in enumerate(frame.columns):
            sheet.write_string(0, at, _title(column), self.header)
        formats = [None if kind == "text" else self.format(kind) for kind in kinds]
        append_rows(sheet, 1, _plain(shown, kinds), formats)
        if frame.height > shown.height:
            left = frame.height - shown.height
            sheet.write_string(shown.height + 1, 0, f"{count(left, 'row')} more did not fit: they are in the CSV file.")
        sheet.freeze_panes(1, 1)
        if shown.height:
            sheet.autofilter(0, 0, shown.height, len(frame.columns) - 1)
        if printed:
            sheet.print_area(0, 0, shown.height + (frame.height > shown.height), len(printed) - 1)
        for column in bars:
            at = frame.columns.index(column)
            sheet.conditional_format(
                1, at, max(shown.height, 1), at, {"type": "data_bar", "bar_color": "#E6A23C", "bar_solid": True}
            )
        return sheet


def _kind(column: str, dtype: pl.DataType) -> str:
    if dtype == pl.Date or isinstance(dtype, pl.Datetime):
        return "day"
    if dtype.is_numeric():
        if "_usd" in column:
            return "usd"
        if column in {"confidence", "failure_probability", "on_time", "whole"} or column.endswith("_confidence"):
            return "share"
        return "whole" if dtype.is_integer() else "decimal"
    return "text"


def _plain(frame: pl.DataFrame, kinds: Sequence[str]) -> pl.DataFrame:
    """Dates, and times as their dates, as spreadsheet serial numbers, and booleans as yes or no."""
    columns = []
    for name, kind in zip(frame.columns, kinds, strict=True):
        column = pl.col(name)
        if kind == "day":
            columns.append((column.cast(pl.Date) - pl.lit(_EPOCH)).dt.total_days())
        elif frame.schema[name] == pl.Boolean:
            columns.append(pl.when(column).then(pl.lit("yes")).when(column.not_()).then(pl.lit("no")).alias(name))
        else:
            columns.append(column)
    return frame.select(columns)


def _title(column: str) -> str:
    text = column.replace("_", " ")
    for plain, shown in ((" usd month", ", USD a month"), (" usd h", ", USD an hour"), (" usd", ", USD"), (" gib", ", GiB")):
        text = text.removesuffix(plain) + (shown if text.endswith(plain) else "")
    return text[:1].upper() + text[1:]


def _width(column: str, values: pl.Series, kind: str) -> float:
    if kind != "text":
        return max(_NARROWEST, min(len(column), 14)) + 2
    sample = values.head(_SAMPLE).cast(pl.String).str.len_chars().quantile(0.9, "nearest") if values.len() else None
    return float(min(max(sample or 0, _NARROWEST, min(len(column), 16)), _WIDEST)) + 2
