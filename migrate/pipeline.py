"""The whole run: the stages in order, timed, their findings collected. This one file shows what follows what.

Files come in through `migrate.readers` and go out through `migrate.reports`; everything between is pure.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from migrate import __version__
from migrate.errors import InputError, RequestError
from migrate.files import publishing
from migrate.findings import Finding, ordered
from migrate.model.names import MOVING
from migrate.model.plan import (
    Earlier,
    InputFile,
    MoveGroup,
    OutsideParty,
    Plan,
    PlannedApplication,
    PlannedDependency,
    PlannedServer,
)
from migrate.model.stages import Discovery, Inventory, RiskAssessment, TargetChoice, WaveResult
from migrate.spec import Spec
from migrate.spec.load import load_spec
from migrate.spec.reads import unchanged
from migrate.watching import STAGES, Stages

__all__ = [
    "STAGES",
    "Groundwork",
    "Prepared",
    "Stages",
    "asked_files",
    "decide",
    "make_plan",
    "plan_inventory",
    "prepare",
    "renew",
    "write_plan",
]

#: Files that only this program writes into the output folder: those that a new plan no longer has are removed.
OURS = ("runbooks/wave-*.md", "diagrams/*.svg")

Revise = Callable[[Discovery, RiskAssessment], tuple[Discovery, RiskAssessment]]
Placed = TypeVar("Placed", PlannedServer, PlannedApplication)


def make_plan(request: Path | str, *, stages: Stages | None = None) -> Plan:
    """Read a request and its inventories, and decide.

    Parameters
    ----------
    request
        Path of a plan.toml. Its inventory paths are relative to it.
    stages
        Watches the run.

    Raises
    ------
    RequestError
        The request is wrong, or names files that are not there.
    InputError
        An inventory cannot be used.
    InfeasibleError
        No plan satisfies every rule.
    """

    path = Path(request)
    spec = load_spec(path)
    files, asked = asked_files(path, spec)
    return plan_inventory(spec, files, asked=asked, base=path.parent, stages=stages)


def asked_files(path: Path, spec: Spec) -> tuple[tuple[Path, ...], tuple[InputFile, ...]]:
    """The inventory files that the request at `path` names, and the digest of the request itself."""
    from migrate.readers import resolve_files  # noqa: PLC0415 -- polars and readers are slow to import, help is not

    if not spec.inventory.files:
        raise RequestError("names no inventory", where=str(path), remedy='Add [inventory] with files = ["…"].')
    calendars = sorted({path.parent / freeze.calendar for freeze in spec.freeze if freeze.calendar})
    return resolve_files(spec.inventory.files, path.parent, str(path)), tuple(_digest(item) for item in (path, *calendars))


def plan_inventory(
    spec: Spec,
    files: Sequence[Path],
    *,
    asked: tuple[InputFile, ...] = (),
    base: Path = Path(),
    stages: Stages | None = None,
) -> Plan:
    """`make_plan` for a request that is already in memory.

    Parameters
    ----------
    spec
        The request; its ``inventory`` is not looked at.
    files
        Inventory files.
    asked
        Digests of the files that the request came from, for the plan's record.
    base
        Folder that the path of a price book is relative to.
    """
    return decide(prepare(spec, files, asked=asked, base=base, stages=stages).groundwork, spec, stages=stages)


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
    with run.stage("read"):
        old = kept.get("read")
        inventory = (
            old.inventory
            if old
            else readers.read_inventory(files, spec.site, progress=run.advanced, flow_fields=spec.flows.fields)
        )
        if inventory.estate.servers.is_empty():
            raise InputError(
                "no server was found in the inventory",
                where=", ".join(path.name for path in files[:5]),
                remedy="Run `migrate inspect FILE…` to see what was recognised.",
            )
    with run.stage("discover"):
        old = kept.get("discover")
        found = old.found if old else discovery.discover(inventory.estate, inventory.flows, spec)
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
    )
    return Prepared(spec, inventory, found, chosen, assessed, groundwork)


def decide(
    groundwork: Groundwork,
    spec: Spec,
    *,
    earlier: Earlier | None = None,
    stages: Stages | None = None,
) -> Plan:
    """Plan the waves, compute the business case, and put the plan together.

    Parameters
    ----------
    groundwork
        What the stages before have made.
    spec
        The request.
    earlier
        What an earlier plan had decided; None: there is none.
    stages
        Watches the run.
    """
    from migrate import finance, waves  # noqa: PLC0415

    run = stages or Stages()
    with run.stage("schedule"):
        result = waves.plan_waves(
            groundwork.servers,
            groundwork.applications,
            groundwork.dependencies,
            groundwork.move_groups,
            spec,
            progress=_searching(run),
            earlier=earlier,
        )
        applications = _placed(groundwork.applications, result)
        servers = _placed(groundwork.servers, result)
        times = waves.timetable(
            servers, applications, groundwork.dependencies, result.candidates, result.waves, result.spec, earlier
        )
    with run.stage("finance"):
        case, more = finance.business_case(servers, applications, result.waves, spec, groundwork.price_book)
    return Plan(
        made_by=f"migrate {__version__}",
        price_book=groundwork.price_book,
        spec=result.spec,
        inputs=groundwork.inputs,
        servers=servers,
        applications=applications,
        dependencies=groundwork.dependencies,
        move_groups=groundwork.move_groups,
        candidates=result.candidates,
        waves=result.waves,
        solution=result.solution,
        business_case=case,
        findings=ordered([*groundwork.findings, *result.findings, *times.findings, *more]),
        outside=groundwork.outside,
        earlier=earlier,
        tasks=times.tasks,
        outlook=times.outlook,
    )


def renew(plan: Plan) -> Plan:
    """The plan with everything made anew that follows from the waves of its applications.

    For plans edited by hand: change ``applications[].wave``, and dates, servers, rows of waves, objective and business
    case follow. A plan that nobody has edited comes back as it was.
    """
    from migrate import finance, waves  # noqa: PLC0415

    followed = waves.follow(plan)
    times = waves.timetable(
        followed.servers, followed.applications, plan.dependencies, followed.candidates, followed.waves, plan.spec, plan.earlier
    )
    case, _ = finance.business_case(followed.servers, followed.applications, followed.waves, plan.spec, plan.price_book)
    return plan.model_copy(
        update={
            "servers": followed.servers,
            "applications": followed.applications,
            "candidates": followed.candidates,
            "waves": followed.waves,
            "solution": followed.solution,
            "tasks": None if plan.tasks is None else times.tasks,
            "outlook": None if plan.outlook is None else times.outlook,
            "business_case": case.model_copy(update={"assumptions": plan.business_case.assumptions}),
        }
    )


def write_plan(plan: Plan, out: Path | str, *, reports: bool = True, stages: Stages | None = None) -> tuple[Path, ...]:
    """Write plan.json and everything that is told from it into `out`.

    All files are first made in a hidden folder inside `out`, then renamed into place one after another, plan.json
    last: whoever finds a new plan.json finds the files that belong to it, and an interrupted run leaves the old ones.

    Parameters
    ----------
    plan
        The plan.
    out
        Folder, made if missing. Files of an earlier run that this plan no longer has are removed.
    reports
        False: only plan.json and the flat tables.
    """
    from migrate.reports import write_reports, write_tables  # noqa: PLC0415

    run = stages or Stages()
    with run.stage("write"), publishing(Path(out), last="plan.json", ours=OURS) as staging:
        if reports:
            write_reports(plan, staging, progress=lambda text: run.advanced(text, 0.0))
        else:
            write_tables(plan, staging)
        (staging / "plan.json").write_bytes(plan.model_dump_json(indent=1).encode() + b"\n")
    return tuple(sorted(path for path in Path(out).rglob("*") if path.is_file()))


def _outside(found: Discovery) -> tuple[OutsideParty, ...]:
    """The parties outside as records, in their order."""
    return tuple(
        OutsideParty.model_validate({name: tuple(value) if isinstance(value, list) else value for name, value in row.items()})
        for row in found.outside.iter_rows(named=True)
    )


def _placed(records: tuple[Placed, ...], result: WaveResult) -> tuple[Placed, ...]:
    """The records with their wave and date. Servers that do not move stay without."""
    placed = []
    for record in records:
        wave = result.assignment.get(record.application or "")
        stays = isinstance(record, PlannedServer) and record.disposition not in MOVING
        if wave is None or stays:
            placed.append(record)
        else:
            placed.append(record.model_copy(update={"wave": wave, "cutover_date": result.dates[wave]}))
    return tuple(placed)


def _searching(run: Stages) -> Callable[[float, float], None]:
    """Tell how far the search for waves is, and what the best plan so far costs."""

    def advanced(share: float, best: float) -> None:
        run.advanced(f"Planning waves: {best:,.0f} USD" if math.isfinite(best) else "Planning waves", share)

    return advanced


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
