"""Security groups from the observed dependencies: who may open connections to which port of which application."""

from __future__ import annotations

import ipaddress
import re
from collections import defaultdict
from dataclasses import dataclass
from ipaddress import IPv4Network

from migrate.model.plan import PlannedDependency
from migrate.rehearsal.addresses import Vpc, source_networks
from migrate.rehearsal.scope import Scope

__all__ = ["GroupKey", "Rule", "group_rules"]

#: An application in a VPC: each such pair has a security group.
GroupKey = tuple[str, str]  # VPC key, application

_MOST_RULES = 60  # AWS's default quota of inbound rules per group, L-0EA8095F
_CIDR = re.compile(r"\d+\.\d+\.\d+\.\d+(?:/\d+)?")


@dataclass(frozen=True, order=True)
class Rule:
    """Inbound: a port may be reached from a network, or from a group of the same VPC (then `source` is its key's text)."""

    protocol: str
    port: int  # -1: the protocol has none
    source: str
    is_group: bool

    @property
    def permission(self) -> tuple[str, int]:
        """Protocol and port."""
        return self.protocol, self.port


def group_rules(scope: Scope, vpcs: tuple[Vpc, ...]) -> tuple[dict[GroupKey, tuple[Rule, ...]], tuple[str, ...]]:
    """Rules that the wave needs in `vpcs`, and notes on what did not fit.

    They are those of its own applications, and those that let them in where their providers came with earlier waves;
    rules between applications that are all there already are the affair of those waves. Wave 0 has all rules.
    Consumers in the same VPC are named by their group, those in another one by its network, those at the source and
    external parties by their networks. Where a group would need more rules than AWS grants by default, networks are
    widened to whole VPCs and /16s, and a note says so.
    """
    known = {vpc.key for vpc in vpcs}
    arriving = {turn.application for turn in scope.turns} if scope.wave else set(scope.arrived)
    needed = [d for d in scope.plan.dependencies if d.provider in scope.arrived and (arriving & {d.consumer, d.provider})]
    involved = arriving.union(*({d.consumer, d.provider} for d in needed)) & set(scope.arrived)
    homes = {name: _homes(scope, name, known) for name in sorted(involved)}
    wanted: dict[GroupKey, set[Rule]] = {(vpc.key, name): set() for name, places in homes.items() for vpc in places}
    at_source = _source_networks(scope)
    for dependency in needed:
        for vpc in homes.get(dependency.provider, ()):
            wanted[vpc.key, dependency.provider] |= _rules(dependency, vpc, homes, at_source)
    notes: list[str] = []
    return {key: _fitted(key, rules, scope, notes) for key, rules in sorted(wanted.items())}, tuple(notes)


def _homes(scope: Scope, application: str, known: set[str]) -> tuple[Vpc, ...]:
    return tuple(vpc for vpc in scope.networks.of(scope.arrived[application]) if vpc.key in known)


def _source_networks(scope: Scope) -> dict[str, tuple[IPv4Network, ...]]:
    """Networks of each application's servers that are still at the source when the wave has moved."""
    staying = defaultdict(list)
    arrived = {server.server_id for servers in scope.arrived.values() for server in servers}
    for server in scope.plan.servers:
        if server.application is not None and server.server_id not in arrived:
            staying[server.application].append(server)
    return {name: source_networks(servers) for name, servers in staying.items()}


def _rules(
    dependency: PlannedDependency, vpc: Vpc, homes: dict[str, tuple[Vpc, ...]], at_source: dict[str, tuple[IPv4Network, ...]]
) -> set[Rule]:
    sources: set[tuple[str, bool]] = set()
    if dependency.external:
        sources |= {(network, False) for network in _networks_in(dependency.consumer)}
    for other in homes.get(dependency.consumer, ()):
        sources.add((dependency.consumer, True) if other == vpc else (str(other.cidr), False))
    sources |= {(str(network), False) for network in at_source.get(dependency.consumer, ())}
    return {
        Rule(protocol, port, source, is_group) for protocol, port in map(_port, dependency.ports) for source, is_group in sources
    }


def _networks_in(party: str) -> list[str]:
    """IPv4 networks that an external party's name states."""
    found = []
    for text in _CIDR.findall(party):
        try:
            found.append(str(ipaddress.IPv4Network(text, strict=False)))
        except ValueError:
            continue
    return found


def _port(text: str) -> tuple[str, int]:
    """Such as ``tcp/443``; protocols without ports, such as icmp, get -1."""
    protocol, _, number = text.partition("/")
    with_ports = protocol in ("tcp", "udp")
    return protocol, int(number) if with_ports and number.isdigit() else -1


def _fitted(key: GroupKey, rules: set[Rule], scope: Scope, notes: list[str]) -> tuple[Rule, ...]:
    if len(rules) <= _MOST_RULES:
        return tuple(sorted(rules))
    vpc = next(vpc for vpc in scope.networks.vpcs if vpc.key == key[0])
    wide = {
        Rule(rule.protocol, rule.port, str(vpc.cidr) if rule.is_group else _widened(rule.source), is_group=False)
        for rule in rules
    }
    kept = tuple(sorted(wide))[:_MOST_RULES]
    over = len(wide) - len(kept)
    left = f", and {over} {'rule' if over == 1 else 'rules'} still did not fit" if over else ""
    notes.append(
        f"{key[1]} in {key[0]}: {len(rules)} inbound rules are more than the {_MOST_RULES} that AWS grants a group by default; "
        f"rehearsed with whole networks instead{left}. Ask for a higher quota (L-0EA8095F) or narrow them by hand."
    )
    return kept


def _widened(network: str) -> str:
    parsed = IPv4Network(network)
    return str(parsed.supernet(new_prefix=16)) if parsed.prefixlen > 16 else network
