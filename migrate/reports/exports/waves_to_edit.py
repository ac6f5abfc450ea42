"""Applications and their waves as a table that is edited in a spreadsheet and read again.

`migrate.readers.wave_table` reads it: by id, because spreadsheets change names, and by wave number or date. Dates are dates,
and text that would run as a formula is neutralised in the CSV (`migrate.reports.neutral`) and text in the workbook.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import xlsxwriter

from migrate.files import replacing
from migrate.model.application_ids import application_id
from migrate.model.plan import Plan
from migrate.reports.neutral import neutral
from migrate.reports.sheet import Sheets
from migrate.reports.tables import JOINER, applications_table

__all__ = ["calendar_table", "waves_to_edit", "write_waves_csv", "write_waves_xlsx"]

_KEPT = (
    "application", "wave", "cutover_date", "why", "disposition", "move_group", "domain", "criticality", "data_class", "site",
    "owner", "servers", "moving_servers", "data_gib", "cost_usd_month", "risk_score",
)  # fmt: skip
_HOW = (
    "Change the wave or the cutover date of an application on the sheet Applications, and say why. An empty wave means none.",
    "Rows and columns may be sorted, added or removed; the application id is what counts.",
    "migrate score PLAN.json --waves FILE      says what the edits cost and which rules they break",
    "migrate replan PLAN.toml --from PLAN.json --waves FILE      makes them pins, and plans the rest around them",
)


def waves_to_edit(plan: Plan) -> pl.DataFrame:
    """One row per application, in the plan's order; `why` is the reason of its pin."""
    reasons = {pin.application.casefold(): pin.why for pin in plan.spec.pin}
    names = [item.application for item in plan.applications]
    why = pl.Series("why", [reasons.get(name.casefold()) for name in names], dtype=pl.String)
    table = applications_table(plan).with_columns(why).select(_KEPT)
    table = table.with_columns(pl.col(pl.String).str.replace_all(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", " "))
    return table.insert_column(0, pl.Series("application_id", [application_id(name) for name in names], dtype=pl.String))


def calendar_table(plan: Plan) -> pl.DataFrame:
    """One row per candidate date: what it holds, and for whom it is closed."""
    held = {wave.wave: wave for wave in plan.waves}
    rows = [
        (
            number,
            candidate.date,
            held[number].servers if number in held else 0,
            len(held[number].applications) if number in held else 0,
            JOINER.join((*candidate.closed_domains, *candidate.closed_applications)) or None,
        )
        for number, candidate in enumerate(plan.candidates, start=1)
    ]
    schema = {"wave": pl.Int64, "date": pl.Date, "servers": pl.Int64, "applications": pl.Int64, "closed_for": pl.String}
    return pl.DataFrame(rows, schema=schema, orient="row")


def write_waves_csv(plan: Plan, path: Path) -> None:
    """Write the table as CSV with a byte order mark, without which Excel takes it for Windows-1252."""
    with replacing(path) as temporary:
        neutral(waves_to_edit(plan)).write_csv(temporary, include_bom=True)


def write_waves_xlsx(plan: Plan, path: Path) -> None:
    """Write the table as a workbook, with the calendar and how to use it."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with replacing(path) as temporary:
        book = xlsxwriter.Workbook(str(temporary), options)
        book.set_properties(
            {
                "title": f"{plan.spec.plan.name}: waves to edit",
                "created": dt.datetime.combine(plan.spec.plan.start, dt.time()),
                "comments": plan.made_by,
            }
        )
        sheets = Sheets(book)
        table = waves_to_edit(plan)
        sheet = sheets.table("Applications", table)
        if plan.candidates and table.height:
            column = table.columns.index("wave")
            rule = {"validate": "integer", "criteria": "between", "minimum": 1, "maximum": len(plan.candidates)}
            told = {"error_title": "No such wave", "error_message": "The sheet Calendar lists the waves. Empty means none."}
            sheet.data_validation(1, column, table.height, column, {**rule, **told, "ignore_blank": True})
        sheets.table("Calendar", calendar_table(plan))
        about = sheets.add("About")
        about.set_column(0, 0, 110, sheets.wrapped)
        for row, text in enumerate(_HOW):
            about.write_string(row, 0, text, sheets.wrapped)
        book.close()
