"""The cash flow as two worksheets: results, years and a native chart on one page, and the months that they add up."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import accumulate
from typing import Any

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from migrate.model.plan import Month, Plan
from migrate.reports.cost_line_sheets import LineColumns
from migrate.reports.live_inputs import DISCOUNT, LiveInput
from migrate.reports.sheet import Sheets
from migrate.reports.worth_rows import Ranges, worth_rows

__all__ = ["COSTS", "STAY", "write_cash_flow"]

_SERVERS = (("servers_source", "Servers at source"), ("servers_both", "Servers in both"), ("servers_target", "Servers in cloud"))
COSTS = (
    ("source_run", "Source servers"),
    ("site_fixed", "Sites"),
    ("target_run", "AWS with support"),
    ("target_operations", "Cloud operations"),
    ("one_off", "One-off"),
    ("partner", "Partner"),
)
STAY = (
    ("stay_run", "Staying: servers"),
    ("stay_site_fixed", "Staying: sites"),
    ("stay_refresh", "Staying: refresh"),
    ("stay_partner", "Staying: partner"),
)
_COLOURS = {"source_run": "#6F8FB3", "site_fixed": "#A9BCD3", "target_run": "#2B9A8B", "target_operations": "#8CCDC3",
            "one_off": "#9277B5", "partner": "#C8B8DA"}  # fmt: skip
_BY_MONTH = "Cash flow by month"


def write_cash_flow(sheets: Sheets, plan: Plan, columns: LineColumns, inputs: Mapping[str, LiveInput]) -> None:
    """Add ``Cash flow`` (by year, with a chart) and ``Cash flow by month``, whose cells add up the cost lines.

    Parameters
    ----------
    columns
        Where the cost lines stand.
    inputs
        The input cells by key.
    """
    flow = _CashFlow(sheets, plan, columns, inputs)
    flow.write_years()
    flow.write_months()


class _CashFlow:
    """The columns of the months: month, servers, costs, total, staying, its total, saving, cumulated saving, double run; then
    what the results need: saving against hardware kept, and the number of the month while it is not paid back."""

    def __init__(self, sheets: Sheets, plan: Plan, columns: LineColumns, inputs: Mapping[str, LiveInput]) -> None:
        self.sheets, self.plan, self.rate = sheets, plan, plan.spec.plan.discount_rate
        self.columns, self.inputs = columns, inputs
        self.months = plan.business_case.months
        self.total = 1 + len(_SERVERS) + len(COSTS)
        self.stay = self.total + 1 + len(STAY)
        self.saving, self.cumulated, self.double = (self.stay + at for at in (1, 2, 3))
        self.kept, self.unpaid, self.discounted, self.unpaid_discounted = (self.double + at for at in (1, 2, 3, 4))
        self.last = len(self.months)
        savings = ((month.stay_total - month.total) / (1 + self.rate) ** (k / 12) for k, month in enumerate(self.months, 1))
        self.present = list(accumulate(savings))  # discounted saving so far

    def write_years(self) -> None:
        """Write results, years and chart, from top to bottom: the file is not held in memory."""
        sheet = self.sheets.add("Cash flow")
        sheet.set_column(0, 0, 34)
        shown = [(at, label) for at, label in self._columns() if at not in range(1, 1 + len(_SERVERS))]
        shown = [(at, label) for at, label in shown if not self.total < at < self.stay and at <= self.double]
        sheet.set_column(1, 2, 22)
        sheet.set_column(3, len(shown), 14)
        row = self._results(sheet) + 2
        sheet.set_row(row, 30)
        for column, (_, label) in enumerate([(0, "Year"), *shown]):
            sheet.write_string(row, column, label, self.sheets.header)
        for year in sorted({month.month.year for month in self.months}):
            row += 1
            of = [at for at, month in enumerate(self.months, start=1) if month.month.year == year]
            sheet.write_number(row, 0, year, self.sheets.format("year"))
            for column, (at, _) in enumerate(shown, start=1):
                self._year(sheet, row, column, at, of)
        if self.months:
            self._chart(sheet, row + 2)

    def _year(self, sheet: Any, row: int, column: int, at: int, of: list[int]) -> None:
        """Write a year's sum over its months; the cumulated saving is that of the last of them."""
        first, last = (f"'{_BY_MONTH}'!{self._cell(of[0], at)}", self._cell(of[-1], at))
        if at == self.cumulated:
            formula, value = f"='{_BY_MONTH}'!{last}", sum(self._value(self.saving, month) for month in self.months[: of[-1]])
        else:
            formula, value = f"=SUM({first}:{last})", sum(self._value(at, self.months[row - 1]) for row in of)
        sheet.write_formula(row, column, formula, self.sheets.format("usd"), round(value, 2))

    def write_months(self) -> None:
        """Write the months from top to bottom, then their sums."""
        sheet = self.sheets.add(_BY_MONTH, header_row=0)
        sheet.set_column(0, 0, 12, self.sheets.format("month"))
        sheet.set_column(1, len(_SERVERS), 9, self.sheets.format("whole"))
        sheet.set_column(1 + len(_SERVERS), self.double, 13, self.sheets.format("usd"))
        sheet.set_column(self.kept, self.unpaid_discounted, 12)
        sheet.set_row(0, 30)
        for at, label in [(0, "Month"), *self._columns()]:
            sheet.write_string(0, at, label, self.sheets.header)
        running = list(accumulate(self._value(self.saving, month) for month in self.months))
        for at in range(len(self.months)):
            self._month(sheet, at, running[at])
        self._sums(sheet)
        sheet.freeze_panes(1, 1)

    def _columns(self) -> list[tuple[int, str]]:
        """The columns behind the month, with their labels."""
        labels = [*(text for _, text in (*_SERVERS, *COSTS)), "Total", *(text for _, text in STAY), "Staying: total"]
        helpers = ("Saving, hardware kept", "Not yet paid back", "Discounted saving so far", "Not yet, discounted")
        return list(enumerate([*labels, "Saving", "Cumulated saving", "Paid twice", *helpers], start=1))

    def _value(self, at: int, month: Month) -> float:
        """What a money column, other than the cumulated one, holds for a month."""
        if at == self.saving:
            return month.stay_total - month.total
        named = {at: name for at, (name, _) in enumerate(COSTS, start=1 + len(_SERVERS))}
        named |= {at: name for at, (name, _) in enumerate(STAY, start=self.total + 1)}
        named |= {self.total: "total", self.stay: "stay_total", self.double: "double_run"}
        return float(getattr(month, named[at]))

    def _results(self, sheet: Any) -> int:
        """Write what the case is worth; the last row."""
        sheet.write_string(0, 0, "Cash flow by calendar year, USD, not discounted", self.sheets.title)
        if not self.months:
            return 0
        ranges = Ranges(
            months=self._range(0),
            one_off=self._range(1 + len(_SERVERS) + [name for name, _ in COSTS].index("one_off")),
            total=self._range(self.total),
            stay=self._range(self.stay),
            refresh=self._range(self.total + 1 + [name for name, _ in STAY].index("stay_refresh")),
            saving=self._range(self.saving),
            kept=self._range(self.kept),
            double=self._range(self.double),
            unpaid=self._range(self.unpaid),
            unpaid_discounted=self._range(self.unpaid_discounted),
            count=self.last,
        )
        for column, label in enumerate(("Results", "Hardware bought again", "Hardware kept", "")):
            sheet.write_string(1, column, label, self.sheets.heading)
        rows = worth_rows(self.plan, ranges, self.inputs)
        for row, result in enumerate(rows, start=2):
            sheet.write_string(row, 0, result.label)
            sheet.write_formula(row, 1, f"={result.formula}", self.sheets.format(result.kind), result.value)
            if result.kept_formula:
                sheet.write_formula(row, 2, f"={result.kept_formula}", self.sheets.format(result.kind), result.kept_value)
            sheet.write_string(row, 3, result.note)
        return 1 + len(rows)

    def _range(self, at: int) -> str:
        """All months of a column."""
        return f"'{_BY_MONTH}'!{self._cell(1, at)}:{self._cell(self.last, at)}"

    def _month(self, sheet: Any, at: int, cumulated: float) -> None:
        month, row, money = self.months[at], 1 + at, self.sheets.format("usd")
        sheet.write_datetime(row, 0, month.month, self.sheets.format("month"))
        for column, (name, _) in enumerate(_SERVERS, start=1):
            sheet.write_number(row, column, getattr(month, name), self.sheets.format("whole"))
        for column, (name, _) in enumerate(COSTS, start=1 + len(_SERVERS)):
            self._field(sheet, row, column, name)
        sheet.write_formula(row, self.total, self._sum(row, 1 + len(_SERVERS), self.total - 1), money, month.total)
        for column, (name, _) in enumerate(STAY, start=self.total + 1):
            self._field(sheet, row, column, name)
        sheet.write_formula(row, self.stay, self._sum(row, self.total + 1, self.stay - 1), money, month.stay_total)
        saving = f"={self._cell(row, self.stay)}-{self._cell(row, self.total)}"
        sheet.write_formula(row, self.saving, saving, money, round(month.stay_total - month.total, 2))
        before = f"{self._cell(row - 1, self.cumulated)}+" if at else ""
        sheet.write_formula(row, self.cumulated, f"={before}{self._cell(row, self.saving)}", money, round(cumulated, 2))
        self._field(sheet, row, self.double, "double_run")
        self._helpers(sheet, at, cumulated)

    def _helpers(self, sheet: Any, at: int, cumulated: float) -> None:
        """Write what the results are computed from."""
        row, month, whole = 1 + at, self.months[at], self.sheets.format("whole")
        saving, money = month.stay_total - month.total, self.sheets.format("usd")
        refresh = self.total + 1 + [name for name, _ in STAY].index("stay_refresh")
        kept = f"={self._cell(row, self.saving)}-{self._cell(row, refresh)}"
        sheet.write_formula(row, self.kept, kept, money, round(saving - month.stay_refresh, 2))
        pairs = ((self.cumulated, self.unpaid, cumulated), (self.discounted, self.unpaid_discounted, self.present[at]))
        for column, flag, value in pairs:
            paid = f"=IF(ROUND({self._cell(row, column)},2)<=0,{row},0)"
            sheet.write_formula(row, flag, paid, whole, row if round(value, 2) <= 0 else 0)
        before = f"{self._cell(row - 1, self.discounted)}+" if at else ""
        present = f"={before}{self._cell(row, self.saving)}/(1+{self.inputs[DISCOUNT].name})^({row}/12)"
        sheet.write_formula(row, self.discounted, present, money, self.present[at])

    def _field(self, sheet: Any, row: int, column: int, name: str) -> None:
        """Write a field of a month: the sum of its cost lines, or its value where the plan has no lines."""
        value, money = getattr(self.months[row - 1], name), self.sheets.format("usd")
        formula = self.columns.sum_formula(name, row - 1)
        if formula is None:
            sheet.write_number(row, column, value, money)
        else:
            sheet.write_formula(row, column, formula, money, value)

    def _sums(self, sheet: Any) -> None:
        """The total row under all money columns but the cumulated one."""
        row, money = self.last + 1, self.sheets.format("usd", bold=True)
        sheet.write_string(row, 0, "Total", self.sheets.format("text", bold=True))
        for at in range(1 + len(_SERVERS), self.double + 1):
            if at == self.cumulated or not self.months:
                continue
            value = sum(self._value(at, month) for month in self.months)
            column = xl_col_to_name(at)
            sheet.write_formula(row, at, f"=SUM({column}2:{column}{self.last + 1})", money, round(value, 2))

    def _chart(self, sheet: Any, row: int) -> None:
        """Stacked columns of the cost of moving by month, with staying as a line, below the years."""
        chart = self.sheets.book.add_chart({"type": "column", "subtype": "stacked"})
        for column, (name, label) in enumerate(COSTS, start=1 + len(_SERVERS)):
            if any(getattr(month, name) for month in self.months):
                chart.add_series({**self._series(column, label), "fill": {"color": _COLOURS[name]}, "gap": 0})
        line = self.sheets.book.add_chart({"type": "line"})
        line.add_series(
            {**self._series(self.stay, "If nothing moves"), "line": {"color": "#18222D", "dash_type": "dash", "width": 2}}
        )
        chart.combine(line)
        chart.set_title({"name": "Cost by month against staying", "name_font": {"size": 12}})
        chart.set_x_axis({"num_format": "mmm yyyy", "date_axis": True, "major_unit": 12, "major_unit_type": "months"})
        chart.set_y_axis({"num_format": "$#,##0", "major_gridlines": {"visible": True, "line": {"color": "#E1E6EB"}}})
        chart.set_legend({"position": "bottom"})
        chart.set_size({"width": 1240, "height": 430})
        sheet.insert_chart(row, 0, chart)

    def _series(self, column: int, label: str) -> dict[str, Any]:
        return {
            "name": label,
            "categories": [_BY_MONTH, 1, 0, self.last, 0],
            "values": [_BY_MONTH, 1, column, self.last, column],
        }

    def _sum(self, row: int, first: int, last: int) -> str:
        return f"=SUM({self._cell(row, first)}:{self._cell(row, last)})"

    @staticmethod
    def _cell(row: int, column: int) -> str:
        return str(xl_rowcol_to_cell(row, column))
