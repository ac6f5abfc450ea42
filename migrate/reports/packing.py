"""A workbook that gets ahead beside other work: its large sheets are copied and compressed in large pieces.

xlsxwriter copies finished rows 64 KiB at a time, and the standard library compresses 8 KiB at a time. After each piece
the thread has to win the interpreter's lock back, which takes 5 ms (`sys.getswitchinterval`) while another thread
computes: 300 MB of sheets would wait until the other one has ended. The bytes of the file do not depend on the pieces.

This reaches into attributes of xlsxwriter that are not its public interface; the tests read every cell back.
"""

from __future__ import annotations

import os
import re
import shutil
import zipfile
from pathlib import Path
from typing import Any

import xlsxwriter.workbook
import xlsxwriter.worksheet

__all__ = ["Book"]

_PIECE = 1 << 22  # bytes; some 40 ms of compression
_FUNCTION = re.compile(r"([A-Z][A-Z0-9._]*)\(")
_OF_OLD = frozenset({"IF", "INDEX", "INT", "IRR", "MAX", "MIN", "MIRR", "NPV", "ROUND", "SUM"})


class _Sheet(xlsxwriter.worksheet.Worksheet):  # type: ignore[misc]  # xlsxwriter has no types
    """A worksheet whose finished rows are copied as bytes, and whose plain formulas are taken as they are."""

    def _write_optimized_sheet_data(self) -> None:
        if self.dim_rowmin is None:
            super()._write_optimized_sheet_data()
            return
        self._xml_start_tag("sheetData")
        self.fh.flush()
        self.row_data_fh.close()
        rows = Path(self.row_data_filename)
        with rows.open("rb") as source:
            shutil.copyfileobj(source, self.fh.buffer, _PIECE)
        rows.unlink()
        self._xml_end_tag("sheetData")

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        """Look for the 29 functions that need a prefix only where a formula has any but those that Excel has always had."""
        if formula.startswith("=") and not formula.endswith("}") and _OF_OLD.issuperset(_FUNCTION.findall(formula)):
            return formula[1:]
        prepared: str = super()._prepare_formula(formula, expand_future_functions)
        return prepared


class _Archive(zipfile.ZipFile):
    """An archive to which files are added in large pieces."""

    def write(self, filename: Any, arcname: Any = None, *given: Any, **named: Any) -> None:
        if given or named:
            super().write(filename, arcname, *given, **named)
            return
        entry = zipfile.ZipInfo.from_file(filename, arcname)
        entry.compress_type = self.compression
        with Path(os.fspath(filename)).open("rb") as source, self.open(entry, "w") as target:
            shutil.copyfileobj(source, target, _PIECE)


class Book(xlsxwriter.workbook.Workbook):  # type: ignore[misc]  # likewise
    """An `xlsxwriter.Workbook` in ``constant_memory`` mode that writes the same bytes in larger pieces."""

    worksheet_class = _Sheet

    def _store_workbook(self) -> None:
        """Pack with `_Archive`, for which a workbook has no option."""
        usual = xlsxwriter.workbook.ZipFile
        xlsxwriter.workbook.ZipFile = _Archive
        try:
            super()._store_workbook()
        finally:
            xlsxwriter.workbook.ZipFile = usual
