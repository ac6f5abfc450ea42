"""NPV, IRR, MIRR and payback, against pyxirr and by their definitions."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
import pyxirr
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from migrate.finance.worth import internal_rate, modified_internal_rate, net_present_value, payback_month, present_values
from tests.factories import make_spec
from tests.finance.builders import compute, moving

amounts = st.floats(-1e6, 1e6).map(lambda value: round(value, 2))
series = st.lists(amounts, min_size=2, max_size=120)
rates = st.floats(0, 0.5)
positive = st.floats(1_000, 1e6)


def _yearly(monthly: float | None) -> float:
    assert monthly is not None
    return float((1.0 + monthly) ** 12 - 1.0)


def _monthly(yearly: float) -> float:
    return float((1.0 + yearly) ** (1 / 12) - 1.0)


@settings(max_examples=100, deadline=None)
@given(saving=series, rate=rates)
def test_npv_equals_pyxirr(saving: list[float], rate: float) -> None:
    expected = pyxirr.npv(_monthly(rate), saving, start_from_zero=False)
    assert net_present_value(np.array(saving), rate) == pytest.approx(expected, abs=0.005)


@settings(max_examples=100, deadline=None)
@given(saving=series, finance=rates, reinvest=rates)
def test_mirr_equals_pyxirr(saving: list[float], finance: float, reinvest: float) -> None:
    assume(min(saving) < -1.0 and max(saving) > 1.0)
    rate, reason = modified_internal_rate(np.array(saving), finance, reinvest)
    expected = pyxirr.mirr(saving, _monthly(finance), _monthly(reinvest))
    assert rate is not None
    assert reason == ""
    assert rate == pytest.approx(_yearly(expected), rel=1e-7, abs=1e-9)


@settings(max_examples=100, deadline=None)
@given(paid=st.lists(positive, min_size=1, max_size=20), saved=st.lists(positive, min_size=12, max_size=100))
def test_irr_of_an_investment_equals_pyxirr(paid: list[float], saved: list[float]) -> None:
    saving = np.array([-amount for amount in paid] + saved)
    rate, reason = internal_rate(saving)
    expected = pyxirr.irr(saving.tolist(), silent=True)
    if rate is None:
        assert "no yearly rate" in reason
        assert expected is None or not -0.9 < (1.0 + expected) ** 12 - 1.0 < 100.0
    else:
        assert net_present_value(saving, rate) == pytest.approx(0.0, abs=1e-6 * np.abs(saving).sum())
        assert (1.0 + rate) ** (1 / 12) - 1.0 == pytest.approx(expected, abs=1e-8)


@pytest.mark.parametrize(
    ("saving", "said"),
    [
        ([0.0, 0.0], "cost the same in every month"),
        ([1.0, 2.0], "nothing is invested"),
        ([-1.0, -2.0], "nothing is earned"),
        ([-1.0] + [0.0] * 119 + [1e-12], "no yearly rate between"),
    ],
)
def test_why_there_is_no_rate(saving: list[float], said: str) -> None:
    rate, reason = internal_rate(np.array(saving))
    assert rate is None
    assert said in reason


def test_several_rates_are_none() -> None:
    """Yearly factors 1.1 and 1.5 are the roots: −1 + 2.6 v − 1.65 v²."""
    saving = np.zeros(25)
    saving[[0, 12, 24]] = -1.0, 2.6, -1.65
    rate, reason = internal_rate(saving)
    assert rate is None
    assert "10.0%, 50.0%" in reason


def test_payback_of_the_discounted_saving_is_later() -> None:
    months = [dt.date(2027, 1, 1), dt.date(2027, 2, 1), dt.date(2027, 3, 1)]
    saving = np.array([-100.0, 100.5, 50.0])
    assert payback_month(saving, months) == months[1]
    assert payback_month(present_values(saving, 0.2), months) == months[2]
    assert payback_month(-saving, months) is None


def test_against_both_ways_of_staying() -> None:
    spec = make_spec(plan={"start": dt.date(2027, 1, 4), "finance_rate": 0.1, "reinvest_rate": 0.04})
    case = compute([moving("nth-1"), moving("nth-2", 3)], spec)
    refreshed, kept = case.worth
    assert (refreshed.against, kept.against) == ("staying-with-refresh", "staying")
    saving = [month.stay_total - month.total for month in case.months]
    without = [s - month.stay_refresh for s, month in zip(saving, case.months, strict=True)]
    for record, flows in ((refreshed, saving), (kept, without)):
        assert record.npv_usd == pytest.approx(pyxirr.npv(_monthly(0.08), flows, start_from_zero=False), abs=0.01)
        assert record.mirr == pytest.approx(_yearly(pyxirr.mirr(flows, _monthly(0.1), _monthly(0.04))), abs=1e-9)
        assert record.irr == pytest.approx(_yearly(pyxirr.irr(flows)), abs=1e-6)
        assert record.saving_usd == pytest.approx(sum(flows), abs=0.01)
        assert record.roi == pytest.approx(sum(flows) / case.one_off_usd)
    assert (case.npv_usd, case.payback_month) == (refreshed.npv_usd, refreshed.payback_month)


def test_ownership_is_the_sum_of_the_months_and_of_its_categories() -> None:
    case = compute([moving("nth-1"), moving("nth-2", 3)], make_spec())
    owned = {record.way: record for record in case.ownership}
    assert owned["moving"].total_usd == pytest.approx(sum(month.total for month in case.months), abs=0.01)
    assert owned["staying-with-refresh"].total_usd == pytest.approx(sum(month.stay_total for month in case.months), abs=0.01)
    bought = sum(month.stay_refresh for month in case.months)
    assert owned["staying-with-refresh"].total_usd - owned["staying"].total_usd == pytest.approx(bought, abs=0.01)
    for record in case.ownership:
        assert sum(record.by_category.values()) == pytest.approx(record.total_usd, abs=0.02)
    assert owned["staying-with-refresh"].present_usd - owned["moving"].present_usd == pytest.approx(case.npv_usd, abs=0.02)
    assert "hardware" not in owned["staying"].by_category
