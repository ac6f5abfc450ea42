"""The typer application and the options that several verbs share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "GapOption",
    "JsonOption",
    "OutOption",
    "PlanArgument",
    "QuietOption",
    "ReportsOption",
    "SecondsOption",
    "app",
    "longer",
]

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
SecondsOption = Annotated[
    float | None, typer.Option(min=0.1, help="Search this long for waves, whatever plan.toml says; Ctrl-C keeps the best.")
]
GapOption = Annotated[
    float | None,
    typer.Option(min=0.001, max=0.999, help="End the search when the plan is proven this near the best; 0.1 is 10 %."),
]
PlanArgument = Annotated[Path, typer.Argument(help="A plan.json made by `migrate plan`.", show_default=False)]


def longer(seconds: float | None, gap: float | None) -> dict[str, float | None]:
    """What the options put into ``[search]`` of the request."""
    asked: dict[str, float | None] = {} if seconds is None else {"seconds": seconds, "iterations": None}
    return asked if gap is None else {**asked, "gap": gap}


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
