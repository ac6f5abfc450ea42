"""Tables and bars told alike on the page, on slides and on paper: every figure is formatted here, once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from migrate.reports.html.axes import Tick

__all__ = ["Bars", "Grid", "Segment", "Stripe"]


@dataclass(frozen=True)
class Grid:
    """A table of texts.

    Attributes
    ----------
    widths
        Relative, for paper and slides.
    right
        Columns aligned right.
    total
        Whether the last row adds up the others.
    traces
        For each row the id for `migrate trace`, or empty.
    """

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    right: tuple[int, ...] = ()
    total: bool = False
    note: str = ""
    traces: tuple[str, ...] = ()

    def first(self, number: int) -> Sequence[tuple[str, ...]]:
        """The first rows, for where there is less room."""
        return self.rows[:number]


@dataclass(frozen=True)
class Segment:
    """A piece of a bar, in percent of the axis; `kind` is its colour."""

    at: float
    width: float
    kind: str
    tip: str


@dataclass(frozen=True)
class Stripe:
    """One bar with its label, its value and what explains it."""

    label: str
    value: str
    segments: tuple[Segment, ...]
    note: str = ""
    trace: str = ""


@dataclass(frozen=True)
class Bars:
    """Horizontal bars on one axis. `mark` is a line through all of them, with its label."""

    title: str
    stripes: tuple[Stripe, ...]
    ticks: tuple[Tick, ...]
    key: tuple[tuple[str, str], ...]
    mark: Tick | None = None
    note: str = ""
