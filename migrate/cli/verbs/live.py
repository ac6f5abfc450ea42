"""Verbs of living with a plan: diff, replan, export."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from migrate.cli.app import JsonOption, OutOption, PlanArgument, QuietOption, ReportsOption

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the verbs to the application."""
    app.command(epilog="Example: `migrate diff before/plan.json after/plan.json`")(diff)
    app.command(
        epilog="Example: `migrate replan plans/health12/plan.toml --from plans/health12/out/plan.json --as-of 2027-04-03`"
    )(replan)
    app.command(epilog="Example: `migrate export plans/health12/out/plan.json --format waves-xlsx --out edited.xlsx`")(export)


def diff(
    before: Annotated[Path, typer.Argument(help="A plan.json.", show_default=False)],
    after: Annotated[Path, typer.Argument(help="Another plan.json.", show_default=False)],
    as_json: JsonOption = False,
) -> None:
    """Say what differs between two plans: moves, cost, risk, dates, dispositions, what was added or is gone, and why."""
    from migrate.cli.tables import print_json
    from migrate.cli.talk import open_plan
    from migrate.cli.told_living import tell_diff
    from migrate.waves.diff import diff_plans

    found = diff_plans(open_plan(before), open_plan(after))
    if as_json:
        print_json(found)
    else:
        tell_diff(found)


def replan(
    request: Annotated[Path, typer.Argument(help="A plan.toml.", show_default=False)],
    earlier: Annotated[Path, typer.Option("--from", help="The plan.json that was made before.", show_default=False)],
    as_of: Annotated[
        dt.datetime | None,
        typer.Option(
            formats=["%Y-%m-%d"], help="What was cut over or replicating by this day stays; default: the latest cutover told."
        ),
    ] = None,
    done: Annotated[
        list[str] | None, typer.Option(metavar="NAME|WAVE", help="Was cut over, whatever its date; repeat for more.")
    ] = None,
    not_done: Annotated[
        list[str] | None, typer.Option(metavar="NAME|WAVE", help="Was not cut over, whatever its date; repeat for more.")
    ] = None,
    actuals: Annotated[
        Path | None, typer.Option(help="Table of tasks that were begun and ended: application, task, start, end.")
    ] = None,
    waves: Annotated[Path | None, typer.Option(help="Edited table of waves: its edits become pins in plan.toml.")] = None,
    out: OutOption = None,
    reports: ReportsOption = True,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Plan again: what is done or committed stays, what has changed comes in, and moving the rest has a price."""
    from migrate.cli.tables import print_json
    from migrate.cli.talk import Talk
    from migrate.cli.told_living import tell_pins, tell_replanned
    from migrate.pipeline import write_plan
    from migrate.replanning import replan as plan_again
    from migrate.waves.diff import diff_plans

    folder = out or request.parent / "out"
    stages = Talk(quiet=quiet).stages()
    made = plan_again(
        request,
        earlier,
        as_of=as_of.date() if as_of else None,
        done=done or (),
        not_done=not_done or (),
        actuals=actuals,
        waves=waves,
        write=True,
        stages=stages,
    )
    difference = diff_plans(made.before, made.plan)
    write_plan(made.plan, folder, reports=reports, stages=stages)
    if as_json:
        print_json(difference)
    else:
        tell_pins(made.pins, request)
        tell_replanned(made.plan, difference, folder)


def export(
    plan: PlanArgument,
    format_: Annotated[
        str,
        typer.Option(
            "--format",
            "-f",
            metavar="NAME",
            help="waves-csv or waves-xlsx (to edit and read again), mgn, cmf, jira, project-xml, focus, or ics.",
            show_default=False,
        ),
    ],
    out: Annotated[Path | None, typer.Option(help="File, or folder; default: exports/ beside plan.json.")] = None,
    wave: Annotated[list[int] | None, typer.Option("--wave", "-w", min=1, help="Only this wave; repeat for more.")] = None,
    account: Annotated[str, typer.Option(help="AWS account of the target: twelve digits.")] = "",
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Write a plan for another tool, or as a table of waves to edit; `score --waves` and `replan --waves` read that again."""
    from migrate.cli.tables import print_json
    from migrate.cli.talk import Talk, open_plan
    from migrate.reports.exports import Scope, export_plan

    loaded = open_plan(plan, quiet=quiet)
    made = export_plan(loaded, format_, out or plan.parent / "exports", Scope(tuple(wave or ()), account))
    if as_json:
        print_json({"file": str(made.path), "notes": list(made.notes)})
        return
    for note in made.notes:
        Talk(quiet=quiet).say(note if note.endswith("…") else f"{note}.")
    typer.echo(f"Written: {made.path}")
