"""Texts that tools and people write in odd ways are read, or it is said what is odd about them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from migrate.errors import InputError
from migrate.readers import read_inventory, resolve_files
from tests.readers.files import codes, dump, only, rvtools, server, vm

LIST = "application,criticality,owner\n"


def _with_list(tmp_path: Path, content: bytes, name: str = "apps.csv") -> list[Path]:
    (tmp_path / name).write_bytes(content)
    return [rvtools(tmp_path / "rv.xlsx", [vm("a")]), tmp_path / name]


@pytest.mark.parametrize(
    ("content", "row"),
    [
        ((LIST + "Pay,high,me\n,low,x\n").replace("\n", "\r"), 3),
        (("sep=;\n" + LIST + "Pay,high,me\n,low,x\n").replace(",", ";"), 4),
        (('"sep=|"\r\n' + LIST + "Pay,high,me\n,low,x\n").replace(",", "|"), 4),
    ],
)
def test_line_ends_and_delimiters_of_other_machines(tmp_path: Path, content: str, row: int) -> None:
    inventory = read_inventory(_with_list(tmp_path, content.encode()), [])
    assert inventory.estate.applications.select("application", "criticality", "owner").rows() == [("Pay", "high", "me")]
    assert only(inventory, "row-without-name").source == f"apps.csv:{row}"


def test_a_very_long_cell_is_shortened_and_cited(tmp_path: Path) -> None:
    inventory = read_inventory(_with_list(tmp_path, (LIST + "Pay,high," + "z" * 500_000 + "\n").encode()), [])
    assert only(inventory, "text-shortened").source == "apps.csv:2"


def test_an_unclosed_quotation_mark_names_its_line(tmp_path: Path) -> None:
    files = _with_list(tmp_path, (LIST + 'Pay,high,me\n"Shop,high,me\nCare,low,me\n').encode())
    with pytest.raises(InputError, match=r"apps\.csv:3: cannot be split into cells: a quotation mark"):
        read_inventory(files, [])


@pytest.mark.parametrize("last", ['"Shop","high","me, too"', '"Shop",high,"me,\n too"', 'Shop "the new",high,"me" too'])
def test_closed_quotation_marks_are_no_matter(tmp_path: Path, last: str) -> None:
    inventory = read_inventory(_with_list(tmp_path, (LIST + last + "\n").encode()), [])
    assert inventory.estate.applications.height == 1


def test_nul_characters_are_told(tmp_path: Path) -> None:
    early = read_inventory(_with_list(tmp_path, LIST.encode() + b"P\0ay,high,me\n"), [])
    assert "NUL characters" in only(early, "file-not-recognised").message
    late = read_inventory(_with_list(tmp_path, LIST.encode() + b"Pay,high,me\n" * 100_000 + b"S\0hop,low,me\n"), [])
    assert only(late, "nul-characters").source == "apps.csv:100002"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-8-sig"])
def test_json_in_other_encodings(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "cmdb.json"
    path.write_bytes(json.dumps({"result": [server("Köln")]}, ensure_ascii=False).encode(encoding))
    assert read_inventory([path], []).estate.servers["name"].to_list() == ["Köln"]


def test_json_without_records_is_not_called_text(tmp_path: Path) -> None:
    (tmp_path / "s.json").write_text("null")
    with pytest.raises(InputError, match="named as JSON, but holds neither an object nor a list"):
        read_inventory([tmp_path / "s.json"], [])


def test_a_repeated_record_that_differs_names_both(tmp_path: Path) -> None:
    records = [server("one"), server("two", sys_id="id-one", ram="8192"), server("three"), server("three", cluster="c")]
    inventory = read_inventory([dump(tmp_path / "c.json", records)], [])
    conflict = only(inventory, "record-conflict")
    assert conflict.source == "c.json:2; c.json:1"
    assert "one counts, two was left out although it differs in name, ram" in conflict.message
    assert inventory.estate.servers["name"].sort().to_list() == ["one", "three"]
    assert next(iter(inventory.inputs)).rows_quarantined == 2


def test_utilisation_of_a_server_that_nobody_knows_is_cited(tmp_path: Path) -> None:
    inventory = read_inventory(_with_list(tmp_path, b"server,cpu p95\na,5\nghost,6\n", "use.csv"), [])
    lost = only(inventory, "row-without-server")
    assert (lost.subject, lost.source) == ("ghost", "use.csv:3")
    assert codes(inventory, "a") == []


def test_a_folder_that_cannot_be_listed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "shut").mkdir()
    listed = Path.iterdir

    def refuse(folder: Path) -> object:
        if folder.name == "shut":
            raise PermissionError(13, "Permission denied", str(folder))
        return listed(folder)

    monkeypatch.setattr(Path, "iterdir", refuse)
    with pytest.raises(InputError, match=r"shut: cannot be read: Permission denied. Check its permissions"):
        resolve_files([str(tmp_path / "shut")], tmp_path, "plan.toml")
