from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.errors import RequestError
from migrate.model.plan import ExtraCapacity, Plan, RiskHit
from migrate.risk.rules import RULES
from migrate.runbooks import Phase, Runbook, build_runbook, build_runbooks
from tests.factories import make_application, make_dependency, make_plan, make_server, make_spec, make_wave


def with_application(plan: Plan, application: str, /, **fields: object) -> Plan:
    made = tuple(a.model_copy(update=fields) if a.application == application else a for a in plan.applications)
    return plan.model_copy(update={"applications": made})


def titled(runbook: Runbook, part: str) -> list[str]:
    return [step.title for step in runbook.steps if part in step.title]


def test_every_wave_and_the_landing_zone_have_a_runbook() -> None:
    plan = make_plan()
    assert [runbook.wave for runbook in build_runbooks(plan)] == [0, 1, 2, 3]
    assert list(build_runbooks(plan)) == [build_runbook(plan, wave) for wave in range(4)]


def test_an_unknown_wave_names_those_there_are() -> None:
    with pytest.raises(RequestError, match=r"no wave 7.*0, 1, 2, 3"):
        build_runbook(make_plan(), 7)


def test_a_runbook_survives_json() -> None:
    for runbook in build_runbooks(make_plan()):
        assert Runbook.model_validate_json(runbook.model_dump_json()) == runbook


@pytest.mark.parametrize("wave", [0, 1, 2, 3])
def test_steps_are_numbered_by_time_and_depend_on_earlier_ones_only(wave: int) -> None:
    steps = build_runbook(make_plan(), wave).steps
    starts = {step.id: step.starts_h for step in steps}
    assert list(starts.values()) == sorted(starts.values())
    assert len(starts) == len(steps)
    for step in steps:
        assert all(starts[before] <= step.starts_h for before in step.depends_on)
        assert 0 < step.duration_h.low <= step.duration_h.likely <= step.duration_h.high
        assert step.action
        assert step.check
        assert step.rollback


def test_the_window_and_its_zone_give_the_times() -> None:
    runbook = build_runbook(make_plan(), 3)
    assert runbook.begins.isoformat() == "2027-04-10T22:00:00-05:00"
    assert runbook.ends.isoformat() == "2027-04-11T06:00:00-05:00"


def test_a_change_of_the_clocks_within_the_window_is_counted() -> None:
    wave = make_wave(1, date=dt.date(2027, 3, 13))  # clocks go forward at 02:00 on the 14th
    runbook = build_runbook(make_plan(waves=(wave,)), 1)
    assert runbook.ends.isoformat() == "2027-03-14T07:00:00-05:00"


def test_gates_have_measurable_criteria_and_a_decider() -> None:
    gates = [step.gate for step in build_runbook(make_plan(), 3).steps if step.gate is not None]
    assert [gate.name for gate in gates] == ["Readiness", "Go or no-go", "Stay or return", "End of hypercare"]
    assert all(criterion.threshold and criterion.evidence for gate in gates for criterion in gate.criteria)
    assert gates[0].decider_name == "Pat Doe"  # owns the mission-critical application


def test_crews_confirm_their_overtime_before_the_wave() -> None:
    overtime = ExtraCapacity(rule="crew linux", key="", what="linux hours of overtime", amount=5.0, usd_each=40.0, usd=200.0)
    plan = make_plan(waves=(make_wave(1, extra_capacity=(overtime,)),))
    gate = next(step.gate for step in build_runbook(plan, 1).steps if step.gate is not None)
    crews = next(criterion.threshold for criterion in gate.criteria if criterion.measure.startswith("crew hours"))
    assert "linux 12 h of 320 h, 5 h of it overtime; network 4 h; windows 4 h of 320 h" in crews


def test_a_device_for_what_a_line_cannot_carry_is_ordered_and_confirmed() -> None:
    sent = ExtraCapacity(rule="link DC-North", key="", what="GiB more", amount=1_683.4, usd_each=1.5, usd=2_525.1)
    runbook = build_runbook(make_plan(waves=(make_wave(1, extra_capacity=(sent,)),)), 1)
    (order,) = (step for step in runbook.steps if step.title == "DC-North: order a device or a burst line")
    assert order.action.startswith("Order it for 1,683 GiB, which the line of DC-North cannot have replicated")
    assert order.starts < next(step.starts for step in runbook.steps if step.phase == Phase.replication)
    gate = next(step.gate for step in runbook.steps if step.gate is not None)
    told = [item.threshold for item in gate.criteria if item.measure == "data of DC-North sent by device or burst line"]
    assert told == ["1,683 GiB, all of it at the target"]
    without = build_runbook(make_plan(), 1)
    assert not [step for step in without.steps if "device" in step.title]
    assert not [item for step in without.steps if step.gate for item in step.gate.criteria if "device" in item.measure]


def test_phases_follow_each_other() -> None:
    runbook = build_runbook(make_plan(), 3)
    last = {phase: max(s.starts_h for s in runbook.steps if s.phase == phase) for phase in Phase}
    assert last[Phase.replication] < last[Phase.cutover] < last[Phase.hypercare] < last[Phase.closure]


def test_dispositions_are_carried_out_differently() -> None:
    plan = make_plan()
    servers = tuple(
        s.model_copy(update={"disposition": "repurchase", "target": None}) if s.name == "sth-pay-app-01" else s
        for s in plan.servers
    )
    runbook = build_runbook(plan.model_copy(update={"servers": servers}), 2)
    assert set(titled(runbook, "Payroll: prepare by")) == {"Payroll: prepare by rehost", "Payroll: prepare by repurchase"}
    assert titled(build_runbook(plan, 3), "Remittance: last changes") == [
        "Remittance: last changes (rehost)",
        "Remittance: last changes (replatform (database))",
    ]


def test_servers_that_stay_are_named() -> None:
    assert build_runbook(make_plan(), 2).applications[0].staying == ("sth-pay-old-01 (retire)",)


def test_providers_are_validated_before_their_consumers_stop() -> None:
    needs = (make_dependency("Active Directory", "Library"),)
    runbook = build_runbook(make_plan(dependencies=needs), 1)
    assert [(a.application, a.order) for a in runbook.applications] == [("Library", 1), ("Active Directory", 2)]
    steps = {step.title: step for step in runbook.steps}
    validated = steps["Library: validate"]
    assert steps["Active Directory: stop"].starts_h >= validated.starts_h + validated.duration_h.likely - 1 / 60
    assert validated.id in steps["Active Directory: stop"].depends_on
    assert [plan.application for plan in runbook.returns] == ["Active Directory", "Library"]


def test_a_declared_order_counts_within_a_wave() -> None:
    spec = make_spec(rule=[{"id": "directory-first", "before": {"first": "Active Directory", "then": "*"}}])
    runbook = build_runbook(make_plan(spec=spec), 1)
    assert [a.application for a in runbook.applications] == ["Active Directory", "Library"]
    assert runbook.applications[1].waits_for == ("Active Directory",)


@pytest.mark.parametrize(
    ("rto_h", "fits", "code"), [(8.0, True, None), (2.0, False, "return-exceeds-rto"), (None, None, "rto-unknown")]
)
def test_the_return_is_compared_with_the_rto(rto_h: float | None, fits: bool | None, code: str | None) -> None:
    runbook = build_runbook(with_application(make_plan(), "Payroll", rto_h=rto_h), 2)
    assert runbook.returns[0].full.fits is fits
    assert [finding.code for finding in runbook.findings] == ([code] if code else [])
    assert bool(titled(runbook, "bring the return within the RTO")) is (fits is False)


def test_a_return_that_cannot_fit_is_an_error() -> None:
    runbook = build_runbook(with_application(make_plan(), "Payroll", rto_h=0.25), 2)
    assert [finding.severity.value for finding in runbook.findings] == ["error"]


@settings(max_examples=30, deadline=None)
@given(st.floats(1, 200_000), st.floats(0.1, 48))
def test_a_return_decided_at_the_point_of_no_return_ends_within_the_window(data_gib: float, rto_h: float) -> None:
    runbook = build_runbook(with_application(make_plan(), "Payroll", data_gib=data_gib, rto_h=rto_h), 2)
    point, plan = runbook.point_of_no_return, runbook.returns[0]
    assert point is not None
    assert plan.short is not None
    assert plan.full.fits is (plan.full.total_h.high <= rto_h)
    assert plan.short.total_h.high <= plan.full.total_h.high
    assert point.starts_h + plan.short.total_h.high <= max(runbook.duration_h, plan.short.total_h.high) + 1 / 60
    assert 0 <= point.starts_h <= runbook.duration_h


def test_a_cutover_longer_than_its_window_is_a_finding() -> None:
    plan = make_plan()
    waves = tuple(wave.model_copy(update={"duration_h": 1.0}) for wave in plan.waves)
    codes = {finding.code for finding in build_runbook(plan.model_copy(update={"waves": waves}), 2).findings}
    assert "cutover-exceeds-window" in codes


def test_health_data_brings_its_controls() -> None:
    with_data, without = build_runbook(make_plan(), 3), build_runbook(make_plan(), 2)
    assert any("business associate" in control.measure for control in with_data.controls)
    assert titled(with_data, "sign off the controls for PHI")
    assert without.controls == ()


def test_partners_ports_and_freezes_come_from_the_plan() -> None:
    runbook = build_runbook(make_plan(), 3)
    assert [(p.party, p.direction) for p in runbook.partners] == [("203.0.113.0/24", "outbound")]
    assert titled(runbook, "Tell 203.0.113.0/24")
    assert {(p.consumer, p.provider): p.direction for p in runbook.ports} == {
        ("Claims Clearinghouse", "Active Directory"): "within the target",
        ("Claims Clearinghouse", "Mainframe Ledger"): "target to source",
        ("Remittance", "Active Directory"): "within the target",
    }
    assert [freeze.id for freeze in runbook.freezes] == ["month-end"]
    assert runbook.freezes[0].when.startswith("2027-03-27 to 2027-04-05")


@pytest.mark.parametrize(("transfer", "word"), [("2027-03-30", "before"), ("2027-03-01", "after"), ("2029-01-01", "")])
def test_the_transfer_of_staff_is_noted_when_it_is_near(transfer: str, word: str) -> None:
    staff = {"transfer_date": dt.date.fromisoformat(transfer), "partner": "NorthOps", "leaving_share": 0.3}
    notes = build_runbook(make_plan(spec=make_spec(staff=staff)), 2).staff_notes
    assert bool(notes) is bool(word)
    assert all(word in " ".join(notes) for _ in notes)
    assert not notes or "30%" in notes[0]


def test_risks_bring_the_remedy_of_their_rule() -> None:
    rule = RULES[0]
    plan = with_application(make_plan(), "Payroll", risks=(RiskHit(rule=rule.id, points=3.0, detail="as seen"),))
    assert [(risk.rule, risk.mitigation) for risk in build_runbook(plan, 2).risks] == [(rule.id, rule.remedy)]


def test_an_application_without_owner_is_a_finding() -> None:
    runbook = build_runbook(with_application(make_plan(), "Payroll", owner=None), 2)
    assert [finding.code for finding in runbook.findings] == ["owner-unnamed"]


def test_the_landing_zone_is_ready_before_the_first_replication() -> None:
    plan = make_plan()
    runbook = build_runbook(plan, 0)
    first = min(wave.replication_start for wave in plan.waves)
    assert runbook.begins.date() <= first
    assert all(step.starts.date() >= plan.spec.plan.start - dt.timedelta(days=2) for step in runbook.steps)
    assert titled(runbook, "business associate")
    assert runbook.findings == ()


def test_a_landing_zone_with_too_little_time_is_a_finding() -> None:
    plan = make_plan(spec=make_spec(plan={"name": "late", "start": dt.date(2027, 2, 8)}))
    runbook = build_runbook(plan, 0)
    assert [finding.code for finding in runbook.findings] == ["landing-zone-hurried"]
    assert all(step.starts.date() >= plan.spec.plan.start for step in runbook.steps)


def test_a_plan_without_waves_still_has_a_landing_zone() -> None:
    assert build_runbook(make_plan(waves=()), 0).steps


def test_a_large_wave_is_built() -> None:
    names = [f"App {number:03d}" for number in range(60)]
    applications = tuple(make_application(name, wave=1) for name in names)
    servers = tuple(make_server(f"s{number:04d}", application=names[number % 60], wave=1) for number in range(150))
    plan = make_plan(
        servers=servers, applications=applications, dependencies=(), waves=(make_wave(1, applications=tuple(names), servers=150),)
    )
    runbook = build_runbook(plan, 1)
    assert len(runbook.servers) == 150
    assert len(runbook.applications) == 60
