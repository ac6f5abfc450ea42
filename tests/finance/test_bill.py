"""From list prices to what is paid: private rates, the enterprise discount, support tiers and tax, as lines and as steps."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from migrate.finance import business_case, spending
from migrate.finance.support_plans import PLANS, support_usd
from migrate.model.plan import BusinessCase, MonthlyCost, PlannedServer, Spending
from migrate.reports.in_currency import in_currency
from tests.factories import make_plan, make_spec
from tests.finance.builders import WAVES, moving

_COST = MonthlyCost(compute=100.0, licence=40.0, storage=30.0, backup=20.0, transfer=10.0)
_DATABASE = "rds:db.m6i.large (postgresql, multi-az)"


def _computed(servers: list[PlannedServer], **sections: Any) -> tuple[BusinessCase, Spending]:
    spec = make_spec(**{"costs": {"support_share": 0.0, "target_operations_usd_month": 0.0}, **sections})
    case = business_case(servers, (), WAVES, spec, "book")[0]
    return case, spending(servers, (), WAVES, spec, (), case)[0]


def _server(name: str = "a", **fields: Any) -> PlannedServer:
    return moving(name, **{"cost": _COST, "cost_usd_month": 200.0, **fields})


def _paid(servers: list[PlannedServer], **sections: Any) -> float:
    """USD of the last month, which the steps and the run cost agree with."""
    case, made = _computed(servers, **sections)
    last = case.months[-1].target_run
    assert sum(step.usd_month for step in made.bill) == pytest.approx(last, abs=0.02)
    assert sum(line.amount_usd[-1] for line in case.lines if line.group == "target_run") == pytest.approx(last, abs=0.005)
    memo = [line for line in case.lines if line.group == "double_run"]
    for month, k in zip(case.months, range(len(case.months)), strict=True):
        assert sum(line.amount_usd[k] for line in memo) == pytest.approx(month.double_run, abs=0.005)
        assert month.double_run <= month.target_run + month.target_operations + 0.02
    return last


def test_without_discounts_the_list_price_is_paid() -> None:
    assert _paid([_server()]) == 200.0


def test_the_enterprise_discount_is_for_what_the_contract_names() -> None:
    assert _paid([_server()], discounts={"edp_share": 0.1}) == 180.0
    assert _paid([_server()], discounts={"edp_share": 0.1, "edp_applies_to": ["compute", "storage"]}) == 187.0


@pytest.mark.parametrize(("stacked", "paid"), [(False, 200 - 20 - 0.1 * 100), (True, 200 - 20 - 0.1 * 180)])
def test_a_private_rate_goes_before_the_enterprise_discount(stacked: bool, paid: float) -> None:
    rate = {"id": "m6i", "service": "ec2", "family": "m6i", "region": "us-east-2", "share": 0.2}
    discounts = {"edp_share": 0.1, "edp_on_private_rates": stacked}
    assert _paid([_server()], private_rate=[rate], discounts=discounts) == pytest.approx(paid)


@pytest.mark.parametrize(
    ("rate", "paid"),
    [
        ({"service": "ec2", "family": "m7i"}, 400.0),
        ({"service": "ec2", "region": "us-west-2"}, 400.0),
        ({"service": "ec2"}, 350.0),
        ({"service": "rds"}, 350.0),
        ({"service": "rds", "family": "db.m6i"}, 350.0),
        ({"service": "windows"}, 360.0),
        ({"service": "ebs"}, 370.0),
        ({"service": "snapshots"}, 380.0),
        ({"service": "transfer"}, 390.0),
    ],
)
def test_a_private_rate_is_for_its_service_family_and_region(rate: dict[str, str], paid: float) -> None:
    servers = [_server("a"), _server("b", target=_DATABASE)]
    assert _paid(servers, private_rate=[{"id": "x", "share": 0.5, **rate}]) == paid


def test_of_several_rates_the_first_that_fits_counts() -> None:
    rates = [
        {"id": "family", "service": "ec2", "family": "m6i", "share": 0.5},
        {"id": "all", "service": "ec2", "share": 0.1},
    ]
    assert _paid([_server("a"), _server("b", target="r6i.large")], private_rate=rates) == 400 - 50 - 10
    findings = spending([_server()], (), WAVES, make_spec(private_rate=rates), (), _computed([_server()])[0])[1]
    assert [f.subject for f in findings if f.code == "private-rate-for-nothing"] == ["all"]


@pytest.mark.parametrize(
    ("plan", "charges", "fee"),
    [
        # the examples of https://aws.amazon.com/premiumsupport/pricing/
        ("developer", 2_000.0, 60.0),
        ("business", 85_000.0, 6_150.0),
        ("enterprise", 1_200_000.0, 70_500.0),
        # minimum charges
        ("developer", 100.0, 29.0),
        ("business", 10.0, 100.0),
        ("enterprise_on_ramp", 1_000.0, 5_500.0),
        ("enterprise", 90_000.0, 15_000.0),
        ("enterprise", 0.0, 0.0),
        ("business", 300_000.0, 1_000 + 4_900 + 8_500 + 1_500),
    ],
)
def test_support_plans_charge_in_tiers_and_a_minimum(plan: str, charges: float, fee: float) -> None:
    assert support_usd(PLANS[plan], np.array([charges]))[0] == pytest.approx(fee)


def test_support_is_of_list_prices_and_tax_of_everything() -> None:
    tiers = [{"up_to_usd": 150, "share": 0.1}, {"share": 0.02}]
    support = {"plan": "own", "tiers": tiers, "minimum_usd_month": 5}
    paid = _paid([_server()], support=support, discounts={"edp_share": 0.5, "tax_share": 0.2})
    assert paid == pytest.approx((100 + 15 + 1) * 1.2)


def test_what_is_paid_twice_bears_its_share_of_a_minimum() -> None:
    case, _ = _computed([_server("a"), _server("b", wave=3)], support={"plan": "enterprise"})
    assert case.months[-1].target_run == 400.0 + 15_000.0
    assert max(month.double_run for month in case.months) <= 15_400.0


def test_a_plan_that_ends_within_the_horizon_is_told() -> None:
    spec = make_spec(support={"plan": "business"})
    case = business_case([_server()], (), WAVES, spec, "book")[0]
    codes = {finding.code for finding in spending([_server()], (), WAVES, spec, (), case)[1]}
    assert "support-plan-ends" in codes


def test_every_overlay_is_an_assumption() -> None:
    rate = {"id": "x", "service": "ec2", "share": 0.5}
    case, made = _computed([_server()], private_rate=[rate], discounts={"edp_share": 0.1, "tax_share": 0.2})
    known = {assumption.key for assumption in case.assumptions}
    assert {step.key for step in made.bill} <= known
    assert {line.rate_key for line in case.lines if line.rate_key} <= known


def test_totals_are_also_told_in_the_currency_that_is_named() -> None:
    euro = {"code": "EUR", "per_usd": 0.9, "date": "2026-11-20", "source": "ECB"}
    case, made = _computed([_server()], currency=euro)
    assert made.in_currency is not None
    assert (made.in_currency.code, made.in_currency.source) == ("EUR", "ECB")
    assert made.in_currency.npv == pytest.approx(case.npv_usd * 0.9, abs=0.01)
    assert made.in_currency.moving == pytest.approx(sum(month.total for month in case.months) * 0.9, abs=0.01)
    plain, without = _computed([_server()])
    assert without.in_currency is None
    assert plain.npv_usd == case.npv_usd
    told = in_currency(make_plan().model_copy(update={"spending": made}))
    assert told is not None
    assert told.startswith("In EUR, at 0.9 for one USD (ECB, 2026-11-20): NPV ")
    assert in_currency(make_plan().model_copy(update={"spending": without})) is None
