"""What waves pay for capacity beyond the usual, as lines: overtime, servers beyond the usual number, data sent another way.

Amounts and prices are those of `PlannedWave.extra_capacity`. Overtime is what an hour costs more than a regular one, which
`migrate.finance.labour` counts with all others. It is paid on the wave's cutover date.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from migrate.finance.axis import Axis
from migrate.finance.lines import Line
from migrate.finance.rising import rising
from migrate.model.plan import ExtraCapacity, PlannedWave
from migrate.spec import Spec

__all__ = ["extra_capacity_lines", "extra_of_line"]

_PREFIX = "one-off.extra."
_CATEGORY = {"crew": "people", "waves": "programme", "link": "network"}  # by the first word of a capacity's id

#: A capacity at a price: its rule, the key of the price, the unit in words and USD of one.
_Kind = tuple[str, str, str, float]


def extra_capacity_lines(waves: Sequence[PlannedWave], spec: Spec, axis: Axis, delay_days: int) -> list[Line]:
    """Lines of the group ``one_off``, one for each capacity and price; every wave `delay_days` later than planned."""
    lines = []
    for number, kind in enumerate(_kinds(waves)):
        rule, key, what, usd_each = kind
        used = [(axis.day(wave.date) + delay_days, item.amount) for wave, item in _of_kind(waves, kind)]
        category = next(name for start, name in _CATEGORY.items() if rule.startswith(start))
        lines.append(
            Line(
                key=f"{_PREFIX}{number}",
                label=f"Beyond the usual capacity, {what}",
                side="moving",
                group="one_off",
                category=category,
                unit=what,
                quantity=axis.lump(np.array([day for day, _ in used]), np.array([amount for _, amount in used])),
                rate_key=key,
                rate=usd_each,
                factors=rising(category, spec.costs),
            )
        )
    return lines


def extra_of_line(waves: Sequence[PlannedWave], key: str) -> tuple[tuple[PlannedWave, ExtraCapacity], ...]:
    """The waves behind the line of a key, with what each uses; empty where it is another line."""
    numbered = {f"{_PREFIX}{number}": kind for number, kind in enumerate(_kinds(waves))}
    return tuple(_of_kind(waves, numbered[key])) if key in numbered else ()


def _kinds(waves: Sequence[PlannedWave]) -> list[_Kind]:
    return sorted({_kind(item) for wave in waves for item in wave.extra_capacity})


def _of_kind(waves: Sequence[PlannedWave], kind: _Kind) -> Iterator[tuple[PlannedWave, ExtraCapacity]]:
    for wave in waves:
        for item in wave.extra_capacity:
            if _kind(item) == kind:
                yield wave, item


def _kind(item: ExtraCapacity) -> _Kind:
    return item.rule, item.key, item.what, item.usd_each
