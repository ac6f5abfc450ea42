"""The verb that sweeps keys of a request: scenario."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from migrate.cli.app import JsonOption, QuietOption

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command(epilog="Example: `migrate scenario plans/health12/plan.toml --set waves.max_servers=100,150,200`")(scenario)


def scenario(
    request: Annotated[Path, typer.Argument(help="A plan.toml.", show_default=False)],
    settings: Annotated[
        list[str],
        typer.Option(
            "--set", metavar="KEY=VALUE,VALUE…", help="A key of plan.toml and its values; repeat for more.", show_default=False
        ),
    ],
    out: Annotated[Path | None, typer.Option(help="Folder for the output; default: out/scenarios/ beside plan.toml.")] = None,
    jobs: Annotated[int | None, typer.Option(min=1, max=256, help="Processes; default: as many as there are cores.")] = None,
    as_json: JsonOption = False,
    quiet: QuietOption = False,
) -> None:
    """Plan every combination of values, and compare cost, duration and risk; the Pareto front is marked."""
    from migrate.cli.tables import print_json
    from migrate.cli.talk import Talk
    from migrate.cli.told_living import tell_scenarios
    from migrate.reports.scenario_files import write_scenarios
    from migrate.scenarios import sweep
    from migrate.spec.load import load_spec

    folder = out or request.parent / "out" / "scenarios"
    found = sweep(request, settings, jobs=jobs, stages=Talk(quiet=quiet).stages())
    write_scenarios(load_spec(request).plan.name, found, folder)
    if as_json:
        print_json([item.model_dump(mode="json") for item in found])
    else:
        tell_scenarios(found, folder)
