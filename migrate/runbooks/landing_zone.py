"""The runbook of wave 0: accounts, network, security and tools that must stand before the first server replicates."""

from __future__ import annotations

import datetime as dt

from migrate.findings import Finding, Severity
from migrate.model.names import MOVING
from migrate.runbooks.clock import Clock
from migrate.runbooks.connections import find_partners
from migrate.runbooks.contents import Contents, WaveContents
from migrate.runbooks.controls import controls_for, is_health_data
from migrate.runbooks.draft import DraftStep, number_steps
from migrate.runbooks.durations import fixed
from migrate.runbooks.owners import CHANGE, DESK, LEAD, NETWORK, PARTNERS, PLATFORM, SECURITY, name_owners
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
    steps = [*_foundations(contents, clock), *_network(contents, clock, partners), *_tools(contents, clock)]
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


def _step(key: str, days: float, clock: Clock, owner: str, texts: tuple[str, str, str, str], after: tuple[str, ...]) -> DraftStep:
    title, action, check, rollback = texts
    return DraftStep(
        key=key,
        phase=Phase.readiness,
        title=title,
        action=action,
        check=check,
        rollback=rollback,
        owner=owner,
        starts=clock.workday(days),
        duration=fixed(8, 16, 40, "working hours of one or two people"),
        after=after,
    )


def _foundations(contents: Contents, clock: Clock) -> list[DraftStep]:
    regions = ", ".join(contents.plan.spec.target.regions)
    health = any(is_health_data(a) for a in contents.plan.applications if a.moving_servers)
    keys = "one key per region and data class, rotated yearly" + ("; a key of its own for patients' data" if health else "")
    made = [
        _step(
            "accounts",
            50,
            clock,
            PLATFORM,
            (
                "Set up accounts and guard rails",
                "Create management, log archive, security, network, shared services and workload accounts; allow "
                f"{regions} only.",
                "A denied region refuses a test launch; the root users have hardware keys.",
                "Close the accounts.",
            ),
            (),
        ),
        _step(
            "access",
            45,
            clock,
            SECURITY,
            (
                "Set up access, logging and keys",
                f"Connect single sign-on, roles per crew and break-glass access; CloudTrail, Config and flow logs; {keys}.",
                "Every crew member logs on with the planned role and is refused beyond it; events arrive in the archive.",
                "Remove the roles; keys are scheduled for deletion.",
            ),
            ("accounts",),
        ),
    ]
    if health:
        made.append(
            _step(
                "baa",
                42,
                clock,
                SECURITY,
                (
                    "Accept the business associate addendum",
                    "Accept it in AWS Artifact for every account that will hold patients' data; list the eligible "
                    "services in use.",
                    "The addendum is active; service control policies refuse services that are not eligible.",
                    "None: no patient data is there yet.",
                ),
                ("accounts",),
            )
        )
    return made


def _network(contents: Contents, clock: Clock, partners: tuple[Partner, ...]) -> list[DraftStep]:
    spec = contents.plan.spec
    links = (
        "; ".join(f"{link.from_} with {link.bandwidth_mbit_s:,.0f} Mbit/s" for link in spec.link) or "none is declared: order one"
    )
    sites = sorted({server.site for server in contents.plan.servers if server.site and server.disposition in MOVING})
    made = [
        _step(
            "network",
            40,
            clock,
            NETWORK,
            (
                "Build the network",
                "Create the VPCs, subnets in three zones, transit gateway and routes; address ranges do not overlap "
                "the data centers.",
                "Routes exist from every subnet to every site and back, and to nothing else.",
                "Delete the network from its code.",
            ),
            ("accounts",),
        ),
        _step(
            "links",
            38,
            clock,
            NETWORK,
            (
                f"Bring the links into service ({links})",
                f"Connect {', '.join(sites) or 'the sites'} over two paths each; measure bandwidth, latency and failover.",
                "Measured for 24 hours: bandwidth at least 95 % of the contract, failover under 60 seconds.",
                "Take the links out of routing.",
            ),
            ("network",),
        ),
        _step(
            "names",
            30,
            clock,
            NETWORK,
            (
                "Extend DNS and directory",
                "Create private zones and resolver endpoints, domain controllers at the target, time service.",
                "Names resolve in both directions from every site; log-on at the target survives the loss of the links.",
                "Remove the resolver rules.",
            ),
            ("links",),
        ),
    ]
    if partners:
        made.append(
            _step(
                "partners",
                35,
                clock,
                PARTNERS,
                (
                    f"Write to {len(partners)} external parties",
                    "Send the new address ranges and endpoints of section Partners and ask for the time they need to change.",
                    "Every party has answered with a date before the wave that concerns it.",
                    "None needed.",
                ),
                ("network",),
            )
        )
    return made


def _tools(contents: Contents, clock: Clock) -> list[DraftStep]:
    shared = [a.application for a in contents.plan.applications if a.shared_service]
    named = f" for {', '.join(shared[:6])}{' and others' if len(shared) > 6 else ''}" if shared else ""
    rows = [
        (
            "quotas",
            30,
            CHANGE,
            (
                "Raise quotas and register standard changes",
                f"Ask for vCPUs of the largest wave ({max((wave.servers for wave in contents.plan.waves), default=0)} "
                "servers) and its "
                "double for tests; volumes, addresses and database instances likewise.",
                "Quotas cover the largest wave twice in every region.",
                "None needed.",
            ),
            ("accounts",),
        ),
        (
            "monitoring",
            20,
            PLATFORM,
            (
                "Set up monitoring, backup and patching",
                f"Agents, dashboards, alarms to the service desk, backup plans by RPO, patch windows{named}.",
                "A test server pages the desk, is backed up, restored and patched.",
                "Remove the plans.",
            ),
            ("access", "network"),
        ),
        (
            "replication",
            10,
            PLATFORM,
            (
                "Prepare replication and rehearse",
                "Set up replication servers and launch templates; rehearse the first wave on mocked AWS, then with two "
                "test servers.",
                "Both test servers are launched, validated and returned within their time; the rehearsal passed.",
                "Delete the test servers.",
            ),
            ("links", "names", "monitoring", "quotas"),
        ),
    ]
    return [_step(key, days, clock, owner, texts, after) for key, days, owner, texts, after in rows]


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
