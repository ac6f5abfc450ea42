"""The whole run: everything that came in is accounted for, twice the same bytes, and failures are told."""

from __future__ import annotations

import csv
import gc
import hashlib
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from migrate.model.names import MOVING
from migrate.model.plan import Plan, load_plan
from migrate.pipeline import Stages, make_plan, write_plan

ROOT = Path(__file__).parents[1]
TABLES = ("servers.csv", "applications.csv", "dependencies.csv", "waves.csv", "findings.csv")


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_every_server_has_a_target_a_disposition_that_needs_none_or_a_finding(health12: Plan) -> None:
    told = {finding.subject for finding in health12.findings}
    for server in health12.servers:
        if server.disposition in MOVING:
            assert server.wave is not None
            assert server.target is not None or {server.name, server.server_id} & told
        else:
            assert server.disposition in {"retire", "retain"} or {server.name, server.server_id} & told
            assert server.wave is None


def test_servers_move_with_their_application(health12: Plan) -> None:
    waves = {application.application: application.wave for application in health12.applications}
    for server in health12.servers:
        if server.wave is not None:
            assert server.wave == waves[server.application or ""]


def test_move_groups_hold_every_application_once_and_travel_together(health12: Plan) -> None:
    waves = {application.application: application.wave for application in health12.applications}
    members = [name for group in health12.move_groups for name in group.applications]
    assert sorted(members) == sorted(waves)
    for group in health12.move_groups:
        assert len({waves[name] for name in group.applications} - {None}) <= 1


def test_the_plan_survives_its_file(health12: Plan, health12_out: Path) -> None:
    assert load_plan(health12_out / "plan.json") == health12


def test_flat_tables_have_their_columns_and_a_row_for_everything(health12: Plan, health12_out: Path) -> None:
    servers = rows(health12_out / "servers.csv")
    assert list(servers[0])[:9] == [
        "name",
        "site",
        "application",
        "disposition",
        "target",
        "wave",
        "cutover_date",
        "cost_usd_month",
        "source",
    ]
    assert len(servers) == len(health12.servers)
    assert list(rows(health12_out / "findings.csv")[0]) == ["code", "severity", "subject", "source", "message", "remedy"]
    for name in TABLES:
        assert rows(health12_out / name)


def test_two_runs_write_the_same_bytes(small_estate: Path) -> None:
    for name in ("one", "two"):
        write_plan(make_plan(small_estate / "plan.toml"), small_estate / name)
    assert digests(small_estate / "one") == digests(small_estate / "two")


def test_a_killed_run_leaves_no_half_written_output_and_a_rerun_succeeds(small_estate: Path) -> None:
    out = small_estate / "out"
    write_plan(make_plan(small_estate / "plan.toml"), out)
    before = digests(out)
    command = [sys.executable, "-m", "migrate", "plan", str(small_estate / "plan.toml"), "--quiet"]
    for delay in (1.0, 2.5, 4.0):
        run = subprocess.Popen(command, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(delay)
        if run.poll() is None:
            os.killpg(run.pid, signal.SIGKILL)
        run.wait()
        seen = {name: digest for name, digest in digests(out).items() if not name.startswith(".migrate-")}
        assert seen == before
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    assert digests(out) == before


def test_a_lone_workbook_is_a_complete_plan(exports: Path, tmp_path: Path) -> None:
    workbook = exports / "rvtools" / "SizingWorkshop-RVTools.xlsx"
    request = tmp_path / "plan.toml"
    request.write_text(f'[plan]\nstart = 2027-01-04\n[inventory]\nfiles = ["{workbook}"]\n', encoding="utf-8")
    plan = make_plan(request)
    templates = [finding for finding in plan.findings if finding.code == "template-excluded"]
    assert len(templates) == 10
    assert len(plan.servers) + len(templates) == 805
    assert all(server.wave or server.disposition in {"retire", "retain"} for server in plan.servers)
    assert any("inferred" in finding.message for finding in plan.findings)


def test_the_readme_speaks_true_python(tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    code = re.findall(r"```python\n(.*?)```", text, re.DOTALL)[0].replace("plans/health12/out", str(tmp_path / "out"))
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out" / "report.html").exists()


@pytest.mark.parametrize("reports", [True, False])
def test_files_that_a_new_plan_no_longer_has_are_removed(small_estate: Path, *, reports: bool) -> None:
    out = small_estate / "out"
    plan = make_plan(small_estate / "plan.toml")
    (out / "runbooks").mkdir(parents=True)
    (out / "runbooks" / "wave-99.md").write_text("of another plan")
    (out / "notes.txt").write_text("mine")
    write_plan(plan, out, reports=reports)
    assert not (out / "runbooks" / "wave-99.md").exists()
    assert (out / "notes.txt").read_text() == "mine"


def test_a_stage_that_fails_says_so_and_gives_the_collector_back() -> None:
    told: list[str] = []
    stages = Stages(broken=told.append, ended=lambda name, _: told.append(f"{name} ended"))
    with pytest.raises(KeyboardInterrupt), stages.stage("read"):
        assert not gc.isenabled()
        raise KeyboardInterrupt
    assert gc.isenabled()
    assert told == ["read"]
