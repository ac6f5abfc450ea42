"""Files that cannot be used: one sentence, never a traceback."""

from __future__ import annotations

import io
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate.errors import InputError
from migrate.readers import inspect, read_inventory, recognise
from tests.readers.files import REAL, codes, flow_log, rvtools, vm


def _refused(path: Path, match: str) -> None:
    with pytest.raises(InputError, match=match) as caught:
        read_inventory([path], [])
    assert path.name in str(caught.value)
    assert "\n" not in str(caught.value)
    assert caught.value.remedy


def test_missing_folder_link_and_pipe(tmp_path: Path) -> None:
    _refused(tmp_path / "none.xlsx", "no such file")
    _refused(tmp_path, "not a regular file")
    rvtools(tmp_path / "rv.xlsx", [vm("a")])
    (tmp_path / "link.xlsx").symlink_to(tmp_path / "rv.xlsx")
    _refused(tmp_path / "link.xlsx", "symbolic link")
    os.mkfifo(tmp_path / "pipe.csv")
    _refused(tmp_path / "pipe.csv", "not a regular file")


def test_encrypted_old_empty_and_truncated_workbooks(tmp_path: Path) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    for name, content, match in (
        ("secret.xlsx", ole + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("old.xls", ole, r"old .xls"),
        ("empty.xlsx", b"", "empty"),
        ("text.xlsx", b"VM,CPUs\n", "damaged"),
        ("half.xlsx", rvtools(tmp_path / "rv.xlsx", [vm("a")]).read_bytes()[:2000], "truncated"),
        ("half.parquet", flow_log(tmp_path / "f.parquet").read_bytes()[:300], "damaged"),
        ("broken.json.gz", b"\x1f\x8b\x08\x00garbage", "decompressed"),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        _refused(path, match)


def test_an_archive_that_would_unpack_to_gigabytes_is_not_opened(tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    # one member whose directory entry promises five gigabytes
    content = bytearray(packed.getvalue())
    entry = content.rindex(b"PK\x01\x02")
    content[entry + 24 : entry + 28] = (4_290_000_000).to_bytes(4, "little")
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(content)
    _refused(path, "unreasonable size")


def test_an_unclosed_quotation_mark_is_told(tmp_path: Path) -> None:
    path = tmp_path / "apps.csv"
    path.write_text('application,criticality,owner\n"never closed,' + "x" * 200_000)
    _refused(path, "cannot be split into cells")


def test_two_readers_that_claim_a_file_are_named(tmp_path: Path) -> None:
    path = tmp_path / "both.csv"
    path.write_text("application,criticality,owner,server,cpu p95\nA,high,me,s,5\n")
    _refused(path, "application list .* and utilisation")


def test_a_file_that_no_reader_knows_is_a_finding_unless_it_is_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    _refused(tmp_path / "notes.txt", "no file was recognised")
    inventory = read_inventory([tmp_path / "notes.txt", rvtools(tmp_path / "rv.xlsx", [vm("a")])], [])
    assert codes(inventory) == ["file-not-recognised"]
    assert [record.file for record in inventory.inputs] == ["rv.xlsx"]


def test_other_tools_exports_are_not_recognised_and_do_no_harm() -> None:
    folders = ("aws_cmf", "azure_migrate", "cast_highlight", "device42", "konveyor", "migvisor", "vm_traces", "zeek")
    files = [path for name in folders for path in sorted((REAL / name).glob("*"))]
    if not files:
        pytest.skip("the real exports are not here")
    assert {item.reader for item in recognise(files)} == {"flows", None}


def test_flow_logs_are_recognised_counted_and_not_read(tmp_path: Path) -> None:
    north, south = tmp_path / "north", tmp_path / "south"
    north.mkdir()
    south.mkdir()
    files = [flow_log(south / "f.parquet", 5), flow_log(north / "f.parquet", 7), rvtools(tmp_path / "rv.xlsx", [vm("a")])]
    inventory = read_inventory(files, [])
    assert tuple(file.path for file in inventory.flows.files) == (north / "f.parquet", south / "f.parquet")
    assert [(record.file, record.rows_read) for record in inventory.inputs] == [
        ("north/f.parquet", 7),
        ("rv.xlsx", 1),
        ("south/f.parquet", 5),
    ]
    assert len({record.sha256 for record in inventory.inputs}) == 3


def test_inspection_shows_every_file(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("hello")
    files = [tmp_path / "notes.txt", rvtools(tmp_path / "rv.xlsx", [vm("a", Memory=-1), vm("t", Template="True")])]
    inspection = inspect(files)
    assert [(item.file, item.reader, item.rows_read, item.rows_quarantined, item.doubts) for item in inspection.files] == [
        ("notes.txt", None, 0, 0, 1),
        ("rv.xlsx", "rvtools", 2, 1, 1),
    ]
    assert (inspection.rows_read, inspection.rows_quarantined, inspection.tables["servers"]) == (2, 1, 1)
    assert inspection.model_validate_json(inspection.model_dump_json()) == inspection


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(max_size=300),
    start=st.sampled_from([b"", b"PK\x03\x04", b"PAR1", b"\x1f\x8b", b"{", b"server,cpu p95\n", b"[{"]),
    suffix=st.sampled_from(["csv", "xlsx", "json", "parquet", "bin"]),
)
def test_no_bytes_at_all_make_a_traceback(tmp_path: Path, content: bytes, start: bytes, suffix: str) -> None:
    path = tmp_path / f"any.{suffix}"
    path.write_bytes(start + content)
    try:
        read_inventory([path], [])
    except InputError as error:
        assert error.where


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.floats(0, 1), flip=st.integers(1, 255))
def test_a_damaged_workbook_makes_no_traceback(tmp_path: Path, place: float, flip: int) -> None:
    path = tmp_path / "rv.xlsx"
    whole = path.with_name("whole.xlsx")
    if not whole.exists():
        rvtools(whole, [vm(f"a{turn}") for turn in range(20)])
    content = bytearray(whole.read_bytes())
    content[int(place * (len(content) - 1))] ^= flip
    path.write_bytes(content)
    try:
        read_inventory([path], [])
    except InputError as error:
        assert error.where
