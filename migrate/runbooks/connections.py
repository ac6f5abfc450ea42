"""Connections that change on the day: ports between the two places, and external partners."""

from __future__ import annotations

import re
from collections import defaultdict

from migrate.model.plan import PlannedApplication, PlannedDependency
from migrate.runbooks.contents import Contents, WaveContents
from migrate.runbooks.runbook import Partner, PortOpening

__all__ = ["find_partners", "find_ports", "moved_before"]

_PREFIX = re.compile(r"^external\s+", re.IGNORECASE)


def moved_before(application: PlannedApplication | None, wave: int) -> bool:
    """Whether an application is at the target when wave `wave` begins."""
    return application is not None and application.wave is not None and application.wave < wave


def find_ports(contents: Contents, here: WaveContents) -> tuple[PortOpening, ...]:
    """Traffic between this wave's applications and those that are elsewhere afterwards or came before.

    Connections within the wave need a security group only, and are left to the landing zone; external ones are
    partners' affairs.
    """
    inside = set(here.moving)
    number = here.wave.wave
    found = []
    for dependency in here.dependencies:
        if dependency.external or {dependency.consumer, dependency.provider} <= inside:
            continue
        other = dependency.provider if dependency.consumer in inside else dependency.consumer
        arrived = moved_before(contents.applications.get(other), number)
        if arrived:
            direction, reason = "within the target", f"{other} is at the target already"
        elif dependency.consumer in inside:
            direction, reason = "target to source", f"{other} stays at the source for now"
        else:
            direction, reason = "source to target", f"{other} stays at the source for now"
        found.append(
            PortOpening(
                consumer=dependency.consumer,
                provider=dependency.provider,
                ports=dependency.ports,
                direction=direction,
                reason=reason,
            )
        )
    return tuple(found)


def find_partners(here: WaveContents) -> tuple[Partner, ...]:
    """External parties, each with the applications of this wave that it talks to."""
    inside = set(here.moving)
    grouped: dict[tuple[str, str], list[PlannedDependency]] = defaultdict(list)
    for dependency in here.dependencies:
        if not dependency.external:
            continue
        outbound = dependency.consumer in inside
        party = dependency.provider if outbound else dependency.consumer
        grouped[_PREFIX.sub("", party), "outbound" if outbound else "inbound"].append(dependency)
    return tuple(_partner(*key, grouped[key]) for key in sorted(grouped))


def _partner(party: str, direction: str, dependencies: list[PlannedDependency]) -> Partner:
    ours = {d.consumer if direction == "outbound" else d.provider for d in dependencies}
    change = (
        "allow our new source addresses (NAT gateways of the target) beside the old ones"
        if direction == "outbound"
        else "send to the new endpoint; the old one answers until hypercare ends"
    )
    return Partner(
        party=party,
        applications=tuple(sorted(ours)),
        ports=tuple(dict.fromkeys(port for d in dependencies for port in d.ports)),
        direction=direction,
        gb_day=round(sum(d.gb_day for d in dependencies), 3),
        change=change,
    )
