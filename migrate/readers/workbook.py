"""Excel workbooks as tables of texts, opened only after the archive has been found harmless."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable

import fastexcel
import polars as pl

from migrate.errors import InputError
from migrate.readers.extent import extent_of, part_of
from migrate.readers.peek import Peek

__all__ = ["check_archive", "read_sheet", "sheet_names"]

_LARGEST_ARCHIVE = 4_000_000_000  # bytes, uncompressed, all members together
_LARGEST_RATIO = 1000  # DEFLATE cannot do better than 1:1032: a member near it holds nothing but repetition
_SMALL = 50_000_000  # bytes; members below it are harmless whatever their ratio
_MOST_MEMBERS = 10_000
_CELL = 32  # bytes of a cell in memory, be it empty
_LARGEST_SHEET = 1_000_000_000  # bytes of the rectangle that holds a sheet's cells …
_SPARSEST = 4  # … unless it is well filled: a rectangle of up to so many times the cells that are there


def check_archive(peek: Peek) -> zipfile.ZipFile:
    """Open a zip archive whose directory promises a sane size.

    Raises
    ------
    InputError
        The archive is damaged, encrypted, or a zip bomb by its own directory.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(peek.content))
        members = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError):
        raise InputError(
            "is damaged or truncated: it is no complete zip archive", where=peek.label, remedy="Export it again."
        ) from None
    if any(member.flag_bits & 1 for member in members):
        raise InputError("is encrypted", where=peek.label, remedy="Save it without a password.")
    bloated = [m for m in members if m.file_size > _SMALL and m.file_size > _LARGEST_RATIO * max(m.compress_size, 1)]
    if sum(member.file_size for member in members) > _LARGEST_ARCHIVE or len(members) > _MOST_MEMBERS or bloated:
        raise InputError(
            "would unpack to an unreasonable size, so it was not opened",
            where=peek.label,
            remedy="Check where it comes from, or export it again.",
        )
    return archive


def sheet_names(peek: Peek) -> list[str]:
    """The worksheets of a workbook, in order.

    Raises
    ------
    InputError
        The workbook is damaged, encrypted or unreasonably large.
    """
    return _reader(peek).sheet_names


def read_sheet(peek: Peek, sheet: str, wanted: Callable[[str], bool] = lambda _: True) -> pl.DataFrame:
    """One worksheet as texts, under the headers of its first row, with ``_row`` as Excel counts it. Blank rows are left out.

    What a workbook says of its sheets' dimensions is not believed: rows are read until there are none.

    Parameters
    ----------
    wanted
        Called with each header: whether the column is read.

    Raises
    ------
    InputError
        The sheet is damaged, or has cells so far out that the space between would fill the memory.
    """
    _check_extent(peek, sheet)
    try:
        loaded = _reader(peek).load_sheet(
            sheet, header_row=0, dtypes="string", use_columns=lambda column: bool(column.name) and wanted(column.name)
        )
        frame = loaded.to_polars()
    except fastexcel.FastExcelError as error:
        if "KeyboardInterrupt" in str(error):  # a Ctrl-C that came while it asked `wanted`
            raise KeyboardInterrupt from None
        if "column" in str(error).lower() and "empty" in str(error).lower():
            return pl.DataFrame(schema={"_row": pl.Int64})
        raise _damaged(peek, f" in sheet {sheet!r}") from None
    frame = frame.with_columns(pl.int_range(2, pl.len() + 2, dtype=pl.Int64).alias("_row"))
    cells = [name for name in frame.columns if name != "_row"]
    if not cells:
        return frame.clear()
    return frame.filter(pl.any_horizontal(pl.col(cells).str.strip_chars().fill_null("") != ""))


def _check_extent(peek: Peek, sheet: str) -> None:
    """Refuse a sheet with a stray cell far from the others: the reader lays out the whole rectangle in memory."""
    with check_archive(peek) as archive:
        part = part_of(archive, sheet)
        extent = extent_of(archive, part) if part else None
    if extent is None:
        raise _damaged(peek, f" in sheet {sheet!r}")
    area = extent.rows * extent.columns
    if area * _CELL > _LARGEST_SHEET and area > _SPARSEST * extent.filled:
        raise InputError(
            f"has a cell at {extent.farthest} in sheet {sheet!r}, far from the others: a table of {extent.rows:,} rows and "
            f"{extent.columns:,} columns does not fit into memory",
            where=peek.label,
            remedy="Delete the rows and columns beyond the table, save, and run again.",
        )


def _reader(peek: Peek) -> fastexcel.ExcelReader:
    known = peek.cache.get("workbook")
    if isinstance(known, fastexcel.ExcelReader):
        return known
    with check_archive(peek) as archive:
        if "xl/workbook.xml" not in {name.replace("\\", "/").lower() for name in archive.namelist()}:
            raise InputError("is no .xlsx workbook inside", where=peek.label, remedy="Save it as .xlsx (Excel workbook).")
    try:
        reader = fastexcel.read_excel(peek.content)
    except fastexcel.FastExcelError:
        raise _damaged(peek, "") from None
    peek.cache["workbook"] = reader
    return reader


def _damaged(peek: Peek, place: str) -> InputError:
    return InputError(f"is damaged{place}: it cannot be read as a workbook", where=peek.label, remedy="Export it again.")
