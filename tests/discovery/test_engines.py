"""Engines read what lies there, whatever it is called, and say in one sentence why they cannot."""

from __future__ import annotations

import gzip
from pathlib import Path

import duckdb
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from migrate.discovery.engines import open_engine
from migrate.discovery.engines.alike import alike
from migrate.discovery.flows import read_conversations
from migrate.errors import InputError, MigrateError, RequestError
from migrate.model.stages import FlowFile, FlowFiles, Layout
from migrate.spec.flows import Flows
from migrate.spec.secrets import without_secrets
from tests.discovery.worlds import record, sessions, write

SPACED = Layout("delimited", ("a", "b", "end"), " ", comment="#", skip_lines=1)


def _read(
    folder: Path, name: str, content: bytes, layout: Layout = SPACED
) -> tuple[list[tuple[str | None, ...]], dict[str, int]]:
    (folder / name).write_bytes(content)
    with open_engine(Flows(memory_gib=0.5)) as engine:
        (files,) = alike([FlowFile(folder / name, name, "vpc", layout)])
        return engine.run(engine.table(files)).sort(pl.all()).rows(), engine.unreadable()


@pytest.mark.parametrize("name", ["st*r.log", "q?.log", "[a].log", "a'b\".log", "b{a,c};--.log", "plain.gz", "no ending"])
def test_names_of_files_mean_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / "stXr.log").write_text("head\nnot this one\n")
    assert _read(tmp_path, name, b"head\n1 2 3\n")[0] == [("1", "2", "3")]


def test_gzip_is_seen_by_content(tmp_path: Path) -> None:
    assert _read(tmp_path, "flows.log", gzip.compress(b"head\n1 2 3\n"))[0] == [("1", "2", "3")]


@pytest.mark.parametrize(
    ("line", "read"),
    [
        (b"1 2 3\r", [("1", "2", "3")]),
        (b"1 2", [("1", "2", None)]),
        (b"1 2 3 4", [(None, None, None)]),
        (b"# 2 3", []),
        (b'1 2#2 "3', [("1", "2#2", '"3')]),
        (b"1\x00 2 3", [("1\x00", "2", "3")]),
        (b"", []),
    ],
)
def test_odd_lines_do_not_end_the_run(tmp_path: Path, line: bytes, read: list[tuple[str | None, ...]]) -> None:
    found, unreadable = _read(tmp_path, "f.log", b"\xef\xbb\xbfhead\n" + line + b"\n7 8 9")
    assert sorted(found, key=str) == sorted([*read, ("7", "8", "9")], key=str)
    assert unreadable == {}


def test_lines_that_no_engine_can_read_are_counted_by_file(tmp_path: Path) -> None:
    found, unreadable = _read(tmp_path, "f.log", b"head\nbad\xff 2 3\n1 2 " + b"x" * 2_100_000 + b"\n7 8 9\n")
    assert (found, unreadable) == ([("7", "8", "9")], {"f.log": 2})


@pytest.mark.parametrize("packed", [False, True])
def test_a_quote_that_is_not_closed_costs_its_own_line_only(tmp_path: Path, packed: bool) -> None:
    content = b'head\n"1",2,3\n"open,2,3\n"x, ""y""",5,6\n7,8,"9\n'
    layout = Layout("delimited", ("a", "b", "end"), ",", '"', skip_lines=1)
    found, unreadable = _read(tmp_path, "f", gzip.compress(content) if packed else content, layout)
    assert (found, unreadable) == ([("1", "2", "3"), ('x, "y"', "5", "6")], {"f": 2})


def test_files_of_other_types_are_read_apart_and_add_up(tmp_path: Path) -> None:
    rows = sessions("10.0.0.1", "10.0.0.2", 443, days=2)
    whole = read_conversations(write(tmp_path, rows), Flows())
    pl.DataFrame(rows[:4]).write_parquet(tmp_path / "1.parquet")
    pl.DataFrame(rows[4:]).cast(pl.String).write_parquet(tmp_path / "2.parquet")
    files = tuple(FlowFile(tmp_path / name, name, "vpc", Layout("parquet")) for name in ("2.parquet", "1.parquet"))
    assert len(alike(files)) == 2
    assert_frame_equal(read_conversations(FlowFiles(files), Flows()).named(), whole.named())


def test_a_table_is_aggregated_where_it_is(tmp_path: Path) -> None:
    flows = write(tmp_path, [record("10.0.0.1", "10.0.0.2", 40_000, 443)])
    place = tmp_path / "logs.duckdb"
    with duckdb.connect(str(place)) as connection:
        connection.execute(
            f"CREATE SCHEMA net; CREATE TABLE net.flows AS FROM '{tmp_path}/flows.parquet'; CREATE TABLE t (a int)"
        )
    url = f"duckdb://{place}"
    expected = read_conversations(flows, Flows())
    for name in ("net.flows", "logs.net.flows"):
        assert_frame_equal(read_conversations(FlowFiles(), Flows(engine=url, table=name)).named(), expected.named())
    with pytest.raises(InputError, match=r"has no table net\.nothing"):
        read_conversations(FlowFiles(), Flows(engine=url, table="net.nothing"))
    with pytest.raises(InputError, match=r"t: lacks columns of flow logs: for VPC Flow Logs srcaddr, dstaddr, dstport, protocol"):
        read_conversations(FlowFiles(), Flows(engine=url, table="t"))
    with pytest.raises(InputError, match="read by duckdb or spark only"):
        read_conversations(flows, Flows(engine=url, table="net.flows"))


@pytest.mark.parametrize(
    ("engine", "error", "told"),
    [
        ("nothing", RequestError, "no engine 'nothing'"),
        ("nothing://host", RequestError, "no backend 'nothing'"),
        (
            "trino://anna:s3cret@host/hive",
            MigrateError,
            r"driver of trino is not installed.*pip install 'ibis-framework\[trino\]'",
        ),
        ("trino://${NOT_SET_ANYWHERE}@host", RequestError, "the environment has no NOT_SET_ANYWHERE"),
    ],
)
def test_engines_that_are_not_to_be_had(engine: str, error: type[MigrateError], told: str) -> None:
    with pytest.raises(error, match=told) as caught:
        read_conversations(FlowFiles(), Flows(engine=engine, table="t"))
    assert "s3cret" not in str(caught.value)


def test_secrets_of_an_engine_stay_in_the_request() -> None:
    url = "trino://anna:s3c%2Fret/x@host:8443/hive?token=abcdef"
    asked = Flows(engine=url)
    assert "s3c" not in asked.model_dump_json()
    assert asked.model_dump()["engine"] == url
    assert without_secrets(url, "login failed for anna with s3c/ret/x and abcdef") == "login failed for *** with *** and ***"


def test_damaged_files_are_named_and_nothing_is_left_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "scratch").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "scratch"))
    (tmp_path / "f.gz").write_bytes(gzip.compress(b"head\n" + b"1 2 3\n" * 9_999)[:-20])
    with pytest.raises(InputError, match=r"f\.gz: cannot be read as flow logs"):
        _read(tmp_path, "f.gz", (tmp_path / "f.gz").read_bytes())
    assert list((tmp_path / "scratch").iterdir()) == []
