"""Diagrams: well-formed SVG from the bundled layout program, the same bytes every time."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

from migrate.model.plan import Plan
from migrate.reports import write_diagrams
from migrate.reports.diagram_legend import FILLS, domain_fills, legend
from migrate.reports.diagrams import LEGIBLE_EDGES, LEGIBLE_NODES, plan_diagram, wave_diagram
from migrate.reports.drawn_plan import DrawnPlan
from migrate.reports.wave_overview import LEGIBLE_WAVE_EDGES
from tests.factories import make_application, make_dependency, make_plan, make_wave
from tests.reports.hostile import make_hostile_plan


def texts(path: Path) -> str:
    return " ".join(element.text or "" for element in ElementTree.parse(path).iter("{http://www.w3.org/2000/svg}text"))


def test_one_diagram_of_the_plan_and_one_of_each_wave(tmp_path: Path) -> None:
    written = write_diagrams(make_plan(), tmp_path)
    assert [path.name for path in written] == ["applications-by-wave.svg", "wave-1.svg", "wave-2.svg", "wave-3.svg"]
    whole, third = texts(written[0]), texts(written[3])
    assert all(name in whole for name in ("Active Directory", "Library", "Payroll", "Wave 3"))
    assert "Mainframe Ledger" not in whole  # it does not move
    assert all(name in third for name in ("Remittance", "Stays behind", "Outside the estate", "Wave 1"))


def test_hostile_names_are_labels(tmp_path: Path) -> None:
    written = write_diagrams(make_hostile_plan(), tmp_path)
    whole = texts(written[0])
    assert "<script>alert(1)</script>" in whole
    assert "&amp; \\N \\l <B>" in whole
    assert not any("script" in element.tag for element in ElementTree.parse(written[0]).iter())


def test_same_plan_same_bytes(tmp_path: Path) -> None:
    once, twice = write_diagrams(make_plan(), tmp_path / "once"), write_diagrams(make_plan(), tmp_path / "twice")
    assert [path.read_bytes() for path in once] == [path.read_bytes() for path in twice]


def make_many(links: int) -> Plan:
    """Two waves with more applications than can be drawn, `links` of them between the waves."""
    first, second, _ = make_plan().waves
    many = [
        make_application(
            f"application {at:03d}", domain=f"domain {at % 3}", wave=1 + at % 2, cutover_date=(first, second)[at % 2].date
        )
        for at in range(LEGIBLE_NODES + 2)
    ]
    needs = [
        make_dependency(f"application {2 * at:03d}", f"application {2 * at + 1:03d}", gb_day=at + 1.0) for at in range(links)
    ]
    return make_plan(applications=tuple(many), servers=(), dependencies=tuple(needs))


def test_what_cannot_be_read_is_drawn_by_wave_with_its_domains(tmp_path: Path) -> None:
    plan = make_many(30)
    drawn = plan_diagram(plan)
    assert "application 000" not in drawn
    assert "domain 0<BR/>16 applications" in drawn
    assert '"30 dependencies, 465 GB/day"' in drawn  # all between two waves are one line
    assert drawn.count("->") == 2  # and the invisible one that puts the waves in order
    shown = texts(write_diagrams(plan, tmp_path)[0])
    assert "a line adds up all dependencies between two waves" in shown


def test_the_overview_shows_the_heaviest_links_and_says_of_how_many() -> None:
    dates = [make_plan().waves[0].date + dt.timedelta(weeks=at) for at in range(8)]
    waves = tuple(make_wave(1).model_copy(update={"wave": at + 1, "date": date}) for at, date in enumerate(dates))
    many = [make_application(f"a{at:03d}", wave=1 + at % 8, cutover_date=dates[at % 8]) for at in range(LEGIBLE_NODES + 6)]
    needs = [
        make_dependency(f"a{one:03d}", f"a{other:03d}", gb_day=1.0 + 8 * one + other)
        for one in range(8)
        for other in range(8)
        if one != other
    ]
    drawn = plan_diagram(make_plan(applications=tuple(many), servers=(), waves=waves, dependencies=tuple(needs)))
    assert f"Shows the {LEGIBLE_WAVE_EDGES} heaviest of 56 links." in drawn
    assert drawn.count("->") == LEGIBLE_WAVE_EDGES + 7
    assert 'tooltip="1 dependency, 63.0 GB/day"' in drawn
    assert 'tooltip="1 dependency, 2.0 GB/day"' not in drawn


def test_the_legend_names_the_colours_that_are_drawn_and_the_lines(tmp_path: Path) -> None:
    written = write_diagrams(make_plan(), tmp_path)
    for path in written:
        assert "at least one hard dependency" in texts(path)
        assert "soft ones only" in texts(path)
    domains = {a.domain for a in make_plan().applications if a.wave == 3 and a.domain}
    elsewhere = {a.domain for a in make_plan().applications if a.wave in (1, 2) and a.domain} - domains
    assert domains
    assert elsewhere
    assert all(domain in texts(written[3]) for domain in domains)
    assert not any(domain in texts(written[3]) for domain in elsewhere)


def test_domains_that_share_a_colour_share_an_entry_and_are_escaped() -> None:
    names = [f"{at:02d} <i>&amp;</i>" for at in range(len(FILLS) * 5)]
    said = legend(domain_fills(names), [*names, None], ["a < b"])
    assert said.count("BGCOLOR") == len(FILLS) + 1
    assert "00 &lt;i&gt;&amp;amp;&lt;/i&gt;, 08 " in said
    assert "and 2 more" in said
    assert "a &lt; b" in said
    assert "<i>" not in said


def test_many_dependencies_on_shared_services_are_left_out_and_counted() -> None:
    wave = make_plan().waves[0]
    members = [make_application(f"a{at:03d}", wave=wave.wave, cutover_date=wave.date) for at in range(80)]
    backup = make_application("Backup", shared_service=True, wave=wave.wave, cutover_date=wave.date)
    needs = [make_dependency(a.application, "Backup") for a in members]
    others = [make_dependency(one.application, other.application) for one, other in pairwise(members)]
    assert len(needs) + len(others) > LEGIBLE_EDGES
    drawn = plan_diagram(make_plan(applications=(*members, backup), servers=(), dependencies=(*needs, *others)))
    assert "80 dependencies on shared services not drawn." in drawn
    assert drawn.count("->") == len(others)


def test_the_waves_with_least_traffic_share_a_stub() -> None:
    wave = make_plan().waves[0]
    here = make_application("Here", wave=1, cutover_date=wave.date)
    there = [make_application(f"there {at}", wave=at) for at in range(2, 22)]
    needs = tuple(make_dependency("Here", f"there {at}", gb_day=float(at)) for at in range(2, 22))
    drawn = wave_diagram(DrawnPlan(make_plan(applications=(here, *there), servers=(), dependencies=needs)), wave)
    assert '"Wave 21"' in drawn
    assert '"Wave 2"' not in drawn
    assert "Other waves" in drawn
