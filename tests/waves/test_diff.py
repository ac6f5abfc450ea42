from __future__ import annotations

import datetime as dt

import pytest

from migrate.model.plan import Plan
from migrate.pipeline import renew
from migrate.spec import Pin, Rule, Within
from migrate.waves.diff import diff_plans
from tests.factories import make_plan, make_server


@pytest.fixture(scope="module")
def plan() -> Plan:
    """The small plan on the calendar of its own request."""
    return renew(make_plan())


def with_wave(plan: Plan, name: str, wave: int) -> Plan:
    moved = [item.model_copy(update={"wave": wave}) if item.application == name else item for item in plan.applications]
    return renew(plan.model_copy(update={"applications": tuple(moved)}))


def test_a_plan_differs_in_nothing_from_itself(plan: Plan) -> None:
    found = diff_plans(plan, plan)
    assert found.same
    assert found.objective.total == 0
    assert (found.dates, found.inputs, found.request, found.findings) == ((), (), (), ())
    assert {figure.difference for figure in found.figures} <= {0.0, None}


def test_a_move_is_told_with_its_days_and_what_its_old_day_would_cost(plan: Plan) -> None:
    after = with_wave(plan, "Payroll", 6)
    found = diff_plans(plan, after)
    (move,) = found.moves
    assert (move.application, move.wave_before, move.wave_after, move.servers) == ("Payroll", 2, 6, 2)
    assert move.days == (plan.candidates[5].date - plan.candidates[1].date).days
    assert any(f"back on {plan.candidates[1].date}" in reason for reason in move.reasons)
    assert found.objective.total == pytest.approx(after.solution.objective.total - plan.solution.objective.total, abs=0.01)
    back = diff_plans(after, plan)
    assert back.moves[0].days == -(move.days or 0)
    assert back.objective.total == pytest.approx(-found.objective.total, abs=0.01)


def test_the_pin_and_the_rule_that_moved_it_are_named(plan: Plan) -> None:
    spec = plan.spec.model_copy(update={"pin": (Pin(application="Payroll", wave=6, why="the fiscal year"),)})
    pinned = with_wave(plan.model_copy(update={"spec": spec}), "Payroll", 6)
    found = diff_plans(plan, pinned)
    reasons = found.moves[0].reasons
    assert reasons[0] == "pinned to wave 6: the fiscal year"
    assert any("it may not move on" in reason and "pin Payroll" in reason for reason in reasons)
    assert {change.subject for change in found.request} >= {"pin[Payroll].wave", "pin[Payroll].why"}
    assert diff_plans(pinned, plan).moves[0].reasons[0] == "its pin to wave 6 is gone"


def test_the_rule_that_its_earlier_day_would_break_is_named(plan: Plan) -> None:
    names = sorted(item.application for item in plan.applications if item.wave and item.application != "Payroll")
    near = Rule(id="near", within=Within(of=("Payroll", names[0]), days=7))
    spec = plan.spec.model_copy(update={"rule": (*plan.spec.rule, near)})
    after = with_wave(with_wave(plan.model_copy(update={"spec": spec}), "Payroll", 6), names[0], 6)
    reasons = {move.application: move.reasons for move in diff_plans(plan, after).moves}
    first, other = sorted((names[0], "Payroll"))
    told = f"it would break near: {first} and {other} must be at most 7 days apart (near)"
    assert any(reason.endswith(told) for reason in reasons["Payroll"])


def test_what_is_added_gone_or_decided_otherwise_is_told(plan: Plan) -> None:
    servers = [server for server in plan.servers if server.name != "nth-lib-db-01"]
    changed = [
        server.model_copy(update={"disposition": "retain", "disposition_reason": "kept", "target": None})
        if server.name == "sth-pay-old-01"
        else server
        for server in servers
    ]
    fresh = make_server("nth-new-01")
    later = plan.model_copy(update={"servers": tuple(sorted([*changed, fresh], key=lambda server: server.server_id))})
    inputs = (plan.inputs[0].model_copy(update={"sha256": "1" * 64, "rows_read": 20}),)
    found = diff_plans(plan, later.model_copy(update={"inputs": inputs}))
    assert (found.servers_added, found.servers_removed) == (("nth-new-01",), ("nth-lib-db-01",))
    assert [(item.subject, item.before, item.after, item.reason) for item in found.dispositions] == [
        ("sth-pay-old-01", "retire", "retain", "kept")
    ]
    assert [(item.subject, item.reason) for item in found.inputs] == [("rvtools-north.xlsx", "rows 14 → 20")]


def test_keys_of_the_request_are_told_by_their_names(plan: Plan) -> None:
    spec = plan.spec.model_copy(update={"waves": plan.spec.waves.model_copy(update={"max_servers": 7})})
    sites = tuple(
        site.model_copy(update={"lease_end": dt.date(2030, 1, 1)}) if site.name == "DC-South" else site for site in spec.site
    )
    found = diff_plans(plan, plan.model_copy(update={"spec": spec.model_copy(update={"site": sites})}))
    assert [(item.subject, item.after) for item in found.request] == [
        ("site[DC-South].lease_end", "2030-01-01"),
        ("waves.max_servers", "7"),
    ]
