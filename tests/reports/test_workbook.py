"""The workbook: same figures, live formulas with their values, inventory text as text."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

import fastexcel
import polars as pl
import pytest
import xlsxwriter

from migrate.finance.worth import net_present_value
from migrate.reports import write_workbook
from migrate.reports.html.bubble import years
from migrate.reports.sheet import Sheets
from migrate.reports.tables import servers_table
from tests.factories import make_plan
from tests.reports.hostile import NAMES, make_hostile_plan

SHEETS = [
    "Summary", "Assumptions", "Cash flow", "Cash flow by month", "Costs", "Waves", "Applications", "Servers", "Risks",
    "Dependencies", "Findings", "Sources",
]  # fmt: skip


def cells(path: Path, sheet: str) -> list[tuple[object, ...]]:
    return fastexcel.read_excel(path).load_sheet(sheet, header_row=None, dtypes="string").to_polars().rows()


def test_sheets_are_there_and_every_server_has_its_row(tmp_path: Path) -> None:
    plan = make_plan()
    path = write_workbook(plan, tmp_path)
    assert fastexcel.read_excel(path).sheet_names == SHEETS
    rows = cells(path, "Servers")
    table = servers_table(plan)
    assert len(rows) == len(plan.servers) + 1
    assert len(rows[0]) == len(set(rows[0])) == table.width
    assert [row[0] for row in rows[1:]] == table["name"].to_list()
    at = table.columns.index("cost_usd_month")
    assert [None if row[at] is None else float(str(row[at])) for row in rows[1:]] == table["cost_usd_month"].to_list()


def test_hostile_names_come_back_as_text_and_no_formula_holds_them(tmp_path: Path) -> None:
    path = write_workbook(make_hostile_plan(), tmp_path)
    read = {row[0] for row in cells(path, "Servers")}
    kept = [name for name in NAMES if name.isprintable()]
    assert set(kept) <= read
    with zipfile.ZipFile(path) as book:
        assert not any(name.startswith("xl/externalLinks") or "hyperlink" in name for name in book.namelist())
        for name in book.namelist():
            if name.startswith("xl/worksheets/sheet") and not name.endswith(("sheet3.xml", "sheet4.xml")):
                assert b"<f>" not in book.read(name)


def test_cash_flow_formulas_carry_their_values(tmp_path: Path) -> None:
    plan = make_plan()
    saving = pl.Series([month.stay_total - month.total for month in plan.business_case.months]).to_numpy()
    npv = round(net_present_value(saving, 0.08), 2)
    plan = make_plan(business_case=plan.business_case.model_copy(update={"npv_usd": npv}))
    path = write_workbook(plan, tmp_path)
    assert float(str(cells(path, "Cash flow")[3][1])) == npv
    total = next(row for row in cells(path, "Cash flow by month") if row[0] == "Total")
    assert float(str(total[10])) == pytest.approx(sum(month.total for month in plan.business_case.months))
    with zipfile.ZipFile(path) as book:
        by_year = book.read("xl/worksheets/sheet3.xml").decode()
        months = book.read("xl/worksheets/sheet4.xml").decode()
    assert "<f>NPV((1+plan_discount_rate)^(1/12)-1,'Cash flow by month'!Q2:Q37)</f>" in by_year
    assert "<f>SUM(K2:K37)</f>" in months


def test_years_add_up_the_sheet_of_months(tmp_path: Path) -> None:
    plan = make_plan()
    path = write_workbook(plan, tmp_path)
    shown = [row for row in cells(path, "Cash flow") if str(row[0]).startswith("202")]
    wanted = years(plan)
    assert [int(str(row[0])) for row in shown] == [year.year for year in wanted]
    header = next(row for row in cells(path, "Cash flow") if row[0] == "Year")
    for label, name in (("Total", "total"), ("Saving", "saving"), ("Cumulated saving", "cumulated"), ("Sites", "sites")):
        at = header.index(label)
        assert [float(str(row[at])) for row in shown] == pytest.approx([getattr(year, name) for year in wanted], abs=0.01)
    twice = sum(float(str(row[header.index("Paid twice")])) for row in shown)
    assert twice == pytest.approx(sum(month.double_run for month in plan.business_case.months), abs=0.05)


def test_wide_sheets_print_their_first_columns_on_one_page_across_with_the_header_repeated(tmp_path: Path) -> None:
    path = write_workbook(make_plan(), tmp_path)
    with zipfile.ZipFile(path) as book:
        names = book.read("xl/workbook.xml").decode()
        sheets = [book.read(f"xl/worksheets/sheet{at}.xml").decode() for at in (6, 7, 8)]
    for name, width in (("Waves", "N"), ("Applications", "L"), ("Servers", "L")):
        assert re.search(rf">{name}!\$A\$1:\${width}\$\d+<", names)
        assert f">{name}!$1:$1<" in names
    for sheet in sheets:
        assert 'orientation="landscape"' in sheet
        assert 'fitToHeight="0"' in sheet


def test_the_summary_does_not_call_the_score_cash(tmp_path: Path) -> None:
    said = " ".join(str(cell) for row in cells(write_workbook(make_plan(), tmp_path), "Summary") for cell in row if cell)
    assert "Running both places: source until decommission, target from replication" in said
    assert "Double run" not in said
    assert "It is not cash" in said


def test_the_file_is_the_same_every_time(tmp_path: Path) -> None:
    once = write_workbook(make_plan(), tmp_path / "once").read_bytes()
    assert write_workbook(make_plan(), tmp_path / "twice").read_bytes() == once


def test_rows_that_do_not_fit_are_said_not_lost(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "x.xlsx"), {"constant_memory": True})
    Sheets(book, most_rows=2).table("Many", pl.DataFrame({"name": ["a", "b", "c", "d"], "servers": [1, 2, 3, 4]}))
    book.close()
    rows = cells(tmp_path / "x.xlsx", "Many")
    assert [row[0] for row in rows] == ["Name", "a", "b", "2 rows more did not fit: they are in the CSV file."]


def test_a_plan_with_nothing_to_show_still_opens(tmp_path: Path) -> None:
    case = make_plan().business_case.model_copy(update={"months": (), "site_exits": ()})
    path = write_workbook(make_plan(waves=(), servers=(), applications=(), findings=(), business_case=case), tmp_path)
    assert fastexcel.read_excel(path).sheet_names == SHEETS
