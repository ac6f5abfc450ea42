from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.model.plan import Plan
from migrate.reports.markdown_text import escape, table
from migrate.reports.runbook_markdown import render_markdown
from migrate.runbooks import build_runbook
from tests.factories import make_application, make_plan, make_server, make_wave

HOSTILE = "a|b`c`<script>alert(1)</script>**x**[l](javascript:x)\n# heading\u202e"


def rows_of(text: str) -> list[list[str]]:
    """Table rows as lists of cells, split where Markdown splits."""
    return [re.split(r"(?<!\\)\|", line)[1:-1] for line in text.splitlines() if line.startswith("|")]


def renamed(plan: Plan, old: str, new: str) -> Plan:
    return Plan.model_validate_json(plan.model_dump_json().replace(f'"{old}"', new_json(new)))


def new_json(text: str) -> str:
    import json

    return json.dumps(text)


@pytest.mark.parametrize("wave", [0, 1, 2, 3])
def test_every_step_gate_and_server_is_told(wave: int) -> None:
    runbook = build_runbook(make_plan(), wave)
    text = render_markdown(runbook)
    for step in runbook.steps:
        assert step.id in text
        assert escape(step.action) in text
        if step.gate is not None:
            assert f"### {step.gate.name}" in text
    for server in runbook.servers:
        assert server.name in text
    assert text.endswith("\n")
    assert "\n\n\n" not in text


@pytest.mark.parametrize("wave", [0, 1, 2, 3])
def test_tables_are_regular(wave: int) -> None:
    text = render_markdown(build_runbook(make_plan(), wave))
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        assert len({len(row) for row in rows_of(block)}) == 1


def test_hostile_names_stay_text() -> None:
    plan = renamed(make_plan(), "Payroll", HOSTILE)
    plan = renamed(plan, "sth-pay-app-01", HOSTILE)
    text = render_markdown(build_runbook(plan, 2))
    assert "<script" not in text
    assert "\u202e" not in text
    assert "\n# heading" not in text
    assert "[l](" not in text.replace("\\[l\\](", "")
    for block in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        assert len({len(row) for row in rows_of(block)}) == 1


def test_a_large_wave_gives_texts_once_and_lists_servers_in_the_appendix() -> None:
    names = [f"App {number:03d}" for number in range(40)]
    servers = tuple(make_server(f"s{number:04d}", application=names[number % 40], wave=1) for number in range(200))
    plan = make_plan(
        servers=servers,
        applications=tuple(make_application(name, wave=1) for name in names),
        dependencies=(),
        waves=(make_wave(1, applications=tuple(names), servers=200),),
    )
    text = render_markdown(build_runbook(plan, 1))
    assert text.count("Run the acceptance tests: log on") == 1
    assert text.count("s0042") == 1
    assert "## Appendix: the 200 servers" in text


def test_times_carry_their_zone_and_databases_their_names() -> None:
    runbook = build_runbook(make_plan(), 3)
    text = render_markdown(runbook)
    assert "| T | When (America/Chicago) | What |" in text
    assert "22:00 CDT" in text
    assert "  - Servers: nth-clm-app-01, nth-clm-web-01; then databases nth-clm-db-01" in text
    assert "  - Servers: databases nth-clm-db-01; then nth-clm-app-01, nth-clm-web-01" in text


def test_it_says_which_return_applies_when() -> None:
    runbook = build_runbook(make_plan(), 3)
    text = render_markdown(runbook)
    gate = next(step.id for step in runbook.steps if step.gate is not None and step.gate.name == "Stay or return")
    admit = next(step.id for step in runbook.steps if step.title == "Admit users")
    assert f"**Before users are admitted** (up to gate {gate}, " in text
    assert f"**After users are admitted** (from step {admit} on): the full return" in text
    assert text.index("### Short return") < text.index("### Full return")


def test_the_appendix_is_sorted_whatever_the_case() -> None:
    plan = make_plan(
        servers=tuple(make_server(name, application="X", wave=1) for name in ("b1", "A2", "B3", "a1")),
        applications=(make_application("X", wave=1),),
        dependencies=(),
        waves=(make_wave(1, applications=("X",), servers=4),),
    )
    text = render_markdown(build_runbook(plan, 1)).partition("## Appendix")[2]
    assert [row[0].strip() for row in rows_of(text)[2:]] == ["a1", "A2", "b1", "B3"]


@given(st.text(max_size=40))
def test_escaped_text_is_one_line_without_markup(text: str) -> None:
    shown = escape(text)
    assert len(shown.splitlines()) <= 1
    assert "<" not in shown
    assert not re.search(r"(?<!\\)[|`*_\[\]]", shown.replace("\\\\", ""))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, 5.2 h", "plain text, 5.2 h"),
        ("10.20.0.1", "10.20.0.1"),
        ("1. first", "&#49;. first"),
        ("# not a heading", "&#35; not a heading"),
        ("https://example.com", "https&#58;//example.com"),
        ("a@b.example", "a&#64;b.example"),
        ("AT&T <x>", "AT&amp;T &lt;x&gt;"),
        ("a|b", r"a\|b"),
    ],
)
def test_what_text_becomes(text: str, shown: str) -> None:
    assert escape(text) == shown


def test_a_table_escapes_its_cells() -> None:
    assert table(("A", ">B"), [("x|y", 3)]) == ["| A | B |", "| --- | ---: |", r"| x\|y | 3 |", ""]
