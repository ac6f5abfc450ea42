"""No half-written file is ever seen under its final name."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from migrate.errors import RequestError
from migrate.files import publishing, replacing, scratch, write_text


def names(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = write_text(tmp_path / "a.csv", "old\n")
    with pytest.raises(KeyboardInterrupt), replacing(path) as temporary:
        temporary.write_text("half")
        raise KeyboardInterrupt
    assert path.read_text() == "old\n"
    assert names(tmp_path) == ["a.csv"]


def test_a_set_of_files_appears_together_and_drops_what_is_no_longer_made(tmp_path: Path) -> None:
    for made in (["wave-01.md", "wave-02.md"], ["wave-01.md"]):
        with publishing(tmp_path, last="plan.json", ours=("runbooks/wave-*.md",)) as staging:
            (staging / "runbooks").mkdir()
            for name in made:
                (staging / "runbooks" / name).write_text(name)
            (staging / "plan.json").write_text("{}")
            assert (tmp_path / "plan.json").exists() == (made == ["wave-01.md"])  # the first time it is not there before the end
    (tmp_path / "runbooks" / "notes.md").write_text("mine")
    assert names(tmp_path) == ["plan.json", "runbooks/notes.md", "runbooks/wave-01.md"]


def test_a_file_is_no_folder_for_a_set(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    with pytest.raises(RequestError, match="is a file, not a folder"), publishing(tmp_path / "out", last="plan.json"):
        pass
    assert (tmp_path / "out").read_text() == "mine"


def test_an_interrupted_set_leaves_the_old_one(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text("old")
    with pytest.raises(KeyboardInterrupt), publishing(tmp_path, last="plan.json") as staging:
        (staging / "plan.json").write_text("new")
        raise KeyboardInterrupt
    assert names(tmp_path) == ["plan.json"]
    assert (tmp_path / "plan.json").read_text() == "old"


def test_what_a_killed_run_left_behind_is_swept(tmp_path: Path) -> None:
    killed = "import os, sys, pathlib\nfrom migrate.files import publishing\n"
    killed += "with publishing(pathlib.Path(sys.argv[1]), last='x') as staging:\n"
    killed += "    (staging / 'x').write_text('half')\n    os.kill(os.getpid(), 9)\n"
    subprocess.run([sys.executable, "-c", killed, str(tmp_path)], check=False)
    assert [name for name in names(tmp_path) if name.endswith("/x")]
    with publishing(tmp_path, last="x") as staging:
        (staging / "x").write_text("whole")
    assert names(tmp_path) == ["x"]


def test_scratch_is_removed_and_what_a_killed_run_spilled_is_swept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    (tmp_path / f".migrate-{gone.pid}-x").mkdir()
    (tmp_path / "somebody's").mkdir()
    with scratch() as folder:
        (folder / "spilled").write_text("x")
        assert sorted(path.name for path in tmp_path.iterdir()) == [folder.name, "somebody's"]
    assert [path.name for path in tmp_path.iterdir()] == ["somebody's"]
