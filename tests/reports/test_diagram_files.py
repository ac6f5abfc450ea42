"""Diagrams: well-formed SVG from the bundled layout program, the same bytes every time."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

from migrate.reports import write_diagrams
from migrate.reports.diagrams import LEGIBLE_EDGES, LEGIBLE_NODES, plan_diagram, wave_diagram
from tests.factories import make_application, make_dependency, make_plan
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


def test_what_cannot_be_read_is_drawn_by_domain() -> None:
    wave = make_plan().waves[0]
    many = tuple(
        make_application(f"application {at:03d}", domain=f"domain {at % 3}", wave=wave.wave, cutover_date=wave.date)
        for at in range(LEGIBLE_NODES + 1)
    )
    drawn = plan_diagram(make_plan(applications=many, dependencies=()))
    assert "application 000" not in drawn
    assert "domain 0\\n31 applications" in drawn


def test_many_dependencies_on_shared_services_are_left_out_and_counted() -> None:
    wave = make_plan().waves[0]
    members = [make_application(f"a{at:03d}", wave=wave.wave, cutover_date=wave.date) for at in range(80)]
    backup = make_application("Backup", shared_service=True, wave=wave.wave, cutover_date=wave.date)
    needs = [make_dependency(a.application, "Backup") for a in members]
    others = [make_dependency(one.application, other.application) for one, other in pairwise(members)]
    assert len(needs) + len(others) > LEGIBLE_EDGES
    drawn = plan_diagram(make_plan(applications=(*members, backup), dependencies=(*needs, *others)))
    assert "80 dependencies on shared services not drawn." in drawn
    assert drawn.count("->") == len(others)


def test_the_waves_with_least_traffic_share_a_stub() -> None:
    wave = make_plan().waves[0]
    here = make_application("Here", wave=1, cutover_date=wave.date)
    wave_of: dict[str, int | None] = {"Here": 1, **{f"there {at}": at for at in range(2, 22)}}
    needs = [make_dependency("Here", f"there {at}", gb_day=float(at)) for at in range(2, 22)]
    drawn = wave_diagram(make_plan(applications=(here,)), wave, wave_of, needs)
    assert '"Wave 21"' in drawn
    assert '"Wave 2"' not in drawn
    assert "Other waves" in drawn
