from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import xlsxwriter

from migrate.reports.packing import Book

FORMULAS = (
    "=SUM(B2:B9)",
    "=IF(B2>0,ROUND(B2*1.5,2),0)",
    "B2+1",
    "{=SUM(B2:B4*B5:B7)}",
    "=XLOOKUP(B2,B:B,C:C)",
    "=SUM(FILTER(B2:B9,B2:B9>1))",
    "=_xlfn.SORTBY(B2:B4,C2:C4)",
)


def filled(kind: type[xlsxwriter.Workbook], path: Path) -> bytes:
    book = kind(str(path), {"constant_memory": True, "strings_to_urls": False})
    book.set_properties({"created": dt.datetime.combine(dt.date(2027, 1, 4), dt.time())})
    book.add_worksheet("Empty")
    sheet = book.add_worksheet("Übersicht & mehr")
    for row in range(2_000):
        sheet.write_string(row, 0, f"Größe <{row}> \r\n & \x07 {'x' * 100}")
        sheet.write_number(row, 1, row)
        sheet.write_formula(row, 2, FORMULAS[row % len(FORMULAS)], None, row)
    book.close()
    return path.read_bytes()


def test_the_bytes_are_those_of_xlsxwriter(tmp_path: Path) -> None:
    ours = filled(Book, tmp_path / "ours.xlsx")
    assert xlsxwriter.workbook.ZipFile is zipfile.ZipFile
    assert ours == filled(xlsxwriter.Workbook, tmp_path / "theirs.xlsx")
