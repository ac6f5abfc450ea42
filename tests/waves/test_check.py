from __future__ import annotations

import datetime as dt
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.waves import check_plan, plan_waves, score_plan
from tests.factories import make_application
from tests.waves.builders import Records, planned, random_records, records


def rules_broken(given: Records, assignment: dict[str, int | None]) -> set[str]:
    return {violation.rule for violation in check_plan(planned(given, assignment))}


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 1_000))
def test_what_the_solver_finds_breaks_no_rule_and_costs_what_it_says(seed: int) -> None:
    given = random_records(seed)
    result = plan_waves(*given, iterations=30_000)
    plan = planned(given, dict(result.assignment))
    assert check_plan(plan) == ()
    assert score_plan(plan) == result.solution.objective


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000))
def test_any_plan_can_be_scored(seed: int) -> None:
    given = random_records(seed)
    dice = random.Random(seed)
    numbers = [None, *range(1, 15)]
    assignment = {item.application: dice.choice(numbers) for item in given.applications if item.moving_servers}
    terms = score_plan(planned(given, assignment))
    parts = (terms.split, terms.double_run, terms.site_exit, terms.risk, terms.wave_overhead, terms.soft_rules)
    assert terms.total == pytest.approx(sum(parts), abs=0.001)
    assert {name for name, wave in assignment.items() if wave is None} == {
        violation.applications[0] for violation in check_plan(planned(given, assignment)) if violation.rule == "unplanned"
    }


NAMES = tuple("ABCDEFGHZ")
PLAIN: dict[str, Any] = {
    "window": [],
    "waves": {"pathfinders": 1, "max_servers": 30, "pathfinder_max_servers": 5, "max_waves": 16},
}
#: Support of the servers' system ends on 2029-05-31, between waves 4 and 5.
LATE: dict[str, Any] = {"plan": {"name": "p", "start": "2029-03-05"}, "site": [{"name": "DC-North"}]}
RETIRED: dict[str, Any] = {
    "disposition": [{"application": "Z", "disposition": "retire", "on": "2027-04-10", "why": "replaced"}],
}


def planted(**sections: Any) -> Records:
    fields: dict[str, dict[str, Any]] = {
        "A": {"criticality": "low"},
        "B": {"criticality": "mission-critical"},
        "C": {"criticality": "mission-critical"},
        "D": {"domain": "revenue-cycle"},
        "E": {"moving_servers": 20},
        "F": {"moving_servers": 20},
        "G": {"owner": "IT"},
        "Z": {"moving_servers": 0, "disposition": "retire"},
    }
    return records([make_application(name, **fields.get(name, {})) for name in NAMES], **{**PLAIN, **sections})


GOOD: dict[str, int | None] = {"A": 1, "B": 2, "C": 3, "D": 2, "E": 2, "F": 3, "G": 4, "H": 5}


@pytest.mark.parametrize(
    ("sections", "moved", "rule"),
    [
        ({}, {"F": 2}, "waves.max_servers"),
        ({}, {"C": 2}, "waves.max_mission_critical"),
        ({}, {"B": 1}, "waves.pathfinders"),
        ({}, {"A": 2}, "waves.pathfinders"),
        ({}, {"D": 4}, "month-end"),
        ({"crew": [{"skill": "linux", "hours_week": 10}]}, {"H": 4, "G": 4, "A": 4}, "crew linux"),
        ({"link": [{"from": "DC-North", "bandwidth_mbit_s": 1}]}, {}, "link DC-North"),
        ({"rule": [{"id": "r", "before": {"first": "G", "then": "H"}}]}, {"G": 6}, "r"),
        ({"rule": [{"id": "r", "before": {"first": "G", "then": "H"}, "strictly": True}]}, {"G": 5}, "r"),
        ({"rule": [{"id": "r", "apart": ["G", "H"]}]}, {"G": 5}, "r"),
        ({"rule": [{"id": "r", "together": ["G", "H"]}]}, {}, "r"),
        ({"rule": [{"id": "r", "at_most": {"of": "domain:back-office", "count": 2}}]}, {"G": 2}, "r"),
        ({"rule": [{"id": "r", "of": "G", "earliest": "2027-03-28"}]}, {}, "r"),
        ({"rule": [{"id": "r", "of": "G", "latest": "2027-03-20"}]}, {}, "r"),
        ({"pin": [{"application": "G", "wave": 7, "why": "agreed"}]}, {}, "pin G"),
        (
            {"site": [{"name": "DC-North", "lease_end": "2027-03-28"}, {"name": "X", "lease_end": "2029-01-01"}]},
            {},
            "site DC-North",
        ),
        ({"rule": [{"id": "r", "before": {"first": "G", "then": "H"}, "lag_days": 8}]}, {}, "r"),
        ({"rule": [{"id": "r", "before": {"first": "A", "then": "H"}, "within_days": 27}]}, {}, "r"),
        ({"rule": [{"id": "r", "before": {"first": "G", "then": "H"}, "lag_days": 7, "within_days": 7}]}, {"H": 6}, "r"),
        ({"rule": [{"id": "r", "before": {"first": "G", "then": "H"}, "lag_days": 8, "within_days": 14}]}, {}, "r"),
        ({"rule": [{"id": "r", "within": {"of": ["owner:it", "A", "H"], "days": 27}}]}, {}, "r"),
        ({"rule": [{"id": "r", "before": {"first": "Z", "then": "G"}, "within_days": 14}], **RETIRED}, {"G": 10}, "r"),
        ({"rule": [{"id": "r", "before": {"first": "H", "then": "Z"}, "within_days": 6}], **RETIRED}, {}, "r"),
        ({"rule": [{"id": "r", "within": {"of": ["H", "Z"], "days": 6}}], **RETIRED}, {}, "r"),
        ({"rule": [{"id": "r", "at_most": {"of": "site:DC-North", "count": 1, "per": "domain"}}]}, {"C": 5}, "r"),
        ({"rule": [{"id": "r", "of": "G", "by_end_of_support": True}], **LATE}, {"G": 7}, "r"),
        ({"rule": [{"id": "r", "before": {"first": "Z", "then": "G"}}], **RETIRED}, {}, "r"),
        ({"rule": [{"id": "r", "before": {"first": "H", "then": "Z"}}], **RETIRED}, {"H": 11}, "r"),
        ({"freeze": [{"id": "f", "domains": ["back-office"], "rule": "2 days before public holidays"}]}, {"H": 13}, "f"),
        ({"freeze": [{"id": "f", "domains": ["back-office"], "periods": [{"from": "2027-04-01", "to": "2027-04-04"}]}]}, {}, "f"),
        ({"freeze": [{"id": "f", "applications": ["owner:it"], "from": "2027-04-01", "to": "2027-04-04"}]}, {"G": 5}, "f"),
        ({"window": [{"id": "w", "days": ["sat"], "domains": ["revenue-cycle"]}]}, {}, "windows"),
        ({"waves": {**PLAIN["waves"], "ramp_start_servers": 10}}, {}, "waves.ramp_start_servers"),
        ({}, {"G": None}, "unplanned"),
        ({}, {"G": 99}, "calendar"),
    ],
)
def test_every_planted_violation_is_found(sections: dict[str, Any], moved: dict[str, int | None], rule: str) -> None:
    given = planted(**sections)
    assert rule in rules_broken(given, {**GOOD, **moved})


def test_the_plan_without_planted_violations_is_clean() -> None:
    assert rules_broken(planted(), GOOD) == set()


def test_a_violation_says_how_much_and_who() -> None:
    found = [item for item in check_plan(planned(planted(), {**GOOD, "F": 2})) if item.rule == "waves.max_servers"]
    assert [(item.wave, item.amount, item.limit) for item in found] == [(2, 42.0, 30.0)]
    assert found[0].applications == ("B", "D", "E", "F")
    assert found[0].message == "Wave 2 needs 42 servers and has 30 servers (waves.max_servers)"


def test_a_move_group_that_was_torn_is_named() -> None:
    given = planted()
    pair = given.move_groups[6].model_copy(update={"applications": ("G", "H")})
    given = given._replace(move_groups=(*given.move_groups[:6], pair))
    applications = tuple(
        item.model_copy(update={"move_group": "G"}) if item.application in "GH" else item for item in given.applications
    )
    assert "move group G" in rules_broken(given._replace(applications=applications), GOOD)


def test_edits_that_do_not_agree_are_found() -> None:
    plan = planned(planted(), GOOD)
    servers = tuple(item.model_copy(update={"wave": 3}) if item.application == "H" else item for item in plan.servers)
    applications = tuple(
        item.model_copy(update={"cutover_date": dt.date(2030, 1, 1)}) if item.application == "G" else item
        for item in plan.applications
    )
    found = {
        item.rule: item.applications
        for item in check_plan(plan.model_copy(update={"servers": servers, "applications": applications}))
    }
    assert found == {"server-wave": ("H",), "calendar": ("G",)}


def test_an_application_that_stays_has_no_business_in_a_wave() -> None:
    given = records([make_application("A", criticality="low"), make_application("Z", moving_servers=0)], window=[])
    assert rules_broken(given, {"A": 1, "Z": 1}) == {"stays-behind"}
    nothing = records([make_application("Z", moving_servers=0)])
    assert rules_broken(nothing, {"Z": 1}) == {"stays-behind"}
    assert score_plan(planned(nothing, {})).total == 0
