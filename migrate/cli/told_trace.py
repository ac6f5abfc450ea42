"""How a trace is told: a tree, each figure with its formula and its source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import typer
from rich.console import Console
from rich.text import Text
from rich.tree import Tree

from migrate.cli.tables import clean, print_table
from migrate.reports.trace import Traced
from migrate.reports.trace.node import Value

__all__ = ["tell_figures", "tell_trace"]

_WIDTH_ELSEWHERE = 220
_SIGNS = {"+": "+ ", "-": "− ", "": ""}


def tell_trace(traced: Traced) -> None:
    """Print the tree."""
    tree = _tree(traced)
    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        console = Console(markup=False, highlight=False, width=_WIDTH_ELSEWHERE)
    console.print(tree)


def tell_figures(figures: Sequence[Traced]) -> None:
    """Print the figures of the whole case, and how others are named."""
    print_table(("Figure", "", "Value", "Unit"), [(x.figure, x.label, shown(x.value), x.unit) for x in figures], right=("Value",))
    typer.echo(
        "Others: year.YYYY.FIELD, month.YYYY-MM.FIELD, month.YYYY-MM.line.KEY, line.KEY, assumption.KEY, wave.N.cost, "
        "site.NAME.saved, application.NAME.cost, server.NAME.cost, showback.domain.NAME; --json lists all."
    )


def shown(value: Value) -> str:
    """A value as people read it."""
    if value is None:
        return "unknown"
    if isinstance(value, dt.date | str):
        return str(value)
    if isinstance(value, int) or float(value).is_integer():
        return f"{value:,.0f}"
    return f"{value:,.2f}" if abs(value) >= 100 else f"{value:,.6g}"


def _tree(traced: Traced) -> Tree:
    text = Text(f"{_SIGNS[traced.role]}{clean(traced.label)}: ")
    text.append(f"{clean(shown(traced.value))} {clean(traced.unit)}".rstrip(), style="bold")
    if traced.formula:
        text.append(f"  = {clean(traced.formula)}")
    if traced.source:
        text.append(f"  [{clean(traced.source)}]", style="dim")
    if traced.figure and traced.inputs == ():
        text.append(f"  ({clean(traced.figure)})", style="dim")
    tree = Tree(text)
    for each in traced.inputs:
        tree.add(_tree(each))
    if traced.more:
        tree.add(Text(f"and {traced.more:,} more" + (f", Σ {shown(traced.more_sum)}" if traced.more_sum else "")))
    return tree
