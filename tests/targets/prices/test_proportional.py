"""Prices as rates: nothing lost, nothing guessed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from migrate.targets.prices.proportional import Proportional, fit

_UNITS = {"m.large": (2.0, 8.0), "m.xlarge": (4.0, 16.0), "m.4xlarge": (16.0, 64.0), "t.small": (2.0, 2.0), "t.large": (2.0, 8.0)}
_NAMES = [*_UNITS, "odd.one", "odd.two"]
_KEYS = st.tuples(st.sampled_from(["r1", "r2"]), st.sampled_from(_NAMES), st.sampled_from(["on_demand", "reserved_1y"]))
_PRICES = st.dictionaries(_KEYS, st.integers(1, 2_000_000).map(lambda micro: micro / 1e5), max_size=25)


def _all(table: Proportional) -> dict[tuple[str, str, str], float]:
    return {(region, name, term): price for region, name, term, price, _ in table.prices()}


@given(_PRICES)
@settings(max_examples=100, deadline=None)
def test_any_prices_come_back_exactly(prices: dict[tuple[str, str, str], float]) -> None:
    assert _all(fit(prices, _UNITS)) == prices


def test_a_proportional_family_is_one_rate_with_its_rounding() -> None:
    prices = {("r", name, "on_demand"): round(units[0] * 0.03025, 3) for name, units in _UNITS.items() if name.startswith("m.")}
    table = fit(prices, _UNITS)
    assert not table.exceptions
    assert _all(table) == prices


def test_what_is_not_offered_stays_missing() -> None:
    prices = {("r1", "m.large", "a"): 0.1, ("r1", "m.xlarge", "a"): 0.2, ("r2", "m.large", "a"): 0.1}
    assert ("r2", "m.xlarge", "a") not in _all(fit(prices, _UNITS))


@pytest.mark.parametrize("price", [0.0, -1.0])
def test_zero_is_refused(price: float) -> None:
    with pytest.raises(ValueError, match="missing price"):
        fit({("r", "m.large", "a"): price}, _UNITS)
    with pytest.raises(ValidationError):
        Proportional(units={"m": {"large": 2}}, rates={"m": {"r": {"a": (price, 3)}}}, exceptions={})


def test_rates_and_exceptions_need_their_family() -> None:
    with pytest.raises(ValidationError, match="no units"):
        Proportional(units={}, rates={"m": {"r": {"a": (1.0, 3)}}}, exceptions={})
    with pytest.raises(ValidationError, match="no known family"):
        Proportional(units={}, rates={}, exceptions={"m.large": {"r": {"a": 1.0}}})
