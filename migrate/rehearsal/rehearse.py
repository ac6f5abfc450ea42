"""Rehearsing a wave on mocked AWS: build, launch, check, switch, verify, and go all the way back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from migrate.model.plan import Plan
from migrate.rehearsal.faults import Fault, FaultKind, parse_fault
from migrate.rehearsal.guard import MockedSession, mocked_session, require_mocked
from migrate.rehearsal.journal import Journal, journal_head
from migrate.rehearsal.landing_zone import LandingZone, build_landing_zone
from migrate.rehearsal.launch import Launched, launch_all
from migrate.rehearsal.records import point_to_source, point_to_target
from migrate.rehearsal.report import Check, RehearsalReport
from migrate.rehearsal.scope import Scope, scope_of, volume_sizes
from migrate.rehearsal.steps import Cloud, Progress, StepFailedError, StepLog
from migrate.rehearsal.verify import check_groups, check_names, check_return, check_servers
from migrate.rehearsal.way_back import take_back

__all__ = ["rehearse", "rehearse_all"]


def rehearse(
    plan: Plan,
    wave: int,
    *,
    journal: Path | None = None,
    fault: str | None = None,
    progress: Progress | None = None,
    session: MockedSession | None = None,
) -> RehearsalReport:
    """Carry out a wave on mocked AWS, compare the outcome with the plan, and go back.

    The landing zone is built, every server gets its image, instance and volumes or its managed database, all is
    checked, names are switched application by application in cutover order, the end state is verified, and then the
    way back is gone and verified too. At the first failure the way back begins at once.

    Parameters
    ----------
    plan
        The plan.
    wave
        Number of a wave; 0 builds and checks the landing zone for all waves.
    journal
        File to which each step is written as it happens, and from which an interrupted rehearsal resumes by replay,
        see `migrate.rehearsal.journal`. None: no journal.
    fault
        A fault to inject, such as ``launch:SERVER`` or ``dns:APPLICATION``; see `FaultKind`. Such a rehearsal shows
        that the way back works, and never passes.
    progress
        Told after each step: a text and the share done.
    session
        A session from `mocked_session`; None makes one. The mocked cloud should be empty.

    Raises
    ------
    RequestError
        The wave, the fault or the journal's file is not what it should be.
    GuardError
        The session is not one of ours, or something tried to leave this machine.
    GateError
        A replay differs from the journal.
    """
    if session is not None:
        require_mocked(session)
    scope = scope_of(plan, wave)
    injected = parse_fault(fault, scope)
    with ExitStack() as stack:
        book = stack.enter_context(Journal(journal, journal_head(plan, wave, fault)))
        cloud = Cloud(session or stack.enter_context(mocked_session()))
        log = StepLog(book, _expected(scope), progress)
        report = _Run(scope, injected, cloud, log).carry_out(fault)
        book.finish()
        return report.model_copy(update={"resumed_steps": book.replayed})


def rehearse_all(plan: Plan, *, journals: Path | None = None, progress: Progress | None = None) -> Iterator[RehearsalReport]:
    """Rehearse the landing zone and every wave, one after another, each on an empty cloud.

    Parameters
    ----------
    journals
        Folder for ``wave-NN.jsonl``; None: no journals.
    """
    for wave in sorted({0, *(planned.wave for planned in plan.waves)}):
        yield rehearse(plan, wave, journal=journals / f"wave-{wave:02d}.jsonl" if journals else None, progress=progress)


def _expected(scope: Scope) -> int:
    return 8 + 3 * (len(scope.turns) or len(scope.arrived)) + 2 * len(scope.servers) + 5 * len(scope.turns)


class _Run:
    """One rehearsal under way."""

    def __init__(self, scope: Scope, fault: Fault | None, cloud: Cloud, log: StepLog) -> None:
        self.scope, self.fault, self.cloud, self.log = scope, fault, cloud, log
        self.zone = LandingZone()
        self.launched = Launched()
        self.named: list[str] = []

    def carry_out(self, fault: str | None) -> RehearsalReport:
        """Go there, and back."""
        failure = self._there()
        mismatches = tuple(self.log.failed_checks)
        returned = self._back() if self.scope.wave else None
        return self._report(fault, failure, mismatches, returned)

    def _there(self) -> str | None:
        """Build, launch, switch, verify; the first failure as a sentence, or None."""
        try:
            self.zone = build_landing_zone(self.cloud, self.scope, self.log)
            self._open_to_all()
            for turn in self.scope.turns:
                self.named.append(turn.application)
                point_to_source(self.cloud, self.scope, self.zone, turn.application, self.log)
            launch_all(self.cloud, self.scope, self.zone, self.fault, self.log, self.launched)
            good = check_groups(self.cloud, self.scope, self.zone, self.log)
            good &= check_servers(self.cloud, self.scope, self.zone, self.launched, self.log)
            if not good:
                return self._first_failed()
            for turn in self.scope.turns:
                point_to_target(self.cloud, self.scope, self.zone, self.launched, turn.application, self.fault, self.log)
            if self.scope.turns and not check_names(self.cloud, self.scope, self.zone, self.launched, self.log):
                return self._first_failed()
        except StepFailedError as error:
            return str(error)
        return None

    def _back(self) -> bool:
        try:
            take_back(self.cloud, self.scope, self.zone, self.launched, self.named, self.log)
        except StepFailedError:
            return False
        return check_return(self.cloud, self.scope, self.zone, self.log)

    def _open_to_all(self) -> None:
        """The fault `security`: after it was built, somebody opens an application's group to the whole world."""
        for (vpc, name), group in self.zone.groups.items():
            if self.fault is not None and self.fault.hits(FaultKind.security, name):
                region = next(known.region for known in self.scope.networks.vpcs if known.key == vpc)
                permission = {"IpProtocol": "tcp", "FromPort": 3389, "ToPort": 3389, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}
                self.cloud.client("ec2", region).authorize_security_group_ingress(GroupId=group, IpPermissions=[permission])

    def _first_failed(self) -> str:
        check = self.log.failed_checks[0]
        return f"{check.subject}: {check.check} is {check.found}, planned is {check.expected}"

    def _report(
        self, fault: str | None, failure: str | None, mismatches: tuple[Check, ...], returned: bool | None
    ) -> RehearsalReport:
        scope, log = self.scope, self.log
        rehearsed = len(scope.servers)
        passed = failure is None and returned is not False and fault is None
        missing = tuple(
            s.name for s in scope.servers if s.server_id not in {**self.launched.instances, **self.launched.databases}
        )
        return RehearsalReport(
            plan=scope.plan.spec.plan.name,
            wave=scope.wave,
            fault=fault,
            passed=passed,
            outcome=_outcome(scope, fault, failure, returned),
            servers_planned=rehearsed + len(scope.unrehearsed),
            servers_rehearsed=rehearsed,
            unrehearsed=scope.unrehearsed,
            steps=tuple(log.steps),
            created=dict(sorted(log.created.items())),
            checks_passed=log.passed_checks,
            checks_failed=tuple(log.failed_checks),
            missing=missing,
            mismatches=mismatches,
            rollback_verified=returned,
            notes=(*self.zone.notes, *_without_volumes(scope)),
            resumed_steps=0,
        )


def _outcome(scope: Scope, fault: str | None, failure: str | None, returned: bool | None) -> str:
    total = len(scope.servers) + len(scope.unrehearsed)
    if scope.wave == 0:
        waves = len(scope.plan.waves)
        zone = "The landing zone of the only wave" if waves == 1 else f"The landing zone of all {waves} waves"
        return f"{zone} failed: {failure}." if failure else f"{zone} stands as planned."
    back = "every name leads to the source again and nothing is left" if returned else "the way back FAILED"
    if fault is not None:
        return f"The fault {fault} was injected and {f'noticed: {failure}' if failure else 'NOT noticed'}; {back}."
    if failure is not None:
        return f"Failed at {failure}; {back}."
    return f"{len(scope.servers)} of {total} servers were launched, checked and switched as planned; {back}."


def _without_volumes(scope: Scope) -> tuple[str, ...]:
    names = [s.name for s in scope.servers if not volume_sizes(s)]
    if not names:
        return ()
    shown = ", ".join(names[:5]) + (" and others" if len(names) > 5 else "")
    what = (
        "One server has no known volumes: it was" if len(names) == 1 else f"{len(names)} servers have no known volumes: they were"
    )
    return (f"{what} launched with the root volume only: {shown}.",)
