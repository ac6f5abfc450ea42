"""The figures of a business case that a reader of the workbook may change, each with the name that formulas use.

An input is the rate or a factor of a cost line, or a rate of discounting. Everything else among the assumptions decided
the plan itself: waves, sizes and quantities follow from it only when the plan is made again.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from migrate.model.plan import Assumption, CostLine, Plan

__all__ = ["DISCOUNT", "LiveInput", "live_inputs"]

DISCOUNT = "plan.discount_rate"

_RATES = ("discount_rate", "finance_rate", "reinvest_rate")
_LONGEST = 120  # of a name; workbooks allow 255


@dataclass(frozen=True)
class LiveInput:
    """One input cell. `name` is the defined name of its cell, `lines` how many cost lines it moves."""

    key: str
    name: str
    value: float
    unit: str
    source: str
    lines: int

    def formula(self, used: float) -> str:
        """What stands in a formula for a line that uses the figure as `used`: a discount is a share taken off."""
        if used == self.value:
            return self.name
        if used == -self.value:
            return f"-{self.name}"
        return f"{self.name}*{used / self.value!r}" if self.value else repr(used)


def live_inputs(plan: Plan) -> tuple[LiveInput, ...]:
    """The inputs: yearly rates of the whole case first, then in the order in which the cost lines use them."""
    told = {assumption.key: assumption for assumption in plan.business_case.assumptions}
    values = {f"plan.{key}": value for key in _RATES if (value := getattr(plan.spec.plan, key)) is not None}
    used: dict[str, int] = {}
    for line in plan.business_case.lines:
        for key, value in _used(line):
            values.setdefault(key, _stated(told.get(key), value))
            used[key] = used.get(key, 0) + 1
    names = _names(values)
    return tuple(
        LiveInput(
            key=key,
            name=names[key],
            value=value,
            unit=told[key].unit if key in told else "",
            source=told[key].source if key in told else "the plan",
            lines=used.get(key, 0),
        )
        for key, value in values.items()
    )


def _used(line: CostLine) -> Iterator[tuple[str, float]]:
    if line.rate_key and line.rate is not None:
        yield line.rate_key, line.rate
    for factor in line.factors:
        yield factor.key, factor.value


def _stated(assumption: Assumption | None, used: float) -> float:
    """The figure as the assumption states it, where it is one; else as the line uses it."""
    try:
        value = float(assumption.value) if assumption else used
    except ValueError:
        return used
    return value if math.isfinite(value) else used


def _names(values: Mapping[str, float]) -> dict[str, str]:
    """A defined name for each key: letters, digits and underscores of ASCII, never a cell's address, each once."""
    names: dict[str, str] = {}
    taken: set[str] = set()
    for key in values:
        plain = re.sub(r"[^A-Za-z0-9]+", "_", key).strip("_")[:_LONGEST]
        name = stem = plain if "_" in plain and plain[0].isalpha() else f"in_{plain}"
        number = 1
        while name.casefold() in taken:
            number += 1
            name = f"{stem}_{number}"
        taken.add(name.casefold())
        names[key] = name
    return names
