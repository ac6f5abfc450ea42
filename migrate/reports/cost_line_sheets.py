"""The sheets ``Quantities`` and ``Cost lines``: a column a line, a row a month, and an amount is a formula of both.

An amount is ``ROUND(quantity × rate × factors, 2)``, where rates and factors are the input cells of the sheet
``Assumptions``. A line that is a share of other lines takes its quantity from their amounts, by formula too.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from xlsxwriter.utility import xl_col_to_name

from migrate.model.plan import CostFactor, CostLine, Plan
from migrate.reports.live_inputs import LiveInput
from migrate.reports.sheet import Sheets

__all__ = ["AMOUNTS", "FIRST_ROW", "QUANTITIES", "LineColumns", "amount_formula", "write_amounts", "write_quantities"]

QUANTITIES, AMOUNTS = "Quantities", "Cost lines"

FIRST_ROW = 6  # of the months, 0-based, on both sheets
_FIRST_COLUMN = 2  # before it stand the month and its number
_LONGEST = 32_000
_PRINTED = 12  # columns of a printed page


class LineColumns:
    """Where each cost line stands: the same column on both sheets, those of one group side by side."""

    def __init__(self, plan: Plan) -> None:
        order: dict[str, int] = {}
        for line in plan.business_case.lines:
            order.setdefault(line.group, len(order))
        self.lines: tuple[CostLine, ...] = tuple(sorted(plan.business_case.lines, key=lambda line: order[line.group]))
        self.months = tuple(month.month for month in plan.business_case.months)
        self.at = {line.key: column for column, line in enumerate(self.lines, start=_FIRST_COLUMN)}

    def sum_formula(self, field: str, month: int) -> str | None:
        """Formula that adds up the lines of a field of `Month` in a month, counted from 0; None where no line is of it."""
        columns = [self.at[line.key] for line in self.lines if line.group == field or _both(line, field)]
        row = FIRST_ROW + month + 1
        runs = [[column for _, column in run] for _, run in groupby(enumerate(columns), lambda pair: pair[1] - pair[0])]
        ranges = [f"'{AMOUNTS}'!{xl_col_to_name(run[0])}{row}:{xl_col_to_name(run[-1])}{row}" for run in runs]
        return f"=SUM({','.join(ranges)})" if ranges else None


def _both(line: CostLine, field: str) -> bool:
    """A line that is paid on either side adds to the field of staying too."""
    return line.side == "both" and field == f"stay_{line.group}"


def amount_formula(line: CostLine, quantity: str, month_number: str, inputs: Mapping[str, LiveInput]) -> str:
    """The formula of an amount: `quantity` and `month_number` are cells, `inputs` the input cells by key."""
    text = quantity
    if line.rate is not None:
        text += f"*{inputs[line.rate_key].formula(line.rate) if line.rate_key else repr(line.rate)}"
    for factor in line.factors:
        text += _factor(factor, month_number, inputs[factor.key].formula(factor.value))
    return f"=ROUND({text},2)"


def _factor(factor: CostFactor, month_number: str, name: str) -> str:
    return {
        "times": f"*{name}",
        "one_plus": f"*(1+{name})",
        "one_minus": f"*(1-{name})",
        "over": f"/{name}",
        "growth": f"*(1+{name})^INT(({month_number}-1)/12)",
    }[factor.how]


def write_quantities(sheets: Sheets, columns: LineColumns) -> None:
    """Add the sheet ``Quantities``."""
    sheet = _sheet(sheets, QUANTITIES, columns, "Quantities by month: what follows from the waves of the plan")
    number = sheets.book.add_format({"num_format": "#,##0.00", "valign": "top"})
    for k in range(len(columns.months)):
        row = _month(sheets, sheet, columns, k)
        for line in columns.lines:
            column = columns.at[line.key]
            if line.of:
                cells = "+".join(f"'{AMOUNTS}'!{xl_col_to_name(columns.at[key])}{row + 1}" for key in line.of)
                sheet.write_formula(row, column, f"={cells}", number, line.quantity[k])
            else:
                sheet.write_number(row, column, line.quantity[k], number)


def write_amounts(sheets: Sheets, columns: LineColumns, inputs: Mapping[str, LiveInput]) -> None:
    """Add the sheet ``Cost lines``, its sums below."""
    sheet = _sheet(sheets, AMOUNTS, columns, "Cost lines by month, USD: quantity × rate × factors")
    money = sheets.format("usd")
    for k in range(len(columns.months)):
        row = _month(sheets, sheet, columns, k)
        for line in columns.lines:
            column = columns.at[line.key]
            formula = amount_formula(line, f"{QUANTITIES}!{xl_col_to_name(column)}{row + 1}", f"$B{row + 1}", inputs)
            sheet.write_formula(row, column, formula, money, line.amount_usd[k])
    if columns.months:
        _totals(sheets, sheet, columns)


def _totals(sheets: Sheets, sheet: Any, columns: LineColumns) -> None:
    first, last = FIRST_ROW + 1, FIRST_ROW + len(columns.months)
    sheet.write_string(last, 0, "Total", sheets.format("text", bold=True))
    for line in columns.lines:
        name = xl_col_to_name(columns.at[line.key])
        total = round(sum(line.amount_usd), 2)
        sheet.write_formula(
            last, columns.at[line.key], f"=SUM({name}{first}:{name}{last})", sheets.format("usd", bold=True), total
        )


def _sheet(sheets: Sheets, name: str, columns: LineColumns, title: str) -> Any:
    """Write title and heads: label, key, unit, rate with its factors, and the field of the cash flow."""
    sheet = sheets.add(name, header_row=1)
    sheet.fit_to_pages(1 + len(columns.lines) // _PRINTED, 0)
    sheet.repeat_columns(0, 1)
    sheet.set_column(0, 0, 12)
    sheet.set_column(1, 1, 7)
    sheet.set_column(_FIRST_COLUMN, _FIRST_COLUMN + max(len(columns.lines), 1), 15)
    sheet.write_string(0, 0, title, sheets.title)
    sheet.set_row(1, 44)
    heads: Sequence[tuple[str, list[str]]] = (
        ("Line", [line.label for line in columns.lines]),
        ("Key", [line.key for line in columns.lines]),
        ("Unit", [line.unit for line in columns.lines]),
        ("Rate", [rate_words(line) for line in columns.lines]),
        ("Adds to", [_adds_to(line) for line in columns.lines]),
    )
    small = sheets.book.add_format({"font_color": "#5C6B7A", "font_size": 9, "text_wrap": True, "valign": "top"})
    for row, (head, texts) in enumerate(heads, start=1):
        style = sheets.header if row == 1 else small
        if row > 1:
            sheet.set_row(row, 36)
        sheet.write_string(row, 0, head, style)
        sheet.write_string(row, 1, "No." if row == 1 else "", style)
        for column, text in enumerate(texts, start=_FIRST_COLUMN):
            sheet.write_string(row, column, text[:_LONGEST], style)
    sheet.freeze_panes(FIRST_ROW, _FIRST_COLUMN)
    return sheet


def rate_words(line: CostLine) -> str:
    """Rate and factors in words, such as ``costs.power_usd_kwh × costs.power_w_vcpu``."""
    signs = {
        "times": "× {}",
        "one_plus": "× (1 + {})",
        "one_minus": "× (1 − {})",
        "over": "÷ {}",
        "growth": "rising by {} a year",
    }
    rate = line.rate_key or ("" if line.rate is None else f"{line.rate:g}")
    return " ".join([rate or "already USD", *(signs[factor.how].format(factor.key) for factor in line.factors)])


def _adds_to(line: CostLine) -> str:
    return f"{line.group} and stay_{line.group}" if line.side == "both" else line.group


def _month(sheets: Sheets, sheet: Any, columns: LineColumns, k: int) -> int:
    row = FIRST_ROW + k
    sheet.write_datetime(row, 0, columns.months[k], sheets.format("month"))
    sheet.write_number(row, 1, k + 1)
    return row
