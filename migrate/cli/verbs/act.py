"""Verbs that act on a plan: runbook, rehearse, report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from migrate.cli.app import JsonOption, PlanArgument, QuietOption
from migrate.errors import GateError

__all__ = ["register"]

WaveOption = Annotated[int, typer.Option("--wave", "-w", min=0, help="Number of the wave.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the verbs to the application."""
    app.command(epilog="Example: `migrate runbook plans/health12/out/plan.json --wave 1`")(runbook)
    app.command(epilog="Example: `migrate rehearse plans/health12/out/plan.json --wave 1`")(rehearse)
    app.command(epilog="Example: `migrate report plans/health12/out/plan.json --out review/`")(report)


def runbook(
    plan: PlanArgument,
    wave: WaveOption,
    as_json: JsonOption = False,
) -> None:
    """Print the runbook of a wave as Markdown; wave 0 is the landing zone."""
    from migrate.cli.tables import print_json
    from migrate.cli.talk import open_plan
    from migrate.reports.runbook_markdown import render_markdown
    from migrate.runbooks import build_runbook

    book = build_runbook(open_plan(plan), wave)
    if as_json:
        print_json(book)
    else:
        typer.echo(render_markdown(book))


def rehearse(
    plan: PlanArgument,
    wave: WaveOption,
    journal: Annotated[Path | None, typer.Option(help="Journal to write and resume from; default: beside plan.json.")] = None,
    fault: Annotated[str | None, typer.Option(help="Inject a fault, such as `launch:SERVER` or `dns:APPLICATION`.")] = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Execute a wave on mocked AWS: landing zone, launch, DNS, checks, rollback. Nothing can leave this machine.

    Exit code 3 if a check fails.
    """
    from migrate.cli.tables import print_json
    from migrate.cli.talk import Talk, open_plan
    from migrate.cli.told import tell_rehearsal
    from migrate.rehearsal import rehearse as rehearse_wave

    talk = Talk(quiet=quiet)
    loaded = open_plan(plan, quiet=quiet)
    path = journal or plan.parent / "rehearsals" / f"wave-{wave:02d}.jsonl"
    with talk.stages().stage("rehearse"):
        result = rehearse_wave(loaded, wave, journal=path, fault=fault, progress=talk.advanced)
    if as_json:
        print_json(result)
    else:
        tell_rehearsal(result, path)
    if not result.passed:
        raise GateError(f"the rehearsal of wave {wave} failed", where=str(path), remedy="Read the failed checks above.")


def report(
    plan: PlanArgument,
    out: Annotated[Path | None, typer.Option(help="Folder for the output; default: beside plan.json.")] = None,
    application: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only draw this application's neighbourhood; repeat for more.")
    ] = None,
    group: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Only draw this move group's neighbourhood; repeat for more.")
    ] = None,
    quiet: QuietOption = False,
) -> None:
    """Write report.html, plan.xlsx, diagrams, runbooks and tables anew from a plan.json; or draw a neighbourhood."""
    from migrate.cli.talk import Talk, open_plan
    from migrate.pipeline import write_plan

    folder = out or plan.parent
    loaded = open_plan(plan, quiet=quiet)
    if application or group:
        from migrate.reports.discovery_files import write_neighbourhoods

        for path in write_neighbourhoods(loaded, folder, applications=application or (), groups=group or ()):
            typer.echo(f"Neighbourhood: {path}")
        return
    write_plan(loaded, folder, stages=Talk(quiet=quiet).stages())
    typer.echo(f"Report: {folder / 'report.html'}")
