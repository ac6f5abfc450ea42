"""Sweeps: every combination planned as `migrate plan` would, the front marked, and stages not run for nothing."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.errors import RequestError
from migrate.model.scenario import Scenario, pareto_front
from migrate.pipeline import make_plan
from migrate.reports.scenario_files import write_scenarios
from migrate.scenarios import measure, sweep
from migrate.spec.reads import READS
from migrate.spec.settings import Setting, with_settings
from migrate.watching import Stages

ROOMS = {"discover": ("discovery",), "target": ("targets",), "assess": ("risk",)}


def test_a_scenario_is_what_a_plan_of_its_request_would_be(small_estate: Path) -> None:
    request = small_estate / "plan.toml"
    watch = Stages()
    found = sweep(request, ["waves.max_servers=12,20", "target.term=on_demand,reserved_3y"], jobs=1, stages=watch)
    assert [item.settings for item in found] == [
        {"waves.max_servers": servers, "target.term": term} for servers in ("12", "20") for term in ("on_demand", "reserved_3y")
    ]
    text = request.read_text(encoding="utf-8") + '[waves]\nmax_servers = 20\n[target]\nterm = "reserved_3y"\n'
    request.write_text(text, encoding="utf-8")
    again = measure(4, found[3].settings, make_plan(request))
    assert again.model_copy(update={"front": found[3].front}) == found[3]
    assert any(item.front for item in found)
    assert watch.seconds["read"] > 0


def test_processes_give_what_one_process_gives(small_estate: Path) -> None:
    settings = ["waves.max_servers=12,1"]
    together = sweep(small_estate / "plan.toml", settings, jobs=2)
    assert together == sweep(small_estate / "plan.toml", settings, jobs=1)
    assert together[1].reason
    assert together[1].measures is None


def test_every_key_that_a_stage_reads_is_among_those_that_run_it_again() -> None:
    package = Path(__file__).parents[1] / "migrate"
    for stage, rooms in ROOMS.items():
        earlier = {key for name, keys in READS.items() for key in keys if list(READS).index(name) <= list(READS).index(stage)}
        for room in rooms:
            for path in sorted((package / room).rglob("*.py")):
                for key in re.findall(r"(?<!migrate\.)\bspec\.([a-z_]+(?:\.[a-z_]+)?)", path.read_text(encoding="utf-8")):
                    covered = {key, key.split(".")[0]} & earlier or any(known.startswith(f"{key}.") for known in earlier)
                    assert covered, f"{path.name} reads {key}, which {stage} does not name"


def test_settings_that_are_wrong_stop_before_anything_is_read(small_estate: Path) -> None:
    with pytest.raises(RequestError, match="swept twice"):
        sweep(small_estate / "plan.toml", ["waves.max_servers=1,2", "waves.max_servers=3"])
    with pytest.raises(RequestError, match="over 400"):
        sweep(small_estate / "plan.toml", [f"waves.max_servers={','.join(map(str, range(1, 402)))}"])


def test_a_combination_that_cannot_stand_is_a_line_and_the_others_are_planned(small_estate: Path) -> None:
    settings = ["waves.usual_servers=none,6", "waves.over_usual_usd_server=none,300"]
    found = sweep(small_estate / "plan.toml", settings, jobs=1)
    assert [(item.number, item.measures is not None, item.reason != "") for item in found] == [
        (1, True, False),
        (2, False, True),
        (3, False, True),
        (4, True, False),
    ]
    assert found[1].settings == {"waves.usual_servers": "none", "waves.over_usual_usd_server": "300"}
    assert "give both or neither" in found[1].reason
    with pytest.raises(RequestError, match="give both or neither"):
        sweep(small_estate / "plan.toml", ["waves.over_usual_usd_server=300,400"])


def scenario(number: int, cost: float, days: int, loss: float) -> Scenario:
    return Scenario(number=number, settings={}, cost_usd=cost, duration_days=days, expected_loss_usd=loss)


small = st.integers(0, 3)


@given(st.lists(st.tuples(small, small, small), min_size=1, max_size=12))
def test_the_front_is_what_nothing_dominates(points: list[tuple[int, int, int]]) -> None:
    found = pareto_front(tuple(scenario(n, float(c), d, float(r)) for n, (c, d, r) in enumerate(points)))
    assert any(item.front for item in found)
    for item in found:
        mine = item.measures
        assert mine is not None
        better = [o for o in points if o != mine and all(a <= b for a, b in zip(o, mine, strict=True))]
        assert item.front == (not better)


def test_files_tell_every_scenario_and_escape_what_they_are_given(tmp_path: Path) -> None:
    hostile = {"plan.name": "</title><script>alert(1)</script>", "rule": "=1+1"}
    scenarios = pareto_front(
        (
            scenario(1, 10.0, 100, 5.0).model_copy(update={"settings": hostile, "waves": 3}),
            scenario(2, 8.0, 200, 9.0),
            Scenario(number=3, settings=hostile, reason="<b>no</b> wave"),
        )
    )
    write_scenarios("<i>x</i>", scenarios, tmp_path)
    page = (tmp_path / "scenarios.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "<b>no" not in page
    assert page.count("<circle") == 2
    rows = list(csv.DictReader((tmp_path / "scenarios.csv").read_text(encoding="utf-8").splitlines()))
    assert [row["scenario"] for row in rows] == ["1", "2", "3"]
    assert rows[0]["rule"] == "'=1+1"
    assert [item["front"] for item in json.loads((tmp_path / "scenarios.json").read_text(encoding="utf-8"))] == [
        True,
        True,
        False,
    ]


def test_settings_do_not_touch_the_request(small_estate: Path) -> None:
    from migrate.spec.load import load_spec

    spec = load_spec(small_estate / "plan.toml")
    assert with_settings(spec, [Setting("waves.max_servers", 7)]).waves.max_servers == 7
    assert spec.waves.max_servers != 7
