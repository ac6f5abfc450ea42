"""Dependencies between servers are judged port by port."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from migrate.discovery import discover
from tests.discovery.worlds import address, estate, sessions, spec, write


def test_every_port_has_a_strength_of_its_own(tmp_path: Path) -> None:
    world = estate({"a": "A", "b": "A"})
    client, server = address(world, "a"), address(world, "b")
    rows = [
        *sessions(client, server, 1433, days=10),
        *sessions(client, server, 22, days=10),
        *sessions(client, server, 8443, days=2),
        *sessions(client, server, 21, days=9, a_day=4),
    ]
    found = discover(world, write(tmp_path, rows), spec()).server_dependencies
    told = {port: (strength, reason) for port, strength, reason in found.select("port", "strength", "reason").iter_rows()}
    assert told == {
        1433: ("hard", "regular: on at least half of the days"),
        22: ("soft", "operational: management traffic"),
        8443: ("soft", "rare: on fewer than half of the days"),
        21: ("soft", "batch: a file transfer now and then"),
    }


def test_the_percentile_of_many_negotiated_ports_is_not_the_sum_of_theirs(tmp_path: Path) -> None:
    world = estate({"a": "A", "b": "B"})
    client, server = address(world, "a"), address(world, "b")
    rows = [row for port in range(8) for row in sessions(client, server, 50_000 + port, days=2)]
    found = discover(world, write(tmp_path, rows), spec()).server_dependencies
    assert found.select("port", "connections_day", "connections_day_p95", "bytes_day_p95").rows() == [(49_152, 24.0, None, None)]
    alone = discover(world, write(tmp_path, sessions(client, server, 443, days=2)), spec()).server_dependencies
    assert alone.filter(pl.col("connections_day_p95") == 3.0).height == 1
