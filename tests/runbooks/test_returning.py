from __future__ import annotations

import datetime as dt

import pytest

from migrate.model.plan import Plan
from migrate.runbooks import ReturnWay, Runbook, build_runbook
from tests.factories import make_dependency, make_plan, make_server


def place_of(way: ReturnWay, *words: str) -> int:
    """Where the one action with these words stands."""
    places = [number for number, action in enumerate(way.actions) if all(word in action for word in words)]
    assert len(places) == 1, (words, places)
    return places[0]


def shared(plan: Plan, application: str) -> Plan:
    made = tuple(a.model_copy(update={"shared_service": a.application == application}) for a in plan.applications)
    return plan.model_copy(update={"applications": made})


def in_two_levels() -> Plan:
    return make_plan(dependencies=(make_dependency("Active Directory", "Library"),))


@pytest.mark.parametrize("wave", [2, 3])
def test_a_full_return_saves_what_users_wrote_before_it_changes_anything(wave: int) -> None:
    for plan in build_runbook(make_plan(), wave).returns:
        way = plan.full
        order = [
            place_of(way, "Leave replication off", "target volumes"),
            place_of(way, "start the database servers only"),
            place_of(way, "start the application servers"),
            place_of(way, "Point DNS records"),
            place_of(way, "signs the return"),
            place_of(way, "Only after that signature: discard the target"),
        ]
        assert order == sorted(order)
        assert order[-1] == len(way.actions) - 1
        frozen = [n for n, action in enumerate(way.actions) if "read-only" in action]
        exported = [n for n, action in enumerate(way.actions) if "export" in action and "Snapshot" in action]
        applied = [n for n, action in enumerate(way.actions) if action.startswith("Apply")]
        assert frozen
        assert max(frozen) < min(exported) <= max(exported) < order[0]
        assert order[1] < min(applied) <= max(applied) < order[2]


@pytest.mark.parametrize("disposition", ["rehost", "relocate", "replatform", "refactor", "repurchase"])
def test_no_way_back_lets_replication_run_before_the_owner_has_signed(disposition: str) -> None:
    plan = make_plan()
    servers = tuple(s.model_copy(update={"disposition": disposition}) if s.wave else s for s in plan.servers)
    runbook = build_runbook(plan.model_copy(update={"servers": servers}), 3)
    for returning in runbook.returns:
        assert returning.short is not None
        for way in (returning.short, returning.full):
            signed = place_of(way, "signs the return")
            assert not any("resume replication" in action or "discard" in action for action in way.actions[:signed])
    for step in runbook.steps:
        assert "resume replication" not in step.rollback


def test_parts_add_up_and_consumers_wait_for_their_providers() -> None:
    runbook = build_runbook(shared(in_two_levels(), ""), 1)
    for plan in runbook.returns:
        assert plan.short is not None
        for way in (plan.short, plan.full):
            assert sum(part.likely_h for part in way.parts) == pytest.approx(way.total_h.likely)
            assert sum(part.high_h for part in way.parts) == pytest.approx(way.total_h.high)
    consumer, provider = runbook.returns
    assert (consumer.order, provider.order) == (2, 1)
    wait = next(part for part in consumer.full.parts if part.name == "wait for providers")
    own = sum(p.likely_h for p in consumer.full.parts if p.name in ("freeze", "secure", "databases", "apply"))
    start = sum(p.likely_h for p in provider.full.parts if p.name not in ("names", "test"))
    assert wait.likely_h == pytest.approx(start - own)
    assert wait.likely_h > 0


def test_users_are_admitted_after_the_gate_and_never_before() -> None:
    runbook = build_runbook(make_plan(), 3)
    gate, admit = (next(s for s in runbook.steps if s.title.startswith(start)) for start in ("Gate: stay", "Admit users"))
    assert admit.depends_on == (gate.id,)
    assert admit.starts > gate.starts
    assert "log position" in admit.action
    assert runbook.point_of_no_return is not None
    assert gate.starts == runbook.point_of_no_return.at


def test_a_shared_service_has_the_full_return_only() -> None:
    runbook = build_runbook(shared(in_two_levels(), "Active Directory"), 1)
    ways = {plan.application: plan for plan in runbook.returns}
    assert ways["Active Directory"].short is None
    assert ways["Library"].short is not None
    late = runbook.ends - dt.timedelta(hours=ways["Active Directory"].full.total_h.high)
    assert abs(ways["Active Directory"].latest_decision - late) <= dt.timedelta(minutes=1)


def test_databases_are_stopped_last_and_started_first() -> None:
    runbook = build_runbook(make_plan(), 3)
    steps = {step.title: step for step in runbook.steps}
    stop, launch = steps["Claims Clearinghouse: stop"], steps["Claims Clearinghouse: start at the target (rehost)"]
    assert stop.databases == launch.databases == ("nth-clm-db-01",)
    assert stop.servers[-1] == launch.servers[0] == "nth-clm-db-01"
    assert set(stop.servers) == set(launch.servers)


def test_twins_are_told_apart_by_their_id() -> None:
    plan = make_plan()
    twins = tuple(
        make_server(f"id-{number}", application="Payroll", wave=2, database_engine=engine).model_copy(update={"name": name})
        for number, name, engine in ((1, "twin", None), (2, "TWIN", "mysql"))
    )
    runbook: Runbook = build_runbook(plan.model_copy(update={"servers": twins}), 2)
    assert [server.name for server in runbook.servers] == ["twin (id-1)", "TWIN (id-2)"]
    stop = next(step for step in runbook.steps if step.title == "Payroll: stop")
    assert stop.servers == ("twin (id-1)", "TWIN (id-2)")
    assert stop.databases == ("TWIN (id-2)",)
