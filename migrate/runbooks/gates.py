"""Go/no-go gates: criteria with thresholds that can be measured, and who decides."""

from __future__ import annotations

from collections.abc import Iterable

from migrate.model.plan import PlannedApplication, PlannedWave
from migrate.runbooks.owners import APPLICATION, CUTOVER, LEAD
from migrate.runbooks.return_plan import ReturnPlan
from migrate.runbooks.runbook import Criterion, Gate, Partner

__all__ = ["exit_criteria", "go_gate", "readiness_gate", "stay_gate", "watch_criteria"]


def _criteria(*rows: tuple[str, str, str]) -> tuple[Criterion, ...]:
    return tuple(Criterion(measure=measure, threshold=threshold, evidence=evidence) for measure, threshold, evidence in rows)


def _decider(applications: Iterable[PlannedApplication]) -> tuple[str, str | None]:
    """Owners of mission-critical applications decide; without any, the migration lead does."""
    critical = [a for a in applications if a.criticality == "mission-critical"]
    if not critical:
        return LEAD, None
    names = sorted({a.owner for a in critical if a.owner})
    return f"{LEAD} with the {APPLICATION}s of {', '.join(a.application for a in critical)}", ", ".join(names) or None


def readiness_gate(
    wave: PlannedWave,
    applications: tuple[PlannedApplication, ...],
    partners: tuple[Partner, ...],
    returns: tuple[ReturnPlan, ...],
) -> Gate:
    """Five days before: is everything that takes days in place?"""
    overtime = wave.bought("crew")
    crews = "; ".join(
        f"{skill} {needed:,.0f} h"
        + (f" of {wave.crew_available_h[skill]:,.0f} h" if skill in wave.crew_available_h else "")
        + (f", {overtime[skill]:,.0f} h of it overtime" if skill in overtime else "")
        for skill, needed in sorted(wave.crew_h.items())
        if needed > 0
    )
    unfit = sum(plan.full.fits is False for plan in returns)
    rows = [
        ("servers replicating or prepared", f"{wave.servers} of {wave.servers}", "replication console"),
        ("test launches accepted by their application owner", f"{len(applications)} of {len(applications)} applications", "log"),
        ("restore of last backup proved", "every database server of the wave", "restore protocol"),
        ("crew hours confirmed by name", crews or "none needed", "shift plan"),
        ("rehearsal of this wave", "passed, rollback verified", "rehearsal journal"),
        ("open incidents of priority 1 or 2 in the wave's applications", "0", "service desk"),
    ]
    rows += [
        (f"data of {site} sent by device or burst line", f"{gib:,.0f} GiB, all of it at the target", "checksums")
        for site, gib in sorted(wave.bought("link").items())
    ]
    if partners:
        rows.append(("external parties that have confirmed", f"{len(partners)} of {len(partners)}", "confirmations"))
    if unfit:
        rows.append(
            (
                "applications whose full return exceeds their RTO",
                f"0, or accepted in writing, now {unfit}",
                "section Return",
            )
        )
    decider, name = _decider(applications)
    return Gate(
        name="Readiness",
        criteria=_criteria(*rows),
        decider=decider,
        decider_name=name,
        if_closed="The wave moves to the next candidate date; replication goes on.",
    )


def go_gate(wave: PlannedWave, applications: tuple[PlannedApplication, ...]) -> Gate:
    """Two hours before: begin or not?"""
    rpo = [a.rpo_h for a in applications if a.rpo_h is not None]
    lag = min([*(hours * 3600 for hours in rpo if hours > 0), 60.0])
    decider, name = _decider(applications)
    return Gate(
        name="Go or no-go",
        criteria=_criteria(
            ("replication lag of the slowest server", f"at most {lag:,.0f} seconds", "replication console"),
            ("backups finished since yesterday", f"{wave.servers} of {wave.servers} servers", "backup report"),
            ("people on the bridge", "every role of this runbook, application owners included", "roll call"),
            ("incidents of priority 1 in the data center or the region", "0 in 24 hours", "service desk, AWS Health"),
            ("utilisation of the link", "below 70 % for one hour", "network monitoring"),
            ("changes to the wave's servers since the readiness gate", "0 unknown", "change calendar"),
        ),
        decider=decider,
        decider_name=name,
        if_closed="Nothing has been stopped: users go on at the source. The wave moves to the next candidate date.",
    )


def stay_gate(applications: tuple[PlannedApplication, ...]) -> Gate:
    """At the point of no return: stay at the target, or go back while the window still allows it?"""
    critical = sum(a.criticality == "mission-critical" for a in applications)
    total = len(applications)
    rows = [
        ("applications accepted by their owner", f"{total} of {total}, or the others go back alone", "validation steps"),
        ("acceptance tests that fail", "0, or accepted by the application owner", "validation steps"),
        ("response time of the acceptance tests", "at most 20 % above the same tests at the source", "monitoring"),
        ("rows and control totals of databases", "100 % equal", "reconciliation"),
        ("incidents of priority 1 opened since T", "0 open", "service desk"),
    ]
    if critical:
        rows.insert(1, ("mission-critical applications accepted", f"{critical} of {critical}", "validation steps"))
    decider, name = _decider(applications)
    return Gate(
        name="Stay or return",
        criteria=_criteria(*rows),
        decider=decider if critical else CUTOVER,
        decider_name=name,
        if_closed="Admit nobody to applications that are not accepted: return them with their consumers by the short return, "
        "shared services by the full one, see section Return.",
    )


def watch_criteria() -> tuple[Criterion, ...]:
    """What is watched during hypercare."""
    return _criteria(
        ("incidents of the wave's applications", "answered within 15 minutes, around the clock", "service desk"),
        ("CPU and memory, 95th percentile", "below 80 % of the instance", "CloudWatch"),
        ("response time, 95th percentile", "at most 20 % above the source", "monitoring"),
        ("backups", "100 % successful each night", "AWS Backup"),
        ("spending per day", "at most 15 % above the plan", "Cost Explorer"),
    )


def exit_criteria() -> tuple[Criterion, ...]:
    """What ends hypercare."""
    return _criteria(
        ("incidents of priority 1 or 2 still open", "0", "service desk"),
        ("days without a new incident of priority 1", "at least 3", "service desk"),
        ("restore from a backup taken at the target", "proved for every database", "restore protocol"),
        ("monitoring, patching and on-call handed over", "signed for every application", "hand-over record"),
    )
