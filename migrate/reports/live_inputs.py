"""The figures of a business case that a reader of the workbook may change, each with the name that formulas use.

An input is the rate or a factor of a cost line, or a rate of discounting. Everything else among the assumptions decided
the plan itself: waves, sizes and quantities follow from it only when the plan is made again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from migrate.model.plan import CostLine, Plan

__all__ = ["DISCOUNT", "LiveInput", "live_inputs"]

DISCOUNT = "plan.discount_rate"

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


def live_inputs(plan: Plan) -> tuple[LiveInput, ...]:
    """The inputs: the discount rate first, then in the order in which the cost lines use them."""
    told = {assumption.key: assumption for assumption in plan.business_case.assumptions}
    values: dict[str, float] = {DISCOUNT: plan.spec.plan.discount_rate}
    used: dict[str, int] = {}
    for line in plan.business_case.lines:
        for key, value in _used(line):
            values.setdefault(key, value)
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
