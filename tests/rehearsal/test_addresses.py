from __future__ import annotations

from ipaddress import IPv4Network
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.errors import RequestError
from migrate.model.plan import Plan
from migrate.rehearsal.addresses import TargetNetworks
from tests.factories import make_plan, make_server


def plan_of(counts: dict[tuple[str, str], int], source: str = "10.0.0.7") -> Plan:
    servers = [
        make_server(f"{region}-{site}-{number:05d}", region=region, site=site, addresses=(source,))
        for (region, site), count in counts.items()
        for number in range(count)
    ]
    return make_plan(servers=tuple(servers))


@settings(max_examples=25, deadline=None)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from(["us-east-2", "us-west-2"]), st.sampled_from(["North", "South", "East"])),
        st.integers(1, 400),
        min_size=1,
    )
)
def test_every_server_has_an_address_of_its_own_in_a_subnet_that_fits(counts: dict[tuple[str, str], int]) -> None:
    plan = plan_of(counts)
    networks = TargetNetworks(plan)
    places = [networks.places[server.server_id] for server in plan.servers]
    assert len({place.address for place in places}) == len(plan.servers)
    for place in places:
        subnet = place.vpc.subnets[place.zone]
        assert place.address in subnet
        assert 4 <= int(place.address) - int(subnet.network_address) < subnet.num_addresses - 1
        assert subnet.subnet_of(place.vpc.cidr)
    for first, second in combinations(networks.vpcs, 2):
        assert not first.cidr.overlaps(second.cidr)
    for vpc in networks.vpcs:
        assert not any(a.overlaps(b) for a, b in combinations(vpc.subnets, 2))
        assert 16 <= vpc.cidr.prefixlen <= 28
        assert not vpc.cidr.overlaps(IPv4Network("10.0.0.0/16"))


def test_a_large_site_gets_several_networks() -> None:
    networks = TargetNetworks(plan_of({("us-east-2", "North"): 40_000}))
    assert [vpc.number for vpc in networks.vpcs] == [1, 2]


def test_addresses_do_not_depend_on_the_order_of_servers() -> None:
    plan = make_plan()
    backwards = plan.model_copy(update={"servers": tuple(sorted(plan.servers, key=lambda s: s.name))})
    assert TargetNetworks(plan).places == TargetNetworks(backwards).places


def test_a_source_that_takes_all_ranges_is_said() -> None:
    used = (
        [f"10.{n}.0.1" for n in range(256)] + [f"172.{n}.0.1" for n in range(16, 32)] + [f"100.{n}.0.1" for n in range(64, 128)]
    )
    plan = make_plan(servers=(make_server("big", addresses=tuple(used)),))
    with pytest.raises(RequestError, match="no room"):
        TargetNetworks(plan)
