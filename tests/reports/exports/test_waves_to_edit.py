"""A table of waves survives the way through a spreadsheet: names, formulas, dates, delimiters, encodings."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import fastexcel
import polars as pl
import pytest
import xlsxwriter

from migrate.errors import InputError, RequestError
from migrate.model.plan import Plan
from migrate.readers.wave_table import read_wave_table
from migrate.reports.exports import Scope, export_plan
from migrate.waves.edits import edit_plan, score_edits
from tests.factories import make_plan
from tests.reports.hostile import make_hostile_plan


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


def saved_by_excel(rows: list[dict[str, str]], path: Path, delimiter: str, encoding: str) -> Path:
    """As Excel writes a CSV in some locale."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, rows[0].keys(), delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding, errors="replace"))
    return path


@pytest.mark.parametrize("name", ["waves-csv", "waves-xlsx"])
def test_an_unedited_table_changes_nothing_whatever_names_it_holds(name: str, tmp_path: Path) -> None:
    plan = make_hostile_plan()
    path = export_plan(plan, name, tmp_path).path
    edited = edit_plan(plan, read_wave_table(path))
    assert edited.edits == ()
    assert {finding.code for finding in edited.findings} <= {"text-shortened"}


def test_no_cell_of_the_csv_runs_as_a_formula_and_the_workbook_has_none(tmp_path: Path) -> None:
    plan = make_hostile_plan()
    for row in rows_of(export_plan(plan, "waves-csv", tmp_path).path):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.values())
    path = export_plan(plan, "waves-xlsx", tmp_path).path
    import zipfile

    with zipfile.ZipFile(path) as archive:
        assert not any(b"<f>" in archive.read(part) for part in archive.namelist())


@pytest.mark.parametrize(
    ("delimiter", "encoding", "day"),
    [(";", "cp1252", "20.03.2027"), (",", "utf-8-sig", "3/20/2027"), ("\t", "utf-16", "20/3/27")],
)
def test_what_excel_makes_of_a_csv_is_read(delimiter: str, encoding: str, day: str, tmp_path: Path) -> None:
    plan = make_plan()
    rows = rows_of(export_plan(plan, "waves-csv", tmp_path).path)
    for row in rows:
        row["cutover_date"] = day if row["cutover_date"] == "2027-03-20" else row["cutover_date"]
        row["application"] = "1-Mar" if row["application"] == "Payroll" else row["application"]  # as Excel mangles names
    path = saved_by_excel(rows, tmp_path / "edited.csv", delimiter, encoding)
    assert edit_plan(plan, read_wave_table(path)).edits == ()


def with_candidates(plan: Plan) -> Plan:
    """The small plan on the calendar that its own request gives."""
    from migrate.pipeline import renew

    return renew(plan)


def test_a_wave_or_a_date_that_was_edited_is_an_edit(tmp_path: Path) -> None:
    plan = with_candidates(make_plan())
    rows = rows_of(export_plan(plan, "waves-csv", tmp_path).path)
    by_name = {row["application"]: row for row in rows}
    by_name["Library"].update(wave="4", why="the librarian asked")
    by_name["Payroll"]["cutover_date"] = str(plan.candidates[5].date)
    path = saved_by_excel(rows[::-1], tmp_path / "edited.csv", ",", "utf-8")
    edited = edit_plan(plan, read_wave_table(path))
    assert [(edit.application, edit.after, edit.why) for edit in edited.edits] == [
        ("Library", 4, "the librarian asked"),
        ("Payroll", 6, ""),
    ]
    moved = {item.application: item.cutover_date for item in edited.plan.applications}
    assert moved["Library"] == plan.candidates[3].date


def test_what_cannot_be_taken_is_told_row_by_row(tmp_path: Path) -> None:
    plan = with_candidates(make_plan())
    text = (
        "Application;Wave;Cutover date\nLibary;2;\nPayroll;soon;\nLibrary;4;2027-03-07\nLibrary;5;\nMainframe Ledger;3;\n;4;\n"
        "Remittance;3;2031-01-01\nClaims Clearinghouse;350;\n"
    )
    path = tmp_path / "edited.csv"
    path.write_text(text, encoding="utf-8")
    findings = {finding.code: finding for finding in edit_plan(plan, read_wave_table(path)).findings}
    assert findings.keys() == {
        "unknown-application",
        "wave-not-understood",
        "wave-and-date-disagree",
        "row-repeated",
        "application-does-not-move",
        "row-without-name",
        "no-wave-on-date",
        "no-such-wave",
        "application-not-in-table",
    }
    assert "'Library'" in findings["unknown-application"].remedy
    assert str(plan.candidates[-1].date) in findings["no-wave-on-date"].remedy
    assert f"the calendar has waves 1 to {len(plan.candidates)}" in findings["no-such-wave"].message
    assert findings["row-repeated"].source == "edited.csv:5"


def test_an_edited_workbook_is_judged_with_its_cost_and_violations(tmp_path: Path) -> None:
    plan = with_candidates(make_plan())
    frame = fastexcel.read_excel(export_plan(plan, "waves-xlsx", tmp_path).path).load_sheet("Applications").to_polars()
    changed = frame.with_columns(
        pl.when(pl.col("Application") == "Remittance").then(None).otherwise(pl.col("Wave")).alias("Wave")
    )
    book = xlsxwriter.Workbook(str(tmp_path / "edited.xlsx"))
    book.add_worksheet("Notes").write(0, 0, "nothing here")
    sheet = book.add_worksheet("Sheet1")
    for number, row in enumerate([changed.columns, *changed.rows()]):
        sheet.write_row(number, 0, [str(cell) if cell is not None else None for cell in row])
    book.close()
    scored = score_edits(plan, read_wave_table(tmp_path / "edited.xlsx"))
    assert [(edit.application, edit.after) for edit in scored.edits] == [("Remittance", None)]
    assert "unplanned" in {violation.rule for violation in scored.violations}
    assert scored.difference.total == pytest.approx(scored.objective.total - scored.planned.total, abs=0.01)


def test_other_files_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="`wave`"):
        read_wave_table(path)
    with pytest.raises(RequestError, match="of all waves"):
        export_plan(make_plan(), "waves-csv", tmp_path, Scope(waves=(1,)))
