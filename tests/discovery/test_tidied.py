"""Every row of the flow logs is told of, and each host has one text, however the logs write it."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from migrate.discovery import discover
from migrate.discovery.addresses import canonical
from migrate.discovery.naming import name_keys
from migrate.errors import InputError
from migrate.model.stages import Discovery
from migrate.short_run import discover_files
from tests.discovery.flow_samples import recognised
from tests.discovery.worlds import START, estate, spec


def _discovered(folder: Path, *rows: str, head: str = "client,server,port,protocol,bytes", encoding: str = "utf-8") -> Discovery:
    (folder / "edges.csv").write_text("\n".join([head, *rows]) + "\n", encoding=encoding)
    return discover(estate({}), recognised(folder / "edges.csv"), spec())


def _told(found: Discovery) -> dict[str, str]:
    return {finding.code: finding.message for finding in found.findings}


@pytest.mark.parametrize(
    ("written", "ip"),
    [
        *(("300.1.1.1", ""), ("010.0.0.1", ""), ("10.0.0.255", "10.0.0.255"), ("::ffff:10.0.0.1", "10.0.0.1"), ("1::2::3", "")),
        *(("FE80::1%eth0", "fe80::1"), ("fd00:0::1", "fd00::1"), ("a\u202eb\u00a0\x1b", "a b"), ("\u00a0", ""), ("12", "12")),
    ],
)
def test_ends_are_known_by_one_text(written: str, ip: str) -> None:
    assert canonical(pl.Series([written, None]))["ip"].to_list() == [ip]


def test_addresses_are_no_names() -> None:
    servers = pl.DataFrame({"server_id": ["a", "b"], "name": ["fd00::1", "10.0.0.1"]})
    assert name_keys(servers)["stem"].to_list() == [None, None]


def test_ends_written_in_several_ways_are_one_dependency_each(tmp_path: Path) -> None:
    rows = ("::ffff:10.0.0.1,10.0.0.2,443,tcp,5", "10.0.0.1,10.0.0.2,443,tcp,7", "WEB,db,1433,tcp,1", "web,DB,1433,tcp,2")
    found = _discovered(tmp_path, *rows, "fd00::1%eth0,fd00::2,443,tcp,1", "FD00::1,fd00:0::2,443,tcp,1")
    told = found.server_dependencies.select("consumer_id", "provider_id", "port", "bytes_day").rows()
    assert told == [("10.0.0.1", "10.0.0.2", 443, 12.0), ("WEB", "DB", 1433, 3.0), ("fd00::1", "fd00::2", 443, 2.0)]


def test_what_is_no_dependency_is_counted(tmp_path: Path) -> None:
    rows = ("a,a,443,tcp,1", "300.1.1.1,a,443,tcp,1", "\u00a0,a,443,tcp,1", "a,b,5432,,1", "a,b,443,gibberish,1")
    found = _discovered(tmp_path, *rows, "255.255.255.255,a,67,udp,9")
    told = _told(found)
    assert told["flow-records-malformed"].startswith("2 flow records")
    assert told["traffic-of-a-host-with-itself"].startswith("1 flow records in 1 conversations")
    assert told["flow-records-of-unknown-protocol"].startswith("2 flow records")
    assert told["flow-records-read"].endswith("were read: 4 accepted, 2 malformed")
    assert found.server_dependencies.select("protocol", "port").rows() == [("unknown", 443), ("unknown", 5432)]
    assert found.outside.is_empty()


def test_records_without_a_usable_day_are_counted(tmp_path: Path) -> None:
    head = "client,server,port,protocol,start"
    rows = [f"a,b,443,tcp,{time}" for time in (START, START + 60, "tomorrow", "2026-02-31 10:00", START + 2_000 * 86_400)]
    told = _told(_discovered(tmp_path, *rows, head=head))["flow-records-of-unknown-day"]
    assert "2 have no time that is understood and 1 lie outside the 1,008 days" in told


def test_lines_that_are_not_utf8_are_no_repeated_flows(tmp_path: Path) -> None:
    found = _discovered(tmp_path, "a,b,443,tcp,1", "caf\u00e9,b,443,tcp,1", encoding="latin-1")
    told = _told(found)
    assert told["flow-records-read"].startswith("1 flow records")
    assert told["flow-records-read"].endswith(": 1 accepted")
    assert told["flow-lines-unreadable"].startswith("1 lines")
    assert found.flow_rows == 2


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (f"2 1 eni-1 10.0.0.1 10.0.0.2 40000 443 6 20 4249 {START} {START} REJECT OK", "no server was found.*: 1 rejected"),
        ("x y 10.0.0.1 10.0.0.2 40000 443 6", "no file was recognised.*--fields"),
    ],
)
def test_flow_logs_that_tell_nothing_say_why(line: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "flow.log").write_text(line + "\n")
    with pytest.raises(InputError, match=told):
        discover_files([tmp_path / "flow.log"])
