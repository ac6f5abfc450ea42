"""Flow logs in an inventory: found, recognised by their head, counted where that is quick, and not read."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from migrate.errors import RequestError
from migrate.readers import inspect, read_inventory, recognise, resolve_files
from migrate.readers.flow_formats.record_kinds import MALFORMED
from tests.readers.files import flow_log, rvtools, server, vm
from tests.readers.flow_driver import records, written

VPC = "2 123456789010 eni-1 10.0.0.1 10.0.0.2 40000 443 6 20 4249 1791194400 1791194460 ACCEPT OK"
ZEEK = '{"ts":1.5,"id.orig_h":"10.0.0.1","id.resp_h":"10.0.0.2","id.resp_p":443,"proto":"tcp","uid":"%d"}'


def _cut_off(path: Path, lines: list[str]) -> Path:
    """Compressed, and damaged behind the head: whoever reads it whole fails."""
    packed = gzip.compress("\n".join(lines).encode(), 1)
    assert len("\n".join(lines)) > 1 << 20
    path.write_bytes(packed[: len(packed) // 2])
    return path


def test_a_compressed_log_is_recognised_by_its_head_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("migrate.readers.line_count._MOST_COMPRESSED", 10_000)
    text = _cut_off(tmp_path / "vpc.log.gz", [VPC.replace("4249", str(number)) for number in range(20_000)])
    lines = _cut_off(tmp_path / "conn.json.gz", [ZEEK % number for number in range(20_000)])
    assert [(item.reader, item.rows) for item in recognise([text, lines])] == [("flows", None), ("flows", None)]
    inventory = read_inventory([text, lines], [])
    assert [(file.label, file.format) for file in inventory.flows.files] == [("conn.json.gz", "zeek"), ("vpc.log.gz", "vpc")]


def test_rows_are_counted_where_that_is_quick(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    edges = written(tmp_path / "edges.csv", "client,server,port", "a,b,1", "b,c,2")
    zeek = written(tmp_path / "conn.log", "#fields\tid.orig_h\tid.resp_h\tid.resp_p\tproto", "a\tb\t1\ttcp", "#close\t2026")
    files = [edges, zeek, flow_log(tmp_path / "f.parquet", 5)]
    assert [(item.file, item.rows_read) for item in inspect(files).files] == [("conn.log", 1), ("edges.csv", 2), ("f.parquet", 5)]
    monkeypatch.setattr("migrate.readers.line_count._MOST", 5)
    inspection = inspect(files)
    assert [item.rows_read for item in inspection.files] == [None, None, 5]
    assert (inspection.rows_read, inspection.findings) == (5, ())


def test_declared_fields_reach_the_files(tmp_path: Path) -> None:
    path = written(tmp_path / "flow.log", "10.0.0.1 10.0.0.2 443 6")
    (file,) = read_inventory([path], [], flow_fields="srcaddr dstaddr dstport protocol").flows.files
    assert (file.format, file.layout.columns) == ("vpc", ("srcaddr", "dstaddr", "dstport", "protocol"))
    with pytest.raises(RequestError, match="fields lacks"):
        read_inventory([path], [], flow_fields="srcaddr dstaddr")


def test_flow_logs_in_partitions_are_found_and_other_tables_in_subfolders_are_not(tmp_path: Path) -> None:
    names = ("year=2026/month=10/a.parquet", "year=2026/b.csv", "AWSLogs/1/us-east-1/2026/10/05/c.log.gz", "d.csv", "truth/e.csv")
    for name in (*names, ".hidden/f.parquet", "truth/g.json"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = resolve_files([str(tmp_path)], Path(), "here")
    assert sorted(path.relative_to(tmp_path).as_posix() for path in found) == sorted(names[:4])


def test_records_of_a_cmdb_on_lines_are_still_read(tmp_path: Path) -> None:
    path = written(tmp_path / "servers.jsonl", *(json.dumps(server(f"s{number}")) for number in range(3)))
    assert read_inventory([path, rvtools(tmp_path / "rv.xlsx", [vm("a")])], []).estate.servers.height == 4


_CELLS = st.text(st.characters(exclude_characters='\n\r\x00,"', codec="utf-8"), max_size=20)
_ODD = st.sampled_from(
    ["", "-", "1e308", "-0", "0x1f", "9" * 40, "nan", "inf", "1.5 M", "2026-10-05T10:00:00+99:99", "0000-01-01"]
)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.lists(_CELLS | _ODD | st.integers().map(str), min_size=7, max_size=7), min_size=1, max_size=40))
def test_no_cells_at_all_make_an_error_or_lose_a_row(tmp_path: Path, rows: list[list[str]]) -> None:
    lines = [",".join(("x", *row)) for row in rows]
    path = written(tmp_path / "edges.csv", "client,server,port,protocol,bytes,packets,start,end", *lines)
    found = records(path)
    assert len(found) == len(rows)
    for record in found:
        assert 0 <= record["kind"] <= MALFORMED
        assert 0 <= record["bytes"] <= 2**45
        assert (record["start"] is None) == (record["end"] is None)
        if record["kind"] != MALFORMED:
            assert 0 <= record["dstport"] <= 65_535
            assert -1 <= record["protocol"] <= 255
