"""The page, the workbook, the slides and the paper say identical figures."""

from __future__ import annotations

import re
import shutil
import subprocess
from functools import cache
from html import unescape
from pathlib import Path

import pytest
from pptx import Presentation

from migrate.finance import business_case
from migrate.model.plan import Plan
from migrate.reports import write_workbook
from migrate.reports.deck import write_deck
from migrate.reports.html import Story, tell
from migrate.reports.numerals import percent, usd, usd_short
from migrate.reports.page import render_html
from migrate.reports.paper import write_paper
from tests.factories import DATES, make_applications, make_plan, make_servers, make_spec, make_wave
from tests.reports.office import Sheet, sheets


@cache
def plan() -> Plan:
    """The small plan with all of its case computed: rates of return, tornado, simulation, scenarios."""
    spec = make_spec(costs={"landing_zone_usd": 9_000_000.0})
    case, _ = business_case(make_servers(), make_applications(), tuple(make_wave(n) for n in DATES), spec, "a book")
    return make_plan(spec=spec, business_case=case)


@cache
def story() -> Story:
    return tell(plan())


def tiles_of_page() -> dict[str, str]:
    found = re.findall(r'<dt>([^<]*)</dt><dd class="value">([^<]*)</dd>', render_html(plan(), story()))
    return {unescape(label): unescape(value) for label, value in found}


def tiles_of_workbook(path: Path) -> dict[str, str]:
    rows = sheets(path)["Summary"]
    first = next(at for at, row in enumerate(rows) if row[0] == "Key figures") + 1
    last = next(at for at, row in enumerate(rows) if row[0] == "In words")
    return {str(row[0]): str(row[1]) for row in rows[first:last] if row[0]}


def tiles_of_slides(path: Path) -> dict[str, str]:
    shapes = Presentation(str(path)).slides[0].shapes
    texts = [shape.text_frame.text.split("\n") for shape in shapes if shape.has_text_frame]
    return {text[0]: text[1] for text in texts if len(text) == 3}


def cells_of_slides(path: Path) -> list[list[str]]:
    tables = [shape.table for slide in Presentation(str(path)).slides for shape in slide.shapes if shape.has_table]
    return [[cell.text for cell in row.cells] for table in tables for row in table.rows]


def test_key_figures_are_the_same_on_page_workbook_and_slides(tmp_path: Path) -> None:
    page = tiles_of_page()
    assert page == {figure.label: figure.value for figure in story().figures}
    assert len(page) >= 13
    assert tiles_of_workbook(write_workbook(plan(), tmp_path, story())) == page
    slides = tiles_of_slides(write_deck(plan(), story(), tmp_path))
    assert len(slides) == 12
    assert slides == {label: page[label] for label in slides}


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")
def test_key_figures_years_and_results_are_the_same_on_paper(tmp_path: Path) -> None:
    path = write_paper(plan(), story(), tmp_path)
    said = " ".join(
        subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True).stdout.decode().split()
    )
    for label, value in tiles_of_page().items():
        assert label in said
        assert value in said
    for table in story().worth:
        for row in table.rows:
            assert " ".join(row) in said
    for year in story().years:
        assert " ".join((str(year.year), usd(year.source), usd(year.sites), usd(year.target))) in said


def test_the_headline_tells_the_value_without_failures_and_the_simulated_one_everywhere(tmp_path: Path) -> None:
    case = plan().business_case
    assert case.simulation is not None
    said = f"{usd_short(case.npv_usd)} if no cutover fails, {usd_short(case.simulation.p50_usd)} in the middle of 10,000"
    assert said in story().headline
    assert story().headline in unescape(render_html(plan(), story()))
    assert sheets(write_workbook(plan(), tmp_path, story()))["Summary"][1][0] == story().headline
    slides = Presentation(str(write_deck(plan(), story(), tmp_path))).slides
    titles = [shape.text_frame.text for slide in slides for shape in slide.shapes if shape.has_text_frame]
    assert story().headline in titles
    assert any(title.startswith("The money") and said in title for title in titles)


def test_results_on_slides_and_page_are_those_that_the_workbook_computes(tmp_path: Path) -> None:
    flow = sheets(write_workbook(plan(), tmp_path, story()))["Cash flow"]
    computed = {
        "Net present value": usd(number(flow, "Net present value")),
        "Internal rate of return": percent(number(flow, "Internal rate of return"), 1),
        "Modified rate of return": percent(number(flow, "Modified internal rate of return"), 1),
        "Return on investment": percent(number(flow, "Return on investment"), 1),
    }
    told = {row[0]: row[1] for row in story().worth[0].rows}
    assert {label: told[label] for label in computed} == computed
    on_slides = {row[0]: row[1] for row in cells_of_slides(write_deck(plan(), story(), tmp_path)) if row[0] in computed}
    assert on_slides == computed
    page = render_html(plan(), story())
    for label, value in computed.items():
        assert re.search(rf">{label}</bdi></th><td[^>]*>{re.escape(value)}<", page)


def test_years_of_the_page_are_those_of_the_workbook(tmp_path: Path) -> None:
    flow = sheets(write_workbook(plan(), tmp_path, story()))["Cash flow"]
    head = next(row for row in flow if row[0] == "Year")
    rows = {str(row[0]).removesuffix(".0"): row for row in flow[flow.index(head) + 1 :] if row[0]}
    for year in story().years:
        row = rows[str(year.year)]
        for label, value in (("Total", year.total), ("Staying: total", year.stay), ("Cumulated saving", year.cumulated)):
            assert usd(float(str(row[head.index(label)]))) == usd(round(value, 2))


def number(sheet: Sheet, label: str) -> float:
    return float(str(next(row[1] for row in sheet if row[0] == label)))
