"""Who outside talks to the estate, and how that adds up with dependencies and egress."""

from __future__ import annotations

from pathlib import Path

import pytest

from migrate.discovery import discover
from tests.discovery.worlds import address, estate, record, spec, write


def test_parties_by_network_direction_and_application_add_up(tmp_path: Path) -> None:
    world = estate({"web": "Portal", "app": "Portal", "sql": "Ledger"})
    web, app, sql = (address(world, name) for name in ("web", "app", "sql"))
    rows = [
        record(web, "203.0.113.7", 40_000, 443, tcp_flags=2, bytes=3_000_000_000),
        record("203.0.113.7", web, 443, 40_000, tcp_flags=18, bytes=1_000),
        record(app, "203.0.112.9", 40_000, 443, tcp_flags=2, bytes=5_000),
        record(app, "203.0.112.9", 40_001, 8443, tcp_flags=2, bytes=1),
        record("198.51.100.1", web, 40_002, 443, tcp_flags=2, bytes=10),
        record("198.51.101.2", web, 40_002, 443, tcp_flags=2, bytes=10),
        record(web, "198.51.101.2", 443, 40_002, tcp_flags=18, bytes=700_000),
        record("192.168.9.4", sql, 40_003, 1433, tcp_flags=2, bytes=50),
        record("fd00::1", sql, 40_003, 1433, tcp_flags=2, bytes=50),
        record("198.51.100.1", "192.0.2.1", 40_003, 1433, tcp_flags=2, bytes=50),
    ]
    found = discover(world, write(tmp_path, rows), spec())
    parties = {
        (row["network"], row["direction"], row["application"]): (row["kind"], row["ports"], row["servers"], row["addresses"])
        for row in found.outside.iter_rows(named=True)
    }
    assert parties == {
        ("203.0.113.0/24", "outbound", "Portal"): ("public", ["tcp/443"], 1, 1),
        ("203.0.112.0/24", "outbound", "Portal"): ("public", ["tcp/443", "tcp/8443"], 1, 1),
        ("198.51.100.0/23", "inbound", "Portal"): ("public", ["tcp/443"], 1, 2),
        ("192.168.9.0/24", "inbound", "Ledger"): ("private", ["tcp/1433"], 1, 1),
        ("fd00::/48", "inbound", "Ledger"): ("private", ["tcp/1433"], 1, 1),
    }
    assert found.outside["some_addresses"].to_list()[1] == ["198.51.100.1", "198.51.101.2"]
    assert found.outside["egress_gb_month"].sum() == pytest.approx(sum(found.external_gb_month.values()))
    external = [item for item in found.dependencies if item.external]
    named = {
        (item.consumer if item.consumer.startswith("external") else item.provider).removeprefix("external ") for item in external
    }
    assert named == set(found.outside["network"])
    assert sum(item.gb_day for item in external) == pytest.approx(float(found.outside["bytes_day"].sum()) / 1e9)
    told = {finding.code: finding.message for finding in found.findings}
    assert told["traffic-between-outsiders"].startswith("1 flow records in 1 conversations")
    assert "5 networks and names" in told["outside-parties"]


def test_hosts_of_our_own_networks_that_no_inventory_has_are_unlisted_and_come_last(tmp_path: Path) -> None:
    world = estate({"sql": "Ledger"})
    sql = address(world, "sql")
    rows = [
        record("10.0.0.200", sql, 40_000, 1433, tcp_flags=2, bytes=9_000_000),
        record(sql, "10.0.0.200", 1433, 40_000, tcp_flags=18, bytes=4_000_000),
        record("10.0.1.200", sql, 40_000, 1433, tcp_flags=2, bytes=10),  # the other half of a /23 in which nothing of ours is
        record("203.0.113.7", sql, 40_000, 1433, tcp_flags=2, bytes=10),
    ]
    found = discover(world, write(tmp_path, rows), spec())
    assert found.outside.select("network", "kind").rows() == [
        ("10.0.1.0/24", "private"), ("203.0.113.0/24", "public"), ("10.0.0.0/24", "unlisted"),
    ]  # fmt: skip
    told = next(finding.message for finding in found.findings if finding.code == "outside-parties")
    assert "1 with servers of the estate beside hosts that the inventory lacks" in told
    assert "1 application," in told
    external = {name for item in found.dependencies for name in (item.consumer, item.provider) if name.startswith("external")}
    assert external == {f"external {network}" for network in found.outside["network"]}
