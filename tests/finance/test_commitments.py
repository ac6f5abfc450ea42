"""Commitments as a plan records them: from its servers, its waves and the prices of its targets."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.finance import business_case, spending
from migrate.finance.axis import build_axis
from migrate.finance.commitments import commitments
from migrate.finance.fates import read_fates
from migrate.model.plan import Commitments, OfferedRate, PlannedServer
from migrate.spec import Spec
from migrate.units import HOURS_PER_MONTH
from tests.factories import make_server, make_spec
from tests.finance.builders import WAVES, line


def _rate(item: str, term: str, usd_h: float, **fields: str) -> OfferedRate:
    given = {"service": "ec2", "region": "us-east-2", "engine": None, "deployment": None, "source": "test"} | fields
    return OfferedRate.model_validate({**given, "item": item, "term": term, "usd_h": usd_h, "date": dt.date(2025, 4, 4)})


RATES = tuple(
    _rate(item, term, usd_h * share)
    for item, usd_h in (("m6i.large", 0.096), ("m6i.xlarge", 0.192), ("r6i.large", 0.126))
    for term, share in (("on_demand", 1.0), ("reserved_1y", 0.66), ("reserved_3y", 0.45))
)


def _found(servers: list[PlannedServer], spec: Spec, rates: tuple[OfferedRate, ...] = RATES) -> Commitments | None:
    axis = build_axis(spec)
    return commitments(servers, read_fates(servers, (), WAVES, spec, axis), rates, spec, axis)


def _moving(name: str, target: str = "m6i.large", wave: int = 1, **fields: object) -> PlannedServer:
    return make_server(name, target=target, wave=wave, cutover_date=WAVES[0].date, **fields)


def test_sizes_of_a_linux_family_share_a_reservation_and_types_of_windows_do_not() -> None:
    servers = [
        _moving("a"),
        _moving("b", "m6i.xlarge"),
        _moving("c", os_family="windows"),
        _moving("d", "m6i.xlarge", os_family="windows"),
    ]
    found = _found(servers, make_spec(commitments={"most_share": 1.0}))
    assert found is not None
    assert {(pool.pool, pool.size_flexible) for pool in found.pools} == {
        ("m6i", True),
        ("m6i.large (windows)", False),
        ("m6i.xlarge (windows)", False),
    }
    flexible = next(row for row in found.purchases if row.pool == "m6i")
    assert (flexible.units, flexible.term, flexible.break_even_share) == (12.0, "reserved_3y", 0.45)
    assert flexible.usd_h == pytest.approx((0.096 + 0.192) * 0.45)
    assert (found.servers, found.moving_servers) == (4, 4)


def test_load_is_committed_on_the_first_of_the_month_after_it_has_settled() -> None:
    found = _found([_moving("a")], make_spec(commitments={"most_share": 1.0, "settle_days": 30}))
    assert found is not None
    first = found.purchases[0]
    assert WAVES[0].date == dt.date(2027, 3, 6)
    assert (first.month, first.renewal, first.break_even_month) == (dt.date(2027, 5, 1), False, dt.date(2028, 10, 1))
    assert [row.month for row in found.purchases] == [dt.date(2027 + 3 * k, 5, 1) for k in range(4)]
    assert all(row.renewal for row in found.purchases[1:])
    before = {month.month: month.optimal for month in found.months}
    assert before[dt.date(2027, 4, 1)] == pytest.approx(0.096 * HOURS_PER_MONTH, abs=0.01)
    assert before[dt.date(2027, 5, 1)] == pytest.approx(0.096 * 0.45 * HOURS_PER_MONTH, abs=0.01)


def test_a_share_of_the_load_stays_on_demand_in_whole_instances() -> None:
    servers = [_moving(f"s{k}", os_family="windows") for k in range(7)]
    found = _found(servers, make_spec(commitments={"most_share": 0.9}))
    assert found is not None
    assert found.purchases[0].units == 6.0
    assert found.months[-1].committed_share == pytest.approx(6 / 7, abs=1e-6)


def test_load_that_falls_is_committed_for_less_time() -> None:
    servers = [_moving(f"s{k}") for k in range(20)]
    steady = _found(servers, make_spec(commitments={"most_share": 1.0}))
    falling = _found(servers, make_spec(commitments={"most_share": 1.0, "load_falls_share_year": 0.5}))
    assert steady is not None
    assert falling is not None
    assert falling.on_demand_usd < steady.on_demand_usd
    assert sum(row.covers_usd_h * row.years for row in falling.purchases) < sum(
        row.covers_usd_h * row.years for row in steady.purchases
    )
    assert falling.optimal_usd < min(falling.reserved_1y_usd, falling.reserved_3y_usd, falling.on_demand_usd)


def test_stopped_servers_and_types_without_a_price_are_not_committed() -> None:
    stopped = _moving("off", power="off", cost={"compute": 0.0, "storage": 3.0}, cost_usd_month=3.0)
    found = _found([_moving("a"), stopped, _moving("b", "x9.large")], make_spec())
    assert found is not None
    assert (found.servers, found.moving_servers) == (1, 2)
    assert _found([stopped], make_spec()) is None
    assert _found([], make_spec()) is None


@settings(max_examples=25, deadline=None)
@given(
    kinds=st.lists(
        st.tuples(
            st.sampled_from(["m6i.large", "m6i.xlarge", "r6i.large"]), st.sampled_from(["linux", "windows"]), st.integers(1, 3)
        ),
        min_size=1,
        max_size=12,
    ),
    years=st.integers(1, 5),
    falls=st.sampled_from([0.0, 0.2]),
)
def test_the_record_adds_up_and_no_single_term_is_cheaper(kinds: list[tuple[str, str, int]], years: int, falls: float) -> None:
    servers = [_moving(f"s{k}", target, wave, os_family=family) for k, (target, family, wave) in enumerate(kinds)]
    spec = make_spec(plan={"start": dt.date(2027, 1, 4), "horizon_years": years}, commitments={"load_falls_share_year": falls})
    found = _found(servers, spec)
    assert found is not None
    for month in found.months:
        parts = month.optimal_on_demand + month.optimal_reserved + month.optimal_savings
        assert month.optimal == pytest.approx(parts, abs=0.005)
    totals = [found.on_demand_usd, found.reserved_1y_usd, found.reserved_3y_usd]
    assert found.optimal_usd <= min(totals) + 0.01 * len(found.months)
    assert found.saving_usd == pytest.approx(found.on_demand_usd - found.optimal_usd, abs=0.01)
    assert found.on_demand_usd == pytest.approx(sum(pool.on_demand_usd for pool in found.pools), abs=1.0)
    assert found == _found(list(servers), spec)


def test_a_case_priced_below_what_can_be_bought_says_so() -> None:
    servers = [_moving(f"s{k}", cost={"compute": 0.096 * 0.45 * HOURS_PER_MONTH}, cost_usd_month=31.54) for k in range(10)]
    spec = make_spec(target={"regions": ["us-east-2"], "term": "reserved_3y"})
    case = business_case(servers, (), WAVES, spec, "book")[0]
    made, findings = spending(servers, (), WAVES, spec, RATES, case)
    assert made.commitments is not None
    assert made.commitments.as_priced_usd == pytest.approx(sum(line(case, "target.compute").amount_usd), abs=1.0)
    assert (made.commitments.as_priced_usd or 0.0) < made.commitments.optimal_usd
    assert "commitments-dearer-than-priced" in {finding.code for finding in findings}


@pytest.mark.parametrize(("term", "share"), [("on_demand", 1.0), ("reserved_3y", 0.45)])
def test_the_case_may_pay_for_what_can_be_bought(term: str, share: float) -> None:
    usd = 0.096 * share * HOURS_PER_MONTH
    servers = [_moving(f"s{k}", wave=k % 3 + 1, cost={"compute": usd}, cost_usd_month=usd) for k in range(30)]
    settings_of = {
        "plan": {"start": dt.date(2027, 1, 4), "horizon_years": 3},
        "target": {"regions": ["us-east-2"], "term": term},
        "costs": {"support_share": 0.0},
    }
    made = {}
    for in_case in (False, True):
        spec = make_spec(**settings_of, commitments={"in_case": in_case})
        case = business_case(servers, (), WAVES, spec, "book", rates=RATES)[0]
        spent, findings = spending(servers, (), WAVES, spec, RATES, case)
        assert spent.commitments is not None
        made[in_case] = (case, spent.commitments)
        paid = sum(month.target_run for month in case.months)
        wanted = spent.commitments.optimal_usd if in_case else spent.commitments.as_priced_usd
        assert paid == pytest.approx(wanted, abs=0.01 * len(case.months) * 2)
        assert sum(step.usd_month for step in spent.bill) == pytest.approx(case.months[-1].target_run, abs=0.02)
        people = sum(month.target_operations for month in case.months[-1:]) + sum(m.site_fixed for m in case.months[-1:])
        source = case.months[-1].source_run
        assert case.run_cost_after_usd_month == pytest.approx(case.months[-1].target_run + people + source, abs=1.0)
        assert ("commitments-dearer-than-priced" in {f.code for f in findings}) == (term == "reserved_3y" and not in_case)
    assert (made[True][0].npv_usd > made[False][0].npv_usd) == (term == "on_demand")
    assert made[True][1].optimal_usd == made[False][1].optimal_usd


def test_cases_of_single_terms_pay_that_term_even_where_the_case_pays_for_the_mix() -> None:
    usd = 0.096 * HOURS_PER_MONTH
    servers = [_moving(f"s{k}", cost={"compute": usd}, cost_usd_month=usd) for k in range(20)]
    npv = {}
    for in_case in (False, True):
        spec = make_spec(target={"regions": ["us-east-2"]}, commitments={"in_case": in_case})
        case = business_case(servers, (), WAVES, spec, "book", rates=RATES)[0]
        npv[in_case] = {result.name: result.npv_usd for result in case.cases}
    for name in ("Reserved for one year", "Reserved for three years"):
        assert npv[True][name] == npv[False][name]
    assert npv[True]["On demand"] == npv[False]["As planned"]
    assert "On demand" not in npv[False]


def test_savings_plans_of_a_book_are_bought_for_all_pools_together() -> None:
    plans = tuple(_rate(item, "savings_3y", usd_h * 0.4) for item, usd_h in (("m6i.large", 0.096), ("r6i.large", 0.126)))
    servers = [_moving("a"), _moving("b", "r6i.large", os_family="windows")]
    found = _found(servers, make_spec(commitments={"most_share": 1.0}), RATES + plans)
    assert found is not None
    bought = [row for row in found.purchases if row.term == "savings_3y"]
    assert bought
    assert {(row.region, row.pool, row.units) for row in bought} == {(None, "all", None)}
    assert bought[0].usd_h == pytest.approx((0.096 + 0.126) * 0.4)
    assert bought[0].break_even_share == pytest.approx(0.4)
    assert found.months[-1].optimal_savings == pytest.approx((0.096 + 0.126) * 0.4 * HOURS_PER_MONTH, abs=0.01)
    assert found.months[-1].optimal_reserved == 0.0
