"""The slides: eight, native charts, names as text, the same bytes every time."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import pytest
from pptx import Presentation
from pptx.chart.chart import Chart

from migrate.model.plan import Plan
from migrate.reports.deck import write_deck
from migrate.reports.html import tell
from migrate.reports.visible import shortened
from tests.factories import make_plan
from tests.reports.hostile import NAMES, make_hostile_plan


def texts(path: Path) -> list[str]:
    """Every text of every slide, tables included."""
    found = []
    for slide in Presentation(str(path)).slides:
        for shape in slide.shapes:
            if shape.has_text_frame:
                found.append(shape.text_frame.text)
            if shape.has_table:
                found += [cell.text for row in shape.table.rows for cell in row.cells]
    return found


def charts(path: Path) -> list[Chart]:
    return [shape.chart for slide in Presentation(str(path)).slides for shape in slide.shapes if shape.has_chart]


def write(plan: Plan, out: Path) -> Path:
    out.mkdir(exist_ok=True)
    return write_deck(plan, tell(plan), out)


def test_eight_slides_tell_the_answer_with_charts_that_can_be_edited(tmp_path: Path) -> None:
    plan = make_plan()
    path = write(plan, tmp_path)
    assert len(Presentation(str(path)).slides) == 8
    said = "\n".join(texts(path))
    for figure in tell(plan).figures:
        assert figure.value in said
    months = charts(path)[1]
    drawn = {series.name: list(series.values) for plot in months.plots for series in plot.series}
    assert drawn["If nothing moves"] == [month.stay_total for month in plan.business_case.months]
    assert drawn["AWS with support"] == [month.target_run for month in plan.business_case.months]
    assert [plot.__class__.__name__ for plot in months.plots] == ["BarPlot", "LinePlot"]


def test_hostile_names_are_text_on_slides_and_behind_charts(tmp_path: Path) -> None:
    path = write(make_hostile_plan(), tmp_path)
    labels = {label for chart in charts(path) for label in chart.plots[0].categories}
    assert {shortened(name, 28) for name in ("+1+1", NAMES[2], "-2+3")} <= labels
    with zipfile.ZipFile(path) as parts:
        assert not [name for name in parts.namelist() if "hyperlink" in name]
        assert not any(b"TargetMode" in parts.read(name) for name in parts.namelist() if name.endswith(".rels"))
        books = [parts.read(name) for name in parts.namelist() if name.endswith(".xlsx")]
    assert len(books) == len(charts(path))
    for book in books:
        with zipfile.ZipFile(io.BytesIO(book)) as inside:
            assert not any(b"<f>" in inside.read(name) for name in inside.namelist())
            assert not any("externalLink" in name for name in inside.namelist())


def test_the_file_is_the_same_every_time_and_carries_no_time(tmp_path: Path) -> None:
    once, twice = (write(make_plan(), tmp_path / name).read_bytes() for name in ("once", "twice"))
    assert once == twice
    with zipfile.ZipFile(io.BytesIO(once)) as parts:
        assert {entry.date_time for entry in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        properties = parts.read("docProps/core.xml").decode()
    assert re.findall(r"<dcterms:\w+[^>]*>([^<]+)<", properties) == ["2027-01-04T00:00:00Z"] * 2


@pytest.mark.parametrize("empty", [("waves",), ("findings",), ("waves", "servers", "applications", "findings")])
def test_a_plan_without_some_parts_still_has_its_slides(tmp_path: Path, empty: tuple[str, ...]) -> None:
    case = make_plan().business_case.model_copy(update={"months": (), "site_exits": ()})
    plan = make_plan(business_case=case, **dict.fromkeys(empty, ()))
    assert len(Presentation(str(write(plan, tmp_path))).slides) == 8
