"""The nouns of a runbook: typed steps, gates and plans of return. Content only; rendering is in `migrate.reports`.

Hours are counted from the moment the cutover begins (T): negative before it. All times are local to the cutover
window's zone and carry their offset from UTC.

A large plan has half a million of them, all made from the plan, which has been validated: they are plain dataclasses, and
only the `Runbook` around them, which can be read from JSON, is validated as a whole.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from migrate.findings import Finding
from migrate.model.plan import Range, Record
from migrate.runbooks.return_plan import PointOfNoReturn, ReturnPlan

__all__ = [
    "Criterion",
    "Freeze",
    "Gate",
    "Hypercare",
    "Message",
    "Owner",
    "Partner",
    "Phase",
    "PointOfNoReturn",
    "PortOpening",
    "ReturnPlan",
    "RiskNote",
    "Runbook",
    "RunbookApplication",
    "RunbookServer",
    "Step",
]


class Phase(StrEnum):
    """Parts of a runbook, in the order in which they are carried out."""

    readiness = "readiness"
    replication = "replication"
    decision = "decision"
    cutover = "cutover"
    validation = "validation"
    hypercare = "hypercare"
    closure = "closure"


@dataclass(frozen=True, slots=True)
class Criterion:
    """Something that is measured at a gate, and the value that lets it open."""

    measure: str
    threshold: str
    evidence: str  # where the value is read


@dataclass(frozen=True, slots=True)
class Gate:
    """A go or no-go decision: open only when every criterion is met."""

    name: str
    criteria: tuple[Criterion, ...]
    decider: str  # role
    decider_name: str | None  # None: the data names nobody
    if_closed: str


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that somebody does."""

    id: str
    phase: Phase
    title: str
    application: str | None  # None: of the wave as a whole
    servers: tuple[str, ...]  # names, in the order of the work
    databases: tuple[str, ...]  # those of them that are database servers
    action: str
    check: str
    rollback: str
    owner: str  # role
    owner_name: str | None  # None: the data names nobody
    starts: dt.datetime
    starts_h: float  # from T
    duration_h: Range
    depends_on: tuple[str, ...]  # ids of steps
    gate: Gate | None = None


@dataclass(frozen=True, slots=True)
class RunbookServer:
    """A server that is cut over."""

    server_id: str
    name: str  # with the id behind it where the wave has several of that name
    application: str | None
    addresses: tuple[str, ...]
    database_engine: str | None
    disposition: str | None
    target: str | None
    region: str | None
    volumes_gib: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class RunbookApplication:
    """An application of the wave. `order` counts from 1: equal numbers are cut over at the same time."""

    application: str
    order: int
    waits_for: tuple[str, ...]  # providers in this wave that are cut over before it
    domain: str | None
    criticality: str
    data_class: str | None
    owner: str | None
    rto_h: float | None
    rpo_h: float | None
    disposition: str | None
    servers: tuple[str, ...]  # names of those that are cut over
    staying: tuple[str, ...]  # "name (retire)": what is not moved, and why
    databases: tuple[str, ...]  # "name (engine) → target"
    data_gib: float
    ends_h: Range  # when it is validated, hours from T


@dataclass(frozen=True, slots=True)
class PortOpening:
    """Traffic that must be allowed on the day because the two ends are, for a time, in different places."""

    consumer: str
    provider: str
    ports: tuple[str, ...]
    direction: str
    reason: str


@dataclass(frozen=True, slots=True)
class Partner:
    """An external party whose connection changes."""

    party: str
    applications: tuple[str, ...]
    ports: tuple[str, ...]
    direction: str  # "inbound" or "outbound", seen from the application
    gb_day: float
    change: str


@dataclass(frozen=True, slots=True)
class Freeze:
    """A freeze of the request that touches the wave's days or is near."""

    id: str
    applies_to: tuple[str, ...]  # applications of this wave
    when: str
    note: str


@dataclass(frozen=True, slots=True)
class RiskNote:
    """A risk rule that applies, with what is done about it."""

    application: str
    rule: str
    detail: str
    mitigation: str


@dataclass(frozen=True, slots=True)
class Owner:
    """A role and who holds it."""

    role: str
    name: str | None  # None: to be named before the readiness gate
    duties: str


@dataclass(frozen=True, slots=True)
class Message:
    """Something that is told to somebody."""

    at: dt.datetime
    starts_h: float
    audience: str
    by: str  # role
    text: str


@dataclass(frozen=True, slots=True)
class Hypercare:
    """The watched days. The source is taken out of service on the day they end, the plan's date of decommission."""

    begins: dt.date
    ends: dt.date
    days: float  # as asked for, counted from the date of the wave
    watch: tuple[Criterion, ...]
    exit_criteria: tuple[Criterion, ...]


class Runbook(Record):
    """Everything that the people of one wave need. Wave 0 is the landing zone."""

    plan: str
    wave: int
    title: str
    summary: str
    window: str
    begins: dt.datetime  # T
    ends: dt.datetime
    duration_h: float
    pathfinder: bool
    data_gib: float
    applications: tuple[RunbookApplication, ...]  # in cutover order
    servers: tuple[RunbookServer, ...]  # by name
    steps: tuple[Step, ...]  # by start
    returns: tuple[ReturnPlan, ...]
    point_of_no_return: PointOfNoReturn | None  # None: nothing is cut over
    hypercare: Hypercare | None
    ports: tuple[PortOpening, ...]
    partners: tuple[Partner, ...]
    freezes: tuple[Freeze, ...]
    staff_notes: tuple[str, ...]
    controls: tuple[Criterion, ...]  # for health data and cards
    risks: tuple[RiskNote, ...]
    owners: tuple[Owner, ...]
    messages: tuple[Message, ...]
    findings: tuple[Finding, ...]
