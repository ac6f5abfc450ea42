"""Connections that change on the day: ports between the two places, and external partners."""

from __future__ import annotations

import ipaddress
import re
from collections import defaultdict
from functools import cache

from migrate.model.plan import PlannedApplication, PlannedDependency
from migrate.runbooks.contents import Contents, WaveContents
from migrate.runbooks.runbook import Partner, PortOpening

__all__ = ["find_partners", "find_ports", "is_ours", "moved_before"]

_PREFIX = re.compile(r"^external\s+", re.IGNORECASE)
# RFC 1918, RFC 6598, RFC 4193: networks of the enterprise itself, whoever sits in them.
_OURS = tuple(
    ipaddress.ip_network(text) for text in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")
)


def moved_before(application: PlannedApplication | None, wave: int) -> bool:
    """Whether an application is at the target when wave `wave` begins."""
    return application is not None and application.wave is not None and application.wave < wave


def find_ports(contents: Contents, here: WaveContents) -> tuple[PortOpening, ...]:
    """Traffic between this wave's applications and what is elsewhere afterwards or came before.

    Connections within the wave need a security group only, and are left to the landing zone; those of outsiders are
    partners' affairs, but networks of our own that no inventory knows, such as offices, are in the list.
    """
    inside = set(here.moving)
    number = here.wave.wave
    found = []
    for dependency in here.dependencies:
        outbound = dependency.consumer in inside
        other = dependency.provider if outbound else dependency.consumer
        if dependency.external:
            if is_ours(_party(other)):
                found.append(_own_network(dependency, outbound))
            continue
        if other in inside:
            continue
        if moved_before(contents.applications.get(other), number):
            direction, reason = "within the target", f"{other} is at the target already"
        elif outbound:
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


@cache  # the same few networks are asked about in every wave
def is_ours(party: str) -> bool:
    """Whether an external party is a private network, which belongs to the enterprise itself."""
    try:
        network = ipaddress.ip_network(party, strict=False)
    except ValueError:
        return False
    return any(network.version == ours.version and network.subnet_of(ours) for ours in _OURS)  # type: ignore[arg-type]


@cache  # likewise
def _party(end: str) -> str:
    """The name of an end outside the plan without the word that says so."""
    return _PREFIX.sub("", end)


def _own_network(dependency: PlannedDependency, outbound: bool) -> PortOpening:
    party = _party(dependency.provider if outbound else dependency.consumer)
    return PortOpening(
        consumer=dependency.consumer if outbound else party,
        provider=party if outbound else dependency.provider,
        ports=dependency.ports,
        direction="target to source" if outbound else "source to target",
        reason=f"{party} is a network of ours that no inventory knows",
    )


def find_partners(here: WaveContents) -> tuple[Partner, ...]:
    """Parties outside the enterprise, each with the applications of this wave that it talks to."""
    inside = set(here.moving)
    grouped: dict[tuple[str, str], list[PlannedDependency]] = defaultdict(list)
    for dependency in here.dependencies:
        if not dependency.external:
            continue
        outbound = dependency.consumer in inside
        party = _party(dependency.provider if outbound else dependency.consumer)
        if not is_ours(party):
            grouped[party, "outbound" if outbound else "inbound"].append(dependency)
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
