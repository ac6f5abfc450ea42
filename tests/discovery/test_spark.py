"""DuckDB and Spark give the same answer, whatever the format. Needs PySpark and Java: `make spark`."""

from __future__ import annotations

import datetime as dt
import importlib.util
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from migrate.discovery.engines.alike import alike
from migrate.discovery.engines.opening import open_engine
from migrate.discovery.flows import read_conversations
from migrate.errors import InputError
from migrate.model.stages import FlowFile, FlowFiles, Layout
from migrate.spec.flows import Flows
from tests.discovery.flow_samples import DAY, START, every_format

pytestmark = [
    pytest.mark.skipif(
        importlib.util.find_spec("pyspark") is None or shutil.which("java") is None, reason="PySpark or Java is not installed"
    ),
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),  # sockets that py4j leaves to the collector
]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from pyspark.sql import SparkSession

    scratch = tmp_path_factory.mktemp("spark")
    settings = {
        "spark.master": "local[2]",
        "spark.log.level": "ERROR",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.local.dir": str(scratch),
        "spark.sql.warehouse.dir": str(scratch / "warehouse"),
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.codegen.wholeStage": "false",  # compiling would take longer than these few rows
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    }
    builder = SparkSession.builder
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


def test_every_format_and_leases_come_out_alike(session: Any, tmp_path: Path) -> None:
    flows = every_format(tmp_path)
    assert {file.format for file in flows.files} >= {"vpc", "zeek", "edges"}
    begin = dt.datetime.fromtimestamp(START, dt.UTC)
    leases = pl.DataFrame(
        {
            "server_id": ["one", "two"],
            "ip": ["10.0.0.1", "10.0.0.1"],
            "valid_from": [begin, begin + dt.timedelta(days=5)],
            "valid_to": [None, begin + dt.timedelta(days=8)],
            "source": ["leases.csv", "leases.csv"],
        }
    )
    found = {
        engine: read_conversations(flows, Flows(engine=engine, time_zone="America/Chicago"), leases)
        for engine in ("duckdb", "spark")
    }
    here, there = found["duckdb"], found["spark"]
    assert_frame_equal(there.named(), here.named())
    assert here.frame["bytes_day_p95"].max() is not None
    assert here.named()["client"].str.starts_with("lease:").any()
    assert (here.observed_days, here.rows, here.records, here.start, here.end, here.unreadable, here.formats) == (
        *(there.observed_days, there.rows, there.records, there.start, there.end, there.unreadable, there.formats),
    )
    left = [row.tableName for row in session.sql("SHOW TABLES").collect()]
    assert all(name.startswith("ibis_pyarrow_memtable") for name in left)  # ibis drops its own when they are collected


def test_hostile_lines_and_names_are_read_alike(session: Any, tmp_path: Path) -> None:
    lines = b'head\r\na b 1\nshort 2\ntoo many 3 4\n\nbad\xff utf8 6\nnul\x00 b 7\n"q b 8\ncrlf b 9\r\n# comment\nx y#z 12\nlong '
    plain = Layout("delimited", ("a", "end", "`c'\""), " ", comment="#", skip_lines=1)
    quoted = Layout("delimited", ("a", "b", "c"), ",", quote='"')
    objects = Layout("json", ("id.orig_h", "`"))
    contents = {
        "_a:*[x]'{}%20#?.log": (plain, lines + b"x" * 2_100_000 + b" 13\nlast b 14"),
        ".quoted.gz": (quoted, b'\xef\xbb\xbf"a,b",b,c\n"say ""hi""",,d\na,b,c,d\n'),
        "objects": (objects, b'{"id.orig_h":"x","`":{"a":1}}\n{bad\n\n{"`":"\xff"}\n{"`":true}\n'),
    }
    files = []
    for name, (layout, content) in contents.items():
        (tmp_path / name).write_bytes(content)
        files.append(FlowFile(tmp_path / name, name, "vpc", layout))
    answers = []
    for name in ("duckdb", "spark"):
        with open_engine(Flows(engine=name)) as engine:
            tables = [engine.run(engine.table(some)) for some in alike(files)]
            answers.append([table.sort(pl.all()) for table in tables])
            assert engine.unreadable() == {"_a:*[x]'{}%20#?.log": 2}
    for here, there in zip(*answers, strict=True):
        assert_frame_equal(there, here)
    assert [len(table) for table in answers[0]] == [3, 8, 4]


def test_a_table_of_the_catalog_is_aggregated_where_it_is(session: Any, tmp_path: Path) -> None:
    rows = [("10.0.0.1", "10.0.0.2", 443, 6, START + number * DAY) for number in range(3)]
    session.createDataFrame(
        rows, "srcaddr string, dstaddr string, dstport int, protocol int, start long"
    ).createOrReplaceTempView("vpc_flow_logs")
    found = read_conversations(FlowFiles(), Flows(engine="spark", table="vpc_flow_logs"))
    assert found.named().select("client", "server", "port", "records", "days_0").rows() == [("10.0.0.1", "10.0.0.2", 443, 3, 7)]
    with pytest.raises(InputError, match=r"flows\.table: Spark has no table nothing"):
        read_conversations(FlowFiles(), Flows(engine="spark", table="nothing"))
    session.catalog.dropTempView("vpc_flow_logs")
