from __future__ import annotations

import datetime as dt

import pytest

from migrate.errors import RequestError
from migrate.spec import Freeze
from migrate.waves.freezes import frozen_days

JULY = (dt.date(2027, 7, 1), dt.date(2027, 7, 31))


def days(first: dt.date, last: dt.date, **fields: object) -> list[int]:
    freeze = Freeze.model_validate({"id": "f", **fields})
    return sorted(day.day for day in frozen_days(freeze, first, last))


def test_month_end_counts_business_days_and_freezes_the_weekend_between() -> None:
    # 5 July 2027 is the observed Independence Day: the third business day is Tuesday the 6th
    assert days(*JULY, rule="last 4 and first 3 business days of each month") == [1, 2, 3, 4, 5, 6, 27, 28, 29, 30, 31]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        ("last 2 business days of each month", [29, 30, 31]),
        ("First 1 business day of each month", [1]),
        ("first 1 and last 1 business days of each month", [1, 30, 31]),
    ],
)
def test_accepted_forms(rule: str, expected: list[int]) -> None:
    assert days(*JULY, rule=rule) == expected


def test_public_holidays_of_a_country_or_of_one_of_its_states() -> None:
    year = (dt.date(2027, 1, 1), dt.date(2027, 1, 31))
    assert days(*JULY, rule="public holidays") == [4, 5]  # Independence Day on a Sunday, observed on the Monday
    assert days(*JULY, rule="2 days before and 1 day after public holidays") == [2, 3, 4, 5, 6]
    assert days(*year, rule="public holidays", country="DE") == [1]
    assert days(*year, rule="public holidays", country="DE-BY") == [1, 6]
    assert days(*JULY, rule="first 3 business days of each month", country="DE") == [1, 2, 3, 4, 5]


def test_a_holiday_just_outside_freezes_the_days_inside() -> None:
    assert days(dt.date(2027, 7, 7), dt.date(2027, 7, 9), rule="3 days after public holidays") == [7, 8]
    assert days(dt.date(2027, 7, 1), dt.date(2027, 7, 2), rule="3 days before public holidays") == [1, 2]


def test_an_unknown_country_is_told() -> None:
    with pytest.raises(RequestError, match="'XX' are not known"):
        days(*JULY, rule="public holidays", country="XX")


def test_several_periods_are_one_freeze() -> None:
    periods = [{"from": "2027-07-03", "to": "2027-07-04", "what": "upgrade"}, {"from": "2027-07-30", "to": "2027-08-09"}]
    assert days(*JULY, periods=periods) == [3, 4, 30, 31]
    assert days(*JULY, periods=[{"from": "2025-07-03", "to": "2025-07-04"}], yearly=True) == [3, 4]


@pytest.mark.parametrize(
    "rule",
    ["every full moon", "last 4", "last 2 and last 3 business days of each month", "", "last 99 business days of each month"],
)
def test_other_texts_name_the_freeze_and_the_forms(rule: str) -> None:
    with pytest.raises(RequestError, match="of the freeze 'f'") as caught:
        days(*JULY, rule=rule)
    assert "last N and first M business days of each month" in caught.value.remedy


def test_a_yearly_freeze_comes_back_across_new_year() -> None:
    freeze = Freeze.model_validate({"id": "f", "from": "2026-12-30", "to": "2027-01-02", "yearly": True})
    found = frozen_days(freeze, dt.date(2028, 6, 1), dt.date(2029, 6, 1))
    assert sorted(found) == [dt.date(2028, 12, 30), dt.date(2028, 12, 31), dt.date(2029, 1, 1), dt.date(2029, 1, 2)]


def test_a_leap_day_is_the_28th_in_other_years() -> None:
    freeze = Freeze.model_validate({"id": "f", "from": "2028-02-29", "to": "2028-02-29", "yearly": True})
    assert frozen_days(freeze, dt.date(2029, 1, 1), dt.date(2029, 12, 31)) == {dt.date(2029, 2, 28)}


def test_dates_hold_once() -> None:
    freeze = Freeze.model_validate({"id": "f", "from": "2027-07-30", "to": "2027-08-02"})
    assert frozen_days(freeze, *JULY) == {dt.date(2027, 7, 30), dt.date(2027, 7, 31)}
