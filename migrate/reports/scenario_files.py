"""A sweep told: scenarios.csv, scenarios.json, and scenarios.html with cost against duration, risk as size and colour."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from migrate.files import write_text
from migrate.model.scenario import Scenario
from migrate.reports.html.axes import Tick
from migrate.reports.numerals import usd_short
from migrate.reports.page import render_scenarios
from migrate.reports.table_files import write_table

__all__ = ["SCENARIO_FILES", "scenario_rows", "write_scenarios"]

SCENARIO_FILES = ("scenarios.csv", "scenarios.html", "scenarios.json")

_FIGURES = tuple(name for name in Scenario.model_fields if name not in {"number", "settings", "reason", "front"})
_WIDTH, _HEIGHT = 960.0, 420.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 78.0, 24.0, 18.0, 44.0
_SMALLEST, _LARGEST = 5.0, 17.0  # radius of the least and the most expected loss
_NICE = (1.0, 2.0, 5.0, 10.0)
_UNITS = ((1e9, " B"), (1e6, " M"), (1e3, " k"))


@dataclass(frozen=True)
class Dot:
    """One scenario in the picture: where, how large, how warm (0 to 1), and what it says."""

    x: float
    y: float
    radius: float
    heat: float
    number: int
    front: bool
    tip: str


@dataclass(frozen=True)
class Picture:
    """Positions in a box of `width` by `height`."""

    width: float
    height: float
    dots: tuple[Dot, ...]
    days: tuple[Tick, ...]  # x
    money: tuple[Tick, ...]  # y
    left: float
    right: float
    top: float
    bottom: float


def write_scenarios(name: str, scenarios: Sequence[Scenario], out: Path) -> tuple[Path, ...]:
    """Write all files into `out`; `name` is that of the plan."""
    rows = scenario_rows(scenarios)
    table = pl.DataFrame(rows, infer_schema_length=None)
    text = json.dumps([item.model_dump(mode="json") for item in scenarios], indent=1, ensure_ascii=False) + "\n"
    page = render_scenarios(name=name, scenarios=scenarios, keys=_keys(scenarios), picture=picture(scenarios))
    return (
        write_table(table, out / "scenarios.csv"),
        write_text(out / "scenarios.html", page),
        write_text(out / "scenarios.json", text),
    )


def scenario_rows(scenarios: Sequence[Scenario]) -> list[dict[str, object]]:
    """One flat row per scenario: number, front, the keys that were set, figures, reason."""
    keys = _keys(scenarios)
    return [
        {
            "scenario": item.number,
            "front": "yes" if item.front else "",
            **{key: item.settings.get(key) for key in keys},
            **{name: getattr(item, name) for name in _FIGURES},
            "reason": item.reason or None,
        }
        for item in scenarios
    ]


def picture(scenarios: Sequence[Scenario]) -> Picture | None:
    """Cost over duration; None where no scenario has a plan."""
    placed = [(item, measures) for item in scenarios if (measures := item.measures) is not None]
    if not placed:
        return None
    costs, days, losses = zip(*(measures for _, measures in placed), strict=True)
    low_day, high_day, day_ticks = _axis(min(days), max(days), least=1.0)
    low_usd, high_usd, usd_ticks = _axis(min(costs), max(costs))

    def x(value: float) -> float:
        return round(_LEFT + (value - low_day) / (high_day - low_day) * (_WIDTH - _LEFT - _RIGHT), 1)

    def y(value: float) -> float:
        return round(_HEIGHT - _BOTTOM - (value - low_usd) / (high_usd - low_usd) * (_HEIGHT - _TOP - _BOTTOM), 1)

    span = max(losses) - min(losses)
    dots = []
    for item, (cost, day, loss) in placed:
        heat = (loss - min(losses)) / span if span else 0.0
        radius = round((_SMALLEST**2 + heat * (_LARGEST**2 - _SMALLEST**2)) ** 0.5, 1)  # the area tells, not the radius
        dots.append(Dot(x(day), y(cost), radius, round(heat, 3), item.number, item.front, _tip(item)))
    return Picture(
        width=_WIDTH,
        height=_HEIGHT,
        dots=tuple(sorted(dots, key=lambda dot: (-dot.radius, dot.number))),  # the small ones on top
        days=tuple(Tick(x(value), f"{value:,.0f}") for value in day_ticks),
        money=tuple(Tick(y(value), label) for value, label in zip(usd_ticks, _money(usd_ticks), strict=True)),
        left=_LEFT,
        right=_WIDTH - _RIGHT,
        top=_TOP,
        bottom=_HEIGHT - _BOTTOM,
    )


def _money(ticks: Sequence[float]) -> list[str]:
    """Labels in one unit, with the decimals that tell neighbours apart."""
    unit, name = next(((size, name) for size, name in _UNITS if max(map(abs, ticks)) >= size), (1.0, ""))
    step = (ticks[1] - ticks[0]) / unit
    places = next((places for places in range(6) if abs(round(step, places) - step) < 1e-9 * step), 6)
    return [f"{'−' if tick < 0 else ''}${abs(tick) / unit:,.{places}f}{name}" for tick in ticks]


def _axis(low: float, high: float, wanted: int = 5, least: float = 0.0) -> tuple[float, float, tuple[float, ...]]:
    """Round numbers that cover `low` to `high`, and a little around them; not from zero, because differences matter."""
    span = (high - low) or max(abs(high) * 0.1, 1.0)
    rough = max(span * 1.2 / wanted, least)
    scale = 10.0
    while scale > rough:
        scale /= 10.0
    while scale * 10.0 <= rough:
        scale *= 10.0
    step = next(size * scale for size in _NICE if size * scale >= rough * 0.999)
    first = (low - 0.08 * span) // step * step
    count = int(-(-(high + 0.08 * span - first) // step))
    return first, first + count * step, tuple(first + number * step for number in range(count + 1))


def _keys(scenarios: Sequence[Scenario]) -> list[str]:
    return list(dict.fromkeys(key for item in scenarios for key in item.settings))


def _tip(item: Scenario) -> str:
    said = ", ".join(f"{key} = {value}" for key, value in item.settings.items())
    return (
        f"{item.number}: {said}\n{usd_short(item.cost_usd)}, {item.duration_days} days, {item.waves} waves, "
        f"expected loss {usd_short(item.expected_loss_usd)}"
    )
