"""The first sheet of the workbook: the answer."""

from __future__ import annotations

from typing import Any

from migrate.model.plan import Plan
from migrate.reports.html.lists import objective_terms
from migrate.reports.html.summary import headline, key_figures, sentences
from migrate.reports.sheet import Sheets

__all__ = ["write_summary"]


def write_summary(sheets: Sheets, plan: Plan) -> None:
    """Add the sheet ``Summary``: headline, key figures, the plan in words, objective and site exits."""
    sheet = sheets.add("Summary")
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 62)
    sheet.set_column(1, 2, 22)
    sheet.set_column(3, 3, 60)
    sheet.write_string(0, 0, f"{plan.spec.plan.name}: migration plan", sheets.title)
    sheet.merge_range(1, 0, 1, 3, "", sheets.wrapped)
    sheet.write_string(1, 0, headline(plan), sheets.wrapped)
    sheet.set_row(1, 34)
    sheet.write_string(2, 0, "As planned. What follows changes on the sheet Assumptions stands on the sheet Cash flow.")
    row = 4
    sheet.write_string(row, 0, "Key figures", sheets.heading)
    for figure in key_figures(plan):
        row += 1
        sheet.write_string(row, 0, figure.label)
        sheet.write_string(row, 1, figure.value, sheets.format("text"))
        sheet.write_string(row, 2, figure.note)
    row += 2
    sheet.write_string(row, 0, "In words", sheets.heading)
    for sentence in sentences(plan):
        row += 1
        sheet.write_string(row, 0, sentence)
    if plan.waves:
        row = _objective(sheets, sheet, plan, row + 2)
    row += 2
    for at, label in enumerate(("Site", "Last cutover", "Empty on", "Kept open by")):
        sheet.write_string(row, at, label, sheets.heading)
    for leaving in plan.business_case.site_exits:
        row += 1
        sheet.write_string(row, 0, leaving.site)
        for at, date in ((1, leaving.last_cutover), (2, leaving.exit_date)):
            if date is not None:
                sheet.write_datetime(row, at, date, sheets.format("day"))
        sheet.write_string(row, 3, ", ".join(leaving.blocked_by)[:32_000])


def _objective(sheets: Sheets, sheet: Any, plan: Plan, row: int) -> int:
    for at, label in enumerate(("Planner's score, USD over the planning period", "This plan", "First-fit")):
        sheet.write_string(row, at, label, sheets.heading)
    row += 1
    sheet.write_string(row, 0, "What the planner minimises. It is not cash: the business case is on the sheet Cash flow.")
    for term in objective_terms(plan):
        row += 1
        money = sheets.format("usd", bold=term.label == "Total")
        sheet.write_string(row, 0, term.label, sheets.format("text", bold=term.label == "Total"))
        sheet.write_number(row, 1, term.plan, money)
        if term.first_fit is not None:
            sheet.write_number(row, 2, term.first_fit, money)
    return row
