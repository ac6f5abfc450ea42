"""Where servers stand at the target: a VPC per region and site, subnets that fit, and an address for every server.

All of it follows from the plan as a whole, so a server has the same address whichever wave is rehearsed, and waves
share networks without collisions. Ranges that are in use at the source are left out: both are routed to each other.
"""

from __future__ import annotations

import ipaddress
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network

from migrate.errors import RequestError
from migrate.model.names import MOVING
from migrate.model.plan import Plan, PlannedServer

__all__ = ["POOLS", "Place", "TargetNetworks", "Vpc", "source_address", "source_networks"]

#: Ranges that VPCs may have and that are routed between the target and the sites: RFC 1918 and RFC 6598.
POOLS = ("10.0.0.0/8", "172.16.0.0/12", "100.64.0.0/10")
_ZONES = 3
_RESERVED = 5  # addresses of a subnet that AWS keeps, the broadcast address among them
_FIRST = 4  # offset of the first free address
_GROWTH = 1.2
_LARGEST = 36_000  # servers of one VPC: three subnets of a quarter of a /16 each, with room to grow
_SMALLEST_SUBNET = 16  # addresses: a /28


@dataclass(frozen=True)
class Vpc:
    """A network at the target. `number` counts from 1 where a site needs several."""

    region: str
    site: str
    number: int
    cidr: IPv4Network
    subnets: tuple[IPv4Network, ...]  # one per availability zone

    @property
    def key(self) -> str:
        """Its name in the journal."""
        return f"{self.region}/{self.site}/{self.number}"


@dataclass(frozen=True)
class Place:
    """Where a server is launched."""

    vpc: Vpc
    zone: int  # index into the VPC's subnets
    address: IPv4Address


class TargetNetworks:
    """The networks of a plan.

    Raises
    ------
    RequestError
        The private ranges do not hold the target beside the source.
    """

    def __init__(self, plan: Plan) -> None:
        home = plan.spec.target.regions[0]
        groups: dict[tuple[str, str], list[PlannedServer]] = defaultdict(list)
        for server in plan.servers:
            if server.disposition in MOVING:
                groups[server.region or home, server.site or "site unknown"].append(server)
        halls = [
            (key, number, members[at : at + _LARGEST])
            for key, members in sorted(groups.items())
            for number, at in enumerate(range(0, len(members), _LARGEST), start=1)
        ]
        free = _free_blocks(plan.servers)
        cursor: Iterator[IPv4Network] = iter(())
        block: IPv4Network | None = None
        offset = 0
        cursor = iter(free)
        self.places: dict[str, Place] = {}
        vpcs = []
        for (region, site), number, members in sorted(halls, key=lambda hall: (-_subnet_size(len(hall[2])), hall[0], hall[1])):
            size = _subnet_size(len(members))
            if block is None or offset + 4 * size > block.num_addresses:
                block, offset = next(cursor, None), 0
                if block is None:
                    raise RequestError(
                        "the private address ranges have no room for the target beside the source",
                        remedy="Rehearse with fewer sites, or free a /16 of 10.0.0.0/8 at the source.",
                    )
            vpc = _vpc(region, site, number, block.network_address + offset, size)
            offset += 4 * size
            vpcs.append(vpc)
            for index, server in enumerate(members):
                zone, row = index % _ZONES, index // _ZONES
                self.places[server.server_id] = Place(vpc, zone, vpc.subnets[zone].network_address + _FIRST + row)
        self.vpcs = tuple(sorted(vpcs, key=lambda vpc: (vpc.region, vpc.site, vpc.number)))

    def of(self, servers: Iterable[PlannedServer]) -> tuple[Vpc, ...]:
        """The VPCs in which servers stand, sorted."""
        used = {self.places[server.server_id].vpc for server in servers if server.server_id in self.places}
        return tuple(vpc for vpc in self.vpcs if vpc in used)


def _subnet_size(servers: int) -> int:
    """Addresses of each of the three subnets: a power of two with room for a third of the servers and growth."""
    needed = int(-(-servers // _ZONES) * _GROWTH) + 1 + _RESERVED
    return max(_SMALLEST_SUBNET, 1 << (needed - 1).bit_length())


def _vpc(region: str, site: str, number: int, start: IPv4Address, size: int) -> Vpc:
    prefix = 32 - (size.bit_length() - 1)
    subnets = tuple(IPv4Network((int(start) + zone * size, prefix)) for zone in range(_ZONES))
    return Vpc(region, site, number, IPv4Network((int(start), prefix - 2)), subnets)


def _free_blocks(servers: Iterable[PlannedServer]) -> list[IPv4Network]:
    """The /16 networks of the pools in which no source address lies."""
    used = {int(address) >> 16 for server in servers for address in _ipv4(server)}
    return [block for pool in POOLS for block in IPv4Network(pool).subnets(new_prefix=16) if int(block[0]) >> 16 not in used]


def _ipv4(server: PlannedServer) -> list[IPv4Address]:
    found = []
    for text in server.addresses:
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            continue
        if isinstance(address, IPv4Address) and not (address.is_loopback or address.is_link_local or address.is_unspecified):
            found.append(address)
    return sorted(found)


def source_address(server: PlannedServer) -> str | None:
    """The address that the server's name has before the cutover; None when no IPv4 address is known."""
    return str(_ipv4(server)[0]) if _ipv4(server) else None


def source_networks(servers: Iterable[PlannedServer]) -> tuple[IPv4Network, ...]:
    """The /24 networks in which servers stand at the source, joined where they adjoin."""
    networks = {IPv4Network((int(address) & ~0xFF, 24)) for server in servers for address in _ipv4(server)}
    return tuple(ipaddress.collapse_addresses(sorted(networks)))
