"""Who the ends of flows are: servers by lease, address or name."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl

from migrate.discovery import discover
from migrate.model.estate import Estate, build_estate
from migrate.model.stages import FlowFile, FlowFiles, Layout
from tests.discovery.worlds import DAY, START, address, estate, sessions, spec, write


def _edges(folder: Path, rows: list[tuple[str, str, int]]) -> FlowFiles:
    path = folder / "edges.parquet"
    pl.DataFrame(rows, schema=["client", "server", "port"], orient="row").with_columns(protocol=pl.lit("tcp")).write_parquet(path)
    return FlowFiles((FlowFile(path, path.name, "edges", Layout("parquet")),))


def test_names_count_as_in_every_other_inventory(tmp_path: Path) -> None:
    world = estate(
        {"web01": "Portal", "sql01": "Ledger", "twin-a": "A", "twin-b": "B"},
        fqdn={"sql01": "sql01.example.org", "twin-a": "twin.one.example", "twin-b": "twin.two.example"},
    )
    rows = [("WEB01", "SQL01.example.org.", 1433), ("web01.example.org", "sql01", 5432), ("twin", "sql01", 1433)]
    found = discover(world, _edges(tmp_path, rows), spec())
    assert found.server_dependencies.select("consumer_id", "provider_id", "port", "sources").rows() == [
        ("web01", "sql01", 1433, ["edges"]),
        ("web01", "sql01", 5432, ["edges"]),
    ]
    assert found.server_dependencies["bytes_day_p95"].to_list() == [None, None]
    assert [finding.subject for finding in found.findings if finding.code == "flow-end-ambiguous"] == ["twin"]
    assert found.outside.select("network", "kind", "direction").rows() == [("twin", "name", "inbound")]


def test_an_address_belongs_to_the_server_that_held_it_when_the_flow_began(tmp_path: Path) -> None:
    world = estate({"early": "Early", "late": "Late", "sql": "Ledger"})
    begin = dt.datetime.fromtimestamp(START, tz=dt.UTC)
    leases = pl.DataFrame(
        {
            "server_id": ["early", "late"],
            "ip": ["10.50.0.9"] * 2,
            "valid_from": [begin, begin + dt.timedelta(days=5)],
            "valid_to": [begin + dt.timedelta(days=5), begin + dt.timedelta(days=9)],
            "source": ["dhcp:1", "dhcp:2"],
        }
    )
    tables: dict[str, pl.DataFrame] = {name: getattr(world, name) for name in Estate.members()}
    leased, findings = build_estate({**tables, "leases": leases})
    assert not findings
    rows = sessions("10.50.0.9", address(world, "sql"), 1433, days=10)
    found = discover(leased, write(tmp_path, rows), spec())
    days = dict(found.server_dependencies.select("consumer_id", "active_days").iter_rows())
    last = sum(row["start"] >= START + 9 * DAY and row["dstport"] == 1433 for row in rows)
    assert days == {"early": 5, "late": 4}
    assert found.outside.select("network", "connections_day").rows() == [("10.50.0.0/24", last / 10)]
