"""Servers alike in role are found from what they serve and use, whatever the numbers of the ports."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.role_estates import estate_of_roles
from benchmarks.roles import agreement, internal, labels, plain_edges
from migrate.discovery.roles import roles
from migrate.model.stages import ServerRoles

CISCO = Path(__file__).parents[2].parent / "shared" / "bench" / "cisco_g21"
COLUMNS = ["consumer_id", "provider_id", "protocol", "port"]


def edges(*rows: tuple[str, str, str, int]) -> pl.DataFrame:
    return pl.DataFrame(
        rows, schema={"consumer_id": pl.String, "provider_id": pl.String, "protocol": pl.String, "port": pl.Int64}, orient="row"
    )


def three_tiers(applications: int = 6) -> pl.DataFrame:
    """Two web servers, one application server and one database each, and two users of all web servers."""
    rows = []
    for n in range(applications):
        for web in (f"web{n}a", f"web{n}b"):
            rows += [(web, f"app{n}", "tcp", 8080), ("user1", web, "tcp", 443), ("user2", web, "tcp", 443)]
        rows.append((f"app{n}", f"db{n}", "tcp", 1433))
    return edges(*rows)


def groups(found: pl.DataFrame) -> set[frozenset[str]]:
    return {frozenset(some) for some in found.group_by("role_group").agg("server_id")["server_id"].to_list()}


def test_tiers_of_many_applications_are_roles() -> None:
    found = roles(three_tiers())
    for tier in ("web", "app", "db", "user"):
        assert found.filter(pl.col("server_id").str.starts_with(tier))["role_group"].n_unique() == 1
    assert found["role_group"].n_unique() == 4


def test_a_role_is_named_by_what_it_serves_and_clients_by_what_they_use() -> None:
    found = roles(three_tiers())
    told = {server: (group, reason) for server, group, reason in found.iter_rows()}
    assert told["db0"] == ("serves tcp/1433", "6 servers alike: serves tcp/1433 (6 of 6)")
    assert told["user1"][0] == "uses tcp/443"
    assert told["app3"][1] == "6 servers alike: serves tcp/8080 (6 of 6); uses tcp/1433 (6 of 6)"


def test_what_every_server_is_watched_by_names_no_role_but_those_that_watch() -> None:
    servers = [f"{tier}{n}" for tier in ("app", "db") for n in range(6)]
    watched = edges(*((monitor, server, "udp", 161) for monitor in ("watch1", "watch2") for server in (*servers, "user1")))
    found = roles(pl.concat([three_tiers(), watched]))
    told = dict(found.select("server_id", "role_group").iter_rows())
    assert (told["db0"], told["app0"]) == ("serves tcp/1433", "serves tcp/8080")
    assert (told["user1"], told["watch1"]) == ("uses tcp/443", "uses udp/161")


def test_one_row_per_server_with_traffic_to_another() -> None:
    found = roles(edges(("a", "b", "tcp", 1), ("c", "c", "tcp", 2), ("a", "b", "icmp", 0)))
    ServerRoles.validate(found)
    assert found["server_id"].to_list() == ["a", "b"]
    assert found["role_group"].to_list() == ["uses icmp, tcp/1", "serves icmp, tcp/1"]


def test_no_traffic_is_no_role() -> None:
    assert roles(edges()).is_empty()


def test_servers_with_nothing_in_common_are_alone() -> None:
    found = roles(edges(("a", "b", "tcp", 1), ("c", "d", "tcp", 2), ("e", "f", "udp", 2)))
    assert found["role_group"].n_unique() == 6
    assert found["reason"].str.starts_with("like no other: ").all()


def test_the_numbers_of_ports_do_not_matter() -> None:
    plain, _ = estate_of_roles(300, seed=3)
    given_ports = internal(plain)
    renumbered = given_ports.with_columns(port=60_001 - pl.col("port"))
    assert groups(roles(given_ports)) == groups(roles(renumbered))


@settings(max_examples=5)
@given(st.integers(0, 1000))
def test_the_order_of_rows_does_not_matter(seed: int) -> None:
    given_order = internal(estate_of_roles(200, seed=5)[0])
    assert roles(given_order.sample(fraction=1, shuffle=True, seed=seed)).equals(roles(given_order))


@pytest.mark.parametrize("seed", [1, 2])
def test_planted_roles_are_found_among_strays_scanners_and_gaps(seed: int) -> None:
    plain, truth = estate_of_roles(1000, seed)
    found = roles(internal(plain)).select("server_id", group="role_group")
    assert agreement(truth.join(found, on="server_id", how="semi"), found) > 0.8


@pytest.mark.skipif(not CISCO.exists(), reason="the public graph is not at hand")
def test_functional_groups_of_a_real_network_are_found_with_nothing_chosen() -> None:
    found = roles(internal(plain_edges(CISCO / "edges.tsv.gz"))).select("server_id", group="role_group")
    assert agreement(labels(CISCO / "groups.txt"), found) >= 0.75
