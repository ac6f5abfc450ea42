"""Tables on stdout. Text from inventories is printed as it is: no markup, no control characters."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

__all__ = ["clean", "print_json", "print_table", "usd"]

_WIDTH_ELSEWHERE = 220
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def clean(value: object) -> str:
    """A value as text without characters that could steer a terminal."""
    return "" if value is None else _CONTROL.sub("�", str(value))


def usd(amount: float | None) -> str:
    """Dollars without cents, thousands separated; empty when unknown."""
    return "" if amount is None else f"{amount:,.0f}"


def print_table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, title: str = "", right: Sequence[str] = ()) -> None:
    """Print rows; columns named in `right` are aligned right."""
    table = Table(title=title or None, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    for column in columns:
        table.add_column(column, justify="right" if column in right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(clean(value)) for value in row))
    console = Console(markup=False, highlight=False)
    if not console.is_terminal:
        console = Console(markup=False, highlight=False, width=_WIDTH_ELSEWHERE)  # in a pipe no line should be folded
    console.print(table)


def print_json(value: Any) -> None:
    """Print a pydantic model, or anything JSON has a word for."""
    if hasattr(value, "model_dump_json"):
        typer.echo(value.model_dump_json(indent=2))
    else:
        typer.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))
