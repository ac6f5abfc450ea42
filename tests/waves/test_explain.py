from __future__ import annotations

import datetime as dt

import pytest

from migrate.errors import RequestError
from migrate.spec import Rule
from migrate.waves import explain, plan_waves, price_soft_rules, score_plan
from tests.factories import make_application
from tests.waves.builders import planned, random_records, records


def test_each_wave_costs_what_the_moved_plan_costs_more() -> None:
    given = random_records(3)
    assignment: dict[str, int | None] = dict(plan_waves(*given, iterations=30_000).assignment)
    plan = planned(given, assignment)
    told = explain(plan, "app 11")
    assert (told.application, told.moves_with, told.wave) == ("App 11", ("App 03",), assignment["App 11"])
    assert [item.wave for item in told.alternatives if item.chosen] == [told.wave]
    for item in told.alternatives:
        moved = score_plan(planned(given, {**assignment, "App 11": item.wave, "App 03": item.wave}))
        assert item.difference.total == pytest.approx(moved.total - score_plan(plan).total, abs=0.001)
        assert item.difference.split == pytest.approx(moved.split - score_plan(plan).split, abs=0.001)


def test_the_rule_that_binds_is_named() -> None:
    costly = {"risk": 0, "split": 0, "double_run": 0, "wave_overhead": 0}
    rule = [{"id": "wait", "of": "A", "earliest": "2027-05-01"}]
    given = records(
        [make_application("A", criticality="low")], window=[], freeze=[], rule=rule, weights=costly, waves={"max_waves": 20}
    )
    told = explain(planned(given, {"A": 10}), "A")
    assert told.cheapest_allowed == 9  # the first Saturday in May
    assert [reason.rule for reason in told.binding] == ["wait"]
    assert "wave 1 would cost" in told.summary
    assert not told.alternatives[0].allowed
    assert told.alternatives[8].allowed


def test_what_does_not_move_says_why() -> None:
    given = records([make_application("A"), make_application("Z", moving_servers=0, disposition="retain")])
    assert explain(planned(given, {"A": 1}), "Z").summary == "Z is in no wave: it has no server that moves (retain)"
    assert explain(planned(given, {}), "A").wave is None


def test_an_unknown_name_is_met_with_the_nearest() -> None:
    given = records([make_application("Claims Clearinghouse")])
    with pytest.raises(RequestError, match="'Claims Clearinghouse'"):
        explain(planned(given, {}), "claim clearinghouse")


def test_the_line_of_what_binds_and_the_soft_rules_are_told() -> None:
    rules = [
        {"id": "wait", "of": "A", "earliest": "2027-05-01"},
        {"id": "hurry", "of": "A", "latest": "2027-03-01", "price_usd": 70.0},
    ]
    costly = {"risk": 0, "split": 0, "double_run": 0, "wave_overhead": 0}
    given = records(
        [make_application("A", criticality="low")], window=[], freeze=[], rule=rules, weights=costly, waves={"max_waves": 12}
    )
    given = given._replace(spec=given.spec.model_copy(update={"lines": {"wait": 12, "hurry": 16}}))
    told = explain(planned(given, {"A": 10}), "A")
    assert [(reason.rule, reason.line) for reason in told.alternatives[0].forbidden_by] == [("wait", 12)]
    assert [(cost.rule, cost.line, cost.times, cost.usd) for cost in told.alternatives[9].soft] == [("hurry", 16, 1.0, 70.0)]


def test_soft_rules_sum_up_to_their_term() -> None:
    given = random_records(4)
    plan = planned(given, dict(plan_waves(*given, iterations=5_000).assignment))
    assert sum(cost.usd for cost in price_soft_rules(plan)) == pytest.approx(score_plan(plan).soft_rules, abs=0.01)


def test_the_latest_day_after_another_binds_and_is_named() -> None:
    rule = [
        {"id": "engine", "before": {"first": "EHR", "then": "Interfaces"}, "within_days": 30},
        {"id": "wish", "of": "Interfaces", "earliest": "2027-05-01", "price_usd": 900_000.0},
    ]
    latest = Rule(id="until", of="Interfaces", latest=dt.date(2027, 4, 20))
    pin = [{"application": "EHR", "wave": 2, "why": "agreed"}]
    pair = [make_application("EHR"), make_application("Interfaces")]
    given = records(pair, window=[], freeze=[], rule=rule, pin=pin, waves={"max_waves": 12, "pathfinders": 0})
    given = given._replace(spec=given.spec.model_copy(update={"lines": {"engine": 31}}))
    assignment = plan_waves(*given, iterations=5_000).assignment
    told = explain(planned(given, dict(assignment)), "Interfaces")
    assert {item.wave for item in told.alternatives if item.allowed} == {2, 3, 4, 5, 6}
    assert [(reason.rule, reason.line) for reason in told.binding] == [("engine", 31)]
    assert told.binding[0].message == "Interfaces must move at most 30 days later than EHR, in wave 2 (engine)"
    assert "engine (plan.toml:31) forbids it" in told.summary
    given = given._replace(spec=given.spec.model_copy(update={"rule": (*given.spec.rule, latest)}))
    told = explain(planned(given, dict(assignment)), "Interfaces")
    assert "engine (plan.toml:31), until forbid it" in told.summary
