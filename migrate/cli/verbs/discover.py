"""The verb that needs no plan: discover."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from migrate.cli.app import JsonOption, QuietOption

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command(epilog="Example: `migrate discover flows/ rvtools.xlsx --out discovered`")(discover)


def discover(
    files: Annotated[
        list[Path] | None, typer.Argument(help="Flow logs and inventories, files or folders.", show_default=False)
    ] = None,
    out: Annotated[Path, typer.Option(help="Folder for the output.")] = Path("discovered"),
    request: Annotated[
        Path | None, typer.Option(help="A plan.toml: its [flows], [waves] and sites; and its files, if none is named.")
    ] = None,
    engine: Annotated[str | None, typer.Option(help="`duckdb`, `spark`, or the URL of an ibis backend.")] = None,
    table: Annotated[str | None, typer.Option(help="Table of the engine that holds flows.")] = None,
    fields: Annotated[str | None, typer.Option(help="Fields of VPC Flow Logs without a header line, in order.")] = None,
    time_zone: Annotated[str | None, typer.Option(help="Time zone of the business hours, such as America/Chicago.")] = None,
    off: Annotated[
        list[str] | None, typer.Option(metavar="RULE", help="Switch a rule of recognising traffic off; repeat for more.")
    ] = None,
    application: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Draw the neighbourhood of this application; repeat for more.")
    ] = None,
    group: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Draw the neighbourhood of this move group; repeat for more.")
    ] = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Turn flow logs into dependencies, applications, roles and move groups, with or without an inventory; no plan is made."""
    from migrate.cli.tables import print_json
    from migrate.cli.talk import Talk
    from migrate.cli.told_discovery import discovery_summary, tell_discovery
    from migrate.short_run import check_folder, discover_files, write_discovery

    talk = Talk(quiet=quiet)
    stages = talk.stages()
    given = {"engine": engine, "table": table, "fields": fields, "time_zone": time_zone, "rules_off": tuple(off or ()) or None}
    asked = {key: value for key, value in given.items() if value is not None}
    check_folder(out, files or ())
    found = discover_files(files or (), request=request, out=out, stages=stages, **asked)
    notes = write_discovery(found, out, applications=application or (), groups=group or (), inputs=files or (), stages=stages)
    for note in notes:
        talk.say(note)
    if as_json:
        print_json(discovery_summary(found, out))
    else:
        tell_discovery(found, out)
