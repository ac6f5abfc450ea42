"""The paper: the page's figures, names as text, the same bytes every time."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from migrate.model.plan import Plan
from migrate.reports.html import tell
from migrate.reports.paper import write_paper
from tests.factories import make_plan
from tests.reports.hostile import make_hostile_plan

needs_pdftotext = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")


def write(plan: Plan, out: Path) -> Path:
    out.mkdir(exist_ok=True)
    return write_paper(plan, tell(plan), out)


def read(path: Path) -> str:
    run = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return run.stdout.decode()


@needs_pdftotext
def test_key_figures_and_assumptions_are_on_paper(tmp_path: Path) -> None:
    plan = make_plan()
    said = read(write(plan, tmp_path))
    for figure in tell(plan).figures:
        assert figure.value in said
    for assumption in plan.business_case.assumptions:
        assert assumption.key in said


@needs_pdftotext
def test_hostile_names_are_text_to_typst(tmp_path: Path) -> None:
    said = read(write(make_hostile_plan(), tmp_path))
    for name in ("<script>alert(1)</script>", "=cmd|' /c calc'!A0", "+1+1", "../../etc/passwd"):
        assert name in said


def test_markup_of_typst_in_a_name_is_not_run(tmp_path: Path) -> None:
    names = ("#panic(1)", '#read("/etc/passwd")', "$x^2$", "*b* _i_ `", "@ref <label>", "\\", "#{", "]")
    assumptions = tuple(
        make_plan().business_case.assumptions[0].model_copy(update={"key": name, "source": name}) for name in names
    )
    case = make_plan().business_case.model_copy(update={"assumptions": assumptions})
    path = write(make_plan(business_case=case), tmp_path)
    assert path.read_bytes().startswith(b"%PDF-")
    if shutil.which("pdftotext"):
        said = read(path)
        assert [name for name in names if name not in said] == []


def test_the_file_is_the_same_every_time(tmp_path: Path) -> None:
    once, twice = (write(make_plan(), tmp_path / name).read_bytes() for name in ("once", "twice"))
    assert once == twice
    assert b"/CreationDate" not in once


def test_a_plan_with_nothing_to_show_still_has_its_paper(tmp_path: Path) -> None:
    case = make_plan().business_case.model_copy(update={"months": (), "site_exits": (), "assumptions": ()})
    plan = make_plan(waves=(), servers=(), applications=(), findings=(), inputs=(), business_case=case)
    assert write(plan, tmp_path).stat().st_size > 5_000
