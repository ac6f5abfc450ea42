"""Rules about days: the end of support, retirements that others wait for, and freezes and pins with a price."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from migrate.waves import check_plan, plan_waves, score_plan
from tests.factories import make_application
from tests.waves.builders import Records, planned, records

PLAIN: dict[str, Any] = {"window": [], "freeze": [], "waves": {"pathfinders": 0, "max_waves": 12}}
#: Saturdays: wave 1 is 2027-03-06, wave 2 the 13th, and so on.


def broken(given: Records, **waves: int | None) -> dict[str, str]:
    return {item.rule: item.message for item in check_plan(planned(given, dict(waves)))}


def soft(given: Records, **waves: int | None) -> float:
    return score_plan(planned(given, dict(waves))).soft_rules


def with_os(given: Records, name: str, os_name: str) -> Records:
    servers = tuple(item.model_copy(update={"os_name": os_name}) if item.application == name else item for item in given.servers)
    return given._replace(servers=servers)


def test_support_ends_per_application() -> None:
    rule = [{"id": "supported", "of": "*", "by_end_of_support": True}]
    start = {"plan": {"name": "p", "start": "2026-10-19"}}  # support of Server 2016 ends on 2027-01-12, wave 4 is 2027-01-09
    given = records([make_application("A"), make_application("B")], **{**PLAIN, **start}, rule=rule)
    given = with_os(given, "A", "Microsoft Windows Server 2016 (64-bit)")
    assert broken(given, A=4, B=12) == {}
    assert "support of Microsoft Windows Server 2016 (64-bit) ends" in broken(given, A=5, B=1)["supported"]
    assert plan_waves(*given, iterations=2_000).assignment["A"] <= 4


def test_support_that_has_ended_is_told_and_no_limit() -> None:
    rule = [{"id": "supported", "of": "*", "by_end_of_support": True}]
    given = with_os(records([make_application("A")], **PLAIN, rule=rule), "A", "Microsoft Windows Server 2008 (64-bit)")
    result = plan_waves(*given, iterations=1_000)
    assert "support-ends-before-the-first-wave" in {finding.code for finding in result.findings}


RETIRED: dict[str, Any] = {
    "disposition": [{"application": "Old", "disposition": "retire", "on": "2027-03-20", "why": "replaced"}],
}


@pytest.mark.parametrize(
    ("fields", "sides", "good", "bad"),
    [
        ({}, ("Old", "A"), 3, 2),
        ({"strictly": True}, ("Old", "A"), 4, 3),
        ({"lag_days": 14}, ("Old", "A"), 5, 4),
        ({}, ("A", "Old"), 3, 4),
        ({"lag_days": 14}, ("A", "Old"), 1, 2),
        ({"within_days": 14}, ("Old", "A"), 5, 6),
        ({"lag_days": 14, "within_days": 20}, ("Old", "A"), 5, 4),
        ({"within_days": 7}, ("A", "Old"), 2, 1),
    ],
)
def test_others_wait_for_a_retirement(fields: dict[str, Any], sides: tuple[str, str], good: int, bad: int) -> None:
    old = make_application("Old", moving_servers=0, disposition="retire")
    rule = [{"id": "r", "before": dict(zip(("first", "then"), sides, strict=True)), **fields}]
    given = records([make_application("A"), old], **PLAIN, **RETIRED, rule=rule)
    assert broken(given, A=good) == {}
    assert "Old is retired on 2027-03-20" in broken(given, A=bad)["r"]


def test_others_are_cut_over_near_a_retirement() -> None:
    old = make_application("Old", moving_servers=0, disposition="retire")
    rule = [{"id": "r", "within": {"of": ["A", "Old"], "days": 7}, "price_usd": 9.0}]
    given = records([make_application("A"), old], **PLAIN, **RETIRED, rule=rule)
    assert [soft(given, A=wave) for wave in range(1, 6)] == [9.0, 0.0, 0.0, 0.0, 9.0]
    hard = records([make_application("A"), old], **PLAIN, **RETIRED, rule=[{**rule[0], "price_usd": None}])
    assert "within 7 days of 2027-03-20, when Old is retired" in broken(hard, A=5)["r"]


def test_a_retirement_without_a_day_is_told() -> None:
    old = make_application("Old", moving_servers=0, disposition="retire")
    rule = [{"id": "r", "before": {"first": "old", "then": "A"}}]
    found = plan_waves(*records([make_application("A"), old], **PLAIN, rule=rule), iterations=1_000).findings
    assert [item.subject for item in found if item.code == "retired-without-day"] == ["old"]


def test_a_freeze_with_a_price_closes_nothing_and_costs_for_each_cutover() -> None:
    freeze = [{"id": "f", "domains": ["clinical"], "from": "2027-03-07", "to": "2027-03-14", "price_usd": 500.0}]
    given = records(
        [make_application("A", domain="clinical"), make_application("B", domain="other")], **{**PLAIN, "freeze": freeze}
    )
    assert broken(given, A=1, B=2) == {}
    assert [soft(given, A=wave, B=2) for wave in (1, 2, 3)] == [500.0, 500.0, 0.0]  # the night to the 7th is inside


def test_a_pin_with_a_price_may_be_broken_for_it() -> None:
    pin = [{"application": "A", "wave": 5, "price_usd": 1_234.5, "why": "wished"}]
    given = records([make_application("A"), make_application("B")], **PLAIN, pin=pin)
    assert broken(given, A=1, B=5) == {}
    assert [soft(given, A=wave, B=5) for wave in (1, 5, None)] == [1_234.5, 0.0, 1_234.5]


def test_a_date_far_off_needs_no_candidate() -> None:
    given = records([make_application("A")], **PLAIN, rule=[{"id": "r", "of": "A", "earliest": "2027-04-01"}])
    dates = plan_waves(*given, iterations=1_000)
    assert dates.dates[dates.assignment["A"]] >= dt.date(2027, 4, 1)
