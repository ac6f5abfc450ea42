"""Flow logs are added up while inventories are read, and say the same; nobody waits for what nobody needs."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from migrate.discovery import listening
from migrate.discovery.flows import read_conversations
from migrate.errors import InputError
from migrate.model.stages import FlowFile, FlowFiles, Layout
from migrate.readers import read_inventory
from migrate.spec.flows import Flows
from tests.discovery.worlds import sessions, write
from tests.readers.files import rvtools, vm
from tests.readers.flow_driver import written

FLOWS = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status"
RECORD = "2 1 eni-1 10.0.0.1 10.0.0.2 50000 443 6 9 900 1790000000 1790000060 ACCEPT OK"


def test_what_was_heard_is_what_would_have_been_read(tmp_path: Path) -> None:
    flows = write(tmp_path, sessions("10.0.0.1", "10.0.0.2", 443, days=2))
    with listening(Flows()) as ears:
        ears.begin(flows)
        heard = ears.heard()
    assert heard is not None
    assert_frame_equal(heard.named(), read_conversations(flows, Flows()).named())
    with listening(Flows()) as ears:
        assert ears.heard() is None


def test_flow_logs_are_told_before_the_rest_is_read_unless_leases_belong_to_them(tmp_path: Path) -> None:
    servers = rvtools(tmp_path / "rv.xlsx", [vm("web1"), vm("db1")])
    flows = written(tmp_path / "flows.log", FLOWS, RECORD)
    leases = written(tmp_path / "leases.csv", "ip_address,hostname,lease_start,lease_end", "10.0.0.1,web1,2026-10-05,2026-10-06")
    told: list[FlowFiles] = []
    inventory = read_inventory([servers, flows], (), on_flows=told.append)
    assert told == [inventory.flows]
    assert read_inventory([servers, flows, leases], (), on_flows=told.append).flows == inventory.flows
    assert len(told) == 1


def test_a_damaged_flow_log_is_told_when_it_is_asked_for(tmp_path: Path) -> None:
    path = written(tmp_path / "flows.parquet", "PAR1 and nothing more")
    with listening(Flows()) as ears:
        ears.begin(FlowFiles((FlowFile(path, path.name, "vpc", Layout("parquet")),)))
        with pytest.raises(InputError, match="cannot be read as flow logs"):
            ears.heard()


def test_an_error_of_the_inventory_does_not_wait_for_the_flow_logs(tmp_path: Path) -> None:
    number = pl.int_range(300_000, eager=True).alias("n").to_frame()
    address = pl.format("10.{}.{}.{}", pl.col("n") % 7, pl.col("n") // 250 % 250, pl.col("n") % 250)
    times = {"start": 1_790_000_000 + pl.col("n") % 80_000, "end": 1_790_000_060 + pl.col("n") % 80_000}
    ports = {"srcport": 1_024 + pl.col("n") % 60_000, "dstport": pl.lit(443), "protocol": pl.lit(6)}
    rows = number.select(srcaddr=address, dstaddr=address.reverse(), packets=pl.lit(9), bytes=pl.lit(900), **ports, **times)
    rows.with_columns(action=pl.lit("ACCEPT")).write_parquet(tmp_path / "flows.parquet")
    with pytest.raises(InputError, match="an inventory"), listening(Flows()) as ears:
        ears.begin(FlowFiles((FlowFile(tmp_path / "flows.parquet", "flows.parquet", "vpc", Layout("parquet")),)))
        raise InputError("an inventory is damaged", where="a file", remedy="Export it again.")
    with pytest.raises(KeyboardInterrupt):  # they were given up in the middle
        ears.heard()
