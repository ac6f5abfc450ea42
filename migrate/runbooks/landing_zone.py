"""The runbook of wave 0: accounts, network, security and tools that must stand before the first server replicates."""

from __future__ import annotations

import datetime as dt

from migrate.findings import Finding, Severity
from migrate.model.names import MOVING
from migrate.runbooks.clock import Clock
from migrate.runbooks.connections import find_partners
from migrate.runbooks.contents import Contents, WaveContents
from migrate.runbooks.controls import controls_for
from migrate.runbooks.draft import DraftStep, number_steps
from migrate.runbooks.durations import fixed
from migrate.runbooks.landing_zone_steps import building_steps
from migrate.runbooks.owners import DESK, LEAD, PARTNERS, name_owners
from migrate.runbooks.runbook import Criterion, Gate, Message, Partner, Phase, Runbook

__all__ = ["landing_zone_runbook"]

_BUILD_DAYS = 50  # the earliest step is this many days before acceptance; planning value of this project


def landing_zone_runbook(contents: Contents) -> Runbook:
    """Everything due before the first replication starts; T is the morning on which the landing zone is accepted."""
    plan = contents.plan
    clock = _clock(contents)
    moving = [application for application in plan.applications if application.moving_servers]
    partners = _partners(contents)
    drafts = _steps(contents, clock, partners)
    return Runbook(
        plan=plan.spec.plan.name,
        wave=0,
        title="Wave 0: landing zone",
        summary=_summary(contents),
        window="working hours",
        begins=clock.begins,
        ends=clock.after(4),
        duration_h=4.0,
        pathfinder=False,
        data_gib=0.0,
        applications=(),
        servers=(),
        steps=number_steps(drafts, 0, clock),
        returns=(),
        point_of_no_return=None,
        hypercare=None,
        ports=(),
        partners=partners,
        freezes=(),
        staff_notes=(),
        controls=controls_for(moving),
        risks=(),
        owners=name_owners((), (), plan.spec),
        messages=_messages(clock, partners),
        findings=_hurry(clock, contents),
    )


def _clock(contents: Contents) -> Clock:
    """T is the day on which the first wave begins to replicate. Steps move together where the programme starts late."""
    spec, waves = contents.plan.spec, contents.plan.waves
    first = min(waves, key=lambda wave: (wave.replication_start, wave.wave), default=None)
    zone = (first.starts.partition(" ")[2] if first else "") or "UTC"
    day = first.replication_start if first else spec.plan.start + dt.timedelta(days=spec.waves.first_after_days)
    begins = Clock.at(day, zone=zone).on(max(day, spec.plan.start))
    time_there_is = max((begins.date() - spec.plan.start).days, 0)
    return Clock(begins, squeeze=min(1.0, time_there_is / _BUILD_DAYS))


def _hurry(clock: Clock, contents: Contents) -> tuple[Finding, ...]:
    if clock.squeeze > 0.8:
        return ()
    days = round(clock.squeeze * _BUILD_DAYS)
    return (
        Finding(
            code="landing-zone-hurried",
            severity=Severity.warning,
            subject="wave 0",
            message=f"The landing zone has {days} days from {contents.plan.spec.plan.start} to the first replication; "
            f"this runbook would take {_BUILD_DAYS}",
            remedy="Raise `waves.first_after_days`, or begin the landing zone before the programme.",
        ),
    )


def _partners(contents: Contents) -> tuple[Partner, ...]:
    """Every external party of an application that moves: the landing zone gives them their new addresses."""
    plan = contents.plan
    if not plan.waves:
        return ()
    moving = {a.application: () for a in plan.applications if a.moving_servers and a.wave is not None}
    touching = tuple(d for d in plan.dependencies if d.external and (d.consumer in moving or d.provider in moving))
    return find_partners(WaveContents(plan.waves[0], (), dict(moving), {}, touching))


def _summary(contents: Contents) -> str:
    plan = contents.plan
    servers = sum(server.disposition in MOVING for server in plan.servers)
    waves = f"{len(plan.waves)} waves from {plan.waves[0].date} to {plan.waves[-1].date}" if plan.waves else "no wave yet"
    regions = " and ".join(plan.spec.target.regions)
    return f"Prepares {regions} for {servers:,} servers in {waves}."


def _steps(contents: Contents, clock: Clock, partners: tuple[Partner, ...]) -> list[DraftStep]:
    steps = building_steps(contents, clock, partners)
    gate = Gate(
        name="Landing zone accepted",
        criteria=_criteria(contents, partners),
        decider=LEAD,
        decider_name=None,
        if_closed="No agent is installed; waves whose replication would start move to a later candidate date.",
    )
    steps.append(
        DraftStep(
            key="accept",
            phase=Phase.decision,
            title="Gate: landing zone accepted",
            action="Go through the criteria with network, security and operations.",
            check="Every criterion is met.",
            rollback=gate.if_closed,
            owner=gate.decider,
            starts=clock.begins,
            duration=fixed(1, 2, 4),
            after=tuple(step.key for step in steps),
            gate=gate,
        )
    )
    return steps


def _criteria(contents: Contents, partners: tuple[Partner, ...]) -> tuple[Criterion, ...]:
    regions = len(contents.plan.spec.target.regions)
    rows = [
        ("regions with network, keys and logging", f"{regions} of {regions}", "deployment record"),
        ("bandwidth of each link over 24 hours", "at least 95 % of the contract", "measurement"),
        ("failover between the two paths of a site", "below 60 seconds", "test protocol"),
        ("test server launched, backed up, restored, returned", "2 of 2", "test protocol"),
        ("findings of the security review of high severity", "0", "security review"),
        ("quota of vCPUs", "at least twice the largest wave", "Service Quotas"),
    ]
    if partners:
        rows.append(("external parties that have answered", f"{len(partners)} of {len(partners)}", "correspondence"))
    return tuple(Criterion(measure=measure, threshold=threshold, evidence=evidence) for measure, threshold, evidence in rows)


def _messages(clock: Clock, partners: tuple[Partner, ...]) -> tuple[Message, ...]:
    rows = [
        (
            clock.workday(50),
            "everybody in the programme",
            LEAD,
            "The build of the landing zone begins; dates, names, where to ask.",
        ),
        (clock.begins, "application owners, service desk", DESK, "The landing zone is accepted; the first wave may replicate."),
    ]
    if partners:
        rows.append((clock.workday(35), "external parties", PARTNERS, "New address ranges, contact and time plan."))
    made = [Message(at=at, starts_h=clock.hours(at), audience=to, by=by, text=text) for at, to, by, text in rows]
    return tuple(sorted(made, key=lambda message: (message.starts_h, message.audience)))
