"""The command line: every verb helps and is documented, mistakes are one sentence with the right exit code."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from migrate.cli import app, main

ROOT = Path(__file__).parents[2]
VERBS = sorted(getattr(get_command(app), "commands", {}))


def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of ``migrate WORDS…``."""
    monkeypatch.setattr(sys, "argv", ["migrate", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr()
    code = ended.value.code
    return (code if isinstance(code, int) else int(code is not None)), told.out, told.err


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a planned estate of sixty servers."""
    from migrate.pipeline import make_plan, write_plan
    from migrate.sample import write_sample

    folder = tmp_path_factory.mktemp("cli")
    write_sample(60, 7, folder / "inventory")
    request = '[plan]\nname = "small"\nstart = 2027-01-04\n[inventory]\nfiles = ["inventory/*.*", "inventory/flows"]\n'
    (folder / "plan.toml").write_text(request, encoding="utf-8")
    write_plan(make_plan(folder / "plan.toml"), folder / "out", reports=False)
    return folder


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example_and_stands_in_the_readme(
    verb: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, _ = run(monkeypatch, capsys, verb, "--help")
    assert code == 0
    assert f"Example: migrate {verb}" in re.sub(r"\s+", " ", out)
    assert f"`migrate {verb} " in (ROOT / "README.md").read_text(encoding="utf-8")


def test_help_imports_nothing_heavy() -> None:
    code = "import sys; sys.argv = ['migrate', '--help']\nfrom migrate.cli import main\ntry: main()\nexcept SystemExit: pass\n"
    code += "print([name for name in ('polars', 'numpy', 'numba', 'pydantic', 'boto3', 'ibis') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


@pytest.mark.parametrize(
    "words",
    [
        ("explain", "PLAN", "Active Directory", "--json"),
        ("check", "PLAN", "--json"),
        ("score", "PLAN", "--json"),
        ("runbook", "PLAN", "--wave", "1", "--json"),
        ("schema", "plan"),
        ("schema", "request"),
        ("schema",),
        ("inspect", "INVENTORY", "--json"),
    ],
)
def test_json_is_json(
    words: tuple[str, ...], planned: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    places = {"PLAN": str(planned / "out" / "plan.json"), "INVENTORY": str(planned / "inventory" / "applications.csv")}
    code, out, _ = run(monkeypatch, capsys, *(places.get(word, word) for word in words))
    assert code == 0
    assert json.loads(out) is not None


def test_plan_json_prints_its_figures(
    small_estate: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("plan", str(small_estate / "plan.toml"), "--no-reports", "--json", "--quiet")
    code, out, err = run(monkeypatch, capsys, *words)
    assert (code, err) == (0, "")
    assert json.loads(out)["servers"] == 60
    assert not (small_estate / "out" / "report.html").exists()


def test_init_writes_a_request_that_plans(
    small_estate: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = small_estate / "made"
    files = [str(path) for path in sorted((small_estate / "inventory").glob("*.*"))]
    words = ("init", str(folder), "--start", "2027-01-04", "--inventory", *files, str(small_estate / "inventory" / "flows"))
    assert run(monkeypatch, capsys, *words)[0] == 0
    assert run(monkeypatch, capsys, "plan", str(folder / "plan.toml"), "--no-reports", "-q")[0] == 0
    code, _, err = run(monkeypatch, capsys, *words)
    assert (code, "--force" in err) == (2, True)


def test_a_hand_edited_plan_that_breaks_a_rule_does_not_pass(
    planned: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = json.loads((planned / "out" / "plan.json").read_text(encoding="utf-8"))
    moved = next(item for item in plan["applications"] if item["wave"])
    moved["wave"] = 399
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan), encoding="utf-8")
    code, out, err = run(monkeypatch, capsys, "check", str(path))
    assert code == 3
    assert moved["application"] in out
    assert "broken" in err


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ('[inventory]\nfiles = ["none/*.xlsx"]\n', 2, "none/*.xlsx"),
        ('[inventory]\nfiles = ["plan.toml"]\n', 2, "plan.toml"),
        ("", 2, "names no inventory"),
        ("[waves]\nmax_servers = 1\n", 3, "max_servers"),
        ('[[freeze]]\nid = "always"\nfrom = 2026-01-01\nto = 2060-01-01\n', 3, "always"),
        (
            '[[rule]]\nid = "a"\nbefore = { first = "DNS", then = "Backup" }\n'
            '[[rule]]\nid = "b"\nbefore = { first = "Backup", then = "DNS" }\nstrictly = true\n',
            3,
            "a",
        ),
        ('[target]\nregions = ["mars-1"]\n', 2, "mars-1"),
        ('[[pin]]\napplication = "Active Directry"\nwave = 1\nwhy = "x"\n', 2, "Active Directory"),
    ],
)
def test_a_request_that_cannot_be_met_is_told_without_a_traceback(
    small_estate: Path,
    text: str,
    code: int,
    words: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    inventory = "" if "[inventory]" in text or not text else '[inventory]\nfiles = ["inventory"]\n'
    request = small_estate / "plan.toml"
    request.write_text(f"[plan]\nstart = 2027-01-04\n{inventory}{text}", encoding="utf-8")
    ended, out, err = run(monkeypatch, capsys, "plan", str(request), "--quiet")
    assert (ended, out) == (code, "")
    assert err.startswith("migrate: ")
    assert all(line.startswith("  Lifting ") and code == 3 for line in err.splitlines()[1:])
    assert words in err


def test_a_rehearsal_is_told_and_leaves_a_journal(
    planned: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plan = planned / "out" / "plan.json"
    wave = json.loads(plan.read_text(encoding="utf-8"))["waves"][0]["wave"]
    code, out, _ = run(monkeypatch, capsys, "rehearse", str(plan), "--wave", str(wave), "-q")
    assert code == 0
    assert "servers" in out
    assert (planned / "out" / "rehearsals" / f"wave-{wave:02d}.jsonl").exists()
    code, _, err = run(monkeypatch, capsys, "rehearse", str(plan), "--wave", "397", "-q")
    assert (code, "397" in err) == (2, True)
