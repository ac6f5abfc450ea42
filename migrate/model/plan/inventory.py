"""The part of a plan that says what there is and what becomes of it: servers, applications, dependencies."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from pydantic import Field

from migrate.model.plan.base import Amount, Count, Day, Record, WaveNumber

__all__ = [
    "GroupEdge",
    "InputFile",
    "MonthlyCost",
    "MoveGroup",
    "OutsideParty",
    "PlannedApplication",
    "PlannedDependency",
    "PlannedServer",
    "RiskHit",
]

#: Left out of plan.json where it is unknown: there are many dependencies, and most of a plan without flow logs knows none of it.
_UNKNOWN: Any = Field(default=None, exclude_if=lambda value: value is None)
Share = Annotated[float, Field(ge=0, le=1)]
Instant = Annotated[dt.datetime, Field(ge=dt.datetime(1990, 1, 1), le=dt.datetime(2250, 12, 31))]  # noqa: DTZ001 (UTC by name)


class InputFile(Record):
    """A file that was read."""

    file: str  # name without its folder
    reader: str  # which reader took it
    sha256: str
    size_bytes: Count
    rows_read: Count | None = None  # None: a flow log that is too long to be counted before it is aggregated
    rows_quarantined: Count


class MonthlyCost(Record):
    """USD a month by resource at list price; None where it is unknown, 0 where there is none."""

    compute: Amount | None = None
    licence: Amount | None = None
    storage: Amount | None = None
    backup: Amount | None = None
    transfer: Amount | None = None


class PlannedServer(Record):
    """One server and its fate. `wave` is None for servers that do not move; then `disposition_reason` says why."""

    server_id: str
    name: str
    site: str | None
    application: str | None
    membership_confidence: float | None  # 0 to 1; None without application
    environment: str | None
    kind: str | None
    power: str | None
    os_family: str | None
    os_name: str | None
    vcpu: Amount | None
    memory_gib: Amount | None
    disk_gib: Amount | None
    disk_used_gib: Amount | None
    addresses: tuple[str, ...]
    database_engine: str | None
    disposition: str | None  # None: undecided, and a finding says what is missing
    disposition_reason: str
    disposition_confidence: float  # 0 to 1
    target: str | None  # instance type, service, or None
    target_reason: str  # on what evidence it was sized
    region: str | None
    volumes_gib: tuple[Amount, ...]
    cost: MonthlyCost
    cost_usd_month: Amount | None  # target, sum of the known parts; None when compute is unknown
    source_cost_usd_month: Amount | None  # what the server costs where it is
    wave: WaveNumber | None
    cutover_date: Day | None
    source: str
    role_group: str | None = _UNKNOWN  # servers alike in what they serve and use; None without observed traffic


class RiskHit(Record):
    """A risk rule that applies to an application."""

    rule: str
    points: Amount
    detail: str


class PlannedApplication(Record):
    """One application: declared, or inferred from traffic, names or folders."""

    application: str
    declared: bool
    domain: str | None
    owner: str | None
    criticality: str  # "medium" when unknown; then a finding says so
    data_class: str | None
    rto_h: Amount | None
    rpo_h: Amount | None
    site: str | None  # where most of its moving servers stand
    shared_service: bool
    move_group: str
    disposition: str | None  # of most of its servers
    servers: Count
    moving_servers: Count
    data_gib: Amount  # used data to be replicated; allocated where used is unknown
    crew_h: dict[str, Amount]  # by skill
    cost_usd_month: Amount | None
    source_cost_usd_month: Amount | None
    priced_servers: Count  # denominator of cost: of `moving_servers`
    risk_score: Amount  # 0 to 100
    risk_maximum: Amount  # points that were assessable: the denominator behind the score
    confidence: Amount  # completeness of the data, 0 to 1
    failure_probability: Amount  # of a cutover taken alone
    outage_usd_h: Amount
    risks: tuple[RiskHit, ...]
    wave: WaveNumber | None
    cutover_date: Day | None
    source: str
    hospital: str | None = _UNKNOWN  # or other facility that it works for; None also where it works for all
    cost_center: str | None = _UNKNOWN


class PlannedDependency(Record):
    """Consumer needs provider, at application level. The names may also be of external parties (`external` true)."""

    consumer: str
    provider: str
    external: bool  # provider or consumer is outside the estate: a CIDR
    ports: tuple[str, ...]  # such as "tcp/443", most traffic first, at most 20
    gb_day: Amount
    connections_day: Amount
    active_days: Count
    observed_days: Count
    strength: str  # "hard" or "soft"
    reason: str  # for the strength
    origin: str  # "confirmed", "declared" or "observed"
    in_cycle: bool
    service: str | None = _UNKNOWN  # name and use of the busiest port, such as "ms-sql-s (database)"
    gb_day_p95: Amount | None = _UNKNOWN  # 95th percentile of the observed days: the sum of its servers', an upper bound
    connections_day_p95: Amount | None = _UNKNOWN  # likewise
    first_seen: Instant | None = _UNKNOWN  # UTC
    last_seen: Instant | None = _UNKNOWN  # UTC
    business_share: Share | None = _UNKNOWN  # of the connections, in business hours
    round_trips_mb: Amount | None = _UNKNOWN  # chattiness; see `migrate.discovery.chattiness`
    via: tuple[str, ...] | None = _UNKNOWN  # load balancers that a part of it at least passes
    sources: tuple[str, ...] | None = _UNKNOWN  # flow formats that tell of it, and "cmdb" where it is declared
    severed: str | None = _UNKNOWN  # why its ends are in two move groups although it should hold them together
    split_usd_day: Amount | None = _UNKNOWN  # of a severed one: what every day between the two cutovers costs


class GroupEdge(Record):
    """A dependency that holds a move group together."""

    consumer: str
    provider: str
    because: str  # why it is not to be split
    reason: str  # why the consumer stops without the provider
    usd_day: Amount | None  # what a day apart would cost; None: no traffic is known
    round_trips_day: Amount | None  # likewise


class MoveGroup(Record):
    """Applications that move together."""

    move_group: str
    applications: tuple[str, ...]
    servers: Count
    reason: str
    confidence: Amount
    edges: tuple[GroupEdge, ...] = ()  # dependencies that hold it, those that suffice first, the dearest first; at most 20
    held_by: Count = 0  # dependencies that hold it, listed or not
    severed: Count = 0  # dependencies that should hold it together with other groups, but do not
    severed_usd_day: Amount = 0.0  # what those cost for every day apart, as far as it is known


class OutsideParty(Record):
    """A network outside the estate that exchanges data with one application: firewall rules and egress to plan."""

    network: str  # CIDR, or a name
    direction: str  # "inbound" (the party opens the connections) or "outbound"
    application: str
    kind: str  # unlisted, private (a network without servers of ours), private behind NAT (suspected), public or name
    ports: tuple[str, ...]  # such as "tcp/443", most traffic first
    servers: Count  # of the estate
    addresses: Count  # of the network
    some_addresses: tuple[str, ...] = ()  # the first of them, or the name
    bytes_day: Amount  # both ways, mean of the observed days
    egress_gb_month: Amount  # leaving the estate
    connections_day: Amount
