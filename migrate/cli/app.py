"""The typer application and the options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["JsonOption", "OutOption", "PlanArgument", "QuietOption", "ReportsOption", "app"]

app = typer.Typer(
    name="migrate",
    help="Plans the move of whole data centers to the cloud: dependencies, targets, cost, risk, waves, runbooks, rehearsal.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)

OutOption = Annotated[Path | None, typer.Option(help="Folder for the output; default: out/ beside plan.toml.")]
ReportsOption = Annotated[bool, typer.Option(help="Also write report.html, plan.xlsx, diagrams and runbooks.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
QuietOption = Annotated[bool, typer.Option("--quiet", "-q", help="No progress on stderr.")]
PlanArgument = Annotated[Path, typer.Argument(help="A plan.json made by `migrate plan`.", show_default=False)]


def _version(value: bool) -> None:
    if value:
        from migrate import __version__

        typer.echo(f"migrate {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    _: Annotated[bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")] = False,
) -> None:
    pass
