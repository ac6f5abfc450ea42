"""From a plan to a runbook. The plan decides what and when; everything here follows from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from operator import attrgetter

from migrate.findings import Finding, Severity, ordered
from migrate.model.plan import Plan, PlannedApplication, PlannedServer
from migrate.risk.rules import RULES
from migrate.runbooks.calendar_notes import find_freezes, staff_notes
from migrate.runbooks.clock import Clock
from migrate.runbooks.closing import closing_steps, hypercare_gate, plan_hypercare
from migrate.runbooks.connections import find_partners, find_ports
from migrate.runbooks.contents import Contents, WaveContents
from migrate.runbooks.controls import controls_for
from migrate.runbooks.cutover import cutover_steps
from migrate.runbooks.doubts import return_findings
from migrate.runbooks.draft import number_steps
from migrate.runbooks.durations import application_hours
from migrate.runbooks.landing_zone import landing_zone_runbook
from migrate.runbooks.messages import wave_messages
from migrate.runbooks.order import cutover_order, declared_order
from migrate.runbooks.owners import name_owners, server_crew
from migrate.runbooks.preparation import preparation_steps
from migrate.runbooks.returning import return_plans, turning_point
from migrate.runbooks.runbook import RiskNote, Runbook, RunbookApplication, RunbookServer
from migrate.runbooks.slots import Slot, schedule_turns

__all__ = ["build_runbook", "build_runbooks"]

_REMEDIES = {rule.id: rule.remedy for rule in RULES}
_SERVER_FIELDS = attrgetter(*(field.name for field in fields(RunbookServer)))


def build_runbook(plan: Plan, wave: int) -> Runbook:
    """Build the runbook of a wave.

    Parameters
    ----------
    plan
        The plan. Nothing else is looked at, neither files nor today's date.
    wave
        Number of a wave of the plan; 0 is the landing zone.

    Raises
    ------
    RequestError
        The plan has no such wave; the message lists those it has.
    """
    contents = Contents(plan)
    return landing_zone_runbook(contents) if wave == 0 else _wave_runbook(contents, contents.of(wave))


def build_runbooks(plan: Plan) -> Iterator[Runbook]:
    """Every runbook of a plan, the landing zone first; faster than one by one, because the plan is indexed once."""
    contents = Contents(plan)
    yield landing_zone_runbook(contents)
    for wave in sorted(contents.waves):
        yield _wave_runbook(contents, contents.of(wave))


def _wave_runbook(contents: Contents, here: WaveContents) -> Runbook:
    wave, spec = here.wave, contents.plan.spec
    clock = Clock.of_wave(wave)
    turns = cutover_order(here.moving, here.dependencies, declared_order(here.applications, spec.rule))
    hours = {a.application: application_hours(a, here.moving[a.application], wave.duration_h, spec) for a in here.applications}
    slots = schedule_turns(tuple(turn for turn in turns if turn.application in hours), hours)
    returns = return_plans(here, slots, hours, clock)
    no_return = turning_point(returns, here, clock)
    partners, ports = find_partners(here), find_ports(contents, here)
    hypercare = plan_hypercare(here, clock, spec)
    ends = hypercare_gate(hypercare, here, clock)
    drafts = [
        *preparation_steps(here, clock, ports, partners, returns),
        *cutover_steps(here, slots, hours, clock, no_return),
        *closing_steps(here, hypercare, ends, clock),
    ]
    servers = [server for members in here.moving.values() for server in members]
    by_name = {application.application: application for application in here.applications}
    return Runbook(
        plan=spec.plan.name,
        wave=wave.wave,
        title=f"Wave {wave.wave}{' (pathfinder)' if wave.pathfinder else ''}",
        summary=_summary(here),
        window=wave.window,
        begins=clock.begins,
        ends=clock.after(wave.duration_h),
        duration_h=wave.duration_h,
        pathfinder=wave.pathfinder,
        data_gib=wave.data_gib,
        applications=tuple(_application(by_name[name], slot, here) for name, slot in slots.items()),
        servers=tuple(_server(server) for server in sorted(servers, key=lambda s: (s.name.casefold(), s.server_id))),
        steps=number_steps(drafts, wave.wave, clock),
        returns=returns,
        point_of_no_return=no_return,
        hypercare=hypercare,
        ports=ports,
        partners=partners,
        freezes=find_freezes(here, spec),
        staff_notes=staff_notes(here, spec),
        controls=controls_for(here.applications),
        risks=_risks(here),
        owners=name_owners(here.applications, [server_crew(members) for members in here.moving.values()], spec),
        messages=wave_messages(wave, clock, partners, no_return, ends),
        findings=ordered([*return_findings(returns, slots, here, no_return), *_unowned(here)]),
    )


def _summary(here: WaveContents) -> str:
    wave = here.wave
    critical = sum(application.criticality == "mission-critical" for application in here.applications)
    return (
        f"{wave.servers} servers of {len(wave.applications)} applications ({critical} mission-critical), "
        f"{wave.data_gib:,.0f} GiB, replicating from {wave.replication_start}. "
        f"Expected loss {wave.expected_loss_usd.low:,.0f} to {wave.expected_loss_usd.high:,.0f} USD, "
        f"likely {wave.expected_loss_usd.likely:,.0f} USD ({wave.expected_loss_usd.reason})."
    )


def _application(application: PlannedApplication, slot: Slot, here: WaveContents) -> RunbookApplication:
    name = application.application
    moving = here.moving[name]
    return RunbookApplication(
        application=name,
        order=slot.turn.order,
        waits_for=slot.turn.waits_for,
        domain=application.domain,
        criticality=application.criticality,
        data_class=application.data_class,
        owner=application.owner,
        rto_h=application.rto_h,
        rpo_h=application.rpo_h,
        disposition=application.disposition,
        servers=tuple(server.name for server in moving),
        staying=tuple(f"{server.name} ({server.disposition or 'undecided'})" for server in here.staying[name]),
        databases=tuple(
            f"{server.name} ({server.database_engine}) → {server.target or 'target unknown'}"
            for server in moving
            if server.database_engine is not None
        ),
        data_gib=application.data_gib,
        ends_h=slot.ends,
    )


def _server(server: PlannedServer) -> RunbookServer:
    return RunbookServer(*_SERVER_FIELDS(server))


def _risks(here: WaveContents) -> tuple[RiskNote, ...]:
    return tuple(
        RiskNote(
            application=application.application,
            rule=hit.rule,
            detail=hit.detail,
            mitigation=_REMEDIES.get(hit.rule, "Discuss it with the application owner before the readiness gate."),
        )
        for application in here.applications
        for hit in sorted(application.risks, key=lambda hit: (-hit.points, hit.rule))
    )


def _unowned(here: WaveContents) -> list[Finding]:
    return [
        Finding(
            code="owner-unnamed",
            severity=Severity.warning,
            subject=application.application,
            source=application.source,
            message=f"Wave {here.wave.wave} needs the word of an owner whom no source names",
            remedy="Name the owner in the application list before the readiness gate.",
        )
        for application in here.applications
        if not application.owner
    ]
