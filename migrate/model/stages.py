"""What the stages hand to each other between the inventory files and the plan. In memory only."""

import datetime as dt
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

import dataframely as dy
import polars as pl

from migrate.findings import Finding
from migrate.model.estate import Estate
from migrate.model.names import DISPOSITIONS
from migrate.model.plan import (
    Candidate,
    CloudComparison,
    InputFile,
    MoveGroup,
    OfferedRate,
    PlannedDependency,
    PlannedWave,
    Sizing,
    Solution,
)
from migrate.spec import Spec

__all__ = [
    "UNLISTED",
    "ApplicationDependencies",
    "Discovery",
    "FlowFile",
    "FlowFiles",
    "Inventory",
    "Layout",
    "OutsideParties",
    "RiskAssessment",
    "RiskHits",
    "RiskScores",
    "ServerDependencies",
    "ServerRoles",
    "TargetChoice",
    "Targets",
    "WaveResult",
]

#: Kind of outside party: a host of a network in which the estate has servers, missing in the inventory.
UNLISTED = "unlisted"


class ServerDependencies(dy.Schema):
    """Observed: a server (consumer) opens connections to a port of another (provider). Means per observed day."""

    consumer_id = dy.String(primary_key=True)
    provider_id = dy.String(primary_key=True)
    protocol = dy.String(primary_key=True)  # tcp, udp, icmp or the number
    port = dy.Int64(primary_key=True, min=0, max=65535)  # of the provider; 0 where the protocol has none
    bytes_day = dy.Float64(min=0)
    connections_day = dy.Float64(min=0)
    active_days = dy.Int64(min=0)
    first_seen = dy.Datetime(nullable=True)  # UTC; null where the records have no times
    last_seen = dy.Datetime(nullable=True)
    service = dy.String(nullable=True)  # name and use of the port, such as "ms-sql-s (database)"; null where it says nothing
    bytes_day_p95 = dy.Float64(nullable=True, min=0)  # of the observed days; null where no bytes are told or many ports are one
    connections_day_p95 = dy.Float64(nullable=True, min=0)
    business_share = dy.Float64(nullable=True, min=0, max=1)  # of the connections, in business hours; null without times
    round_trips_mb = dy.Float64(nullable=True, min=0)  # see `migrate.discovery.chattiness`; null where not told
    via = dy.String(nullable=True)  # the load balancer that a part of it at least passes
    strength = dy.Enum(["hard", "soft"], nullable=True)  # of this port alone; see `migrate.discovery.strength`
    reason = dy.String(nullable=True)
    sources = dy.List(dy.String(), nullable=True)  # flow formats that tell of it, in their fixed order


class ApplicationDependencies(dy.Schema):
    """An application (consumer) needs another. Field meanings: `migrate.model.plan.PlannedDependency`."""

    consumer = dy.String(primary_key=True)
    provider = dy.String(primary_key=True)
    external = dy.Bool(primary_key=True)
    ports = dy.List(dy.String())
    gb_day = dy.Float64(min=0)
    connections_day = dy.Float64(min=0)
    active_days = dy.Int64(min=0)
    observed_days = dy.Int64(min=0)
    strength = dy.String()
    reason = dy.String()
    origin = dy.String()
    in_cycle = dy.Bool()
    severed = dy.String(nullable=True)
    split_usd_day = dy.Float64(nullable=True, min=0)
    service = dy.String(nullable=True)
    gb_day_p95 = dy.Float64(nullable=True, min=0)
    connections_day_p95 = dy.Float64(nullable=True, min=0)
    first_seen = dy.Datetime(nullable=True)
    last_seen = dy.Datetime(nullable=True)
    business_share = dy.Float64(nullable=True, min=0, max=1)
    round_trips_mb = dy.Float64(nullable=True, min=0)
    via = dy.List(dy.String(), nullable=True)
    sources = dy.List(dy.String())


class ServerRoles(dy.Schema):
    """Servers alike in what they serve and use: the tier, whatever the application. One row per server with traffic."""

    server_id = dy.String(primary_key=True)
    role_group = dy.String()
    reason = dy.String()  # what its members have in common


class OutsideParties(dy.Schema):
    """Who outside the estate talks to it: firewall rules and egress to plan. Means per observed day."""

    network = dy.String(primary_key=True)  # CIDR, or a name
    direction = dy.Enum(["inbound", "outbound"], primary_key=True)  # as seen from the estate: who opens the connection
    application = dy.String(primary_key=True)  # at the inner end
    kind = dy.String()  # unlisted, private (a network without servers of ours), private behind NAT (suspected), public or name
    ports = dy.List(dy.String())  # such as tcp/443, by volume
    servers = dy.Int64(min=1)  # of the estate
    addresses = dy.Int64(min=1)  # of the network
    some_addresses = dy.List(dy.String())  # the first of them, or the name
    bytes_day = dy.Float64(min=0)  # both ways
    egress_gb_month = dy.Float64(min=0)  # leaving the estate
    connections_day = dy.Float64(min=0)


class Targets(dy.Schema):
    """What becomes of each server. One row per server of the estate. Field meanings: `PlannedServer`, `MonthlyCost`."""

    server_id = dy.String(primary_key=True)
    disposition = dy.Enum(DISPOSITIONS, nullable=True)
    disposition_reason = dy.String()
    disposition_confidence = dy.Float64(min=0, max=1)
    target = dy.String(nullable=True)
    target_reason = dy.String()
    region = dy.String(nullable=True)
    volumes_gib = dy.List(dy.Float64())
    compute_usd_month = dy.Float64(nullable=True, min=0)
    licence_usd_month = dy.Float64(nullable=True, min=0)
    storage_usd_month = dy.Float64(nullable=True, min=0)
    backup_usd_month = dy.Float64(nullable=True, min=0)
    transfer_usd_month = dy.Float64(nullable=True, min=0)
    cost_usd_month = dy.Float64(nullable=True, min=0)  # sum of the known parts; null when compute is unknown
    source_cost_usd_month = dy.Float64(nullable=True, min=0)


class RiskScores(dy.Schema):
    """Risk of each application. `score` = 100 × points / maximum, over the rules whose data is there."""

    application = dy.String(primary_key=True)
    score = dy.Float64(min=0, max=100)
    maximum = dy.Float64(min=0)  # points that could have been given: the denominator
    confidence = dy.Float64(min=0, max=1)  # share of all points that could be assessed
    failure_probability = dy.Float64(min=0, max=1)
    outage_usd_h = dy.Float64(min=0)


class RiskHits(dy.Schema):
    """Rules that apply to an application."""

    application = dy.String(primary_key=True)
    rule = dy.String(primary_key=True)
    points = dy.Float64(min=0)
    detail = dy.String()


@dataclass(frozen=True)
class Layout:
    """How the rows of a flow file lie, as an engine has to know to read them as columns of text."""

    container: Literal["parquet", "delimited", "json"]  # json: one object a line
    columns: tuple[str, ...] = ()  # names of the fields, in order where delimited; Parquet tells its own
    delimiter: str = ","
    quote: str = ""  # none: a quotation mark is a character like any other
    comment: str = ""  # lines that begin with it are no records
    skip_lines: int = 0  # before the first record: title and header


@dataclass(frozen=True)
class FlowFile:
    """A flow log that was recognised but not read."""

    path: Path
    label: str  # as findings name it
    format: str  # name of the flow format: vpc, nfdump, zeek, argus, ads, azure, edges
    layout: Layout


@dataclass(frozen=True)
class FlowFiles:
    """Flow logs: they are aggregated where they lie."""

    files: tuple[FlowFile, ...] = ()  # sorted by label


@dataclass(frozen=True)
class Inventory:
    """What the readers return."""

    estate: Estate
    flows: FlowFiles
    inputs: tuple[InputFile, ...]
    findings: list[Finding]


@dataclass(frozen=True)
class Discovery:
    """What discovery returns: the estate with every application and membership completed, and what needs what."""

    estate: Estate
    server_dependencies: pl.DataFrame  # ServerDependencies
    application_dependencies: pl.DataFrame  # ApplicationDependencies, sorted by consumer, provider
    shared_services: tuple[str, ...]  # applications
    move_groups: tuple[MoveGroup, ...]  # every application is in exactly one
    observed_days: int  # 0 without flows
    external_gb_month: dict[str, float]  # server_id -> GB a month sent to addresses outside the estate
    findings: list[Finding]
    roles: pl.DataFrame = field(default_factory=ServerRoles.create_empty)  # ServerRoles
    outside: pl.DataFrame = field(default_factory=OutsideParties.create_empty)
    flow_rows: int = 0  # rows of the flow logs, of whatever kind
    inputs: tuple[InputFile, ...] = ()  # what was read, where `migrate.discover_files` read it
    stability: float | None = None  # adjusted Rand index of the inferred groups with and without the last observed day

    @cached_property
    def dependencies(self) -> tuple[PlannedDependency, ...]:
        """`application_dependencies` as records of a plan. Of millions, stay with the columns."""
        return tuple(PlannedDependency.model_validate(row) for row in self.application_dependencies.iter_rows(named=True))


@dataclass(frozen=True)
class TargetChoice:
    """What the targets stage returns."""

    servers: pl.DataFrame  # Targets
    price_book: str  # name and date, for the plan
    findings: list[Finding]
    rates: tuple[OfferedRate, ...] = ()  # what the targets could be paid under; sorted
    sizing: Sizing | None = None
    clouds: CloudComparison | None = None


@dataclass(frozen=True)
class RiskAssessment:
    """What the risk stage returns."""

    scores: pl.DataFrame  # RiskScores
    hits: pl.DataFrame  # RiskHits
    findings: list[Finding]


@dataclass(frozen=True)
class WaveResult:
    """What the waves stage returns. Applications that do not move are not in `assignment`."""

    candidates: tuple[Candidate, ...]
    waves: tuple[PlannedWave, ...]
    solution: Solution
    assignment: dict[str, int]  # application -> wave number
    dates: dict[int, dt.date]  # wave number -> cutover date
    spec: Spec  # the request with the limits that the planner settled
    findings: list[Finding] = field(default_factory=list)
