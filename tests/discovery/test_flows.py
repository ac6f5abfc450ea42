"""Flow logs become conversations with a client and a server."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from migrate.discovery.flows import read_conversations
from migrate.errors import InputError
from migrate.model.stages import FlowFile, FlowFiles, Layout
from migrate.spec.flows import Flows
from tests.discovery.worlds import DAY, START, SYN, SYN_ACK, record, sessions, write

CLIENT, SERVER = "10.0.0.1", "10.0.0.2"


def _from(flows: FlowFiles) -> tuple[pl.DataFrame, int]:
    found = read_conversations(flows, Flows())
    return found.named(), found.observed_days


def _file(path: Path) -> FlowFiles:
    return FlowFiles((FlowFile(path, path.name, "vpc", Layout("parquet")),))


def _read(folder: Path, rows: list[dict[str, Any]]) -> pl.DataFrame:
    return _from(write(folder, rows))[0]


def _ends(conversations: pl.DataFrame) -> set[tuple[str, str, int]]:
    return set(conversations.select("client", "server", "port").iter_rows())


def test_the_end_that_answers_syn_is_the_server_whatever_its_port(tmp_path: Path) -> None:
    rows = [
        record(CLIENT, SERVER, 1024, 50_123, tcp_flags=SYN),
        record(SERVER, CLIENT, 50_123, 1024, tcp_flags=SYN_ACK),
    ]
    assert _ends(_read(tmp_path, rows)) == {(CLIENT, SERVER, 50_123)}


def test_without_flags_a_known_port_is_the_server(tmp_path: Path) -> None:
    rows = [record(SERVER, CLIENT, 1433, 7_000), record(CLIENT, SERVER, 52_000, 5_999)]
    assert _ends(_read(tmp_path, rows)) == {(CLIENT, SERVER, 1433), (CLIENT, SERVER, 5_999)}


def test_without_flags_and_known_ports_the_port_that_many_share_is_the_server(tmp_path: Path) -> None:
    rows = [record(SERVER, CLIENT, 45_000, 50_000 + number) for number in range(5)]
    assert _ends(_read(tmp_path, rows)) == {(CLIENT, SERVER, 45_000)}


def test_a_high_port_opened_with_syn_once_is_a_server_later(tmp_path: Path) -> None:
    rows = [record(CLIENT, SERVER, 60_000, 47_000, tcp_flags=SYN), record(SERVER, CLIENT, 47_000, 60_000)]
    assert _ends(_read(tmp_path, rows)) == {(CLIENT, SERVER, 47_000)}


def test_both_directions_are_one_conversation_summed_once(tmp_path: Path) -> None:
    rows = sessions(CLIENT, SERVER, 443, days=2, a_day=3, size=500)
    row = _read(tmp_path, rows).row(0, named=True)
    assert (row["bytes_out"], row["bytes_in"], row["connections"], row["records"]) == (3_000, 3_000, 6, 12)


def test_every_row_is_accounted_for_whichever_way_it_goes(tmp_path: Path) -> None:
    found = read_conversations(write(tmp_path, sessions(CLIENT, SERVER, 443, days=2, a_day=3)), Flows())
    assert (found.rows, found.records) == (12, {0: 12})


def test_a_flow_that_both_interfaces_recorded_counts_once(tmp_path: Path) -> None:
    once = sessions(CLIENT, SERVER, 443, days=2)
    again = [row | {"interface_id": "eni-2"} for row in once]
    (tmp_path / "a").mkdir()
    assert_frame_equal(_read(tmp_path / "a", once), _read(tmp_path, once + again))


def test_days_are_counted_from_the_first_record_across_more_than_one_mask(tmp_path: Path) -> None:
    rows = [
        record(CLIENT, SERVER, 40_000, 443, start=START + 7_200 + day * DAY, end=START + 7_260 + day * DAY)
        for day in (0, 1, 70, 130)
    ]
    found, observed = _from(write(tmp_path, rows))
    assert observed == 4
    assert found.select(pl.col("^days_.*$").bitwise_count_ones()).row(0) == (2, 1, 1)


@pytest.mark.parametrize("text", [False, True])
def test_fields_may_be_missing_named_with_hyphens_or_written_as_text(tmp_path: Path, text: bool) -> None:
    frame = pl.DataFrame(
        {"srcaddr": [CLIENT], "dstaddr": [SERVER], "src-port": [1], "dstport": [443], "protocol": [6], "tcp-flags": [2]}
    )
    frame = frame.cast(pl.String) if text else frame
    frame.write_parquet(tmp_path / "f.parquet")
    found, observed = _from(_file(tmp_path / "f.parquet"))
    assert _ends(found) == {(CLIENT, SERVER, 443)}
    assert observed == 1
    assert found["first_seen"].to_list() == [None]


def test_times_may_be_timestamps_or_milliseconds(tmp_path: Path) -> None:
    seconds = [record(CLIENT, SERVER, 40_000, 443)]
    expected = _read(tmp_path, seconds)
    milliseconds = [row | {"start": row["start"] * 1000, "end": row["end"] * 1000} for row in seconds]
    assert_frame_equal(_read(tmp_path, milliseconds), expected)
    pl.DataFrame(seconds).with_columns(pl.from_epoch("start"), pl.from_epoch("end")).write_parquet(tmp_path / "t.parquet")
    assert_frame_equal(_from(_file(tmp_path / "t.parquet"))[0], expected)


def test_records_without_data_and_impossible_ones_are_kinds_of_their_own(tmp_path: Path) -> None:
    rows = [
        record("-", "-", 0, 0, log_status="NODATA", action="-"),
        record(CLIENT, SERVER, 70_000, 443),
        record(CLIENT, SERVER, 40_000, 443, bytes=-5),
        record(CLIENT, SERVER, 40_000, 443, bytes=2**62),
        record(CLIENT, SERVER, 40_000, 443, action="REJECT"),
    ]
    found = _read(tmp_path, rows)
    assert dict(found.select("kind", "records").iter_rows()) == {1: 1, 2: 1, 3: 3}


def test_files_that_are_no_flow_logs_are_named_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "broken.parquet").write_bytes(b"PAR1 nothing")
    with pytest.raises(InputError, match=r"broken\.parquet: cannot be read as flow logs"):
        _from(_file(tmp_path / "broken.parquet"))
    pl.DataFrame({"srcaddr": ["a"]}).write_parquet(tmp_path / "other.parquet")
    with pytest.raises(InputError, match="lacks columns of flow logs: for VPC Flow Logs dstaddr, dstport, protocol"):
        _from(_file(tmp_path / "other.parquet"))


@settings(max_examples=4, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10_000))
def test_the_order_of_records_and_files_does_not_matter(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    hosts = [f"10.0.0.{number}" for number in range(1, 6)]
    pairs = [rng.sample(hosts, 2) for _ in range(40)]
    rows = [
        record(
            one, other, rng.choice([443, 33_000, 40_001]), rng.choice([1433, 35_000, 50_000]), tcp_flags=rng.choice([0, 2, 18])
        )
        for one, other in pairs
    ]
    expected = _read(tmp_path, rows)
    rng.shuffle(rows)
    first, second = write(tmp_path, rows[:15], "1.parquet"), write(tmp_path, rows[15:], "2.parquet")
    assert_frame_equal(_from(FlowFiles((*second.files, *first.files)))[0], expected)
    assert expected["records"].sum() <= len(rows)
    assert expected.select(pl.col("bytes_out") + pl.col("bytes_in")).sum().item() == 1_000 * len(rows)
