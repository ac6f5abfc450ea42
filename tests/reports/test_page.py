"""The page: self-contained, escaped, and readable whatever the plan holds."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from migrate.model.plan import BusinessCase, Earlier, EarlierApplication, Plan
from migrate.reports import write_html
from migrate.reports.page import render_html
from tests.factories import make_plan, make_spec
from tests.reports.hostile import NAMES, make_hostile_plan

VOID = {"meta", "link", "br", "input", "img", "hr"}


class Page(HTMLParser):
    """Collects what a browser would act on, and fails on tags that do not close."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in {"script", "style"}:
            self.words.append(data)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.words))


def empty_plan() -> Plan:
    """A plan in which nothing is known: no site, server, application, wave or month."""
    case = make_plan().business_case.model_copy(
        update={
            "months": (), "site_exits": (), "assumptions": (), "payback_month": None, "peak_bubble_month": None,
            "priced_servers": 0, "moving_servers": 0, "npv_usd": 0.0, "run_cost_before_usd_month": 0.0,
        }
    )  # fmt: skip
    return make_plan(
        spec=make_spec(site=[], link=[], freeze=[]), inputs=(), servers=(), applications=(), dependencies=(), move_groups=(),
        candidates=(), waves=(), findings=(), business_case=BusinessCase.model_validate(case.model_dump()),
    )  # fmt: skip


def test_the_page_needs_nothing_beside_itself() -> None:
    page = Page(render_html(make_plan()))
    for tag, attributes in page.tags:
        for name in ("src", "href", "srcset", "action", "data"):
            value = attributes.get(name)
            assert value is None or value.startswith(("#", "data:,")), (tag, value)
    style = (Path(__file__).parents[2] / "migrate/reports/templates/report.css").read_text(encoding="utf-8")
    assert "url(" not in style
    assert "@import" not in style


def test_the_policy_allows_exactly_the_script_of_the_page() -> None:
    text = render_html(make_hostile_plan())
    page = Page(text)
    assert [tag for tag, _ in page.tags].count("script") == 1
    script = re.search(r"<script>(.*?)</script>", text, re.DOTALL)
    policy = next(a["content"] for t, a in page.tags if t == "meta" and a.get("http-equiv") == "Content-Security-Policy")
    assert script is not None
    digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in (policy or "")
    assert (policy or "").startswith("default-src 'none';")


def test_hostile_names_are_shown_as_text() -> None:
    page = Page(render_html(make_hostile_plan()))
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert {tag for tag, _ in page.tags}.isdisjoint({"img", "iframe", "object", "embed", "b1"})
    for name in NAMES[:3]:
        assert name in page.text
    assert "{{ 7 * 7 }}" in page.text
    assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e\ufffe]", page.text)


def test_headings_captions_and_anchors_fit_together() -> None:
    page = Page(render_html(make_plan()))
    tags = [tag for tag, _ in page.tags]
    assert tags.count("h1") == 1
    assert tags.count("table") == tags.count("caption")
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {(a["href"] or "")[1:] for t, a in page.tags if t == "a"}
    assert targets <= set(ids)


def test_the_summary_says_what_the_plan_holds() -> None:
    text = Page(render_html(make_plan())).text
    assert "Moving 10 of 13 servers in 3 waves between 6 Mar 2027 and 10 Apr 2027 " in text
    assert "10 Apr 2027 is worth $7.90 M, against staying, in present value" in text
    assert "cost of 10 of 10 moving servers is known" in text
    assert "DC-South is not emptied, kept open by Mainframe Ledger." in text
    assert "No useful lower bound was found for this problem." in text


def test_planning_is_told_as_what_it_saves_and_never_as_cash() -> None:
    solution = make_plan().solution  # 2,475,000 first-fit, 2,397,400 planned
    bounded = make_plan(solution=solution.model_copy(update={"bound": 2_319_800.0, "gap": 0.032}))
    text = Page(render_html(bounded)).text
    assert "Planning saves $77.6 k against filling waves first-fit: at least 50 % of what any plan could save." in text
    assert "By the planner's score, no plan can be more than $77.6 k better than this one." in text
    assert "Running both places: source until decommission, target from replication" in text
    assert "the migration costs" not in text
    assert text.count("not cash") == 2
    without = Page(render_html(make_plan())).text
    assert "Planning saves $77.6 k against filling waves first-fit. These dollars are the planner's score" in without
    same = make_plan(solution=solution.model_copy(update={"first_fit": solution.objective}))
    assert "Planning finds nothing better than filling waves first-fit." in Page(render_html(same)).text


@pytest.mark.parametrize("plan", [empty_plan(), make_plan(waves=(), dependencies=()), make_plan(dependencies=())])
def test_a_plan_without_waves_dependencies_or_anything_still_reads(plan: Plan) -> None:
    text = Page(render_html(plan)).text
    assert ("No wave is planned" in text) == (not plan.waves)
    assert "No dependency is known" in text
    assert not re.search(r"\b(None|nan|inf|undefined)\b", text)


def test_the_file_is_the_same_every_time(tmp_path: Path) -> None:
    once = write_html(make_plan(), tmp_path / "once").read_bytes()
    assert write_html(make_plan(), tmp_path / "twice").read_bytes() == once


def test_a_plan_made_from_an_earlier_one_says_what_became_of_it() -> None:
    plan = make_plan()
    first, second, third = [(a.application, date) for a in plan.applications if (date := a.cutover_date)][:3]
    other = dt.date(2027, 1, 1)
    known = (
        EarlierApplication(application=first[0], date=first[1], state="done"),
        EarlierApplication(application=second[0], date=second[1], state="planned"),
        EarlierApplication(application=third[0], date=other, state="planned"),
    )
    earlier = Earlier(sha256="ab" * 32, as_of=dt.date(2027, 3, 1), candidates=(), applications=known)
    text = " ".join(Page(render_html(plan.model_copy(update={"earlier": earlier}))).words)
    assert "from an earlier plan (sha256 abababababab)" in text
    assert "Done or under way by then: 1 application." in text
    assert "Another date than there: 1 of 2 others." in text
