"""Carbon beside cost: by hand for one server, and what is not known is left out on both sides."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings

from migrate.finance import business_case, spending
from migrate.findings import Finding
from migrate.model.plan import Carbon, PlannedServer
from tests.factories import make_server, make_spec
from tests.finance.builders import WAVES, moving, server_lists

#: One server: 4 vCPU; as m6i.large 2 vCPU and 8 GiB, and a volume of 200 GiB.
_SOURCE_KWH = 4 * 4.0 * 1.5 * 730 / 1000
_TARGET_KWH = (2 * (0.74 + 0.5 * (3.5 - 0.74)) + 8 * 0.392 + 200 / 1024 * 1.2 * 2) * 1.14 * 730 / 1000
_COSTS = {"power_w_vcpu": 4.0, "power_usage_factor": 1.5}


def _found(servers: list[PlannedServer], **sections: Any) -> tuple[Carbon | None, set[str], list[Finding]]:
    spec = make_spec(**{"costs": _COSTS, **sections})
    case = business_case(servers, (), WAVES, spec, "book")[0]
    made, findings = spending(servers, (), WAVES, spec, (), case)
    return made.carbon, {finding.code for finding in findings}, findings


def test_power_grid_and_months_are_multiplied() -> None:
    found, codes, _ = _found([moving("a")])
    assert found is not None
    assert found.source_kwh_month == pytest.approx(_SOURCE_KWH, abs=1e-3)
    assert found.target_kwh_month == pytest.approx(_TARGET_KWH, abs=1e-3)
    assert found.source_t[0] == pytest.approx(_SOURCE_KWH * 0.410608 / 1000, abs=5e-4)
    assert found.target_t[0] == 0.0
    assert found.target_t[-1] == pytest.approx(_TARGET_KWH * 0.410608 / 1000, abs=5e-4)
    assert found.source_t[-1] == 0.0
    assert found.stay_t[0] == found.stay_t[-1] == found.source_t[0]
    assert "carbon-not-known" not in codes
    assert (found.servers, found.all_servers) == (1, 1)


def test_a_site_and_a_request_may_say_their_own_figures() -> None:
    site = {"name": "DC-North", "pue": 3.0, "kg_co2e_kwh": 0.1}
    found, _, _ = _found([moving("a")], site=[site], carbon={"target_kg_co2e_kwh": 0.0})
    assert found is not None
    assert found.source_kwh_month == pytest.approx(_SOURCE_KWH * 2, abs=1e-3)
    assert found.source_t[0] == pytest.approx(_SOURCE_KWH * 2 * 0.1 / 1000, abs=5e-4)
    assert found.target_t[-1] == 0.0
    assert {figure.basis for figure in found.figures} == {"planning value", "request", "source"}


def test_graviton_draws_less_and_two_zones_twice() -> None:
    def target_kwh(target: str) -> float:
        found, _, _ = _found([moving("a", target=target)])
        assert found is not None
        return found.target_kwh_month

    assert target_kwh("m6g.large") < target_kwh("m6i.large")
    single = target_kwh("rds:db.m6i.large (postgresql, single-az)")
    assert target_kwh("rds:db.m6i.large (postgresql, multi-az)") == pytest.approx(2 * single, abs=2e-3)


def test_a_stopped_server_draws_what_its_volumes_draw() -> None:
    found, _, _ = _found([moving("a", power="off")])
    assert found is not None
    assert found.source_kwh_month == 0.0
    assert found.target_kwh_month == pytest.approx(200 / 1024 * 1.2 * 2 * 1.14 * 730 / 1000, abs=1e-3)


def test_what_is_not_known_is_left_out_on_both_sides_and_told() -> None:
    servers = [moving("a"), moving("b", target="x9.huge"), moving("c", vcpu=None), make_server("d", kind="mainframe")]
    found, codes, _ = _found(servers)
    assert found is not None
    assert (found.servers, found.all_servers) == (1, 4)
    assert found.source_kwh_month == pytest.approx(_SOURCE_KWH, abs=1e-3)
    assert "carbon-not-known" in codes
    assert _found([make_server("d", vcpu=None)])[0] is None
    unknown, _, _ = _found([moving("a", region="xx-north-9")], target={"regions": ["xx-north-9"]})
    assert unknown is None


@settings(max_examples=25, deadline=None)
@given(servers=server_lists)
def test_ranges_hold_the_months(servers: list[PlannedServer]) -> None:
    found, _, _ = _found(servers)
    if found is None:
        return
    assert found.total_t.low <= found.total_t.likely <= found.total_t.high
    assert found.total_t.likely == pytest.approx(sum(found.source_t) + sum(found.target_t), abs=0.2)
    assert found.stay_total_t.likely >= sum(found.source_t) - 0.2
    assert len(found.months) == len(found.source_t) == len(found.target_t) == len(found.stay_t)
