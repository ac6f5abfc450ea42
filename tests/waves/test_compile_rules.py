"""What selectors and counts of a rule mean."""

from __future__ import annotations

from typing import Any

import pytest

from migrate.waves import check_plan, plan_waves
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


def test_an_owner_is_a_selector() -> None:
    rule = [{"id": "r", "apart": ["owner:works", "B"]}]
    given = records([make_application("A", owner="Works"), make_application("B", owner="IT")], **PLAIN, rule=rule)
    assert len(messages(given, A=1, B=1)) == 1
