"""The window itself: the go decision, each application in its turn, the stay-or-return decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from migrate.model.plan import PlannedApplication, PlannedServer
from migrate.runbooks.clock import Clock
from migrate.runbooks.contents import WaveContents
from migrate.runbooks.draft import DraftStep
from migrate.runbooks.durations import ApplicationHours, fixed
from migrate.runbooks.gates import go_gate, stay_gate
from migrate.runbooks.owners import APPLICATION, CUTOVER, DATABASE, NETWORK, server_crew
from migrate.runbooks.return_plan import PointOfNoReturn
from migrate.runbooks.runbook import Phase
from migrate.runbooks.slots import Slot
from migrate.runbooks.techniques import Technique, technique_of

__all__ = ["cutover_steps"]


def cutover_steps(
    here: WaveContents,
    slots: Mapping[str, Slot],
    hours: Mapping[str, ApplicationHours],
    clock: Clock,
    no_return: PointOfNoReturn,
) -> list[DraftStep]:
    """Steps from two hours before T to the point of no return, and the admission of users after it."""
    steps = [_go(here, clock), _open(clock)]
    by_name = {application.application: application for application in here.applications}
    for name, slot in slots.items():
        steps += _application(by_name[name], here.moving[name], slot, hours[name], clock)
    gate = stay_gate(here.applications)
    steps.append(
        DraftStep(
            key="stay-gate",
            phase=Phase.decision,
            title="Gate: stay or return (point of no return)",
            action="Ask every application owner; compare the criteria with what is measured.",
            check="Decided and announced on the bridge before the time of this step has passed.",
            rollback=gate.if_closed,
            owner=gate.decider,
            owner_name=gate.decider_name,
            starts=no_return.at,
            duration=fixed(0.1, 0.25, 0.25),
            after=tuple(f"validate:{name}" for name in slots if slots[name].ends.likely <= no_return.starts_h),
            gate=gate,
        )
    )
    steps.append(_admit(no_return, clock))
    return steps


def _admit(no_return: PointOfNoReturn, clock: Clock) -> DraftStep:
    """From here on the target holds data that the source has not."""
    return DraftStep(
        key="admit",
        phase=Phase.validation,
        title="Admit users",
        action="Write the time and the log position of every database into the log: a full return exports what comes after "
        "them. Then open the accepted applications to users, providers first, and release the held interfaces.",
        check="Positions are in the log before the first session; first transactions of users arrive.",
        rollback="From now on only the full return of section Return.",
        owner=CUTOVER,
        starts=clock.after(no_return.starts_h + 0.25),
        duration=fixed(0.1, 0.25, 0.5),
        after=("stay-gate",),
    )


def _go(here: WaveContents, clock: Clock) -> DraftStep:
    gate = go_gate(here.wave, here.applications)
    return DraftStep(
        key="go-gate",
        phase=Phase.decision,
        title="Gate: go or no-go",
        action="Call the roll, go through the criteria, decide.",
        check="Every criterion is met; the decision is in the log with time and names.",
        rollback=gate.if_closed,
        owner=gate.decider,
        owner_name=gate.decider_name,
        starts=clock.after(-2),
        duration=fixed(0.25, 0.5, 1),
        after=("readiness-gate", "dns-ttl", "announce", "backup", "change"),
        gate=gate,
    )


def _open(clock: Clock) -> DraftStep:
    return DraftStep(
        key="open",
        phase=Phase.cutover,
        title="Open the bridge and silence alarms",
        action="Open the bridge and the log; set maintenance mode in monitoring for the wave's servers.",
        check="Everybody is heard; no alarm of the wave's servers pages anybody.",
        rollback="End maintenance mode.",
        owner=CUTOVER,
        starts=clock.after(-0.5),
        duration=fixed(0.25, 0.5, 0.5),
        after=("go-gate",),
    )


def _application(
    application: PlannedApplication, servers: tuple[PlannedServer, ...], slot: Slot, hours: ApplicationHours, clock: Clock
) -> list[DraftStep]:
    name = application.application
    crew = server_crew(servers)
    begin = slot.starts.likely
    sync_at = begin + hours.stop.likely
    launch_at = sync_at + hours.sync.likely
    switch_at = launch_at + hours.launch.likely
    validate_at = switch_at + hours.switch.likely
    every = tuple(server.name for server in servers)
    others, databases = _tiers(servers)
    groups: dict[Technique, list[PlannedServer]] = {}
    for server in servers:
        groups.setdefault(technique_of(server), []).append(server)
    steps = [
        DraftStep(
            key=f"stop:{name}",
            phase=Phase.cutover,
            title=f"{name}: stop",
            action="Lock users out and hold inbound interfaces. Stop the application servers' services, then the database "
            "servers'.",
            check="No session is open and no write reaches the databases.",
            rollback="Start the database servers' services again, then the application servers'.",
            owner=crew,
            starts=clock.after(begin),
            duration=hours.stop,
            after=("open", *(f"validate:{provider}" for provider in slot.turn.waits_for)),
            application=name,
            servers=(*others, *databases),
            databases=databases,
        )
    ]
    for technique, members in groups.items():
        steps += _moved(name, technique, members, (sync_at, launch_at), hours, clock)
    steps.append(
        DraftStep(
            key=f"switch:{name}",
            phase=Phase.cutover,
            title=f"{name}: switch names",
            action="Point the DNS records and load balancers of the application to the new addresses.",
            check="Queries from a hospital, the data center and the target answer with the new addresses.",
            rollback="Point the records back to the source addresses.",
            owner=NETWORK,
            starts=clock.after(switch_at),
            duration=hours.switch,
            after=tuple(f"launch:{name}:{technique.name}" for technique in groups) or (f"stop:{name}",),
            application=name,
            servers=every,
        )
    )
    steps.append(
        DraftStep(
            key=f"validate:{name}",
            phase=Phase.validation,
            title=f"{name}: validate",
            action="Run the acceptance tests: log on, main transactions, interfaces in and out, reports, printing. With test "
            "records only, removed again: users and inbound interfaces stay out until the gate.",
            check="All tests pass; interfaces to every provider and consumer carry test data; the owner says so on the bridge.",
            rollback="Return this application and its consumers, see section Return.",
            owner=APPLICATION,
            owner_name=application.owner,
            starts=clock.after(validate_at),
            duration=hours.validate,
            after=(f"switch:{name}",),
            application=name,
            servers=every,
        )
    )
    return steps


def _moved(
    name: str,
    technique: Technique,
    members: list[PlannedServer],
    at: tuple[float, float],
    hours: ApplicationHours,
    clock: Clock,
) -> list[DraftStep]:
    owner = DATABASE if "database" in technique.name else server_crew(members)
    others, databases = _tiers(members)
    names = (*databases, *others)
    return [
        DraftStep(
            key=f"sync:{name}:{technique.name}",
            phase=Phase.cutover,
            title=f"{name}: last changes ({technique.name})",
            action=technique.transfer,
            check=technique.transferred,
            rollback="Start the source again: nothing has been switched.",
            owner=owner,
            starts=clock.after(at[0]),
            duration=hours.sync,
            after=(f"stop:{name}",),
            application=name,
            servers=names,
        ),
        DraftStep(
            key=f"launch:{name}:{technique.name}",
            phase=Phase.cutover,
            title=f"{name}: start at the target ({technique.name})",
            action=technique.launch,
            check=technique.launched,
            rollback=technique.short,
            owner=owner,
            starts=clock.after(at[1]),
            duration=hours.launch,
            after=(f"sync:{name}:{technique.name}",),
            application=name,
            servers=names,
            databases=databases,
        ),
    ]


def _tiers(servers: Sequence[PlannedServer]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Names of the application servers, and of the database servers: stopped in this order, started in the other one."""
    return (
        tuple(server.name for server in servers if server.database_engine is None),
        tuple(server.name for server in servers if server.database_engine is not None),
    )
