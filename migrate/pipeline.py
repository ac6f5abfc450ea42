"""The whole run: the stages in order, timed, their findings collected. This one file shows what follows what.

Files come in through `migrate.readers` and go out through `migrate.reports`; everything between is pure.
"""

from __future__ import annotations

import gc
import hashlib
import math
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from migrate import __version__
from migrate.errors import InputError, RequestError
from migrate.files import publishing
from migrate.findings import Finding, ordered
from migrate.model.names import MOVING
from migrate.model.plan import InputFile, OutsideParty, Plan, PlannedApplication, PlannedServer
from migrate.model.stages import Discovery, WaveResult
from migrate.spec import Spec
from migrate.spec.load import load_spec

__all__ = ["STAGES", "Stages", "make_plan", "plan_inventory", "renew", "write_plan"]

#: The stages in order, as they are shown while they run and in benchmarks.
STAGES = ("read", "discover", "target", "assess", "draft", "schedule", "finance", "write")

#: Files that only this program writes into the output folder: those that a new plan no longer has are removed.
OURS = ("runbooks/wave-*.md", "diagrams/*.svg")

Placed = TypeVar("Placed", PlannedServer, PlannedApplication)


@dataclass
class Stages:
    """Watches a run: which stage is running, and how long each took.

    Parameters
    ----------
    began
        Called with the stage's name when it begins.
    ended
        Called with the stage's name and its seconds when it has ended.
    broken
        Called with the stage's name when it ends by an error or an interruption.
    advanced
        Called within a stage with a text and a share done (0 to 1), where the stage can tell.
    """

    began: Callable[[str], None] = lambda _: None
    ended: Callable[[str, float], None] = lambda _, __: None
    broken: Callable[[str], None] = lambda _: None
    advanced: Callable[[str, float], None] = lambda _, __: None
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time the enclosed stage, and keep the cycle collector out of it.

        Stages make millions of records that all live on: looking for cycles among them costs a seventh of a large run and
        frees nothing.
        """
        self.began(name)
        start = time.perf_counter()
        collects = gc.isenabled()
        gc.disable()
        try:
            yield
        except BaseException:
            self.broken(name)
            raise
        finally:
            if collects:
                gc.enable()
        self.seconds[name] = time.perf_counter() - start
        self.ended(name, self.seconds[name])


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
    from migrate.readers import resolve_files  # noqa: PLC0415 -- polars and readers are slow to import, help is not

    path = Path(request)
    spec = load_spec(path)
    if not spec.inventory.files:
        raise RequestError("names no inventory", where=str(path), remedy='Add [inventory] with files = ["…"].')
    files = resolve_files(spec.inventory.files, path.parent, str(path))
    return plan_inventory(spec, files, asked=(_digest(path),), base=path.parent, stages=stages)


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
    from migrate import discovery, finance, readers, risk, targets, waves  # noqa: PLC0415

    run = stages or Stages()
    findings: list[Finding] = []
    with run.stage("read"):
        inventory = readers.read_inventory(files, spec.site, progress=run.advanced, flow_fields=spec.flows.fields)
        findings += inventory.findings
        if inventory.estate.servers.is_empty():
            raise InputError(
                "no server was found in the inventory",
                where=", ".join(path.name for path in files[:5]),
                remedy="Run `migrate inspect FILE…` to see what was recognised.",
            )
    with run.stage("discover"):
        found = discovery.discover(inventory.estate, inventory.flows, spec)
        findings += found.findings
    with run.stage("target"):
        chosen = targets.choose_targets(found, spec, base=base)
        findings += chosen.findings
    with run.stage("assess"):
        assessed = risk.assess(found, chosen, spec)
        findings += assessed.findings
    with run.stage("draft"):
        draft = waves.draft(found, chosen, assessed, spec)
        findings += draft.findings
    with run.stage("schedule"):
        result = waves.plan_waves(
            draft.servers, draft.applications, found.dependencies, found.move_groups, spec, progress=_searching(run)
        )
        findings += result.findings
        applications = _placed(draft.applications, result)
        servers = _placed(draft.servers, result)
    with run.stage("finance"):
        case, more = finance.business_case(servers, applications, result.waves, spec, chosen.price_book)
        findings += more
    return Plan(
        made_by=f"migrate {__version__}",
        price_book=chosen.price_book,
        spec=result.spec,
        inputs=asked + inventory.inputs,
        servers=servers,
        applications=applications,
        dependencies=found.dependencies,
        move_groups=found.move_groups,
        candidates=result.candidates,
        waves=result.waves,
        solution=result.solution,
        business_case=case,
        findings=ordered(findings),
        outside=_outside(found),
    )


def renew(plan: Plan) -> Plan:
    """The plan with everything made anew that follows from the waves of its applications.

    For plans edited by hand: change ``applications[].wave``, and dates, servers, rows of waves, objective and business
    case follow. A plan that nobody has edited comes back as it was.
    """
    from migrate import finance, waves  # noqa: PLC0415

    followed = waves.follow(plan)
    case, _ = finance.business_case(followed.servers, followed.applications, followed.waves, plan.spec, plan.price_book)
    return plan.model_copy(
        update={
            "servers": followed.servers,
            "applications": followed.applications,
            "candidates": followed.candidates,
            "waves": followed.waves,
            "solution": followed.solution,
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
