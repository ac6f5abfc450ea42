"""The whole run: the stages in order, timed, their findings collected. This one file shows what follows what.

Files come in through `migrate.readers` and go out through `migrate.reports`; everything between is pure.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

from migrate import __version__
from migrate.files import publishing
from migrate.findings import ordered
from migrate.groundwork import Groundwork, asked_files, prepare
from migrate.model.names import MOVING
from migrate.model.plan import Earlier, InputFile, Plan, PlannedApplication, PlannedServer
from migrate.model.stages import WaveResult
from migrate.spec import Spec
from migrate.spec.load import load_spec
from migrate.watching import STAGES, Stages

__all__ = ["STAGES", "Stages", "decide", "make_plan", "plan_inventory", "renew", "write_plan"]

#: Files that only this program writes into the output folder: those that a new plan no longer has are removed.
OURS = ("runbooks/wave-*.md", "diagrams/*.svg")

_PLAN = TypeAdapter(Plan)
Placed = TypeVar("Placed", PlannedServer, PlannedApplication)


def make_plan(request: Path | str, *, stages: Stages | None = None, search: Mapping[str, float | None] | None = None) -> Plan:
    """Read a request and its inventories, and decide.

    Parameters
    ----------
    request
        Path of a plan.toml. Its inventory paths are relative to it.
    stages
        Watches the run.
    search
        Keys of ``[search]`` that take the place of the request's.

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
    spec = spec.model_copy(update={"search": spec.search.model_copy(update=dict(search or {}))})
    files, asked = asked_files(path, spec)
    return plan_inventory(spec, files, asked=asked, base=path.parent, stages=stages)


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
        case, more = finance.business_case(
            servers,
            applications,
            result.waves,
            spec,
            groundwork.price_book,
            dependencies=groundwork.dependencies,
            rates=groundwork.rates,
            outlook=times.outlook,
        )
        spent, doubts = finance.spending(servers, applications, result.waves, spec, groundwork.rates, case)
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
        findings=ordered([*groundwork.findings, *result.findings, *times.findings, *more, *doubts]),
        outside=groundwork.outside,
        earlier=earlier,
        spending=spent,
        rates=groundwork.rates,
        tasks=times.tasks,
        outlook=times.outlook,
        sizing=groundwork.sizing,
        clouds=groundwork.clouds,
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
    outlook = None if plan.outlook is None else times.outlook
    case, _ = finance.business_case(
        followed.servers,
        followed.applications,
        followed.waves,
        plan.spec,
        plan.price_book,
        dependencies=plan.dependencies,
        rates=plan.rates,
        outlook=outlook,
    )
    spent, _ = finance.spending(followed.servers, followed.applications, followed.waves, plan.spec, plan.rates, case)
    return plan.model_copy(
        update={
            "servers": followed.servers,
            "applications": followed.applications,
            "candidates": followed.candidates,
            "waves": followed.waves,
            "solution": followed.solution,
            "tasks": None if plan.tasks is None else times.tasks,
            "outlook": outlook,
            "spending": None if plan.spending is None else spent,
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
        with (staging / "plan.json").open("wb") as file:
            file.writelines((_PLAN.dump_json(plan, indent=1), b"\n"))  # as bytes: text would be two more copies of it
    return tuple(sorted(path for path in Path(out).rglob("*") if path.is_file()))


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


def _searching(run: Stages) -> Callable[[float, float, float | None], None]:
    """Tell how far the search for waves is, what the best plan so far costs, and what none costs less than."""

    def advanced(share: float, best: float, bound: float | None) -> None:
        above = f", bound {bound:,.0f}" if bound is not None and bound > 0 else ""
        run.advanced(f"Planning waves: {best:,.0f} USD{above}" if math.isfinite(best) else "Planning waves", share)

    return advanced
