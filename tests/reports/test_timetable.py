"""Tasks and simulated dates in the page, the workbook and tasks.csv, whatever the names are."""

from __future__ import annotations

import csv
from pathlib import Path

import fastexcel

from migrate.model.plan import Plan
from migrate.reports import write_tables
from migrate.reports.html.timetable import timetable as told
from migrate.reports.page import render_html
from migrate.reports.workbook import write_workbook
from migrate.waves import timetable
from tests.factories import make_plan
from tests.reports.hostile import NAMES, make_hostile_plan
from tests.reports.test_page import Page


def scheduled(plan: Plan) -> Plan:
    found = timetable(plan.servers, plan.applications, plan.dependencies, plan.candidates, plan.waves, plan.spec)
    return plan.model_copy(update={"tasks": found.tasks, "outlook": found.outlook})


def test_the_page_shows_every_wave_its_dates_and_the_critical_path() -> None:
    plan = scheduled(make_plan())
    assert plan.tasks is not None
    shown = told(plan)
    assert shown is not None
    assert [row.wave for row in shown.rows] == [wave.wave for wave in plan.waves]
    for row in shown.rows:
        assert [stretch.kind for stretch in row.stretches] == ["replication", "testing", "hyper", "leaving"]
        assert all(0.0 <= stretch.bar.at <= stretch.bar.at + stretch.bar.width <= 100.001 for stretch in row.stretches)
        assert row.scatter is not None
    text = Page(render_html(plan)).text
    assert "What alone would move the end" in text
    assert all(step.because in text for step in plan.tasks.critical_path)


def test_plans_without_tasks_say_so() -> None:
    plan = make_plan()
    assert plan.tasks is None
    assert told(plan) is None
    assert "No task is scheduled" in Page(render_html(plan)).text


def test_hostile_names_stay_text(tmp_path: Path) -> None:
    plan = scheduled(make_hostile_plan())
    page = Page(render_html(plan))
    assert [tag for tag, attributes in page.tags if tag == "img" or "onerror" in attributes or "onmouseover" in attributes] == []
    assert sum(tag == "script" for tag, _ in page.tags) == 1
    write_tables(plan, tmp_path)
    with (tmp_path / "tasks.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert plan.tasks is not None
    assert len(rows) == len(plan.tasks.tasks)
    assert len({row["application"] for row in rows}) >= len(NAMES)
    assert not [row for row in rows if row["application"].lstrip()[:1] in set("=+-@\t\r")]


def test_the_workbook_has_dates_and_tasks(tmp_path: Path) -> None:
    plan = scheduled(make_plan())
    assert plan.tasks is not None
    book = fastexcel.read_excel(str(write_workbook(plan, tmp_path)))
    assert book.load_sheet("Tasks").height == len(plan.tasks.tasks)
    assert book.load_sheet("Dates").height == len(plan.waves)
    names = fastexcel.read_excel(str(write_workbook(make_plan(), tmp_path))).sheet_names
    assert not {"Tasks", "Dates"} & set(names)
