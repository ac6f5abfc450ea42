"""The stages before the waves: from a request and its inventories to all that a plan is decided from.

`migrate.pipeline` shows the whole run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from migrate.errors import InputError, RequestError
from migrate.findings import Finding
from migrate.model.plan import (
    CloudComparison,
    InputFile,
    MoveGroup,
    OfferedRate,
    OutsideParty,
    PlannedApplication,
    PlannedDependency,
    PlannedServer,
    Sizing,
)
from migrate.model.stages import Discovery, Inventory, RiskAssessment, TargetChoice
from migrate.spec import Spec
from migrate.spec.reads import unchanged
from migrate.watching import Stages

__all__ = ["Groundwork", "Prepared", "asked_files", "prepare"]

Revise = Callable[[Discovery, RiskAssessment], tuple[Discovery, RiskAssessment]]


def asked_files(path: Path, spec: Spec) -> tuple[tuple[Path, ...], tuple[InputFile, ...]]:
    """The inventory files that the request at `path` names, and the digest of the request itself."""
    from migrate.readers import resolve_files  # noqa: PLC0415 -- polars and readers are slow to import, help is not

    if not spec.inventory.files:
        raise RequestError("names no inventory", where=str(path), remedy='Add [inventory] with files = ["…"].')
    calendars = sorted({path.parent / freeze.calendar for freeze in spec.freeze if freeze.calendar})
    return resolve_files(spec.inventory.files, path.parent, str(path)), tuple(_digest(item) for item in (path, *calendars))


@dataclass(frozen=True)
class Groundwork:
    """What a plan is decided from: all that is known of an estate but its waves, as records."""

    servers: tuple[PlannedServer, ...]
    applications: tuple[PlannedApplication, ...]
    dependencies: tuple[PlannedDependency, ...]
    move_groups: tuple[MoveGroup, ...]
    outside: tuple[OutsideParty, ...]
    price_book: str
    inputs: tuple[InputFile, ...]
    findings: tuple[Finding, ...]
    rates: tuple[OfferedRate, ...] = ()  # what the targets could be paid under
    sizing: Sizing | None = None
    clouds: CloudComparison | None = None


@dataclass(frozen=True)
class Prepared:
    """The results of the stages before the waves, for a request; a request that differs little may use them again."""

    spec: Spec
    inventory: Inventory
    found: Discovery
    chosen: TargetChoice
    assessed: RiskAssessment
    groundwork: Groundwork


def prepare(
    spec: Spec,
    files: Sequence[Path],
    *,
    asked: tuple[InputFile, ...] = (),
    base: Path = Path(),
    stages: Stages | None = None,
    known: Prepared | None = None,
    revise: Revise | None = None,
) -> Prepared:
    """Run all stages before the waves.

    Parameters
    ----------
    spec, files, asked, base, stages
        As in `plan_inventory`.
    known
        The results of an earlier call for the same files: stages that read nothing of what has changed in the request
        are not run again.
    revise
        Called with what was discovered and assessed; records are made of what it returns.
    """
    from migrate import discovery, readers, risk, targets, waves  # noqa: PLC0415

    run = stages or Stages()
    kept = dict.fromkeys(unchanged(spec, known.spec), known) if known is not None else {}
    with discovery.listening(spec.flows) as ears:
        with run.stage("read"):
            old = kept.get("read")
            inventory = (
                old.inventory
                if old
                else readers.read_inventory(files, spec.site, run.advanced, spec.flows.fields, on_flows=ears.begin)
            )
            if inventory.estate.servers.is_empty():
                raise InputError(
                    "no server was found in the inventory",
                    where=", ".join(path.name for path in files[:5]),
                    remedy="Run `migrate inspect FILE…` to see what was recognised.",
                )
        with run.stage("discover"):
            old = kept.get("discover")
            found = old.found if old else discovery.discover(inventory.estate, inventory.flows, spec, ears.heard())
    with run.stage("target"):
        old = kept.get("target")
        chosen = old.chosen if old else targets.choose_targets(found, spec, base=base)
    with run.stage("assess"):
        old = kept.get("assess")
        assessed = old.assessed if old else risk.assess(found, chosen, spec)
    with run.stage("draft"):
        found, assessed = revise(found, assessed) if revise is not None else (found, assessed)
        draft = waves.draft(found, chosen, assessed, spec)
    findings = (*inventory.findings, *found.findings, *chosen.findings, *assessed.findings, *draft.findings)
    groundwork = Groundwork(
        servers=draft.servers,
        applications=draft.applications,
        dependencies=found.dependencies,
        move_groups=found.move_groups,
        outside=_outside(found),
        price_book=chosen.price_book,
        inputs=asked + inventory.inputs,
        findings=findings,
        rates=chosen.rates,
        sizing=chosen.sizing,
        clouds=chosen.clouds,
    )
    return Prepared(spec, inventory, found, chosen, assessed, groundwork)


def _outside(found: Discovery) -> tuple[OutsideParty, ...]:
    """The parties outside as records, in their order."""
    return tuple(
        OutsideParty.model_validate({name: tuple(value) if isinstance(value, list) else value for name, value in row.items()})
        for row in found.outside.iter_rows(named=True)
    )


def _digest(path: Path) -> InputFile:
    content = path.read_bytes()
    return InputFile(
        file=path.name,
        reader="request",
        sha256=hashlib.sha256(content).hexdigest(),
        size_bytes=len(content),
        rows_read=len(content.splitlines()),
        rows_quarantined=0,
    )
