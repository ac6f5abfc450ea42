"""Sheets of what is estimated or compared: uncertainty, spending and alternatives, with native charts.

These figures come from the model's own runs; no formula of a workbook could compute them. Their sheets say so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from migrate.model.plan import Plan, ShowbackRow
from migrate.reports.html.grid import Grid
from migrate.reports.html.story import Story
from migrate.reports.sheet import Sheets

__all__ = ["write_estimates"]

_LONGEST = 32_000
_GRID_COLUMNS = 9


def write_estimates(sheets: Sheets, plan: Plan, story: Story) -> None:
    """Add ``Uncertainty``, ``Simulation``, ``Showback``, ``Commitments``, ``Purchases``, ``Carbon`` and ``Alternatives``.

    Each is left out where the plan has nothing of its kind.
    """
    _uncertainty(sheets, plan, story)
    _simulation(sheets, plan)
    if plan.spending is not None:
        _showback(sheets, plan.spending.showback)
        _commitments(sheets, plan)
        _carbon(sheets, plan)
    if story.alternatives:
        sheet = sheets.add("Alternatives")
        sheet.set_column(0, 0, 44)
        sheet.set_column(1, _GRID_COLUMNS - 1, 17)
        row = 0
        for grid in story.alternatives:
            row = _grid(sheets, sheet, grid, row)


def _uncertainty(sheets: Sheets, plan: Plan, story: Story) -> None:
    found = plan.business_case.tornado
    if not found:
        return
    sheet = sheets.add("Uncertainty")
    for column, width in enumerate((34, 30, 16, 16, 18, 18, 18, 20, 20, 60)):
        sheet.set_column(column, column, width)
    sheet.write_string(0, 0, "What moves the net present value: each input alone, computed by the model", sheets.title)
    head = ("Input", "Unit", "Low", "High", "NPV at low, USD", "NPV at high, USD", "Between them, USD", "Low against plan, USD",
            "High against plan, USD", "Why")  # fmt: skip
    npv = plan.business_case.npv_usd
    for column, label in enumerate(head):
        sheet.write_string(2, column, label, sheets.header)
    for row, each in enumerate(found, start=3):
        sheet.write_string(row, 0, each.label[:_LONGEST])
        sheet.write_string(row, 1, each.unit)
        differences = (round(each.npv_at_low_usd - npv, 2), round(each.npv_at_high_usd - npv, 2))
        values = (each.low, each.high, each.npv_at_low_usd, each.npv_at_high_usd, each.swing_usd, *differences)
        for column, value in enumerate(values, start=2):
            sheet.write_number(row, column, value, sheets.format("decimal" if column < 4 else "usd"))
        sheet.write_string(row, 9, each.why[:_LONGEST])
    last = 2 + len(found)
    _tornado(sheets, sheet, last)
    row = last + 24
    if story.uncertainty.cases:
        _grid(sheets, sheet, story.uncertainty.cases, row)


def _tornado(sheets: Sheets, sheet: Any, last: int) -> None:
    """Bars of what the present value is less or more at either end of each input."""
    chart = sheets.book.add_chart({"type": "bar"})
    for column, label, colour in ((7, "at its low end", "#6F8FB3"), (8, "at its high end", "#E6A23C")):
        chart.add_series(
            {
                "name": label,
                "categories": ["Uncertainty", 3, 0, last, 0],
                "values": ["Uncertainty", 3, column, last, column],
                "fill": {"color": colour},
                "gap": 40,
                "overlap": 100,
            }
        )
    chart.set_title({"name": "Net present value at either end of each input, against the plan", "name_font": {"size": 12}})
    chart.set_y_axis({"reverse": True, "label_position": "low"})
    chart.set_x_axis({"num_format": '$#,##0.0,,"M"', "major_gridlines": {"visible": True, "line": {"color": "#E1E6EB"}}})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 1000, "height": 420})
    sheet.insert_chart(last + 2, 0, chart)


def _simulation(sheets: Sheets, plan: Plan) -> None:
    found = plan.business_case.simulation
    if found is None:
        return
    sheet = sheets.add("Simulation")
    sheet.set_column(0, 2, 20)
    sheet.write_string(0, 0, "Net present value with all uncertain inputs drawn at once, computed by the model", sheets.title)
    sheet.write_string(1, 0, found.method[:_LONGEST])
    for column, label in enumerate(("Percentile", "USD")):
        sheet.write_string(3, column, label, sheets.header)
    for row, value in enumerate(found.percentiles_usd, start=4):
        sheet.write_string(row, 0, f"P{(row - 4) * 100 // max(len(found.percentiles_usd) - 1, 1)}")
        sheet.write_number(row, 1, value, sheets.format("usd"))
    row = 4 + len(found.percentiles_usd) + 1
    for column, label in enumerate(("From, USD", "To, USD", "Runs")):
        sheet.write_string(row, column, label, sheets.header)
    first = row + 1
    for at, each in enumerate(found.histogram, start=first):
        sheet.write_number(at, 0, each.from_usd, sheets.format("usd"))
        sheet.write_number(at, 1, each.to_usd, sheets.format("usd"))
        sheet.write_number(at, 2, each.runs, sheets.format("whole"))
    if not found.histogram:
        return
    last = first + len(found.histogram) - 1
    chart = sheets.book.add_chart({"type": "column"})
    cells = {"categories": ["Simulation", first, 0, last, 0], "values": ["Simulation", first, 2, last, 2]}
    chart.add_series({"name": "Runs", **cells, "fill": {"color": "#2B9A8B"}, "gap": 0})
    chart.set_title({"name": "Runs by net present value", "name_font": {"size": 12}})
    chart.set_x_axis({"num_format": '$#,##0.0,,"M"'})
    chart.set_legend({"none": True})
    chart.set_size({"width": 900, "height": 380})
    sheet.insert_chart(3, 4, chart)


def _showback(sheets: Sheets, rows: Sequence[ShowbackRow]) -> None:
    """Every row of every dimension, a line a year."""
    if not rows:
        return
    texts, amounts = ("dimension", "name", "kind"), ("source_usd", "target_usd", "target_operations_usd", "people_usd")
    schema = {**dict.fromkeys(texts, pl.String), "servers": pl.Int64, "year": pl.String, **dict.fromkeys(amounts, pl.Float64)}
    cells = [
        (row.dimension, row.name, row.kind, row.servers, str(year), *values)
        for row in rows
        for year, *values in zip(
            row.years, row.source_usd, row.target_usd, row.target_operations_usd, row.people_usd, strict=True
        )
    ]
    sheets.table("Showback", pl.DataFrame(cells, schema=schema, orient="row"))


def _commitments(sheets: Sheets, plan: Plan) -> None:
    found = plan.spending.commitments if plan.spending else None
    if found is None:
        return
    names = (
        "on_demand",
        "reserved_1y",
        "reserved_3y",
        "at_start",
        "optimal",
        "optimal_on_demand",
        "optimal_reserved",
        "optimal_savings",
    )
    columns = {f"{name}_usd": [getattr(month, name) for month in found.months] for name in names}
    frame = pl.DataFrame({"month": [month.month for month in found.months], **columns})
    sheet = sheets.table("Commitments", frame)
    chart = sheets.book.add_chart({"type": "line"})
    for name, label, colour in (("on_demand", "On demand", "#18222D"), ("at_start", "All at the start", "#E6A23C"),
                                ("optimal", "Cheapest mix", "#2B9A8B")):  # fmt: skip
        at = frame.columns.index(f"{name}_usd")
        cells = {"categories": ["Commitments", 1, 0, frame.height, 0], "values": ["Commitments", 1, at, frame.height, at]}
        chart.add_series({"name": label, **cells, "line": {"color": colour, "width": 2}})
    chart.set_title({"name": "Compute and databases by month", "name_font": {"size": 12}})
    chart.set_x_axis({"num_format": "mmm yyyy", "date_axis": True, "major_unit": 12, "major_unit_type": "months"})
    chart.set_y_axis({"num_format": "$#,##0", "major_gridlines": {"visible": True, "line": {"color": "#E1E6EB"}}})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 900, "height": 380})
    sheet.insert_chart(2, frame.width + 1, chart)
    if found.purchases:
        records = [purchase.model_dump() for purchase in found.purchases]
        sheets.table("Purchases", pl.DataFrame(records, infer_schema_length=None))


def _carbon(sheets: Sheets, plan: Plan) -> None:
    found = plan.spending.carbon if plan.spending else None
    if found is None:
        return
    columns = {"source_t": found.source_t, "target_t": found.target_t, "stay_t": found.stay_t}
    sheets.table(
        "Carbon", pl.DataFrame({"month": list(found.months), **{name: list(values) for name, values in columns.items()}})
    )
    sheets.table("Carbon figures", pl.DataFrame([figure.model_dump() for figure in found.figures], infer_schema_length=None))


def _grid(sheets: Sheets, sheet: Any, grid: Grid, row: int) -> int:
    """Write a table of the page as text; the row for the next."""
    sheet.write_string(row, 0, grid.title, sheets.heading)
    for column, label in enumerate(grid.head):
        sheet.write_string(row + 1, column, label, sheets.header)
    right = sheets.book.add_format({"align": "right"})
    for at, cells in enumerate(grid.rows, start=row + 2):
        for column, cell in enumerate(cells):
            sheet.write_string(at, column, cell[:_LONGEST], right if column in grid.right else None)
    end = row + 2 + len(grid.rows)
    if grid.note:
        sheet.merge_range(end, 0, end, _GRID_COLUMNS - 1, "", sheets.wrapped)
        sheet.write_string(end, 0, grid.note[:_LONGEST], sheets.wrapped)
        sheet.set_row(end, 15 * (1 + len(grid.note) // 180))
    return end + 2
