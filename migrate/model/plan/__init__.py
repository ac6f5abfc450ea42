"""The plan: what was decided, why, what it costs and how good it is. `plan.json` is this model, and nothing else.

Everything downstream (reports, runbooks, rehearsal, explain) reads a `Plan` and no inventory.
"""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import ValidationError

from migrate.errors import RequestError
from migrate.findings import Finding
from migrate.model.plan.base import Range, Record
from migrate.model.plan.inventory import (
    InputFile,
    MonthlyCost,
    MoveGroup,
    PlannedApplication,
    PlannedDependency,
    PlannedServer,
    RiskHit,
)
from migrate.model.plan.money import Assumption, BusinessCase, Month, SiteExit
from migrate.model.plan.waves import Candidate, ObjectiveTerms, PlannedWave, Solution
from migrate.spec import Spec

__all__ = [
    "SCHEMA_VERSION",
    "Assumption",
    "BusinessCase",
    "Candidate",
    "InputFile",
    "Month",
    "MonthlyCost",
    "MoveGroup",
    "ObjectiveTerms",
    "Plan",
    "PlannedApplication",
    "PlannedDependency",
    "PlannedServer",
    "PlannedWave",
    "Range",
    "Record",
    "RiskHit",
    "SiteExit",
    "Solution",
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


def load_plan(path: Path) -> Plan:
    """Read a plan.json.

    Raises
    ------
    RequestError
        The file is missing, not a plan, or of another major schema version.
    """
    try:
        text = path.read_bytes()
    except OSError as error:
        raise RequestError(
            f"cannot be read: {error.strerror}", where=str(path), remedy="Make it with `migrate plan PLAN.toml`."
        ) from None
    try:
        return Plan.model_validate_json(text)
    except ValidationError as error:
        raise _not_a_plan(path, text, error) from None


def _not_a_plan(path: Path, text: bytes, error: ValidationError) -> RequestError:
    try:
        data = json.loads(text)
    except ValueError:
        return RequestError("is not JSON", where=str(path), remedy="Name a plan.json made by `migrate plan`.")
    version = data.get("schema_version") if isinstance(data, dict) else None
    if isinstance(version, str) and version.split(".", maxsplit=1)[0] != SCHEMA_VERSION.split(".", maxsplit=1)[0]:
        return RequestError(
            f"has schema version {version}, this program reads {SCHEMA_VERSION}",
            where=str(path),
            remedy="Make it again with `migrate plan PLAN.toml`.",
        )
    first = error.errors(include_url=False)[0]
    place = ".".join(str(part) for part in first["loc"])
    return RequestError(
        f"is not a plan: `{place}` {first['msg'][:1].lower()}{first['msg'][1:]}",
        where=str(path),
        remedy="Make it again with `migrate plan PLAN.toml`.",
    )
