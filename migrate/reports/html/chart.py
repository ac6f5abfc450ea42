"""Charts of months as SVG paths in a box: stacked areas, a line above them, ticks and columns to point at."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from migrate.reports.html.axes import Tick, TimeAxis, money_ticks, next_month

__all__ = [
    "HEIGHT",
    "WIDTH",
    "Area",
    "Chart",
    "Column",
    "Layer",
    "middle",
    "month_ticks",
    "path_band",
    "path_line",
    "path_y",
    "stacked",
    "step_points",
    "tip_columns",
]

WIDTH, HEIGHT = 1000.0, 300.0


@dataclass(frozen=True)
class Layer:
    """What is stacked: a colour, a label and a value a month."""

    key: str
    label: str
    values: Sequence[float]


@dataclass(frozen=True)
class Area:
    """One layer of a stacked area, or a line, as an SVG path."""

    key: str
    label: str
    path: str


@dataclass(frozen=True)
class Column:
    """One month to point at, in percent of the width."""

    at: float
    width: float
    tip: str


@dataclass(frozen=True)
class Chart:
    """Paths in a box of `WIDTH` by `HEIGHT`, and axes in percent."""

    areas: tuple[Area, ...]
    line: str
    zero: float  # percent from the top
    money: tuple[Tick, ...]  # percent from the bottom
    times: tuple[Tick, ...]
    columns: tuple[Column, ...]
    mark: Tick | None


def month_ticks(months: Sequence[dt.date]) -> tuple[Tick, ...]:
    """Ticks of an axis of months, named by their first days."""
    return TimeAxis(months[0], next_month(months[-1])).ticks(10)


def middle(at: int, months: int) -> float:
    """Middle of a month, in percent."""
    return round((at + 0.5) / months * 100.0, 3)


def tip_columns(tips: Sequence[str]) -> tuple[Column, ...]:
    """A column for each tip, all of one width."""
    width = 100.0 / len(tips)
    return tuple(Column(round(at * width, 3), round(width, 3), tip) for at, tip in enumerate(tips))


def path_y(value: float, low: float, high: float) -> float:
    """A value as distance from the top of the box."""
    return round(HEIGHT - (value - low) / (high - low) * HEIGHT, 2)


def step_points(values: Sequence[float], low: float, high: float) -> list[tuple[float, float]]:
    """Months as steps: each holds its value from its first to its last day."""
    width = WIDTH / len(values)
    steps = [((at + side) * width, path_y(value, low, high)) for at, value in enumerate(values) for side in (0, 1)]
    return [(round(x, 2), y) for x, y in steps]


def path_line(points: Sequence[tuple[float, float]]) -> str:
    """Points as an SVG path."""
    return "M" + " L".join(f"{x:g} {y:g}" for x, y in points)


def path_band(lower: Sequence[tuple[float, float]], upper: Sequence[tuple[float, float]]) -> str:
    """The space between two lines as an SVG path."""
    return f"{path_line(upper)} L{path_line(lower[::-1])[1:]}Z"


def stacked(
    months: Sequence[dt.date],
    layers: Sequence[Layer],
    over: Sequence[float],
    tips: Sequence[str],
    *,
    mark: Tick | None = None,
    money: bool = True,
) -> Chart | None:
    """Stack layers, and draw a line over them; None with fewer than two months.

    Parameters
    ----------
    over
        Values of the line.
    money
        Whether the values are USD; other ticks have no unit.
    """
    if len(months) < 2:
        return None
    sums = [sum(values) for values in zip(*(layer.values for layer in layers), strict=True)]
    low, high, ticks = money_ticks(0.0, max([*over, *sums]))
    base, areas = [0.0] * len(months), []
    for layer in layers:
        top = [below + value for below, value in zip(base, layer.values, strict=True)]
        if any(value > 0.0 for value in layer.values):
            areas.append(Area(layer.key, layer.label, path_band(step_points(base, low, high), step_points(top, low, high))))
        base = top
    if not money:
        ticks = tuple(Tick(tick.at, f"{low + (high - low) * tick.at / 100:,.4g}") for tick in ticks)
    line = path_line(step_points(over, low, high))
    return Chart(tuple(areas), line, 100.0, ticks, month_ticks(months), tip_columns(tips), mark)
