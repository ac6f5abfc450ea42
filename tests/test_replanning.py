"""Replanning through the public door: the sample estate after three waves, and a small one whose inventory changed."""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path

import polars as pl
import pytest

import migrate
from benchmarks.replanning import compare, replan_changed
from migrate.errors import RequestError
from migrate.model.plan import Plan
from migrate.pipeline import make_plan, renew, write_plan
from migrate.replanning import replan
from migrate.sample import write_sample
from migrate.waves import check_plan, score_plan


def test_after_three_waves_nothing_done_moves_little_else_does_and_it_costs_little(
    health12: Plan, health12_out: Path, tmp_path: Path
) -> None:
    plan, changed = replan_changed(health12, health12_out / "plan.json", tmp_path, share=0.05, seed=1, waves=3)
    figures = compare(health12, plan, changed, 0.0)
    assert figures.servers_changed > 100
    assert figures.done > 50
    assert figures.fixed_moved == 0
    assert figures.committed_gone == sum(finding.code == "committed-application-gone" for finding in plan.findings)
    assert figures.share_moved <= 0.10
    assert figures.dearer_than_anew <= 0.02
    assert check_plan(plan) == ()
    assert score_plan(plan) == plan.solution.objective


@pytest.fixture(scope="module")
def estate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small estate with its plan in out/."""
    folder = tmp_path_factory.mktemp("replan")
    write_sample(60, 7, folder / "inventory")
    shutil.rmtree(folder / "inventory" / "truth")
    text = '[plan]\nname = "small"\nstart = 2027-01-04\n[inventory]\nfiles = ["inventory"]\n[waves]\nmax_servers = 20\n'
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    write_plan(make_plan(folder / "plan.toml"), folder / "out", reports=False)
    return folder


def test_an_unchanged_estate_is_planned_as_it_was(estate: Path) -> None:
    before = migrate.load_plan(estate / "out" / "plan.json")
    again = replan(estate / "plan.toml", estate / "out" / "plan.json", as_of=before.waves[1].date)
    difference = migrate.diff_plans(again.before, again.plan)
    assert difference.same
    assert renew(again.plan) == again.plan
    assert [item.subject for item in difference.inputs] == ["plan.json"]  # the earlier plan is an input
    assert difference.objective.total == pytest.approx(0.0, abs=0.01)
    twice = replan(estate / "plan.toml", estate / "out" / "plan.json", as_of=before.waves[1].date)
    assert twice.plan.model_dump_json() == again.plan.model_dump_json()


def test_a_replanned_plan_is_replanned_again(estate: Path, tmp_path: Path) -> None:
    before = migrate.load_plan(estate / "out" / "plan.json")
    first = replan(estate / "plan.toml", estate / "out" / "plan.json", as_of=before.waves[0].date)
    write_plan(first.plan, tmp_path, reports=False)
    second = replan(estate / "plan.toml", tmp_path / "plan.json", as_of=before.waves[2].date)
    assert migrate.diff_plans(before, second.plan).moves == ()
    assert second.plan.earlier is not None
    states = [item.state for item in second.plan.earlier.applications]
    assert states.count("done") > 0
    assert second.plan.candidates[: len(before.candidates)] == before.candidates


def test_what_was_cut_over_stays_though_inventories_forget_or_rename_it(estate: Path, tmp_path: Path) -> None:
    before = migrate.load_plan(estate / "out" / "plan.json")
    copy = tmp_path / "later"
    shutil.copytree(estate, copy)
    done = {item.application for item in before.applications if item.wave == before.waves[0].wave}
    gone = next(server for server in before.servers if server.wave == before.waves[0].wave)
    for path in sorted((copy / "inventory").glob("*.csv")):
        if path.name == "applications.csv":
            frame = pl.read_csv(path, infer_schema=False)
            column = frame.columns[0]
            renamed = pl.when(pl.col(column).is_in(sorted(done))).then(pl.col(column) + " (new name)").otherwise(pl.col(column))
            frame.with_columns(renamed.alias(column)).write_csv(path)
    made = replan(copy / "plan.toml", estate / "out" / "plan.json", as_of=before.waves[0].date)
    now = {item.application: item for item in made.plan.applications}
    assert {name: now[name].wave for name in done} == dict.fromkeys(done, before.waves[0].wave)
    assert next(server for server in made.plan.servers if server.server_id == gone.server_id) == gone
    ids = [server.server_id for server in made.plan.servers]
    assert len(ids) == len(set(ids))
    assert check_plan(made.plan) == ()


def test_a_server_that_turns_up_after_the_cutover_moves_later(estate: Path, tmp_path: Path) -> None:
    before = migrate.load_plan(estate / "out" / "plan.json")
    name = next(item.application for item in before.applications if item.wave == before.waves[0].wave and item.declared)
    copy = tmp_path / "later"
    shutil.copytree(estate, copy)
    path = copy / "inventory" / "servicenow-cmdb_ci_server.json"
    records = json.loads(path.read_text(encoding="utf-8"))
    fresh = {
        "sys_id": "f" * 32,
        "sys_class_name": "cmdb_ci_linux_server",
        "name": "late-01",
        "os": "Linux Red Hat",
        "ram": "8192",
    }
    records["result"].append(dict.fromkeys(records["result"][0], "") | fresh)
    path.write_text(json.dumps(records), encoding="utf-8")
    (copy / "inventory" / "late.csv").write_text(f'application,criticality,servers\n"{name}",low,late-01\n', encoding="utf-8")
    made = replan(copy / "plan.toml", estate / "out" / "plan.json", as_of=before.waves[0].date)
    late = [server for server in made.plan.servers if server.name == "late-01"]
    assert late[0].application == f"{name} (after cutover)"
    assert late[0].cutover_date is None or late[0].cutover_date > before.waves[0].date
    assert "server-after-cutover" in {finding.code for finding in made.plan.findings}


def test_actuals_and_wrong_names_come_through_the_door(estate: Path, tmp_path: Path) -> None:
    before = migrate.load_plan(estate / "out" / "plan.json")
    wave = before.waves[2]
    started = dt.datetime.combine(wave.date - dt.timedelta(days=1), dt.time(22))
    rows = [f"{name},cutover,{started},{started + dt.timedelta(hours=6)}" for name in wave.applications if "," not in name]
    rows += [f"{name},replication,2027-02-01,2027-02-10" for name in wave.applications[:3] if "," not in name]
    rows += ["Nobody,cutover,2027-01-01,2027-01-01", "x,painting,2027-01-01,", "y,cutover,03/04/2027,"]
    table = tmp_path / "actuals.csv"
    table.write_text("application,task,start,end\n" + "\n".join(rows) + "\n", encoding="utf-8")
    made = replan(estate / "plan.toml", estate / "out" / "plan.json", actuals=table)
    assert made.plan.earlier is not None
    states = {item.application: item for item in made.plan.earlier.applications}
    assert made.plan.earlier.as_of == started.date()
    assert all(states[name].state == "done" and states[name].date == wave.date for name in wave.applications if "," not in name)
    codes = [finding.code for finding in made.plan.findings]
    assert (codes.count("actual-set-aside"), codes.count("actual-of-nobody")) == (2, 1)
    with pytest.raises(RequestError, match="no wave 399"):
        replan(estate / "plan.toml", estate / "out" / "plan.json", done=["399"])


def test_a_day_of_no_migration_is_refused(estate: Path) -> None:
    with pytest.raises(RequestError, match="0001-01-01 is no day of a migration"):
        replan(estate / "plan.toml", estate / "out" / "plan.json", as_of=dt.date(1, 1, 1))
