"""Requests that cannot be kept are answered with the rule and the remedy, before any search."""

from __future__ import annotations

from typing import Any

import pytest

from migrate.errors import InfeasibleError, RequestError
from migrate.waves import plan_waves
from tests.factories import make_application
from tests.waves.builders import records

BASE: dict[str, Any] = {"window": [], "freeze": []}
BEFORE_AB = {"id": "ab", "before": {"first": "A", "then": "B"}}


def refuse(*applications: Any, **sections: Any) -> InfeasibleError:
    given = records(
        [item if not isinstance(item, str) else make_application(item) for item in applications], **{**BASE, **sections}
    )
    with pytest.raises(InfeasibleError) as caught:
        plan_waves(*given, iterations=5_000)
    assert caught.value.where.startswith("plan.toml")
    assert caught.value.remedy.endswith(".")
    return caught.value


def test_a_cycle_of_before_rules_names_them() -> None:
    error = refuse("A", "B", rule=[BEFORE_AB, {"id": "ba", "before": {"first": "B", "then": "A"}}])
    assert "before rules ab and ba form a cycle: 'A' before 'B' before 'A'" in error.message


def test_a_longer_cycle_is_told_in_order() -> None:
    rules = [{"id": x + y, "before": {"first": x, "then": y}} for x, y in ("AB", "BC", "CD", "DB")]
    error = refuse("A", "B", "C", "D", rule=rules)
    assert "BC and CD and DB form a cycle: 'B' before 'C' before 'D' before 'B'" in error.message


def test_an_application_larger_than_any_wave() -> None:
    error = refuse(make_application("A", moving_servers=200), waves={"max_servers": 150})
    assert "'A' needs 200 servers, but no wave that it may use has more than 150 servers (waves.max_servers)" in error.message
    assert "at least 200 servers" in error.remedy


def test_crew_hours_larger_than_any_wave() -> None:
    error = refuse(make_application("A", crew_h={"linux": 999.5}), crew=[{"skill": "linux", "hours_week": 10}])
    assert "'A' needs 999.5 linux hours" in error.message
    assert "(crew linux)" in error.message


def test_a_freeze_that_covers_every_window_of_an_application() -> None:
    freeze = [{"id": "long", "domains": ["clinical"], "from": "2027-01-01", "to": "2030-01-01"}]
    error = refuse(make_application("A", domain="clinical"), "B", freeze=freeze)
    assert "'A' cannot move on any of the" in error.message
    assert "closed by long" in error.message
    assert error.remedy.startswith("Shorten the freeze long, add a [[window]], or raise [waves] max_waves.")


def test_a_pin_into_a_closed_wave() -> None:
    freeze = [{"id": "f", "domains": ["clinical"], "from": "2027-03-01", "to": "2027-03-10"}]
    pin = [{"application": "A", "wave": 1, "why": "agreed"}]
    error = refuse(make_application("A", domain="clinical"), "B", freeze=freeze, pin=pin)
    assert "'A' is pinned to wave 1 of 2027-03-06, which is closed: the freeze f holds (f)" in error.message


def test_pins_that_tear_a_group() -> None:
    pins = [{"application": name, "wave": wave, "why": "x"} for name, wave in (("A", 2), ("B", 3))]
    error = refuse("A", "B", rule=[{"id": "t", "together": ["A", "B"]}], pin=pins)
    assert "moves together but is pinned to waves 2 and 3" in error.message


def test_pins_that_overfill_a_wave() -> None:
    pins = [{"application": name, "wave": 2, "why": "x"} for name in "AB"]
    pair = [make_application(name, moving_servers=90) for name in "AB"]
    assert "can move in wave 2 only and together need 180 servers" in refuse(*pair, pin=pins).message


def test_more_than_the_waves_before_the_lease_end_hold() -> None:
    site = [{"name": "DC-North", "lease_end": "2027-03-28"}, {"name": "DC-South", "lease_end": "2028-01-01"}]
    many = [make_application(f"A{number}", moving_servers=100) for number in range(5)]
    error = refuse(*many, "Z", site=site)
    assert (
        "must move by 2027-03-20 (site DC-North) and need 501 servers, but the 3 waves until then have 450 servers"
        in error.message
    )
    assert "at least 167 servers" in error.remedy


def test_more_data_than_a_line_sends_until_the_lease_ends() -> None:
    # 100 GiB a day, waves on days 61, 68 and 75 with 14 days each: from day 47 to 75 the line sends 2,800 GiB
    link = [{"from": "DC-North", "bandwidth_mbit_s": 100 * 2**30 * 8 / 86_400 / 1e6, "usable_share": 1.0}]
    site = [{"name": "DC-North", "lease_end": "2027-03-28"}, {"name": "X", "lease_end": "2028-01-01"}]
    waves = {"change_rate_day": 0, "pathfinders": 0}
    many = [make_application(f"A{number}", data_gib=700) for number in range(5)]
    assert (
        "need 3,500 GiB, but the 3 waves until then have 2,800 GiB (link DC-North)"
        in refuse(*many, site=site, link=link, waves=waves).message
    )
    # with 40 days each it is 54 days, from day 21 on
    given = records(many, **BASE, site=site, link=link, waves={**waves, "replication_days": 40})
    assert len(plan_waves(*given, iterations=5_000).assignment) == 5


def test_more_mission_critical_ones_than_waves() -> None:
    many = [make_application(f"A{number}", criticality="mission-critical") for number in range(7)]
    error = refuse(*many, waves={"max_waves": 3, "max_mission_critical": 2})
    assert "waves.max_mission_critical allows 2 in a wave, but 7 of the mission-critical applications" in error.message
    assert "Allow 3 in a wave" in error.remedy


def test_dates_that_a_before_rule_makes_impossible() -> None:
    rules = [BEFORE_AB, {"id": "late", "of": "A", "earliest": "2027-06-01"}, {"id": "early", "of": "B", "latest": "2027-05-01"}]
    assert "the rule ab leaves no date for" in refuse("A", "B", rule=rules).message


@pytest.mark.parametrize(
    "rule",
    [
        {"id": "r", "apart": ["A", "B"]},
        {"id": "r", "before": {"first": "A", "then": "B"}, "strictly": True},
        {"id": "r", "at_most": {"of": "*", "count": 1}},
    ],
)
def test_a_rule_against_a_together_rule(rule: dict[str, Any]) -> None:
    error = refuse("A", "B", rule=[{"id": "t", "together": ["A", "B"]}, rule])
    assert "the rule r " in error.message
    assert "the move group of 'A' (2 applications) moves together" in error.message


def test_what_only_a_search_can_tell_names_the_nearest_plans_broken_rule() -> None:
    # three of 40 fit no two waves of 60, though 120 hold 120
    trio = [make_application(name, moving_servers=40) for name in "ABC"]
    error = refuse(*trio, waves={"max_servers": 60, "max_waves": 2, "pathfinders": 0})
    assert "the nearest one breaks waves.max_servers" in error.message


@pytest.mark.parametrize(
    ("pin", "words"),
    [({"application": "Clams", "wave": 1}, "'Claims'"), ({"application": "Claims", "wave": 500}, "wave from 1 to 7")],
)
def test_pins_that_cannot_be_understood(pin: dict[str, Any], words: str) -> None:
    given = records([make_application("Claims")], **BASE, pin=[{**pin, "why": "x"}])
    with pytest.raises(RequestError) as caught:
        plan_waves(*given)
    assert words in caught.value.remedy


def test_lags_that_contradict_each_other_are_told_with_their_days() -> None:
    rules = [
        {"id": "ab", "before": {"first": "A", "then": "B"}, "lag_days": 28},
        {"id": "bc", "before": {"first": "B", "then": "C"}, "strictly": True},
        {"id": "ac", "before": {"first": "A", "then": "C"}, "within_days": 28},
    ]
    error = refuse("A", "B", "C", rule=rules)
    assert (
        "the rules ab and bc and ac contradict each other: 'B' must move at least 28 days after 'A', 'C' must move after 'B', "
        "but 'C' must move at most 28 days after 'A'" in error.message
    )


def test_a_span_of_days_without_any_two_such_dates() -> None:
    rule = [{"id": "r", "before": {"first": "A", "then": "B"}, "lag_days": 8, "within_days": 13}]
    error = refuse("A", "B", rule=rule)
    assert "the rule r asks for 8 to 13 days between two cutovers, but no two candidate dates are so far apart" in error.message


def test_dates_that_a_within_rule_makes_impossible() -> None:
    rules = [
        {"id": "w", "within": {"of": ["*"], "days": 14}},
        {"id": "late", "of": "A", "earliest": "2027-05-01"},
        {"id": "early", "of": "C", "latest": "2027-04-01"},
    ]
    assert (
        "the rule w leaves no date for 'A': all must be at most 14 days apart, but some of them cannot move before wave 9 and "
        "some not after wave 4" in refuse("A", "B", "C", rule=rules).message
    )


def test_within_fewer_days_than_there_are_between_dates_means_one_wave() -> None:
    near = {"id": "near", "within": {"of": ["A", "b"], "days": 6}}
    error = refuse("A", "b", rule=[near, {"id": "ap", "apart": ["A", "b"]}])
    assert "moves together, as no two candidate dates are as near as near asks" in error.message
    assert error.message.endswith("without any one of them they do not: near, ap")  # a proof, not what a search did not find
    assert "Raise `days` of near, or make it soft with price_usd." in error.remedy
    assert "A and b must be at most 6 days apart (near)" in error.remedy
    pair = [make_application(name, moving_servers=6) for name in "Ab"]
    error = refuse(*pair, rule=[near], waves={"max_servers": 10, "pathfinders": 0})
    assert "needs 12 servers, but no wave that it may use has more than 10 servers (waves.max_servers)" in error.message
    assert "Raise `days` of near" in error.remedy
    given = records([make_application(name) for name in "Ab"], **BASE, rule=[near])
    found = plan_waves(*given, iterations=5_000).assignment
    assert found["A"] == found["b"]


def test_the_nearest_plan_is_told_with_names_as_they_are() -> None:
    # three in three waves, the first and last of them two weeks apart, which only a search can tell
    near = {"id": "near", "within": {"of": ["Ab", "Cd", "Ef"], "days": 8}}
    error = refuse("Ab", "Cd", "Ef", rule=[near, *({"id": f"ap{n}", "apart": ["Ab", "Cd", "Ef"]} for n in "123")])
    assert "the nearest one breaks near: Ab and Ef must be at most 8 days apart (near)" in error.message
    assert "Raise `days` of near" in error.remedy


def test_contradicting_days_of_rules_without_an_order_are_told_without_one() -> None:
    rules = [
        {"id": "near", "within": {"of": ["A", "B"], "days": 14}},
        {"id": "lag", "before": {"first": "A", "then": "B"}, "lag_days": 21},
    ]
    assert "'A' and 'B' must be at most 14 days apart" in refuse("A", "B", rule=rules).message


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ({"within": {"of": ["A", "Old"], "days": 14}}, "Raise `days` of r, move the `on` of the [[disposition]], or make"),
        ({"before": {"first": "Old", "then": "A"}, "within_days": 7}, "Raise `within_days` of r, move the `on` of"),
        ({"of": "A", "latest": "2027-01-05"}, "Move the date of the rule, or make the rule soft with price_usd."),
    ],
)
def test_the_remedy_is_against_what_closes_the_dates(rule: dict[str, Any], words: str) -> None:
    gone = {"application": "Old", "disposition": "retire", "on": "2027-01-02", "why": "replaced"}
    old = make_application("Old", moving_servers=0, disposition="retire")
    error = refuse("A", old, rule=[{"id": "r", **rule}], disposition=[gone])
    assert "closed by r" in error.message
    assert words in error.remedy
    assert not any(word in error.remedy for word in ("freeze", "window", "pin", "lease"))
