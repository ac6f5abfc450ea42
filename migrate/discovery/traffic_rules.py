"""The rules that recognise traffic as no dependency of an application, or as none that it waits for: one table.

Each has a name by which `[flows] rules_off` switches it off, and one finding that counts what it recognised and says what
that led to. What a rule looks for stands beside the code that looks: `migrate.discovery.noise` (addresses, scanners),
`migrate.discovery.operations` (monitoring, backup), `migrate.discovery.balancers`, `migrate.discovery.translators` (NAT) and
`migrate.discovery.server_dependencies` (negotiated ports).
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from migrate.findings import Finding, Severity
from migrate.spec.flows import FlowRule

__all__ = ["RULES", "TrafficRule", "listed", "recognised"]

_NAMED = 5  # hosts that a finding names


@dataclass(frozen=True)
class TrafficRule:
    """One rule.

    Attributes
    ----------
    code
        Of its finding.
    recognises
        Continues "… flow records in … conversations (…)".
    effect
        What becomes of them.
    remedy
        What to do about it; empty when nothing.
    """

    name: FlowRule
    code: str
    recognises: str
    effect: str
    remedy: str = ""


_RULES = (
    TrafficRule(
        "multicast",
        "multicast-traffic-dropped",
        "go to multicast groups",
        "they were left out, for a group names no server that is needed",
        "Ask the network team whether the target has to carry multicast; a VPC does so only through a transit gateway.",
    ),
    TrafficRule(
        "broadcast",
        "broadcast-traffic-dropped",
        "go to broadcast addresses",
        "they were left out, for they name no server that is needed",
    ),
    TrafficRule(
        "link-local",
        "local-traffic-dropped",
        "have a link-local, loopback or unspecified address",
        "they were left out, for such an address names no server that is needed",
    ),
    TrafficRule(
        "scanner",
        "scanners-recognised",
        "are probes of scanners",
        "they were left out; what a scanner itself needs stays",
        "Tell the security team which scanners to move, and which addresses to allow them.",
    ),
    TrafficRule(
        "monitoring",
        "monitoring-traffic-recognised",
        "are monitoring",
        "they stay as soft dependencies and group nothing",
        "Plan how the monitoring reaches both sites during the migration.",
    ),
    TrafficRule(
        "backup",
        "backup-traffic-recognised",
        "are backup",
        "they stay as soft dependencies and group nothing",
        "Plan which backup covers a server from its cutover on; backup across the sites is egress.",
    ),
    TrafficRule(
        "nat",
        "nat-suspected",
        "come from addresses of no server that open connections to many servers for many uses and are opened to by nobody",
        "clients are probably hidden behind them by NAT, so who needs these servers is not known",
        "Ask the network team what they translate, or take flow logs on their inner side.",
    ),
    TrafficRule(
        "load-balancer",
        "load-balancer-recognised",
        "reach load balancers",
        "each client's dependency was carried through to the members of the pool, in proportion to what the balancer sent each",
        "Rebuild the balancer in the target before its clients or its pool move.",
    ),
    TrafficRule(
        "negotiated-ports",
        "negotiated-ports-folded",
        "use a high port of a provider that offers the same consumer many",
        "its ports count as one service, as RPC and passive FTP negotiate them",
        "Allow the provider's whole range of high ports in firewall rules.",
    ),
)

#: The rules by name.
RULES = {rule.name: rule for rule in _RULES}


def recognised(name: FlowRule, rows: pl.DataFrame, hosts: str = "") -> list[Finding]:
    """The finding of a rule, or none when it recognised nothing.

    Parameters
    ----------
    rows
        Conversations that it recognised: ``records``, ``bytes_out`` and ``bytes_in``.
    hosts
        By which hosts it recognised them, in words; may be empty.
    """
    records = int(rows["records"].sum())
    if not rows.height:
        return []
    rule = RULES[name]
    size = _volume(int(rows["bytes_out"].sum()) + int(rows["bytes_in"].sum()))
    by = f" ({hosts})" if hosts else ""
    return [
        Finding(
            code=rule.code,
            severity=Severity.info,
            subject="flow logs",
            message=f"{records:,} flow records in {rows.height:,} conversations ({size}) {rule.recognises}{by}: {rule.effect}",
            remedy=rule.remedy,
        )
    ]


def listed(names: list[str]) -> str:
    """The first of some names, and how many more there are."""
    shown = ", ".join(names[:_NAMED])
    return f"{shown} and {len(names) - _NAMED:,} more" if len(names) > _NAMED else shown


def _volume(size: int) -> str:
    for unit, factor in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6), ("kB", 1e3)):
        if size >= factor:
            return f"{size / factor:,.1f} {unit}"
    return f"{size} bytes"
