"""What was cut over leaves inventories and changes there, but not the plan: its records come from the earlier plan.

Two steps around the draft: `set_aside` takes the servers that were cut over out of their
applications, so that no load of theirs is counted again, and `carry_over` puts the earlier records in their place. A server
that turns up in an application after its cutover moves later, in an application of its own.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

import polars as pl

from migrate.findings import Finding, Severity
from migrate.model.estate import Estate
from migrate.model.plan import Earlier, MoveGroup, Plan, PlannedApplication, PlannedDependency, PlannedServer
from migrate.model.stages import Discovery, RiskAssessment

__all__ = ["Carried", "Moved", "carry_over", "moved_of", "set_aside"]

_AFTER = " (after cutover)"


@dataclass(frozen=True)
class Moved:
    """What was cut over: names of applications and their servers' ids."""

    applications: frozenset[str]
    servers: frozenset[str]


@dataclass(frozen=True)
class Carried:
    """The records of a plan, those of what was cut over as the earlier plan had them."""

    servers: tuple[PlannedServer, ...]
    applications: tuple[PlannedApplication, ...]
    dependencies: tuple[PlannedDependency, ...]
    move_groups: tuple[MoveGroup, ...]
    findings: tuple[Finding, ...]


def moved_of(plan: Plan, earlier: Earlier) -> Moved:
    """The applications of the earlier plan that are done, and all their servers."""
    names = frozenset(item.application for item in earlier.applications if item.state == "done")
    return Moved(names, frozenset(server.server_id for server in plan.servers if server.application in names))


def set_aside(found: Discovery, assessed: RiskAssessment, moved: Moved) -> tuple[Discovery, RiskAssessment]:
    """The estate without memberships of servers that were cut over, and with late servers in applications of their own.

    Applications that consist of nothing else are left out: they are what was cut over, under another name.
    """
    if not moved.applications:
        return found, assessed
    estate = found.estate
    gone = estate.memberships["server_id"].is_in(list(moved.servers))
    kept = estate.memberships.filter(~gone)
    emptied = set(estate.memberships["application"]) - set(kept["application"]) - moved.applications
    late = sorted(set(kept["application"]) & moved.applications)
    renamed = {name: name + _AFTER for name in late}
    new = pl.col("application").replace(renamed)
    listed = estate.applications.filter(~pl.col("application").is_in(sorted(emptied)))
    added = listed.filter(pl.col("application").is_in(late)).with_columns(new)
    tables = {name: getattr(estate, name) for name in Estate.members()}
    tables["memberships"] = kept.with_columns(new).sort("server_id", "application")
    tables["applications"] = pl.concat([listed, added]).unique("application", keep="first").sort("application")
    findings = [
        _late(renamed[str(name)], str(server))
        for name, server in kept.select("application", "server_id").rows()
        if name in renamed
    ]
    alone = [
        MoveGroup(move_group=name, applications=(name,), servers=0, reason="turned up after the cutover", confidence=1.0)
        for name in renamed.values()
    ]
    there = ~pl.any_horizontal(pl.col("consumer", "provider").is_in(sorted(emptied)))
    kept_found = replace(
        found,
        estate=Estate.cast(tables),
        application_dependencies=found.application_dependencies.filter(there),
        move_groups=tuple(sorted([*_without(found.move_groups, emptied), *alone], key=lambda group: group.move_group)),
        findings=[*found.findings, *findings],
    )
    copies = [frame.filter(pl.col("application").is_in(late)).with_columns(new) for frame in (assessed.scores, assessed.hits)]
    scores, hits = pl.concat([assessed.scores, copies[0]]), pl.concat([assessed.hits, copies[1]])
    return kept_found, replace(assessed, scores=scores, hits=hits)


def carry_over(
    plan: Plan,
    moved: Moved,
    servers: Sequence[PlannedServer],
    applications: Sequence[PlannedApplication],
    dependencies: Sequence[PlannedDependency],
    move_groups: Sequence[MoveGroup],
) -> Carried:
    """Put the earlier records of what was cut over in the place of what new inventories say of it.

    Parameters
    ----------
    plan
        The earlier plan.
    moved
        What was cut over.
    servers, applications, dependencies, move_groups
        The new records, made from what `set_aside` left.
    """
    nowhere = {"wave": None, "cutover_date": None}
    old = [item.model_copy(update=nowhere) for item in plan.applications if item.application in moved.applications]
    machines = [server.model_copy(update=nowhere) for server in plan.servers if server.server_id in moved.servers]
    known = {(item.consumer, item.provider) for item in dependencies}
    ends = [item for item in plan.dependencies if item.consumer in moved.applications or item.provider in moved.applications]
    lost = [item for item in ends if (item.consumer, item.provider) not in known]
    grouped = {name for group in move_groups for name in group.applications}
    groups = [*move_groups, *_missing_groups(plan.move_groups, moved.applications - grouped)]
    seen = {server.server_id for server in servers}
    absent = len(moved.servers - seen)
    kept = [server for server in servers if server.server_id not in moved.servers]
    return Carried(
        servers=tuple(sorted([*kept, *machines], key=lambda server: server.server_id)),
        applications=tuple(
            sorted(
                [*(item for item in applications if item.application not in moved.applications), *old],
                key=lambda item: item.application,
            )
        ),
        dependencies=tuple(sorted([*dependencies, *lost], key=lambda item: (item.consumer, item.provider))),
        move_groups=tuple(sorted(groups, key=lambda group: group.move_group)),
        findings=(_gone(absent, len(moved.servers), plan),) if absent else (),
    )


def _without(move_groups: Sequence[MoveGroup], names: Collection[str]) -> list[MoveGroup]:
    kept = [
        group.model_copy(update={"applications": tuple(name for name in group.applications if name not in names)})
        for group in move_groups
    ]
    return [group for group in kept if group.applications]


def _missing_groups(move_groups: Sequence[MoveGroup], names: Collection[str]) -> list[MoveGroup]:
    kept = [
        group.model_copy(update={"applications": tuple(name for name in group.applications if name in names)})
        for group in move_groups
    ]
    return [group for group in kept if group.applications]


def _late(application: str, server: str) -> Finding:
    return Finding(
        code="server-after-cutover",
        severity=Severity.warning,
        subject=application,
        source="",
        message=f"The server {server} turned up in an application that was cut over already; it is planned as {application!r}",
        remedy="Say whether it was missed or built anew, and where it belongs.",
    )


def _gone(absent: int, servers: int, plan: Plan) -> Finding:
    return Finding(
        code="cut-over-server-gone",
        severity=Severity.info,
        subject=plan.spec.plan.name,
        message=f"{absent} of {servers} servers that were cut over are in no inventory any more: the earlier plan tells of them",
        remedy="Nothing to do.",
    )
