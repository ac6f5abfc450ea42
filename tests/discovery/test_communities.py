"""Applications that nobody declared, found in traffic."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.traffic_estates import LAWS, estate
from migrate.discovery import discover
from migrate.discovery.agreement import adjusted_rand
from migrate.discovery.communities import applications_by_traffic
from tests.discovery import worlds

NOBODY = pl.DataFrame(schema={"server_id": pl.String})


@cache
def _planted(name: str, servers: int = 3_000) -> tuple[pl.DataFrame, pl.DataFrame]:
    edges, truth = estate(LAWS[name], servers, seed=11)
    internal = edges.select(
        consumer_id="client",
        provider_id="server",
        protocol=pl.lit("tcp"),
        port="port",
        bytes_out="bytes",
        bytes_in=pl.lit(0, pl.Int64),
        connections="connections",
    )
    return internal, truth


def _partition(found: pl.DataFrame) -> set[frozenset[str]]:
    return {frozenset(members) for members in found.group_by("community").agg("server_id")["server_id"].to_list()}


@pytest.mark.parametrize(("name", "least"), [("dense", 0.93), ("clusters", 0.9), ("tiers", 0.85)])
def test_planted_applications_are_found(name: str, least: float) -> None:
    internal, truth = _planted(name)
    found = applications_by_traffic(internal, NOBODY)
    both = truth.drop_nulls("application").join(found, left_on="server", right_on="server_id")
    assert both.height >= 0.98 * truth.height
    assert adjusted_rand(both["application"], both["community"]) >= least
    assert found["strength"].is_between(0, 1).all()
    first = found.group_by("community").agg(pl.col("server_id").min()).sort("community")["server_id"]
    assert first.is_sorted()


@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=5)
def test_neither_row_order_nor_names_matter(seed: int) -> None:
    internal, _ = _planted("dense", 600)
    servers = pl.concat([internal["consumer_id"], internal["provider_id"]]).unique().sort()
    names = [f"s{number}" for number in np.random.default_rng(seed).permutation(len(servers))]
    renamed = internal.sample(fraction=1, shuffle=True, seed=seed).with_columns(
        pl.col("consumer_id", "provider_id").replace_strict(servers, names)
    )
    back = applications_by_traffic(renamed, NOBODY).with_columns(pl.col("server_id").replace_strict(names, servers))
    assert _partition(back) == _partition(applications_by_traffic(internal, NOBODY))


def test_volumes_and_ports_may_be_unknown() -> None:
    internal, truth = _planted("dense")
    blank = internal.with_columns(
        port=pl.lit(0, pl.Int64),
        bytes_out=pl.lit(None, pl.Int64),
        bytes_in=pl.lit(None, pl.Int64),
        connections=pl.lit(None, pl.Int64),
    )
    both = truth.drop_nulls("application").join(applications_by_traffic(blank, NOBODY), left_on="server", right_on="server_id")
    assert adjusted_rand(both["application"], both["community"]) >= 0.9


def test_servers_apart_and_servers_without_partners_are_in_no_community() -> None:
    edges = pl.DataFrame(
        [("a", "b"), ("b", "c"), ("c", "a"), ("a", "dns"), ("b", "dns"), ("lonely", "dns"), ("self", "self")],
        schema=["consumer_id", "provider_id"],
        orient="row",
    ).with_columns(protocol=pl.lit("tcp"), port=443, bytes_out=10, bytes_in=10, connections=1)
    found = applications_by_traffic(edges, pl.DataFrame({"server_id": ["dns"]}))
    assert found.rows() == [("a", 0, 1.0), ("b", 0, 1.0), ("c", 0, 1.0)]
    assert applications_by_traffic(edges.clear(), NOBODY).is_empty()


def test_undeclared_servers_become_applications_named_after_what_most_of_them_use(tmp_path: Path) -> None:
    homes = {f"10.9.{app}.{number}": None for app in (1, 2) for number in range(1, 6)}
    world = worlds.estate(homes, addresses={name: name for name in homes})
    rows = [
        row
        for app in (1, 2)
        for client in range(1, 5)
        for server in (5, 4)
        if client != server
        for row in worlds.sessions(f"10.9.{app}.{client}", f"10.9.{app}.{server}", 1433)
    ]
    rows += worlds.sessions("10.9.1.1", "10.9.2.5", 443, days=2)
    found = discover(world, worlds.write(tmp_path, rows), worlds.spec())
    assert dict(found.estate.memberships.select("server_id", "application").iter_rows()) == {
        name: f"10.9.{name.split('.')[2]}.5 and 4 more" for name in homes
    }
