"""The plan: what was decided, why, what it costs and how good it is. `plan.json` is this model, and nothing else.

Everything downstream (reports, runbooks, rehearsal, explain) reads a `Plan` and no inventory.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from pydantic import BaseModel, Field, ValidationError, model_validator

from migrate.errors import RequestError
from migrate.findings import Finding
from migrate.model.plan.base import Range, Record
from migrate.model.plan.earlier import Earlier, EarlierApplication
from migrate.model.plan.inventory import (
    GroupEdge,
    InputFile,
    MonthlyCost,
    MoveGroup,
    OutsideParty,
    PlannedApplication,
    PlannedDependency,
    PlannedServer,
    RiskHit,
)
from migrate.model.plan.money import (
    Assumption,
    Bin,
    BusinessCase,
    CaseResult,
    CostFactor,
    CostLine,
    Month,
    Ownership,
    Sensitivity,
    Simulation,
    SiteExit,
    Worth,
)
from migrate.model.plan.schedule import (
    DatePercentiles,
    LeaseOutlook,
    Outlook,
    PathStep,
    PlannedTask,
    TaskPlan,
    WaveOutlook,
    WaveTiming,
)
from migrate.model.plan.sizing import (
    Alternative,
    Cloud,
    CloudComparison,
    CloudPart,
    CoreLicences,
    DedicatedHosts,
    SizedServers,
    Sizing,
    StorageClass,
    Waste,
)
from migrate.model.plan.spending import (
    BillStep,
    Carbon,
    CarbonFigure,
    Commitments,
    InCurrency,
    MixMonth,
    OfferedRate,
    Pool,
    Purchase,
    ShowbackRow,
    Spending,
)
from migrate.model.plan.waves import Candidate, ExtraCapacity, ObjectiveTerms, PlannedWave, Solution
from migrate.spec import Spec

__all__ = [
    "SCHEMA_VERSION",
    "Alternative",
    "Assumption",
    "BillStep",
    "Bin",
    "BusinessCase",
    "Candidate",
    "Carbon",
    "CarbonFigure",
    "CaseResult",
    "Cloud",
    "CloudComparison",
    "CloudPart",
    "Commitments",
    "CoreLicences",
    "CostFactor",
    "CostLine",
    "DatePercentiles",
    "DedicatedHosts",
    "Earlier",
    "EarlierApplication",
    "ExtraCapacity",
    "GroupEdge",
    "InCurrency",
    "InputFile",
    "LeaseOutlook",
    "MixMonth",
    "Month",
    "MonthlyCost",
    "MoveGroup",
    "ObjectiveTerms",
    "OfferedRate",
    "Outlook",
    "OutsideParty",
    "Ownership",
    "PathStep",
    "Plan",
    "PlannedApplication",
    "PlannedDependency",
    "PlannedServer",
    "PlannedTask",
    "PlannedWave",
    "Pool",
    "Purchase",
    "Range",
    "Record",
    "RiskHit",
    "Sensitivity",
    "ShowbackRow",
    "Simulation",
    "SiteExit",
    "SizedServers",
    "Sizing",
    "Solution",
    "Spending",
    "StorageClass",
    "TaskPlan",
    "Waste",
    "WaveOutlook",
    "WaveTiming",
    "Worth",
    "load_plan",
]

SCHEMA_VERSION = "1.0"


class Plan(Record):
    """All of plan.json. Lists are sorted: servers by id, applications and groups by name, waves by number."""

    schema_version: str = SCHEMA_VERSION
    made_by: str
    price_book: str  # name and date of the price book
    spec: Spec
    inputs: tuple[InputFile, ...]
    servers: tuple[PlannedServer, ...]
    applications: tuple[PlannedApplication, ...]
    dependencies: tuple[PlannedDependency, ...]
    move_groups: tuple[MoveGroup, ...]
    candidates: tuple[Candidate, ...]
    waves: tuple[PlannedWave, ...]
    solution: Solution
    business_case: BusinessCase
    findings: tuple[Finding, ...]
    outside: tuple[OutsideParty, ...] = ()  # most data first; without flow logs none is known
    #: What an earlier plan had decided; None (and not in plan.json): this one was not made from another.
    earlier: Earlier | None = Field(default=None, exclude_if=lambda value: value is None)
    tasks: TaskPlan | None = None  # None: nothing moves, or the plan was made before tasks were scheduled
    outlook: Outlook | None = None  # likewise
    sizing: Sizing | None = None  # None: the plan was made before sizes were recorded
    spending: Spending | None = None  # None: the plan was made before spending was computed
    rates: tuple[OfferedRate, ...] = ()  # prices that its targets could be paid under; sorted
    clouds: CloudComparison | None = None  # likewise, or no other cloud has a counterpart of the regions

    @model_validator(mode="after")
    def _names_agree(self) -> Plan:
        """Every id once, and every server's application among the applications."""
        for kind, names in (
            ("server", [server.server_id for server in self.servers]),
            ("application", [application.application for application in self.applications]),
            ("wave", [wave.wave for wave in self.waves]),
        ):
            twice = sorted(str(name) for name, count in Counter(names).items() if count > 1)
            if twice:
                raise ValueError(f"has the {kind} {twice[0]!r} twice")
        known = {application.application for application in self.applications}
        for server in self.servers:
            if server.application is not None and server.application not in known:
                raise ValueError(f"puts {server.name!r} into the application {server.application!r}, which it does not have")
        return self


def load_plan(path: Path) -> Plan:
    """Read a plan.json.

    Raises
    ------
    RequestError
        The file is missing, not a plan, or of another major schema version.
    """
    try:
        if not path.is_file():
            raise RequestError("is not a file", where=str(path), remedy="Make it with `migrate plan PLAN.toml`.")
        text = path.read_bytes()
    except OSError as error:
        raise RequestError(
            f"cannot be read: {error.strerror}", where=str(path), remedy="Make it with `migrate plan PLAN.toml`."
        ) from None
    try:
        head = _Head.model_validate_json(text)
    except ValidationError:
        raise RequestError("is not a plan", where=str(path), remedy="Name a plan.json made by `migrate plan`.") from None
    if head.schema_version.split(".", maxsplit=1)[0] != SCHEMA_VERSION.split(".", maxsplit=1)[0]:
        raise RequestError(
            f"has schema version {head.schema_version[:20]!r}, this program reads {SCHEMA_VERSION}",
            where=str(path),
            remedy="Make it again with `migrate plan PLAN.toml`.",
        )
    try:
        return Plan.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(str(part) for part in first["loc"]) or "the plan"
        message = first["msg"].removeprefix("Value error, ")
        raise RequestError(
            f"is not a plan: `{place}` {message[:1].lower()}{message[1:]}",
            where=str(path),
            remedy="Correct it, or make it again with `migrate plan PLAN.toml`.",
        ) from None


class _Head(BaseModel):
    """What is read first, of a plan of any version."""

    schema_version: str
