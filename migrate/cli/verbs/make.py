"""Verbs that make something: sample, init, inspect, plan."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from migrate.cli.app import GapOption, JsonOption, OutOption, QuietOption, ReportsOption, SecondsOption, longer
from migrate.errors import RequestError

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the verbs to the application."""
    app.command(epilog="Example: `migrate sample --servers 2600 --seed 12 estate/`")(sample)
    app.command(epilog="Example: `migrate inspect exports/*.xlsx applications.csv`")(inspect)
    app.command(epilog="Example: `migrate init plans/north --inventory exports/*.xlsx --inventory applications.csv`")(init)
    app.command(epilog="Example: `migrate plan plans/health12/plan.toml`")(plan)


def sample(
    out: Annotated[Path, typer.Argument(help="Folder to write into.", show_default=False)],
    servers: Annotated[int, typer.Option(min=20, max=1_000_000, help="Servers in the estate.")] = 2600,
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same bytes.")] = 12,
    quiet: QuietOption = False,
) -> None:
    """Write a made-up health system's estate, as the files an enterprise would have."""
    from migrate.cli.talk import Talk
    from migrate.sample import write_sample

    talk = Talk(quiet=quiet)
    with talk.stages().stage("write"):
        summary = write_sample(
            servers, seed, out, progress=lambda text, done, total: talk.advanced(text, done / total if total else 0.0)
        )
    typer.echo(f"{summary.servers:,} servers, {summary.applications:,} applications, {summary.flow_rows:,} flow records in {out}")


def inspect(
    files: Annotated[list[Path], typer.Argument(help="Files or folders.", show_default=False)],
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Show what is recognised in files, what was read, set aside and doubted. Nothing is written."""
    from migrate.cli.tables import print_json
    from migrate.cli.talk import Talk
    from migrate.cli.told import tell_inspection
    from migrate.readers import inspect as inspect_files
    from migrate.readers import resolve_files

    talk = Talk(quiet=quiet)
    paths = resolve_files([str(file) for file in files], Path(), "the command line")
    with talk.stages().stage("read"):
        result = inspect_files(paths, (), progress=talk.advanced)
    if as_json:
        print_json(result)
    else:
        tell_inspection(result)


def init(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder for plan.toml.", show_default=False)],
    inventory: Annotated[list[Path], typer.Option("--inventory", "-i", help="A file or folder; repeat for more.")],
    more: Annotated[list[Path] | None, typer.Argument(metavar="[FILE]…", help="More inventory files.")] = None,
    start: Annotated[dt.datetime | None, typer.Option(formats=["%Y-%m-%d"], help="First day of the programme.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing plan.toml.")] = False,
    quiet: QuietOption = False,
) -> None:
    """Recognise inventory files and write a commented plan.toml with conservative defaults.

    Files may follow `--inventory` one after another, as a shell expands them.
    """
    from migrate.files import write_text
    from migrate.readers import request_text, resolve_files

    request = folder / "plan.toml"
    if request.exists() and not force:
        raise RequestError("exists already", where=str(request), remedy="Edit it, or give --force to write it anew.")
    paths = resolve_files([str(path) for path in [*inventory, *(more or [])]], Path(), "--inventory")
    day = start.date() if start else dt.datetime.now(tz=dt.UTC).date() + dt.timedelta(days=60)
    write_text(request, request_text(folder, paths, day))
    if not quiet:
        typer.echo(f"Wrote {request}. Read its comments, then: migrate plan {request}")


def plan(
    request: Annotated[Path, typer.Argument(help="A plan.toml.", show_default=False)],
    out: OutOption = None,
    reports: ReportsOption = True,
    seconds: SecondsOption = None,
    gap: GapOption = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Read the inventories a plan.toml names, decide, and write plan.json, tables, reports and runbooks."""
    from migrate.cli.tables import print_json
    from migrate.cli.talk import Talk
    from migrate.cli.told import plan_summary, tell_plan
    from migrate.pipeline import make_plan, write_plan

    folder = out or request.parent / "out"
    stages = Talk(quiet=quiet).stages()
    made = make_plan(request, stages=stages, search=longer(seconds, gap))
    write_plan(made, folder, reports=reports, stages=stages)
    if as_json:
        print_json(plan_summary(made, folder))
    else:
        tell_plan(made, folder, reports=reports)
