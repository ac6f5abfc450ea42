"""Steps of the weeks before the cutover: people, partners, ports, replication, test launches, backups."""

from __future__ import annotations

import datetime as dt

from migrate.model.plan import PlannedApplication, PlannedServer
from migrate.runbooks.clock import Clock
from migrate.runbooks.connecting import connection_steps
from migrate.runbooks.contents import WaveContents
from migrate.runbooks.controls import is_regulated
from migrate.runbooks.draft import DraftStep
from migrate.runbooks.durations import fixed
from migrate.runbooks.gates import readiness_gate
from migrate.runbooks.owners import APPLICATION, CHANGE, DATABASE, DESK, LEAD, NETWORK, SECURITY, server_crew
from migrate.runbooks.return_plan import ReturnPlan
from migrate.runbooks.runbook import Partner, Phase, PortOpening
from migrate.runbooks.techniques import Technique, technique_of

__all__ = ["preparation_steps"]

_READY_DAYS = 5
_HALF_DAY = fixed(2, 4, 8)
_HOUR = fixed(0.5, 1, 2)


def preparation_steps(
    here: WaveContents,
    clock: Clock,
    ports: tuple[PortOpening, ...],
    partners: tuple[Partner, ...],
    returns: tuple[ReturnPlan, ...],
) -> list[DraftStep]:
    """Everything before the go decision, ending with the readiness gate."""
    steps = [*_organise(here, clock), *connection_steps(clock, ports, partners)]
    for application in here.applications:
        steps += _application_steps(application, here, clock)
    steps += _shorten_returns(returns, here, clock)
    steps += _last_days(here, clock)
    gate = readiness_gate(here.wave, here.applications, partners, returns)
    steps.append(
        DraftStep(
            key="readiness-gate",
            phase=Phase.decision,
            title="Gate: readiness",
            action="Go through the criteria one by one; write down value and evidence.",
            check="Every criterion is met, or the wave moves to a later date.",
            rollback=gate.if_closed,
            owner=gate.decider,
            owner_name=gate.decider_name,
            starts=clock.workday(_READY_DAYS) + dt.timedelta(hours=5),
            duration=_HOUR,
            after=tuple(step.key for step in steps if step.starts <= clock.workday(_READY_DAYS)),
            gate=gate,
        )
    )
    return steps


def _organise(here: WaveContents, clock: Clock) -> list[DraftStep]:
    start = min(clock.workday(28), clock.on(here.wave.replication_start - dt.timedelta(days=7)))
    return [
        DraftStep(
            key="scope",
            phase=Phase.readiness,
            title="Fix the scope and name the people",
            action="Confirm the list of applications and servers with their owners. Name a person and a deputy for every role.",
            check="Every application owner has confirmed in writing; no role is without a name.",
            rollback="Take an application whose owner does not confirm out of the wave and plan again.",
            owner=LEAD,
            starts=start,
            duration=_HALF_DAY,
        ),
        DraftStep(
            key="change",
            phase=Phase.readiness,
            title="Register the change and hold the window",
            action=f"Register the change for {here.wave.date}, {here.wave.starts}, {here.wave.duration_h:g} hours. "
            "Compare with the freezes of this runbook.",
            check="The change is approved; nothing else is planned for the same systems in the window.",
            rollback="Withdraw the change.",
            owner=CHANGE,
            starts=clock.workday(10),
            duration=_HOUR,
            after=("scope",),
        ),
        *(_another_way(site, gib, here, start) for site, gib in sorted(here.wave.bought("link").items())),
    ]


def _another_way(site: str, gib: float, here: WaveContents, start: dt.datetime) -> DraftStep:
    return DraftStep(
        key=f"another-way:{site}",
        phase=Phase.readiness,
        title=f"{site}: order a device or a burst line",
        action=f"Order it for {gib:,.0f} GiB, which the line of {site} cannot have replicated by the cutover. The line serves "
        "the largest applications first: send the smallest this way.",
        check=f"It is confirmed for {here.wave.replication_start}, when replication starts.",
        rollback="Cancel the order.",
        owner=NETWORK,
        starts=start,
        duration=_HALF_DAY,
    )


def _application_steps(application: PlannedApplication, here: WaveContents, clock: Clock) -> list[DraftStep]:
    name, steps = application.application, []
    servers = here.moving[name]
    groups: dict[Technique, list[PlannedServer]] = {}
    for server in servers:
        groups.setdefault(technique_of(server), []).append(server)
    start = clock.on(here.wave.replication_start)
    for technique, members in groups.items():
        steps.append(
            DraftStep(
                key=f"prepare:{name}:{technique.name}",
                phase=Phase.replication,
                title=f"{name}: prepare by {technique.name}",
                action=technique.prepare,
                check=technique.prepared,
                rollback="Remove agents and replication; the source is unchanged.",
                owner=DATABASE if "database" in technique.name else server_crew(members),
                starts=start,
                duration=fixed(2, 4 + 0.25 * len(members), 8 + 0.5 * len(members), "per server after the first half day"),
                after=("scope",),
                application=name,
                servers=tuple(server.name for server in members),
            )
        )
    if is_regulated(application):
        steps.append(_control_step(application, clock))
    if servers:
        steps.append(
            DraftStep(
                key=f"test:{name}",
                phase=Phase.replication,
                title=f"{name}: test launch",
                action="Launch test instances in the isolated test network and let the owner run the acceptance tests.",
                check="The owner accepts; times and faults are written into this runbook.",
                rollback="Terminate the test instances; replication goes on.",
                owner=APPLICATION,
                owner_name=application.owner,
                starts=clock.workday(7),
                duration=_HALF_DAY,
                after=(
                    *(f"prepare:{name}:{technique.name}" for technique in groups),
                    *((f"controls:{name}",) if is_regulated(application) else ()),
                    "ports",
                ),
                application=name,
                servers=tuple(server.name for server in servers),
            )
        )
    return steps


def _control_step(application: PlannedApplication, clock: Clock) -> DraftStep:
    return DraftStep(
        key=f"controls:{application.application}",
        phase=Phase.readiness,
        title=f"{application.application}: sign off the controls for {application.data_class}",
        action="Go through section Controls before any regulated data is launched at the target.",
        check="Every control is met, signed by the security and privacy officer.",
        rollback="Stop replication and delete the replicated disks with their key.",
        owner=SECURITY,
        starts=clock.workday(12),
        duration=_HOUR,
        after=("scope",),
        application=application.application,
    )


def _shorten_returns(returns: tuple[ReturnPlan, ...], here: WaveContents, clock: Clock) -> list[DraftStep]:
    owners = {application.application: application.owner for application in here.applications}
    return [
        DraftStep(
            key=f"shorten:{plan.application}",
            phase=Phase.readiness,
            title=f"{plan.application}: bring the return within the RTO",
            action=f"The full return may take {plan.full.total_h.high:.1f} h, the RTO is {plan.rto_h:g} h. Ship what is "
            "written at the target from the first minute to a second copy at the source (never onto the stopped source "
            "volumes), keep the source databases up read-only, or have the longer outage accepted in writing.",
            check="A timed rehearsal of the return stays within the RTO, or the acceptance is filed.",
            rollback="Move the application to a wave of its own.",
            owner=APPLICATION,
            owner_name=owners.get(plan.application),
            starts=clock.workday(12),
            duration=_HALF_DAY,
            after=("scope",),
            application=plan.application,
        )
        for plan in returns
        if plan.full.fits is False
    ]


def _last_days(here: WaveContents, clock: Clock) -> list[DraftStep]:
    databases = tuple(s.name for members in here.moving.values() for s in members if s.database_engine is not None)
    return [
        DraftStep(
            key="dns-ttl",
            phase=Phase.readiness,
            title="Shorten DNS answers",
            action="Lower the time to live of every record of the wave to 60 seconds.",
            check="An authoritative query answers with 60 for every record.",
            rollback="Restore the former time to live.",
            owner=NETWORK,
            starts=clock.workday(3),
            duration=_HOUR,
            after=("readiness-gate",),
        ),
        DraftStep(
            key="announce",
            phase=Phase.readiness,
            title="Tell users and the service desk",
            action="Send the announcement of section Messages; put the runbook on the service desk's screen.",
            check="Sent to every group; the desk knows whom to call per application.",
            rollback="Send the cancellation.",
            owner=DESK,
            starts=clock.workday(3),
            duration=_HOUR,
            after=("readiness-gate",),
        ),
        DraftStep(
            key="backup",
            phase=Phase.readiness,
            title="Back up at the source and prove a restore",
            action="Take a full backup of every server and database of the wave; restore one per kind into a test network.",
            check=f"All backups finished; restores open ({len(databases)} database servers)."
            if databases
            else "All backups finished; one restore opens.",
            rollback="None needed: nothing has changed.",
            owner=DATABASE if databases else "backup operator",
            starts=clock.workday(1),
            duration=_HALF_DAY,
            after=("readiness-gate",),
            servers=databases,
        ),
    ]
