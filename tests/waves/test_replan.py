"""Replanning: what is done stays, what is near is closed, moving the rest is priced, and numbers keep their dates."""

from __future__ import annotations

import datetime as dt

import pytest

from migrate.errors import RequestError
from migrate.model.plan import Earlier, EarlierApplication, Plan
from migrate.readers.actuals import Actual, Actuals
from migrate.spec import Order, Pin, Rule, Within
from migrate.waves import check_plan, explain, plan_waves, score_plan
from migrate.waves.replan import Since, earlier_of
from tests.factories import make_application
from tests.waves.builders import Records, planned, random_records, records


def decided(given: Records, earlier: Earlier | None = None, **spec: object) -> Plan:
    """A plan of the records, by the solver, with its dates."""
    spec_ = given.spec.model_copy(update=spec)
    result = plan_waves(*given[:4], spec_, iterations=30_000, earlier=earlier)
    plan = planned(Records(*given[:4], result.spec), dict(result.assignment))
    dates = {number: candidate.date for number, candidate in enumerate(result.candidates, start=1)}
    applications = tuple(
        item.model_copy(update={"cutover_date": dates[item.wave] if item.wave else None}) for item in plan.applications
    )
    update = {"applications": applications, "candidates": result.candidates, "waves": result.waves, "earlier": earlier}
    return plan.model_copy(update=update | {"solution": result.solution})


def after(plan: Plan, waves: int) -> Since:
    return Since(as_of=plan.waves[waves - 1].date)


@pytest.fixture(scope="module")
def given() -> Records:
    return random_records(5, waves={"max_servers": 30, "max_waves": 14, "max_mission_critical": 2, "replication_days": 3})


@pytest.fixture(scope="module")
def first(given: Records) -> Plan:
    return decided(given)


def test_what_is_done_or_committed_keeps_its_wave_and_nothing_joins_it(given: Records, first: Plan) -> None:
    earlier, _ = earlier_of(first, "0" * 64, after(first, 3), given.spec)
    fixed = {item.application: item.date for item in earlier.applications if item.state != "planned"}
    assert fixed
    turned = given.spec.weights.model_copy(update={"double_run": 0.0, "risk": 50.0, "change_usd": 0.0})
    again = decided(given, earlier, weights=turned)
    had = {item.application: item.wave for item in first.applications}
    for item in again.applications:
        if item.application in fixed:
            assert item.wave == had[item.application]
        elif item.cutover_date is not None:
            assert item.cutover_date > earlier.as_of + dt.timedelta(days=3)
    assert check_plan(again) == ()
    assert [candidate.date for candidate in again.candidates][: len(first.candidates)] == [c.date for c in first.candidates]


def test_the_same_request_moves_nothing(given: Records, first: Plan) -> None:
    earlier, _ = earlier_of(first, "0" * 64, after(first, 3), given.spec)
    again = decided(given, earlier)
    assert {item.application: item.wave for item in again.applications} == {
        item.application: item.wave for item in first.applications
    }
    assert score_plan(again).soft_rules == score_plan(first).soft_rules


def test_a_change_costs_its_price_and_explain_says_so(given: Records, first: Plan) -> None:
    earlier, _ = earlier_of(first, "0" * 64, after(first, 1), given.spec)
    again = decided(given, earlier)
    name = next(
        item.application for item in earlier.applications if item.state == "planned" and item.date == first.waves[-1].date
    )
    moves = 1 + len(explain(again, name).moves_with)
    told = [item for item in explain(again, name).alternatives if not item.chosen]
    price = given.spec.weights.change_usd
    without = {item.wave: item.difference.soft_rules for item in explain(first, name).alternatives}
    assert told
    for item in told:
        assert item.difference.soft_rules == pytest.approx(without[item.wave] + price * moves)
    early = next(item for item in told if item.date <= earlier.as_of)
    assert [reason.rule for reason in early.forbidden_by if reason.rule == "earlier plan"]


def test_facts_outweigh_dates(given: Records, first: Plan) -> None:
    wave = first.waves[1]
    done, late = first.waves[2].applications[0], wave.applications[0]
    started = dt.datetime.combine(first.waves[2].date, dt.time(22))
    rows = [Actual(first.waves[3].applications[0], "cutover", started, started + dt.timedelta(hours=8), "actuals.csv:2")]
    since = Since(wave.date, done=(done,), not_done=(late,), actuals=Actuals(tuple(rows)))
    states = {item.application: item for item in earlier_of(first, "", since, given.spec)[0].applications}
    assert states[done].state == "done"
    assert states[late].state == "planned"
    assert states[rows[0].application].state == "planned"  # it was cut over after the day of replanning
    since = Since(started.date(), actuals=Actuals(tuple(rows)))
    states = {item.application: item for item in earlier_of(first, "", since, given.spec)[0].applications}
    assert (states[rows[0].application].state, states[rows[0].application].date) == ("done", first.waves[2].date)


def test_names_that_are_not_there_are_met_with_what_is(given: Records, first: Plan) -> None:
    with pytest.raises(RequestError, match="App 0"):
        earlier_of(first, "", Since(done=("App 0x",)), given.spec)
    with pytest.raises(RequestError, match="no wave 14"):
        earlier_of(first, "", Since(done=("wave 14",)), given.spec)
    with pytest.raises(RequestError, match="both done and not done"):
        earlier_of(first, "", Since(done=("1",), not_done=("1",)), given.spec)


def test_another_calendar_keeps_only_the_dates_of_what_is_fixed(given: Records, first: Plan) -> None:
    waves = given.spec.waves.model_copy(update={"min_days_between": 10})
    earlier, _ = earlier_of(first, "", after(first, 2), given.spec.model_copy(update={"waves": waves}))
    assert max(earlier.candidates) == max(item.date for item in earlier.applications if item.state != "planned")


def test_a_pin_against_what_is_done_is_told_and_does_nothing(given: Records, first: Plan) -> None:
    earlier, _ = earlier_of(first, "", after(first, 1), given.spec)
    name = next(item.application for item in earlier.applications if item.state == "done")
    pin = Pin(application=name, wave=9, why="too late")
    spec = given.spec.model_copy(update={"pin": (pin,)})
    result = plan_waves(*given[:4], spec, iterations=5_000, earlier=earlier)
    assert result.assignment[name] == next(item.wave for item in first.applications if item.application == name)
    assert "pin-after-cutover" in {finding.code for finding in result.findings}


def test_an_earlier_plan_is_part_of_the_plan_and_others_do_not_mention_it(given: Records, first: Plan) -> None:
    earlier = Earlier(
        sha256="0" * 64,
        as_of=dt.date(2027, 3, 6),
        candidates=(dt.date(2027, 3, 6),),
        applications=(EarlierApplication(application="App 00", date=dt.date(2027, 3, 6), state="done"),),
    )
    assert '"earlier"' not in first.model_dump_json()
    again = first.model_copy(update={"earlier": earlier})
    assert Plan.model_validate_json(again.model_dump_json()).earlier == earlier


def test_what_is_done_still_says_until_when_others_must_follow() -> None:
    wish = Rule(id="wish", of="B", earliest=dt.date(2027, 5, 1), price_usd=900_000.0)
    given = records(
        [make_application(name) for name in "AB"], window=[], freeze=[], waves={"max_waves": 14, "replication_days": 3}
    )
    waves = given.spec.waves.model_copy(update={"pathfinders": 0})
    first = decided(given, rule=(wish,), pin=(Pin(application="A", wave=2, why="agreed"),), waves=waves)
    had = {item.application: item.cutover_date for item in first.applications}
    assert had == {"A": dt.date(2027, 3, 13), "B": dt.date(2027, 5, 1)}
    earlier, _ = earlier_of(first, "0" * 64, after(first, 1), first.spec)
    for rule in (
        Rule(id="soon", before=Order(first="A", then="B"), within_days=30),
        Rule(id="soon", within=Within(of=("*",), days=30)),
    ):
        again = decided(given, earlier, rule=(wish, rule), waves=waves)
        dates = {item.application: item.cutover_date for item in again.applications}
        assert dates["A"] == had["A"]
        assert earlier.as_of < (dates["B"] or earlier.as_of) <= dt.date(2027, 3, 13) + dt.timedelta(days=30)
        assert check_plan(again) == ()
        told = explain(again, "B")
        assert [reason.rule for reason in told.binding] == ["soon"]
    late = Rule(id="soon", before=Order(first="B", then="A"), within_days=30)  # asks nothing any more: B comes after A
    assert decided(given, earlier, rule=(wish, late), waves=waves).applications[1].cutover_date == had["B"]
