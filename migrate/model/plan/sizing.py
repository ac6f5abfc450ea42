"""The part of a plan that says what else could have been bought: other sizes, hosts and clouds, each with its price.

What concerns single servers stands in columns: every tuple of `SizedServers`, `Alternative` and `Cloud` has one entry per
server of `SizedServers.server_ids`, in that order. `migrate.reports` writes them as sizing.csv.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from migrate.model.plan.base import Amount, Count, Day, Record
from migrate.model.plan.inventory import MonthlyCost

__all__ = [
    "Alternative",
    "Cloud",
    "CloudComparison",
    "CloudPart",
    "CoreLicences",
    "DedicatedHosts",
    "SizedServers",
    "Sizing",
    "StorageClass",
    "Waste",
]

Place = Annotated[int, Field(ge=0)]


class SizedServers(Record):
    """What each server that gets a target needs, and on what evidence."""

    server_ids: tuple[str, ...]  # sorted
    need_vcpu: tuple[Amount | None, ...]  # with headroom, in vCPUs as fast as those of today; None: not sized
    need_memory_gib: tuple[Amount | None, ...]
    evidence: tuple[str, ...]  # "measured", "cpu measured", "memory measured", "allocated", "switched off", "not sized"
    cpu_speed: tuple[Amount | None, ...]  # of a thread of today's processor, Haswell = 1; None: its model is not known
    arm64: tuple[str, ...]  # "supported", "candidate" (software to be asked about) or why not
    licensed_vcpu: tuple[Count | None, ...]  # vCPUs that database licences are counted on; None: no such engine
    waste: tuple[str | None, ...]  # a kind of `Waste`


class Alternative(Record):
    """One way to run all servers that get a target, priced. USD a month at list price, in the plan's term; traffic, the same
    in every one, is left out."""

    key: Literal["as-allocated", "right-sized", "newest", "arm64", "managed-databases", "planned"]
    label: str
    method: str  # what is asked of a type, and among which types the cheapest is taken
    servers: Count
    priced: Count  # servers whose compute price is known: the denominator of `cost_usd_month`
    cost: MonthlyCost  # sums of what is known
    cost_usd_month: Amount  # of the priced servers
    compared: Count  # servers priced both here and as allocated …
    saved_usd_month: float  # … and what this saves on them, below 0 where it is dearer
    types: tuple[str, ...]  # sorted; instance types and services
    type_of: tuple[Place | None, ...]  # place in `types`; None: nothing fits, or the size is not known
    usd_month: tuple[Amount | None, ...]  # sum of the known parts; None: compute is not known


class Waste(Record):
    """Servers that cost more than they need to: what is at stake."""

    kind: Literal["idle", "oversized", "switched-off"]
    what: str  # the rule, in words
    servers: Count
    priced: Count
    usd_month: Amount  # of the priced ones: what would no longer be paid
    dearest: tuple[str, ...]  # names, at most 5


class CoreLicences(Record):
    """Commercial database engines that are licensed by core and brought along. Their prices are in no cost."""

    engine: str
    servers: Count
    counted: str  # how cores are counted, with its source
    source_vcpu: Amount  # allocated today
    target_vcpu: Count  # licensed on the targets as planned, the least number counted
    fewest_vcpu: Count  # on the types with fewest vCPUs that do …
    fewest_extra_usd_month: float  # … which cost so much more, or less where below 0, compute and Windows licence
    optimised_vcpu: Count  # on the planned types with cores switched off (EC2 "Optimize CPUs"), at the same compute price
    break_even_usd_vcpu_month: Amount | None  # price of a vCPU's licence above which `fewest` is cheaper; None: it saves none


class DedicatedHosts(Record):
    """Windows servers with licences brought along, packed on dedicated hosts of one family in one region."""

    family: str
    region: str
    servers: Count  # placed
    unplaced: Count  # no size of the family is large enough, or its price is not known
    hosts: Count
    least_hosts: Count  # no packing can do with fewer: the fullest of vCPU and memory
    sockets: Count  # of all hosts
    cores: Count  # physical, of all hosts: what is licensed
    vcpu_share: Annotated[float, Field(ge=0, le=1)]  # of the hosts' vCPUs that instances take
    memory_share: Annotated[float, Field(ge=0, le=1)]
    host_usd_h: Amount | None  # None: the price book has none
    usd_month: Amount | None  # likewise
    shared_usd_month: Amount  # the same servers on shared hosts, Windows licences included …
    break_even_host_usd_h: Amount | None  # … and the price of a host at which both cost the same


class StorageClass(Record):
    """Volumes of one class: gp3, or io2 where the measured load is more than gp3 volumes give."""

    storage_class: Literal["gp3", "io2"]
    servers: Count
    volumes: Count
    gib: Amount
    extra_iops: Amount  # beyond those that gp3 includes, measured with headroom; of io2 all
    extra_mib_s: Amount
    priced: Count  # servers whose storage price is known
    usd_month: Amount


class Sizing(Record):
    """Sizes on evidence, what they save, and what else there is."""

    term: str
    percentile: int  # of the measured load; 100: its maximum
    headroom: Amount
    servers: SizedServers
    evidence: dict[str, int]  # servers by `SizedServers.evidence`
    alternatives: tuple[Alternative, ...]  # in the order of their keys
    waste: tuple[Waste, ...] = ()
    licences: tuple[CoreLicences, ...] = ()
    hosts: tuple[DedicatedHosts, ...] = ()  # of each region the cheapest first, then by cores
    storage: tuple[StorageClass, ...] = ()
    notes: tuple[str, ...] = ()  # what is not known, in sentences

    @model_validator(mode="after")
    def _columns_agree(self) -> Sizing:
        count = len(self.servers.server_ids)
        columns = [getattr(self.servers, name) for name in SizedServers.model_fields]
        columns += [column for each in self.alternatives for column in (each.type_of, each.usd_month)]
        if any(len(column) != count for column in columns):
            raise ValueError(f"has columns that are not of {count} servers")
        return self


class CloudPart(Record):
    """One part of a cloud's bill, with its coverage."""

    part: Literal["compute", "licence", "storage", "backup"]
    usd_month: Amount | None  # of the priced servers; None: the book knows no such price
    servers: Count  # that pay for it
    priced: Count


class Cloud(Record):
    """The estate in one cloud: the cheapest type of its general-purpose subset that meets each server's need."""

    provider: str  # "aws", "azure" or "google"
    price_book: str
    date: Day  # of its compute prices
    regions: dict[str, str | None]  # region of the plan -> region here; None: no counterpart that the book prices
    subset: str  # which types were candidates
    parts: tuple[CloudPart, ...]
    compared_usd_month: Amount  # compute of the servers that every cloud prices
    compared_with_storage_usd_month: Amount | None  # with storage; None: the book has no storage prices
    types: tuple[str, ...]
    type_of: tuple[Place | None, ...]
    compute_usd_month: tuple[Amount | None, ...]


class CloudComparison(Record):
    """The same estate on several clouds, in terms alike. Transfer, licences of databases and managed services are not in it."""

    term: str
    basis: str  # what was asked for, in words
    servers: Count  # running, and getting a target
    compared: Count  # of them priced in every cloud
    compared_with_storage: Count  # priced with storage in every cloud that has storage prices
    clouds: tuple[Cloud, ...]
    server_ids: tuple[str, ...]
    notes: tuple[str, ...]
