"""What staying costs by account, what rises, what is bought again, and what contracts bind."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from migrate.finance import business_case
from migrate.findings import Finding, Severity
from migrate.model.plan import BusinessCase, ExtraCapacity, PlannedServer
from migrate.spec import Spec
from tests.factories import make_application, make_applications, make_dependency, make_server, make_spec, make_wave
from tests.finance.builders import WAVES, compute, line, moving

_QUIET: dict[str, Any] = {"landing_zone_usd": 0, "training_usd": 0, "programme_usd_month": 0, "decommission_usd_server": 0}
#: 4 vCPU, 16 GiB, 200 GiB of which 120 are used, at the rates of the template.
_SERVER_USD = 4 * (4.0 + 5.7 + 0.73 * 4.0 * 1.58 * 0.12 + 0.6) + 6.0 + 16 * 1.6 + 200 * 0.09 + 120 * 0.03 + 65.0


def _sums(case: BusinessCase, *keys: str) -> list[float]:
    """Monthly sums of lines."""
    chosen = [each.amount_usd for each in case.lines if each.key in keys]
    return [sum(amounts) for amounts in zip(*chosen, strict=True)]


def test_a_server_costs_its_parts_and_nothing_else() -> None:
    case = compute([moving("nth-1", source_cost_usd_month=round(_SERVER_USD, 4))], make_spec())
    assert not [each.key for each in case.lines if each.key.endswith("source.other")]
    assert case.months[0].stay_run == pytest.approx(_SERVER_USD, abs=0.05)
    assert line(case, "stay.power").amount_usd[0] == pytest.approx(4 * 0.73 * 4.0 * 1.58 * 0.12, abs=0.005)
    assert line(case, "stay.maintenance").quantity[0] == 4.0


def test_what_a_plan_states_beyond_the_parts_is_kept() -> None:
    case = compute([moving("nth-1", source_cost_usd_month=_SERVER_USD + 100.0)], make_spec())
    assert line(case, "stay.other").amount_usd[0] == pytest.approx(100.0, abs=0.01)


def test_the_books_are_spent_whoever_uses_how_much() -> None:
    servers = [moving("nth-1", vcpu=2.0), moving("nth-2", 3, vcpu=6.0), make_server("nth-3", disposition="retain", vcpu=None)]
    case = compute(servers, make_spec(costs={"maintenance_usd_year": 120_000.0}))
    booked = line(case, "stay.maintenance")
    assert (booked.rate_key, booked.rate, booked.unit) == ("costs.maintenance_usd_year", 120_000.0, "years of today's use")
    assert set(booked.amount_usd) == {10_000.0}
    after = line(case, "source.maintenance").amount_usd
    assert after[0] == 10_000.0
    assert after[3] == pytest.approx(10_000 * 6 / 8 * 16 / 30, abs=0.01)
    assert after[4] == 0.0


def test_prices_rise_at_each_anniversary_by_their_own_rates() -> None:
    costs = {
        "inflation_share_year": 0.02,
        "people_growth_share_year": 0.04,
        "energy_growth_share_year": 0.1,
        "cloud_growth_share_year": -0.03,
    }
    flat, rising = compute([moving("nth-1")], make_spec()), compute([moving("nth-1")], make_spec(costs=costs))
    expected = {
        "stay.maintenance": 1.02, "stay.operations": 1.04, "stay.power": 1.1, "target.compute": 0.97, "target.operations": 1.04,
        "refresh.hardware": 1.02, "stay-site.0.fixed": 1.02,
    }  # fmt: skip
    for key, factor in expected.items():
        for month in (11, 12, 119):
            before, after = line(flat, key).amount_usd[month], line(rising, key).amount_usd[month]
            assert after == pytest.approx(before * factor ** (month // 12), rel=1e-4, abs=0.02), (key, month)


def test_refresh_by_date_is_bought_for_what_leaves_too_late() -> None:
    costs = {**_QUIET, "refresh_next": dt.date(2026, 4, 8), "refresh_every_years": 1, "refresh_grace_months": 0}
    servers = [moving("nth-1", 1), moving("nth-2", 3), moving("nth-3", 3, power="off")]
    case = compute(servers, make_spec(costs={**costs, "refresh_usd_server": 1_000.0}))
    bought = [month.stay_refresh for month in case.months]
    assert (bought[3], bought[15], sum(bought)) == (2_000.0, 2_000.0, 10 * 2_000.0)
    late = line(case, "one-off.refresh").amount_usd
    assert (late[3], sum(late)) == (1_000.0, 1_000.0)  # the one of wave 3, which leaves on 17 April
    spared = compute(servers, make_spec(costs={**costs, "refresh_grace_months": 1}))
    assert not [each for each in spared.lines if each.key == "one-off.refresh"]


def test_a_contract_ended_early_owes_its_share_and_one_that_lasts_too_long_costs_more() -> None:
    contracts = [
        {"name": "array", "site": "DC-North", "usd_month": 1_000, "ends": dt.date(2028, 4, 16), "owed_share": 0.5},
        {"name": "lines", "usd_month": 500, "ends": dt.date(2027, 2, 28), "overstay_usd_month": 100},
    ]
    servers = [moving("nth-1", 3), moving("sth-1", 1)]
    case = compute(servers, make_spec(contract=contracts))
    owed = line(case, "one-off.contract.0.early")
    assert owed.amount_usd[3] == pytest.approx(500 * 366 / (365 / 12), abs=0.01)  # leaves on 17 April 2027
    assert sum(owed.amount_usd) == owed.amount_usd[3]
    assert line(case, "contract.0").amount_usd[5] == 0.0
    assert set(line(case, "stay-contract.0").amount_usd) == {1_000.0}
    late = line(case, "one-off.contract.1.late").amount_usd
    assert late[:4] == pytest.approx((0.0, 0.0, 100.0, 100 * 16 / 30), abs=0.01)
    assert sum(late[4:]) == 0.0


def test_a_lease_left_early_or_late() -> None:
    site = {"name": "DC-North", "fixed_cost_usd_month": 1_000, "lease_owed_share": 1.0, "lease_end": dt.date(2027, 6, 12)}
    early = line(compute([moving("nth-1")], make_spec(site=[site])), "one-off.lease.0.early")
    assert sum(early.amount_usd) == pytest.approx(1_000 * 92 / (365 / 12), abs=0.01)  # from 13 March to 12 June
    late = {**site, "lease_end": dt.date(2027, 1, 31), "overstay_usd_month": 400}
    paid = line(compute([moving("nth-1")], make_spec(site=[late])), "one-off.lease.0.late").amount_usd
    assert paid[:3] == pytest.approx((0.0, 400.0, 400 * 12 / 31), abs=0.01)


def test_labour_by_disposition_and_skill_at_the_crews_own_rate() -> None:
    crews = [{"skill": "linux", "hours_week": 100, "hour_usd": 120.0}]
    case = compute([moving("nth-1")], make_spec(crew=crews))
    linux = [each for each in case.lines if each.key.startswith("one-off.labour.") and each.key.endswith(".linux")]
    assert {(each.rate_key, each.rate) for each in linux} == {("crew[linux].hour_usd", 120.0)}
    hours = sum(sum(each.quantity) for each in case.lines if each.key.startswith("one-off.labour."))
    assert hours == pytest.approx(sum(sum(wave.crew_h.values()) for wave in WAVES))
    assert {each.key.split(".")[2] for each in case.lines if each.key.startswith("one-off.labour.")} >= {"rehost", "other"}


def test_capacity_beyond_the_usual_by_price_on_the_cutover_date() -> None:
    def extra(rule: str, key: str, usd_each: float, amount: float) -> ExtraCapacity:
        return ExtraCapacity(rule=rule, key=key, what="units", amount=amount, usd_each=usd_each, usd=round(amount * usd_each, 2))

    hours = [extra("crew linux", "crew[linux].overtime_usd_hour", usd, amount) for usd, amount in ((40.0, 8.0), (60.0, 3.5))]
    sent = extra("link DC-North", "link[DC-North].overflow_usd_gib", 0.03, 1_000.0)
    waves = (make_wave(1, extra_capacity=(*hours, sent)), make_wave(2, extra_capacity=(hours[0],)))
    crews = [{"skill": "linux", "hours_week": 100, "overtime_hours_week": 9, "overtime_usd_hour": 40.0}]
    link = [{"from": "DC-North", "bandwidth_mbit_s": 1, "overflow_usd_gib": 0.03}]
    case = compute([moving("nth-1")], make_spec(crew=crews, link=link), waves)
    lines = [each for each in case.lines if each.key.startswith("one-off.extra.")]
    assert [(each.category, each.rate, sum(each.quantity), sum(each.amount_usd)) for each in lines] == [
        ("people", 40.0, 16.0, 640.0),
        ("people", 60.0, 3.5, 210.0),
        ("network", 0.03, 1_000.0, 30.0),
    ]
    assert lines[1].amount_usd.index(210.0) == (waves[0].date.year - 2027) * 12 + waves[0].date.month - 1
    told = {each.key: each.value for each in case.assumptions}
    assert (told["crew[linux].overtime_usd_hour"], told["link[DC-North].overflow_usd_gib"]) == ("40", "0.03")


def test_partner_and_lines_of_the_migration() -> None:
    costs = {"migration_partner_usd": 6_000, "migration_partner_usd_server": 50, "double_run_link_usd_month": 310}
    case = compute([moving("nth-1"), moving("nth-2", 3)], make_spec(costs=costs))
    assert sum(line(case, "one-off.migration-partner").amount_usd) == pytest.approx(6_000, abs=0.02)
    assert line(case, "one-off.migration-partner-servers").amount_usd[2:4] == (50.0, 50.0)
    lines = line(case, "one-off.lines").amount_usd
    assert lines[0] == 0.0
    assert lines[1] == pytest.approx(310 * 9 / 28, abs=0.01)  # wave 1 replicates from 20 February
    assert lines[3] == pytest.approx(310 * 16 / 30, abs=0.01)


def test_data_crosses_the_line_while_its_ends_are_apart() -> None:
    applications = [
        make_application("Early", wave=1), make_application("Late", wave=3), make_application("Stays", disposition="retain"),
        make_application("Gone", disposition="retire"),
    ]  # fmt: skip
    dependencies = [
        make_dependency("Early", "Late", gb_day=30.0),
        make_dependency("Late", "Stays", gb_day=10.0),
        make_dependency("Early", "Gone", gb_day=99.0),
        make_dependency("Early", "203.0.113.0/24", external=True, gb_day=99.0),
    ]
    spec = make_spec(weights={"transfer_usd_gb": 0.5})
    case, _ = business_case([moving("nth-1")], applications, WAVES, spec, "book", dependencies=dependencies)
    apart = line(case, "one-off.traffic")
    assert sum(apart.amount_usd) == pytest.approx(35 * 30.0 * 0.5, rel=0.03)  # 6 March to 10 April; months are counted alike
    lasting = line(case, "target.hybrid")
    assert lasting.amount_usd[-1] == pytest.approx(10.0 * 365 / 12 * 0.5, abs=0.01)
    assert (lasting.group, lasting.amount_usd[2]) == ("target_run", 0.0)


def _codes(servers: list[PlannedServer], spec: Spec) -> dict[str, Finding]:
    return {found.code: found for found in business_case(servers, make_applications(), WAVES, spec, "book")[1]}


def test_figures_that_nobody_gave_are_told() -> None:
    parts = ("vcpu", "memory_usd_gib", "storage_usd_gib", "windows", "operations")
    rates = {(part if "_usd" in part else f"{part}_usd") + "_month": 1.0 for part in parts}
    found = _codes([moving("nth-1", source_cost_usd_month=4 + 16 + 200 + 120 * 0.03 + 1)], make_spec(costs=rates))
    assert "2% of what servers cost today" in found["source-costs-from-template"].message
    assert "backup" in found["source-costs-from-template"].message
    given = {**rates, "backup_usd_year": 100.0}
    assert "source-costs-from-template" not in _codes([moving("nth-1")], make_spec(costs=given))


def test_books_that_no_server_can_bear_are_told() -> None:
    found = _codes([moving("nth-1")], make_spec(costs={"windows_usd_year": 5_000}))
    assert found["books-without-use"].subject == "costs.windows_usd_year"
    assert "books-without-use" not in _codes([moving("nth-1", os_family="windows")], make_spec(costs={"windows_usd_year": 5_000}))


def test_what_dates_cost_is_told() -> None:
    contracts = [{"name": "array", "usd_month": 1_000, "ends": dt.date(2030, 1, 1)}]
    found = _codes(
        [moving("nth-1"), moving("sth-1")],
        make_spec(contract=contracts, costs={"refresh_next": dt.date(2027, 1, 9), "refresh_grace_months": 0}),
    )
    assert "paid from March 2027 on" in found["term-penalty"].message
    assert "Costs 4,800 USD" in found["refresh-before-leaving"].message


def test_what_the_simulation_says_of_the_npv_is_told() -> None:
    poor = make_spec(site=[], costs={"landing_zone_usd": 0, "training_usd": 0, "programme_usd_month": 0})
    found = _codes([moving("nth-1")], poor)
    assert "counts no failed cutover" in found["failures-not-in-npv"].message
    assert found["failures-not-in-npv"].severity is Severity.info
    assert "0% of 10,000 simulated runs" in found["npv-uncertain"].message
    assert not {"failures-not-in-npv", "npv-uncertain"} & set(_codes([moving("nth-1"), moving("sth-1")], make_spec()))


def test_an_npv_above_nine_of_ten_simulated_ones_is_a_warning() -> None:
    doomed = tuple(a.model_copy(update={"failure_probability": 0.99}) for a in make_applications())
    sure = make_spec(uncertainty={"source": [0, 0], "sites": [0, 0], "delay_days": [0, 1, 2]})
    case, findings = business_case([moving("nth-1"), moving("sth-1")], doomed, WAVES, sure, "book")
    assert case.simulation is not None
    assert case.npv_usd > case.simulation.p90_usd
    told = next(found for found in findings if found.code == "failures-not-in-npv")
    assert told.severity is Severity.warning
    assert f"nine of ten below {case.simulation.p90_usd:,.0f} USD" in told.message


def test_hours_are_those_of_the_dispositions_of_the_servers() -> None:
    application = make_application("Mixed", wave=1, crew_h={"linux": 14.0, "database": 12.0, "application": 16.0})
    wave = make_wave(1, applications=("Mixed",), crew_h=application.crew_h)
    servers = [
        moving("nth-1", application="Mixed"),
        moving("nth-2", application="Mixed", disposition="replatform", database_engine="mysql"),
    ]
    case, _ = business_case(servers, [application], [wave], make_spec(), "book")
    hours = {each.key: sum(each.quantity) for each in case.lines if each.key.startswith("one-off.labour.")}
    assert hours == {
        "one-off.labour.rehost.linux": pytest.approx(4.0),  # 4 h and 4 h × 2.5
        "one-off.labour.replatform.linux": pytest.approx(10.0),
        "one-off.labour.replatform.database": pytest.approx(12.0),
        "one-off.labour.rehost.application": pytest.approx(8.0),
        "one-off.labour.replatform.application": pytest.approx(8.0),
    }
