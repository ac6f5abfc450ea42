"""Tornado, simulation and cases: each against the business case computed in full."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.finance import business_case
from migrate.model.plan import CaseResult, DatePercentiles, MonthlyCost, OfferedRate, Outlook, PlannedServer, PlannedWave
from tests.factories import make_applications, make_server, make_servers, make_spec
from tests.finance.builders import WAVES, compute, moving, server_lists

_RUNS: dict[str, Any] = {"uncertainty": {"runs": 2_000}}
_SHARES = ("source", "sites", "refresh", "cloud", "cloud_operations", "labour", "programme")
_CERTAIN: dict[str, Any] = {key: [0.0, 0.0] for key in _SHARES}


def _late(wave: PlannedWave, days: int) -> PlannedWave:
    by = dt.timedelta(days=days)
    dates = {name: getattr(wave, name) + by for name in ("date", "replication_start", "decommission_date")}
    return wave.model_copy(update=dates)


@settings(max_examples=20, deadline=None)
@given(servers=server_lists, dearer=st.floats(1.01, 3.0))
def test_dearer_aws_is_never_worth_more(servers: list[PlannedServer], dearer: float) -> None:
    spec = make_spec(plan={"start": dt.date(2027, 1, 4), "horizon_years": 3}, **_RUNS)
    raised = [
        s if s.cost_usd_month is None else s.model_copy(update={"cost_usd_month": s.cost_usd_month * dearer}) for s in servers
    ]
    cheap, dear = compute(servers, spec), compute(raised, spec)
    assert dear.npv_usd <= cheap.npv_usd + 0.01
    assert dear.months[-1].total >= cheap.months[-1].total
    assert cheap.simulation is not None
    assert dear.simulation is not None
    assert dear.simulation.p50_usd <= cheap.simulation.p50_usd + 0.01


def test_bars_of_the_tornado_are_the_case_computed_anew() -> None:
    servers = make_servers()
    case = compute(servers, make_spec())
    bars = {bar.input: bar for bar in case.tornado}
    assert [bar.swing_usd for bar in case.tornado] == sorted((bar.swing_usd for bar in case.tornado), reverse=True)
    dear = [
        s if s.cost_usd_month is None else s.model_copy(update={"cost_usd_month": s.cost_usd_month * 1.15, "cost": MonthlyCost()})
        for s in servers
    ]
    assert bars["cloud"].npv_at_high_usd == pytest.approx(compute(dear, make_spec()).npv_usd, abs=5)
    crews = compute(servers, make_spec(effort={"hour_usd": 95.0 * 1.5})).npv_usd
    assert bars["labour"].npv_at_high_usd == pytest.approx(crews, abs=1)
    rate = compute(servers, make_spec(plan={"start": dt.date(2027, 1, 4), "discount_rate": 0.10})).npv_usd
    assert bars["discount_rate"].npv_at_high_usd == pytest.approx(rate, abs=0.01)
    refresh = compute(servers, make_spec(costs={"refresh_usd_server": 2_400 * 0.7})).npv_usd
    assert bars["refresh"].npv_at_low_usd == pytest.approx(refresh, abs=1)
    losses = sum(wave.expected_loss_usd.high for wave in WAVES)
    assert bars["failed_cutovers"].high == losses
    assert case.npv_usd - losses < bars["failed_cutovers"].npv_at_high_usd < case.npv_usd


def test_an_input_without_range_is_no_bar_and_delay_is_exact_where_it_is_computed() -> None:
    spec = make_spec(uncertainty={**_CERTAIN, "delay_days": [91, 91, 91], "discount_rate": [0.0, 0.0]})
    case = compute(make_servers(), spec)
    assert {bar.input for bar in case.tornado} == {"delay_days", "failed_cutovers"}
    later = compute(make_servers(), spec, [_late(wave, 91) for wave in WAVES])
    (bar,) = (bar for bar in case.tornado if bar.input == "delay_days")
    assert bar.npv_at_high_usd == pytest.approx(later.npv_usd, abs=1)


def test_the_simulation_is_seeded_and_adds_up() -> None:
    first, second = (compute(make_servers(), make_spec(**_RUNS)).simulation for _ in range(2))
    other = compute(make_servers(), make_spec(plan={"start": dt.date(2027, 1, 4), "seed": 2}, **_RUNS)).simulation
    assert first is not None
    assert other is not None
    assert first == second
    assert first.p50_usd != other.p50_usd
    assert first.p50_usd == pytest.approx(other.p50_usd, rel=0.05)
    assert sum(each.runs for each in first.histogram) == first.runs == 2_000
    assert (first.percentiles_usd[2], first.percentiles_usd[10], first.percentiles_usd[18]) == (
        first.p10_usd, first.p50_usd, first.p90_usd,
    )  # fmt: skip
    assert list(first.percentiles_usd) == sorted(first.percentiles_usd)
    assert (first.histogram[0].from_usd, first.histogram[-1].to_usd) == (first.percentiles_usd[0], first.percentiles_usd[-1])
    assert sum(first.shares.values()) == pytest.approx(1.0, abs=1e-4)


def test_with_nothing_uncertain_every_run_is_the_plan() -> None:
    spec = make_spec(uncertainty={**_CERTAIN, "delay_days": [0, 0, 0], "runs": 100})
    safe = [application.model_copy(update={"failure_probability": 0.0}) for application in make_applications()]
    case, _ = business_case(make_servers(), safe, WAVES, spec, "book")
    assert case.simulation is not None
    assert case.simulation.percentiles_usd == pytest.approx([case.npv_usd] * 21, abs=0.01)
    assert case.simulation.positive_share in (0.0, 1.0)
    assert len(case.simulation.histogram) == 1


def test_failed_cutovers_cost_their_expected_loss_in_the_mean() -> None:
    """A triangle from ⅓ over 1 to 5 of the likely loss, which is how the waves of the small plan estimate it."""
    plan = {"start": dt.date(2027, 1, 4), "discount_rate": 0}
    spec = make_spec(uncertainty={**_CERTAIN, "delay_days": [0, 0, 0], "runs": 50_000}, plan=plan)
    simulation = compute(make_servers(), spec).simulation
    assert simulation is not None
    likely = sum(wave.expected_loss_usd.likely for wave in WAVES)
    assert simulation.failures_usd == pytest.approx(likely * (1 / 3 + 1 + 5) / 3, rel=0.05)


def test_delay_is_drawn_from_the_outlook_of_the_waves() -> None:
    planned = dt.date(2027, 4, 17)
    dates = DatePercentiles(p50=planned, p80=planned, p95=planned)
    end_by = tuple(planned + dt.timedelta(days=max(k - 10, -5) * 10) for k in range(21))
    outlook = Outlook(runs=500, seed=1, end=dates, planned_end=planned, waves=(), leases=(), end_by=end_by, causes={})
    case = compute(make_servers(), make_spec(**_RUNS), outlook=outlook)
    (bar,) = (bar for bar in case.tornado if bar.input == "delay_days")
    assert (bar.low, bar.high) == (0.0, 90.0)  # earlier than planned nothing is cut over
    assert "500 simulated runs" in bar.why


def _case_of(name: str, results: tuple[CaseResult, ...]) -> CaseResult:
    return next(result for result in results if result.name == name)


def test_cases_side_by_side_are_cases_computed_in_full() -> None:
    asked = [
        {
            "name": "dearer support",
            "set": ["costs.support_share = 0.1", "plan.discount_rate = 0.05"],
            "why": "an offer",
        },
        {"name": "a year late", "delay_days": 365},
    ]
    case = compute(make_servers(), make_spec(case=asked))
    planned = case.cases[0]
    assert (planned.name, planned.npv_usd, planned.difference_usd) == ("As planned", case.npv_usd, 0.0)
    assert [result.asked for result in case.cases] == [False, False, False, True, True]
    late = compute(make_servers(), make_spec(), [_late(wave, 91) for wave in WAVES])
    assert _case_of("A quarter later", case.cases).npv_usd == pytest.approx(late.npv_usd, abs=1)
    kept = _case_of("Sites kept", case.cases)
    left = sum(site.saved_usd for site in case.site_exits)
    assert kept.moving_usd - planned.moving_usd == pytest.approx(left, abs=1)
    dearer = compute(
        make_servers(),
        make_spec(costs={"support_share": 0.1}, plan={"start": dt.date(2027, 1, 4), "discount_rate": 0.05}),
    )
    changed = _case_of("dearer support", case.cases)
    assert (changed.npv_usd, changed.irr, changed.mirr) == (dearer.npv_usd, dearer.worth[0].irr, dearer.worth[0].mirr)
    assert changed.changes == ("costs.support_share = 0.1", "plan.discount_rate = 0.05")
    assert _case_of("a year late", case.cases).npv_usd < planned.npv_usd


def test_other_terms_price_what_has_a_price() -> None:
    servers = [moving("nth-1"), moving("nth-2", 3, target="r6i.large"), make_server("nth-3", disposition="retain")]
    rate: dict[str, Any] = {"service": "ec2", "region": "us-east-2", "engine": None, "deployment": None}
    rate |= {"source": "s", "date": dt.date(2026, 1, 1)}
    rates = [
        OfferedRate.model_validate({**rate, "item": "m6i.large", "term": "on_demand", "usd_h": 0.096}),
        OfferedRate.model_validate({**rate, "item": "m6i.large", "term": "reserved_3y", "usd_h": 0.036}),
    ]
    case = compute(servers, make_spec(), rates=rates)
    reserved = _case_of("Reserved for three years", case.cases)
    assert "1 of 2 running servers" in reserved.why
    cost = MonthlyCost(compute=0.036 * 730, licence=0.0, storage=16.0, backup=9.0, transfer=1.0)
    cheaper = [servers[0].model_copy(update={"cost": cost, "cost_usd_month": 0.036 * 730 + 26.0}), *servers[1:]]
    assert reserved.npv_usd == pytest.approx(compute(cheaper, make_spec()).npv_usd, abs=0.5)
    assert "On demand" not in {result.name for result in case.cases}  # the plan's own term


def test_a_plan_without_waves_has_nothing_uncertain() -> None:
    case = compute([make_server("nth-1", disposition="retain")], make_spec(), ())
    assert case.simulation is None
    assert [result.name for result in case.cases] == ["As planned", "Sites kept"]
    assert case.worth[0].irr_reason == "Moving and staying cost the same in every month"
    assert case.worth[0].roi is None
