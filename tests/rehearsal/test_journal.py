from __future__ import annotations

import json
from pathlib import Path

import pytest

from migrate.errors import GateError, RequestError
from migrate.rehearsal import rehearse
from tests.factories import make_plan
from tests.rehearsal.plans import with_server


def written(path: Path, **named: str) -> bytes:
    rehearse(make_plan(), 2, journal=path, **named)  # type: ignore[arg-type]
    return path.read_bytes()


def test_two_journals_have_the_same_bytes(tmp_path: Path) -> None:
    assert written(tmp_path / "a.jsonl") == written(tmp_path / "b.jsonl")


def test_a_line_is_written_when_its_step_is_done(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    lines: list[int] = []
    report = rehearse(make_plan(), 2, journal=path, progress=lambda *_: lines.append(path.read_bytes().count(b"\n")))
    assert lines == list(range(2, len(report.steps) + 2))
    steps = [json.loads(line) for line in path.read_text().splitlines()[1:]]
    assert [(step["n"], step["status"]) for step in steps] == [(step.n, step.status) for step in report.steps]


def test_no_id_or_clock_of_the_mock_stands_in_it(tmp_path: Path) -> None:
    text = written(tmp_path / "journal.jsonl", fault="launch:sth-pay-app-01").decode()
    assert "ami-" not in text
    assert "sg-" not in text


@pytest.mark.parametrize("keep", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_an_interrupted_rehearsal_resumes_and_ends_with_the_same_bytes(tmp_path: Path, keep: float) -> None:
    path = tmp_path / "journal.jsonl"
    whole = written(path)
    head = whole.index(b"\n") + 1
    cut = head + round((len(whole) - head) * keep)
    path.write_bytes(whole[:cut])
    report = rehearse(make_plan(), 2, journal=path)
    assert path.read_bytes() == whole
    assert report.resumed_steps == whole[:cut].count(b"\n") - 1


def test_a_kill_in_the_middle_leaves_a_journal_that_resumes(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    calls = 0

    def killed(_: str, __: float) -> None:
        nonlocal calls
        calls += 1
        if calls == 7:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        rehearse(make_plan(), 2, journal=path, progress=killed)
    report = rehearse(make_plan(), 2, journal=path)
    assert report.passed
    assert report.resumed_steps == 7
    assert path.read_bytes() == written(tmp_path / "other.jsonl")


def test_the_journal_of_another_rehearsal_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    first = written(path, fault="launch:sth-pay-app-01")
    second = written(path)
    assert second == written(tmp_path / "other.jsonl")
    rehearse(with_server(make_plan(), "sth-pay-app-01", target="m6i.2xlarge"), 2, journal=path)
    assert path.read_bytes() not in (first, second)


def test_a_file_that_is_no_journal_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("my notes\n")
    with pytest.raises(RequestError, match="not a journal"):
        rehearse(make_plan(), 2, journal=path)
    assert path.read_text() == "my notes\n"


def test_a_journal_that_tells_another_story_is_not_continued(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    path.write_bytes(written(path).replace(b"m6i.large at", b"m6i.small at"))
    with pytest.raises(GateError, match="went differently"):
        rehearse(make_plan(), 2, journal=path)


def test_a_journal_with_steps_too_many_is_not_believed(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    whole = written(path)
    path.write_bytes(whole + whole.splitlines(keepends=True)[-1])
    with pytest.raises(GateError, match="1 steps that this rehearsal did not come to"):
        rehearse(make_plan(), 2, journal=path)


def test_a_folder_that_cannot_be_written_is_a_wrong_request(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(RequestError):
        rehearse(make_plan(), 2, journal=tmp_path / "file" / "journal.jsonl")
