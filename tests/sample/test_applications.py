from __future__ import annotations

from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.sample.applications import draw_applications, draw_needs
from migrate.sample.servers import draw_servers
from migrate.sample.sizing import servers_by_tier


@pytest.mark.parametrize("servers", [20, 2_600, 35_000, 1_000_000])
def test_names_and_codes_are_unique(servers: int) -> None:
    apps = draw_applications(servers, 12)
    assert apps["application"].n_unique() == apps["code"].n_unique() == apps.height
    assert apps.height == pytest.approx(servers / 6.2, rel=0.01, abs=12)


def test_every_need_names_an_application_that_exists() -> None:
    apps = draw_applications(2_600, 12)
    common = apps.filter((apps["hospital"] < 0) & (apps["needs"] != ""))
    met = draw_needs(apps).join(common.select(consumer="app"), on="consumer", how="semi")
    assert met.height == common["needs"].str.split(";").list.len().sum()


def test_the_billing_chain_and_small_circles() -> None:
    apps = draw_applications(2_600, 12)
    names = apps["application"].to_list()
    graph = nx.DiGraph([(names[a], names[b]) for a, b in draw_needs(apps).select("consumer", "provider").iter_rows()])
    chain = ["Remittance", "Claims Clearinghouse", "Coding", "Eligibility", "Payer Gateway"]
    assert all(graph.has_edge(a, b) for a, b in pairwise(chain))
    circles = [circle for circle in nx.strongly_connected_components(graph) if len(circle) > 1]
    assert {"EHR Production", "Integration Engine"} in circles
    assert 3 <= len(circles) <= 8
    assert max(map(len, circles)) <= 4


@settings(max_examples=20, deadline=None)
@given(st.integers(20, 5_000), st.integers(0, 99))
def test_sizes_add_up(servers: int, seed: int) -> None:
    apps = draw_applications(servers, seed)
    tiers = servers_by_tier(apps, servers)
    assert tiers["count"].sum() == servers
    assert tiers["app"].n_unique() == apps.height
    assert tiers["count"].min() >= 1  # type: ignore[operator]


def test_a_large_sample_keeps_applications_movable() -> None:
    apps = draw_applications(100_000, 12)
    servers = draw_servers(apps, 100_000, 12)
    assert servers["ip"].n_unique() == servers["uuid"].n_unique() == 100_000
    assert servers.filter(servers["app"] >= 0).group_by("app").len()["len"].max() <= 150  # type: ignore[operator]
