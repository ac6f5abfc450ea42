"""The verb that says what stands behind a figure."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from migrate.cli.app import JsonOption, PlanArgument

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command(epilog="Example: `migrate trace plans/health12/out/plan.json npv`")(trace)


def trace(
    plan: PlanArgument,
    figure: Annotated[
        str | None,
        typer.Argument(
            help="Id of a figure, such as npv, year.2028.total or server.NAME.cost; none: list them.", show_default=False
        ),
    ] = None,
    depth: Annotated[int, typer.Option(min=0, max=40, help="Generations of inputs.")] = 12,
    width: Annotated[int, typer.Option(min=1, max=1000, help="Most inputs shown of each figure; the rest is added up.")] = 5,
    opened: Annotated[
        int, typer.Option("--open", min=1, max=100, help="Inputs of each that are followed, the largest first.")
    ] = 1,
    prices: Annotated[Path | None, typer.Option(help="The plan's price book, where it is not the embedded one.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Show what a figure of the report is made of: formula, inputs, rows and prices, as a tree."""
    from migrate.cli.tables import print_json
    from migrate.cli.told_trace import tell_figures, tell_trace
    from migrate.model.plan import load_plan
    from migrate.reports.trace import figure_names, list_figures
    from migrate.reports.trace import trace as trace_figure

    loaded = load_plan(plan)
    if figure is None:
        if as_json:
            print_json(list(figure_names(loaded)))
        else:
            tell_figures(list_figures(loaded))
        return
    traced = trace_figure(loaded, figure, depth=depth, width=width, opened=opened, prices=prices)
    if as_json:
        print_json(traced)
    else:
        tell_trace(traced)
