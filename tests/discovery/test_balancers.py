"""Load balancers: what clients send to them is a dependency on the pool."""

from __future__ import annotations

from pathlib import Path

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.discovery import discover
from migrate.discovery.balancers import carried_through
from migrate.model.estate import Estate
from migrate.model.stages import FlowFiles
from tests.discovery.worlds import address, estate, sessions, spec, write

CLIENTS = [f"c{number}" for number in range(6)]
SUMS = ("bytes_out", "bytes_in", "bytes_last_day", "connections", "records")


def _world(**more: str) -> Estate:
    return estate({name: f"Client {name}" for name in CLIENTS} | {"p1": "Shop", "p2": "Shop", "p3": "Shop"} | more)


def _flows(folder: Path, world: Estate, balancer: str) -> FlowFiles:
    """Each client's 30,000 bytes a session go on: twice as much to p1 as to p2."""
    rows = []
    for name in CLIENTS:
        rows += sessions(address(world, name), balancer, 443, days=10, a_day=3, size=30_000)
    for member, size in (("p1", 120_000), ("p2", 60_000)):
        rows += sessions(balancer, address(world, member), 8443, days=10, a_day=3, size=size)
    return write(folder, rows)


def test_clients_of_an_appliance_depend_on_its_pool(tmp_path: Path) -> None:
    world = _world()
    found = discover(world, _flows(tmp_path, world, "10.99.0.5"), spec())
    one = found.server_dependencies.filter(pl.col("consumer_id") == "c0").sort("provider_id")
    assert one.select("provider_id", "port", "via").rows() == [("p1", 8443, "10.99.0.5"), ("p2", 8443, "10.99.0.5")]
    assert one["bytes_day"].to_list() == [120_000, 60_000]
    assert one["connections_day"].to_list() == [2.0, 1.0]
    dependency = next(item for item in found.dependencies if item.consumer == "Client c0")
    assert (dependency.provider, dependency.via, dependency.strength) == ("Shop", ("10.99.0.5",), "hard")
    assert found.outside.is_empty()
    named = next(finding for finding in found.findings if finding.code == "load-balancer-with-pool")
    assert named.subject == "10.99.0.5"
    assert "p1, p2" in named.message


def test_a_balancer_that_is_a_server_stays_one(tmp_path: Path) -> None:
    world = _world(lb="Edge")
    found = discover(world, _flows(tmp_path, world, address(world, "lb")), spec())
    pairs = {(item.consumer, item.provider) for item in found.dependencies}
    assert pairs == {("Edge", "Shop")} | {(f"Client {name}", "Shop") for name in CLIENTS}


def test_a_server_that_answers_from_two_databases_is_no_balancer(tmp_path: Path) -> None:
    world = _world(web="Edge")
    rows = []
    for name in CLIENTS:
        rows += sessions(address(world, name), address(world, "web"), 443, size=30_000)
    for member in ("p1", "p2"):
        rows += sessions(address(world, "web"), address(world, member), 1433, size=700_000)
    found = discover(world, write(tmp_path, rows), spec())
    assert ("Client c0", "Edge") in {(item.consumer, item.provider) for item in found.dependencies}
    assert not any(finding.code == "load-balancer-recognised" for finding in found.findings)


@settings(max_examples=40, deadline=None)
@given(
    sizes=st.lists(st.integers(10_000, 2**44), min_size=5, max_size=9),
    weights=st.lists(st.integers(1, 9), min_size=2, max_size=6),
    seed=st.integers(0, 99),
)
def test_nothing_is_lost_or_made_on_the_way_through(sizes: list[int], weights: list[int], seed: int) -> None:
    clients, pool = len(sizes), len(weights)
    balancer, whole = clients, sum(sizes)
    front = [(number, balancer, 443, size) for number, size in enumerate(sizes)]
    parts = [whole * weight // sum(weights) for weight in weights]
    back = [(balancer, clients + 1 + number, 8443, part) for number, part in enumerate(parts)]
    edges = (
        pl.DataFrame([*front, *back], schema=["client", "server", "port", "bytes_out"], orient="row")
        .cast({"client": pl.UInt32, "server": pl.UInt32})
        .with_columns(protocol=pl.lit(6), via=pl.lit(None, dtype=pl.UInt32), days_0=pl.lit(1), bytes_in=pl.col("bytes_out") // 3)
        .with_columns(bytes_last_day="bytes_out", connections=pl.lit(7, pl.Int64), records=pl.lit(14, pl.Int64))
    )
    hosts = pl.DataFrame({"host": list(range(clients + pool + 1)), "outside": [f"10.0.0.{n}" for n in range(clients + pool + 1)]})
    hosts = hosts.cast({"host": pl.UInt32}).with_columns(server_id=pl.lit(None, dtype=pl.String))
    through, findings = carried_through(edges.sample(fraction=1.0, shuffle=True, seed=seed), hosts, SUMS)
    if not findings:
        uneven = sorted(weights)[-2] < 0.1 * sum(weights)
        assert uneven
        return
    assert through["via"].to_list() == [balancer] * through.height
    total = through.group_by("client").agg(pl.col(SUMS).sum()).sort("client")
    sent = edges.filter(pl.col("server") == balancer).select("client", *SUMS).sort("client")
    assert total.rows() == sent.rows()
    again, _ = carried_through(edges, hosts, SUMS)
    columns = ["client", "server", *SUMS]
    assert again.select(columns).sort(columns).rows() == through.select(columns).sort(columns).rows()


def test_no_traffic_is_no_fault() -> None:
    numbers = dict.fromkeys(("protocol", "port", *SUMS, "days_0"), pl.Int64)
    edges = pl.DataFrame(schema=numbers | {"client": pl.UInt32, "server": pl.UInt32, "via": pl.UInt32})
    hosts = pl.DataFrame(schema={"host": pl.UInt32, "server_id": pl.String, "outside": pl.String})
    assert carried_through(edges, hosts, SUMS)[1] == []
