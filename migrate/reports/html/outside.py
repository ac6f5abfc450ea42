"""Who outside the estate talks to it: one row per network and direction, for firewall rules and egress."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from migrate.model.plan import OutsideParty, Plan
from migrate.model.stages import UNLISTED
from migrate.units import BYTES_PER_GB

__all__ = ["Outside", "Party", "outside"]

_MOST = 200
_PORTS = 4


@dataclass(frozen=True)
class Party:
    """A network, added up over the applications that it exchanges data with."""

    network: str
    kind: str
    direction: str
    ports: tuple[str, ...]  # the first of them
    more_ports: int
    applications: tuple[str, ...]  # most data first
    servers: int
    gb_day: float
    egress_gb_month: float


@dataclass(frozen=True)
class Outside:
    """The parties with most data, unlisted hosts of the estate's own networks last, and how many more there are."""

    parties: tuple[Party, ...]
    left: int
    egress_gb_month: float
    unlisted_gb_month: float  # of it, to unlisted hosts
    unlisted: int  # networks of the estate with unlisted hosts
    inbound: int  # networks that open connections to the estate
    outbound: int


def outside(plan: Plan) -> Outside | None:
    """Add the outside parties up; None when none is known."""
    by_party: dict[tuple[str, str], list[OutsideParty]] = {}
    for row in plan.outside:
        by_party.setdefault((row.network, row.direction), []).append(row)
    if not by_party:
        return None
    parties = sorted(map(_added, by_party.values()), key=lambda p: (p.kind == UNLISTED, -p.gb_day, p.network, p.direction))
    return Outside(
        parties=tuple(parties[:_MOST]),
        left=max(len(parties) - _MOST, 0),
        egress_gb_month=sum(party.egress_gb_month for party in plan.outside),
        unlisted_gb_month=sum(party.egress_gb_month for party in plan.outside if party.kind == UNLISTED),
        unlisted=len({party.network for party in parties if party.kind == UNLISTED}),
        inbound=sum(party.direction == "inbound" for party in parties),
        outbound=sum(party.direction == "outbound" for party in parties),
    )


def _added(rows: list[OutsideParty]) -> Party:
    data: Counter[str] = Counter()
    for row in rows:
        data[row.application] += int(row.bytes_day)
    ports = tuple(dict.fromkeys(port for row in sorted(rows, key=lambda r: (-r.bytes_day, r.application)) for port in row.ports))
    return Party(
        network=rows[0].network,
        kind=rows[0].kind,
        direction=rows[0].direction,
        ports=ports[:_PORTS],
        more_ports=max(len(ports) - _PORTS, 0),
        applications=tuple(sorted(data, key=lambda name: (-data[name], name))),
        servers=sum(row.servers for row in rows),
        gb_day=sum(row.bytes_day for row in rows) / BYTES_PER_GB,
        egress_gb_month=sum(row.egress_gb_month for row in rows),
    )
