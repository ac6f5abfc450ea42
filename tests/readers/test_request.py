"""Finding files, and the plan.toml that begins with them."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest

from migrate.errors import InputError
from migrate.readers import request_text, resolve_files
from migrate.spec.load import parse_spec
from tests.readers.files import flow_log, rvtools, vm

START = dt.date(2027, 1, 4)


@pytest.fixture
def inventory(tmp_path: Path) -> Path:
    folder = tmp_path / "inventory"
    (folder / "flows").mkdir(parents=True)
    (folder / "truth").mkdir()
    rvtools(folder / "rv.xlsx", [vm("a", Datacenter='DC "1"\\'), vm("b", Datacenter="Ü"), vm("c")])
    for turn in range(4):
        flow_log(folder / "flows" / f"{turn}.parquet", turn + 1)
    (folder / "truth" / "memberships.csv").write_text("server,application\na,b\n")
    (folder / ".hidden").write_text("x")
    (folder / "notes\n[x].txt").write_text("x")
    return folder


def test_a_folder_stands_for_its_files_and_the_parquet_below(inventory: Path) -> None:
    names = [path.relative_to(inventory).as_posix() for path in resolve_files(["."], inventory, "plan.toml")]
    assert names == [*(f"flows/{turn}.parquet" for turn in range(4)), "notes\n[x].txt", "rv.xlsx"]


def test_patterns_and_paths_are_found_once_each_in_order(inventory: Path) -> None:
    found = resolve_files(
        ["flows/*.parquet", "rv.xlsx", "**/*.parquet", "../inventory/r?.xlsx", str(inventory / "rv.xlsx")], inventory, "x"
    )
    assert [path.name for path in found] == [*(f"{turn}.parquet" for turn in range(4)), "rv.xlsx"]
    assert resolve_files(["notes\n[x].txt"], inventory, "x")[0].name == "notes\n[x].txt"


def test_a_base_with_wildcards_in_its_name_is_taken_as_it_is(tmp_path: Path) -> None:
    base = tmp_path / "plan [1]*"
    base.mkdir()
    (base / "a.csv").write_text("x")
    assert len(resolve_files(["*.csv"], base, "x")) == 1


@pytest.mark.parametrize("pattern", ["none.xlsx", "none/*.csv", "", "a\0b", "x" * 5000])
def test_what_finds_nothing_is_named(inventory: Path, pattern: str) -> None:
    with pytest.raises(InputError) as caught:
        resolve_files([pattern], inventory, "plan.toml")
    assert caught.value.where == "plan.toml"
    assert caught.value.remedy


def test_the_request_can_be_read_and_names_what_was_found(inventory: Path, tmp_path: Path) -> None:
    folder = tmp_path / "plans" / "mine"
    files = resolve_files(["."], inventory, "x")
    text = request_text(folder, files, START)
    spec = parse_spec(text)
    assert (spec.plan.name, spec.plan.start) == ("mine", START)
    assert spec.inventory.files == ("../../inventory/flows/*.parquet", "../../inventory/rv.xlsx")
    assert {site.name for site in spec.site} == {'DC "1"\\', "Ü"}
    assert spec.site[0].lease_end is None
    assert spec.window[0].days == ("sat", "sun")
    assert spec.waves.max_servers == 150
    assert "# The site of 1 servers is not known." in text
    folder.mkdir(parents=True)
    assert len(resolve_files(spec.inventory.files, folder, "x")) == 5
    assert request_text(folder, files[::-1], START) == text


def test_large_estates_get_larger_waves(tmp_path: Path) -> None:
    path = rvtools(tmp_path / "rv.xlsx", [vm(f"v{turn}") for turn in range(9_001)])
    assert parse_spec(request_text(tmp_path, [path], START)).waves.max_servers == 190


def test_hostile_file_names_survive(tmp_path: Path) -> None:
    names = [b'quote".xlsx', b"new\nline].xlsx", b"\xff\xfe[bytes].xlsx", b"del\x7f.xlsx", "übung\u202e.xlsx".encode()]
    paths = []
    for turn, name in enumerate(names):
        path = tmp_path / os.fsdecode(name)
        paths.append(rvtools(tmp_path / "plain.xlsx", [vm(f"v{turn}")]).rename(path))
    spec = parse_spec(request_text(tmp_path, paths, START))
    assert set(resolve_files(spec.inventory.files, tmp_path, "x")) == set(paths)
