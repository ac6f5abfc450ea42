"""Neighbouring networks as one: never an address more or less."""

from __future__ import annotations

import ipaddress
from itertools import chain

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.discovery.networks import merged


def _rows(networks: dict[str, str]) -> pl.DataFrame:
    return pl.DataFrame(
        [("A", True, network, ports) for network, ports in networks.items()],
        schema={"application": pl.String, "inbound": pl.Boolean, "smallest": pl.String, "ports": pl.String},
        orient="row",
    )


def test_neighbours_with_the_same_ports_are_one_network() -> None:
    given = {f"10.1.{third}.0/24": "tcp/443" for third in (2, 3, 4, 5, 6, 7, 9)}
    given |= {"10.1.0.0/24": "tcp/80", "10.1.1.0/24": "tcp/443", "partner.example": "tcp/443"}
    given |= {"2001:db8:0::/48": "tcp/443", "2001:db8:1::/48": "tcp/443", "2001:db8:2::/48": "tcp/22"}
    found = dict(merged(_rows(given)).select("smallest", "network").iter_rows())
    assert {found[f"10.1.{third}.0/24"] for third in (4, 5, 6, 7)} == {"10.1.4.0/22"}
    assert {found["10.1.2.0/24"], found["10.1.3.0/24"]} == {"10.1.2.0/23"}
    assert (found["10.1.0.0/24"], found["10.1.1.0/24"], found["10.1.9.0/24"]) == ("10.1.0.0/24", "10.1.1.0/24", "10.1.9.0/24")
    assert (found["2001:db8:0::/48"], found["2001:db8:2::/48"]) == ("2001:db8::/47", "2001:db8:2::/48")
    assert found["partner.example"] == "partner.example"


@settings(max_examples=40, deadline=None)
@given(st.dictionaries(st.integers(0, 40).map(lambda third: f"10.1.{third}.0/24"), st.sampled_from(["tcp/80", "tcp/443"])))
def test_the_merged_networks_are_exactly_the_given_ones(networks: dict[str, str]) -> None:
    found = merged(_rows(networks))
    wholes = {ipaddress.ip_network(text) for text in found["network"]}
    parts = list(chain.from_iterable(whole.subnets(new_prefix=24) for whole in wholes))
    assert sorted(map(str, parts)) == sorted(networks)
    for smallest, network in found.select("smallest", "network").iter_rows():
        assert {networks[str(part)] for part in ipaddress.ip_network(network).subnets(new_prefix=24)} == {networks[smallest]}
