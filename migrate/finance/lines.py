"""A cost line: a quantity a month, times a rate, times factors. The months of a case are sums of lines, to the cent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal

import numpy as np

from migrate.finance.axis import Floats
from migrate.model.plan import CostFactor, CostLine

__all__ = ["Line", "cents", "factor", "saving", "sum_of_group"]

Side = Literal["moving", "staying", "both", "memo"]

_DIGITS = 9  # of a quantity: fine enough for a rate of a billion, coarse enough to be written down


@dataclass(frozen=True)
class Line:
    """`CostLine` as columns; its docstrings say what each field means."""

    key: str
    label: str
    side: Side
    group: str
    category: str
    unit: str
    quantity: Floats
    rate_key: str = ""
    rate: float | None = None
    factors: tuple[CostFactor, ...] = ()
    of: tuple[str, ...] = ()
    coverage: tuple[int, int] | None = None  # `CostLine.known` and `CostLine.concerned`
    note: str = ""
    amount: Floats = field(init=False)  # USD by month, rounded to cents

    def __post_init__(self) -> None:
        quantity = np.round(self.quantity, _DIGITS) + 0.0
        amount = quantity * (1.0 if self.rate is None else self.rate)
        for each in self.factors:
            amount = amount * _series(each, quantity.size)
        object.__setattr__(self, "quantity", quantity)
        object.__setattr__(self, "amount", cents(amount))

    @property
    def sign(self) -> int:
        """What a dollar of the line does to the saving: −1 moving, +1 staying, 0 where it is paid on both sides."""
        return {"moving": -1, "staying": 1}.get(self.side, 0)

    def record(self) -> CostLine:
        """The record of the plan."""
        return CostLine(
            key=self.key,
            label=self.label,
            side=self.side,
            group=self.group,
            category=self.category,
            unit=self.unit,
            quantity=tuple(self.quantity.tolist()),
            rate_key=self.rate_key,
            rate=self.rate,
            factors=self.factors,
            of=self.of,
            amount_usd=tuple(self.amount.tolist()),
            known=None if self.coverage is None else self.coverage[0],
            concerned=None if self.coverage is None else self.coverage[1],
            note=self.note,
        )


def factor(key: str, how: Literal["times", "one_plus", "one_minus", "over", "growth"], value: float) -> CostFactor:
    """A factor of a line."""
    return CostFactor(key=key, how=how, value=value)


def cents(values: Floats) -> Floats:
    """Rounded to cents, half a cent away from zero as ROUND of spreadsheets does; never minus zero.

    What lies beyond a millionth of a cent is noise of binary fractions and is dropped first, as spreadsheets do.
    """
    return np.sign(values) * np.floor(np.round(np.abs(values) * 100.0, 6) + 0.5) / 100.0 + 0.0


def sum_of_group(lines: Iterable[Line], group: str, months: int) -> Floats:
    """USD by month of all lines of a group, exact to the cent."""
    total = np.zeros(months)
    for line in lines:
        if line.group == group:
            total += line.amount
    return cents(total)


def saving(lines: Sequence[Line], months: int, weight: Callable[[Line], float] = lambda _: 1.0) -> Floats:
    """Staying minus moving, USD by month, each line times its weight."""
    total = np.zeros(months)
    for line in lines:
        if line.sign:
            total += line.sign * weight(line) * line.amount
    return total


def _series(each: CostFactor, months: int) -> Floats:
    if each.how == "growth":
        return (1.0 + each.value) ** (np.arange(months) // 12).astype(float)
    value = {"times": each.value, "one_plus": 1.0 + each.value, "one_minus": 1.0 - each.value}.get(each.how)
    return np.full(months, 1.0 / each.value if value is None else value)
