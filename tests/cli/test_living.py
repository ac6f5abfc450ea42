"""Living with a plan from the command line: export, edit, score, replan, diff, scenario."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from migrate.pipeline import make_plan, write_plan
from migrate.sample import write_sample
from migrate.spec.load import load_spec
from tests.cli.test_cli import run

Patch = pytest.MonkeyPatch
Caught = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("living")
    write_sample(60, 7, folder / "inventory")
    shutil.rmtree(folder / "inventory" / "truth")
    text = '[plan]\nname = "small"\nstart = 2027-01-04\n[inventory]\nfiles = ["inventory"]\n[waves]\nmax_servers = 25\n'
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    write_plan(make_plan(folder / "plan.toml"), folder / "out", reports=False)
    return folder


@pytest.fixture
def planned(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "x")
    return tmp_path / "x"


def test_an_edit_is_scored_pinned_and_told(planned: Path, monkeypatch: Patch, capsys: Caught) -> None:
    plan, table = str(planned / "out" / "plan.json"), planned / "edited.csv"
    code, out, _ = run(monkeypatch, capsys, "export", plan, "--format", "waves-csv", "--out", str(table), "--json")
    assert (code, json.loads(out)["file"]) == (0, str(table))
    code, out, _ = run(monkeypatch, capsys, "score", plan, "--waves", str(table))
    assert code == 0
    assert "every application where the plan has it" in out
    waves = json.loads(Path(plan).read_text(encoding="utf-8"))["waves"]
    name, last = waves[-1]["applications"][0], waves[-1]["wave"]
    lines = table.read_text(encoding="utf-8-sig").splitlines()
    edited = [line.replace(f",{name},{last},", f",{name},{last + 1},") for line in lines]
    assert edited != lines
    table.write_text("\n".join(edited) + "\n", encoding="utf-8")
    code, out, _ = run(monkeypatch, capsys, "score", plan, "--waves", str(table), "--json")
    scored = json.loads(out)
    assert [(edit["application"], edit["after"]) for edit in scored["edits"]] == [(name, last + 1)]
    assert code == (3 if scored["violations"] else 0)
    assert scored["extra"] == []
    words = ("replan", str(planned / "plan.toml"), "--from", plan, "--waves", str(table), "--no-reports", "-q")
    code, out, err = run(monkeypatch, capsys, *words)
    assert (code, err) == (0, "")
    assert f"Pinned {name} to wave {last + 1}" in out
    assert [(pin.application, pin.wave) for pin in load_spec(planned / "plan.toml").pin] == [(name, last + 1)]
    again = json.loads(Path(plan).read_text(encoding="utf-8"))
    assert next(item["wave"] for item in again["applications"] if item["application"] == name) == last + 1
    code, out, _ = run(monkeypatch, capsys, "check", plan)
    assert code == 0


def test_an_edit_that_breaks_a_rule_does_not_pass_and_pins_nothing(planned: Path, monkeypatch: Patch, capsys: Caught) -> None:
    plan, table = str(planned / "out" / "plan.json"), planned / "edited.csv"
    names = [item["application"] for item in json.loads(Path(plan).read_text(encoding="utf-8"))["applications"] if item["wave"]]
    table.write_text("application,wave\n" + "".join(f'"{name}",1\n' for name in names), encoding="utf-8")
    code, out, err = run(monkeypatch, capsys, "score", plan, "--waves", str(table))
    assert code == 3
    assert "waves.max_servers" in out
    assert "broken" in err
    before = (planned / "plan.toml").read_bytes()
    code, _, err = run(monkeypatch, capsys, "replan", str(planned / "plan.toml"), "--from", plan, "--waves", str(table), "-q")
    assert (code, (planned / "plan.toml").read_bytes()) == (3, before)
    assert err.startswith("migrate: ")


def test_diff_tells_moves_with_reasons_as_table_and_as_json(planned: Path, monkeypatch: Patch, capsys: Caught) -> None:
    plan = planned / "out" / "plan.json"
    content = json.loads(plan.read_text(encoding="utf-8"))
    moved = next(item for item in content["applications"] if item["wave"] and item["wave"] > 1)
    moved["wave"], moved["cutover_date"] = moved["wave"] + 1, None
    other = planned / "other.json"
    other.write_text(json.dumps(content), encoding="utf-8")
    code, out, _ = run(monkeypatch, capsys, "diff", str(plan), str(other), "--json")
    found = json.loads(out)
    assert code == 0
    assert [move["application"] for move in found["moves"]] == [moved["application"]]
    assert found["moves"][0]["days"] > 0
    assert found["moves"][0]["reasons"]
    code, out, _ = run(monkeypatch, capsys, "diff", str(plan), str(other))
    assert moved["application"] in out
    code, out, _ = run(monkeypatch, capsys, "diff", str(plan), str(plan))
    assert (code, "Both plans decide the same." in out) == (0, True)


def test_scenarios_are_told_written_and_json(planned: Path, monkeypatch: Patch, capsys: Caught) -> None:
    words = ("scenario", str(planned / "plan.toml"), "--set", "waves.max_servers=25,1", "--jobs", "1", "-q")
    code, out, err = run(monkeypatch, capsys, *words, "--json")
    assert (code, err) == (0, "")
    found = json.loads(out)
    assert [bool(item["reason"]) for item in found] == [False, True]
    folder = planned / "out" / "scenarios"
    assert sorted(path.name for path in folder.iterdir()) == ["scenarios.csv", "scenarios.html", "scenarios.json"]
    assert json.loads((folder / "scenarios.json").read_text(encoding="utf-8")) == found


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("export", "PLAN", "--format", "xlsx"), "waves-xlsx"),
        (("export", "PLAN", "--format", "mgn", "--account", "12"), "twelve digits"),
        (("replan", "REQUEST", "--from", "PLAN", "--done", "Nobody"), "Nobody"),
        (("replan", "REQUEST", "--from", "nowhere.json"), "nowhere.json"),
        (("replan", "REQUEST", "--from", "PLAN", "--actuals", "PLAN"), "plan.json"),
        (("scenario", "REQUEST", "--set", "waves.max_server=3"), "max_servers"),
        (("score", "PLAN", "--waves", "REQUEST"), "plan.toml"),
        (("diff", "PLAN", "REQUEST"), "plan.toml"),
    ],
)
def test_mistakes_are_one_sentence(words: tuple[str, ...], said: str, planned: Path, monkeypatch: Patch, capsys: Caught) -> None:
    places = {"PLAN": str(planned / "out" / "plan.json"), "REQUEST": str(planned / "plan.toml")}
    code, out, err = run(monkeypatch, capsys, *(places.get(word, word) for word in words))
    assert (code, out) == (2, "")
    assert said in err
    assert err.count("\n") == 1
