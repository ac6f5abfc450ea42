"""The part of a plan that says what there is and what becomes of it: servers, applications, dependencies."""

from __future__ import annotations

from migrate.model.plan.base import Amount, Count, Day, Record, WaveNumber

__all__ = ["InputFile", "MonthlyCost", "MoveGroup", "PlannedApplication", "PlannedDependency", "PlannedServer", "RiskHit"]


class InputFile(Record):
    """A file that was read."""

    file: str  # name without its folder
    reader: str  # which reader took it
    sha256: str
    size_bytes: Count
    rows_read: Count
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


class MoveGroup(Record):
    """Applications that move together."""

    move_group: str
    applications: tuple[str, ...]
    servers: Count
    reason: str
    confidence: Amount
