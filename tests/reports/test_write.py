"""All reports in one folder, and what earlier runs left there."""

from __future__ import annotations

from pathlib import Path

from migrate.reports import write_reports
from migrate.reports.stale import remove_stale
from tests.factories import make_plan

NAMES = {
    "servers.csv", "applications.csv", "dependencies.csv", "waves.csv", "tasks.csv", "findings.csv", "groups.csv",
    "outside.csv", "sizing.csv",
    "report.html", "plan.xlsx", "board.pptx", "business-case.pdf",
    "diagrams/applications-by-wave.svg", "diagrams/wave-1.svg", "diagrams/wave-2.svg", "diagrams/wave-3.svg",
    "runbooks/wave-00.md", "runbooks/wave-01.md", "runbooks/wave-02.md", "runbooks/wave-03.md",
}  # fmt: skip


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_everything_is_written_the_same_twice(tmp_path: Path) -> None:
    said: list[str] = []
    written = write_reports(make_plan(), tmp_path / "once", said.append)
    assert {path.relative_to(tmp_path / "once").as_posix() for path in written} == NAMES
    assert said == ["tables", "report.html", "board.pptx, business-case.pdf", "runbooks", "plan.xlsx", "diagrams"]
    write_reports(make_plan(), tmp_path / "twice")
    assert files(tmp_path / "once") == files(tmp_path / "twice")
    assert set(files(tmp_path / "once")) == NAMES  # no temporary file is left


def test_only_our_own_leftovers_are_removed(tmp_path: Path) -> None:
    ours = [tmp_path / "runbooks" / "wave-09.md", tmp_path / "diagrams" / "wave-9.svg"]
    others = [
        tmp_path / "runbooks" / "notes.md", tmp_path / "runbooks" / "wave-09.md.bak", tmp_path / "wave-09.md",
        tmp_path / "diagrams" / "wave-9.png", tmp_path / "runbooks" / "wave-09-signed.md",
    ]  # fmt: skip
    kept = tmp_path / "runbooks" / "wave-01.md"
    for path in (*ours, *others, kept):
        path.parent.mkdir(exist_ok=True)
        path.write_text("x", encoding="utf-8")
    assert set(remove_stale(tmp_path, [kept])) == set(ours)
    assert all(path.exists() for path in (*others, kept))
