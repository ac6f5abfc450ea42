"""The sheet ``Assumptions``: input cells that every formula of the workbook reads, and below them what decided the plan."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlsxwriter.utility import xl_rowcol_to_cell

from migrate.model.plan import Plan
from migrate.reports.live_inputs import LiveInput, live_inputs
from migrate.reports.sheet import Sheets

__all__ = ["ASSUMPTIONS", "write_assumptions"]

ASSUMPTIONS = "Assumptions"

_HEAD = ("Figure", "Value", "Unit", "Source", "Cost lines that use it", "Name in formulas")
_LONGEST = 32_000


def write_assumptions(sheets: Sheets, plan: Plan) -> Mapping[str, LiveInput]:
    """Add the sheet.

    Returns
    -------
    Mapping
        The inputs by key.
    """
    sheet = sheets.add(ASSUMPTIONS)
    for column, width in enumerate((40, 16, 48, 52, 12, 40)):
        sheet.set_column(column, column, width)
    text = sheets.book.add_format({"indent": 1})
    sheet.set_row(3, 30)
    entry = sheets.book.add_format({"bg_color": "#FFF6DD", "font_color": "#1D3FA0", "num_format": "#,##0.00####", "border": 1,
                                    "border_color": "#E6C76A"})  # fmt: skip
    sheet.write_string(0, 0, "Assumptions", sheets.title)
    sheet.write_string(1, 0, "Change a yellow cell: cost lines, cash flow, net present value and payback follow.")
    row = _head(sheets, sheet, 3)
    inputs = live_inputs(plan)
    for item in inputs:
        row += 1
        sheet.write_string(row, 0, item.key[:_LONGEST])
        sheet.write_number(row, 1, item.value, entry)
        for column, said in ((2, item.unit), (3, item.source)):
            sheet.write_string(row, column, said[:_LONGEST], text)
        if item.lines:
            sheet.write_number(row, 4, item.lines)
        sheet.write_string(row, 5, item.name, text)
        cell = xl_rowcol_to_cell(row, 1, row_abs=True, col_abs=True)
        sheets.book.define_name(item.name, f"={ASSUMPTIONS}!{cell}")
    _stated(sheets, sheet, plan, {item.key for item in inputs}, row + 2)
    sheet.freeze_panes(4, 1)
    return {item.key: item for item in inputs}


def _stated(sheets: Sheets, sheet: Any, plan: Plan, shown: set[str], row: int) -> None:
    """Write the assumptions that no formula reads."""
    sheet.write_string(row, 0, "What decided the plan itself", sheets.heading)
    sheet.write_string(row + 1, 0, "Changing these here changes nothing: change plan.toml or the price book, and plan again.")
    row = _head(sheets, sheet, row + 2, columns=4)
    for assumption in plan.business_case.assumptions:
        if assumption.key in shown:
            continue
        row += 1
        texts = (assumption.key, assumption.value, assumption.unit, assumption.source)
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text[:_LONGEST])


def _head(sheets: Sheets, sheet: Any, row: int, columns: int = len(_HEAD)) -> int:
    for column, label in enumerate(_HEAD[:columns]):
        sheet.write_string(row, column, label, sheets.header)
    return row
