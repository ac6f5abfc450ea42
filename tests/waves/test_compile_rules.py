"""What selectors and counts of a rule mean."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st

from migrate.waves import check_plan, plan_waves, price_soft_rules
from tests.factories import make_application
from tests.waves.builders import Records, planned, records

PLAIN: dict[str, Any] = {"window": [], "freeze": [], "waves": {"pathfinders": 0, "max_waves": 12}}


def messages(given: Records, **waves: int) -> list[str]:
    return [item.message for item in check_plan(planned(given, dict(waves)))]


def test_a_count_is_kept_apart_for_each_value() -> None:
    rule = [{"id": "one-a-hospital", "at_most": {"of": "criticality:high", "count": 1, "per": "site"}}]
    four = [
        make_application("A", criticality="high", site="North"),
        make_application("B", criticality="high", site="North"),
        make_application("C", criticality="high", site="South"),
        make_application("D", criticality="low", site="South"),
    ]
    given = records(four, **PLAIN, rule=rule)
    assert messages(given, A=1, B=2, C=1, D=1) == []
    assert messages(given, A=1, B=1, C=1, D=1) == ["Wave 1 holds 2 of those that one-a-hospital limits to 1 for site North: A, B"]
    assignment = plan_waves(*given, iterations=5_000).assignment
    assert assignment["A"] != assignment["B"]


def test_values_that_are_unknown_count_together() -> None:
    rule = [{"id": "r", "at_most": {"of": "*", "count": 1, "per": "owner"}}]
    given = records([make_application(name, owner=None) for name in "AB"], **PLAIN, rule=rule)
    assert "for owner unknown" in messages(given, A=1, B=1)[0]


@pytest.mark.parametrize(("lag", "waves"), [(7, (1, 2)), (8, (1, 3)), (30, (1, 6))])
def test_a_lag_is_days_between_the_cutovers(lag: int, waves: tuple[int, int]) -> None:
    rule = [{"id": "r", "before": {"first": "A", "then": "B"}, "lag_days": lag}]
    given = records([make_application("A"), make_application("B")], **PLAIN, rule=rule)
    first, then = waves
    assert messages(given, A=first, B=then) == []
    assert messages(given, A=first, B=then - 1) == [f"A must move at least {lag} days earlier than B, in wave {then - 1} (r)"]
    found = plan_waves(*given, iterations=5_000)
    assert (found.dates[found.assignment["B"]] - found.dates[found.assignment["A"]]).days >= lag


@pytest.mark.parametrize(("most", "last"), [(6, 3), (7, 4), (30, 7)])
def test_a_maximum_is_days_from_the_first_cutover_to_the_second(most: int, last: int) -> None:
    rule = [{"id": "r", "before": {"first": "A", "then": "B"}, "within_days": most}]
    given = records([make_application("A"), make_application("B")], **PLAIN, rule=rule)
    assert messages(given, A=3, B=3) == messages(given, A=3, B=last) == []
    assert messages(given, A=3, B=last + 1) == [f"B must move at most {most} days later than A, in wave 3 (r)"]
    assert messages(given, A=4, B=3) == ["A must move no later than B, in wave 3 (r)"]


def test_within_days_in_either_order() -> None:
    rule = [{"id": "r", "within": {"of": ["domain:lab", "C"], "days": 10}}]
    three = [make_application(name, domain=domain) for name, domain in (("A", "lab"), ("B", "lab"), ("C", "other"))]
    given = records(three, **PLAIN, rule=rule)
    assert messages(given, A=3, B=2, C=3) == messages(given, A=2, B=3, C=2) == []
    assert messages(given, A=4, B=3, C=2) == ["A and C must be at most 10 days apart (r)"]
    assert messages(given, A=2, B=3, C=5) == [
        "A and C must be at most 10 days apart (r)",
        "B and C must be at most 10 days apart (r)",
    ]


@pytest.mark.parametrize(("of", "told"), [(["A"], 1), (["A", "a"], 1), (["owner:nobody", "A"], 2), (["A", "B"], 0), (["*"], 0)])
def test_a_rule_that_keeps_one_application_near_itself_is_told(of: list[str], told: int) -> None:
    given = records([make_application(name) for name in "AB"], **PLAIN, rule=[{"id": "r", "within": {"of": of, "days": 10}}])
    found = [item for item in plan_waves(*given, iterations=2_000).findings if item.code == "rule-names-nothing"]
    assert len(found) == told
    assert [item.message for item in found if "alone" in item.message] == (
        ["The rule r keeps applications near each other, but its selectors mean 'A' alone"] if told else []
    )


@settings(max_examples=60, deadline=None)
@drawn(st.lists(st.integers(1, 12), min_size=5, max_size=5), st.integers(1, 60), st.integers(0, 60))
def test_a_soft_rule_costs_once_for_every_pair_that_breaks_it(waves: list[int], most: int, lag: int) -> None:
    lag = min(lag, most)
    rules = [
        {"id": "b", "before": {"first": "domain:x", "then": "domain:y"}, "lag_days": lag, "within_days": most, "price_usd": 3.0},
        {"id": "w", "within": {"of": ["A", "*"], "days": most}, "price_usd": 100.0},
    ]
    five = [make_application(name, domain=domain) for name, domain in zip("ABCDE", "xxyyy", strict=True)]
    plan = planned(records(five, **PLAIN, rule=rules), dict(zip("ABCDE", waves, strict=True)))
    day = [7 * wave for wave in waves]
    ordered = sum(not lag <= day[then] - day[first] <= most for first in (0, 1) for then in (2, 3, 4))
    near = sum(abs(one - other) > most for one, other in combinations(day, 2))
    costs = {cost.rule: (cost.times, cost.usd) for cost in price_soft_rules(plan)}
    assert costs == {rule: (n, n * usd) for rule, n, usd in (("b", ordered, 3.0), ("w", near, 100.0)) if n}
    assert check_plan(plan) == ()


def test_an_owner_is_a_selector() -> None:
    rule = [{"id": "r", "apart": ["owner:works", "B"]}]
    given = records([make_application("A", owner="Works"), make_application("B", owner="IT")], **PLAIN, rule=rule)
    assert len(messages(given, A=1, B=1)) == 1
