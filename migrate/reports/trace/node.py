"""A figure with what it is computed from. The tree is grown only as far as somebody looks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from migrate.model.plan import Record

__all__ = ["Node", "Role", "Traced", "Value", "apart", "grow", "minus"]

Value = float | int | str | dt.date | None

_OTHERS = 12  # inputs shown at most of those that are not added up

#: How an input enters the formula above it: added, taken away, or otherwise ("": the formula says how).
Role = Literal["+", "-", ""]


class Traced(Record):
    """One figure of a grown tree."""

    figure: str  # its id; "" where it has none of its own
    label: str
    value: Value  # None: not known
    unit: str
    role: Role
    formula: str
    source: str  # file, sheet and row; key of a request; price list with date
    inputs: tuple[Traced, ...]
    more: int  # inputs that are added up and not shown …
    more_sum: float  # … and their sum


@dataclass(frozen=True)
class Node:
    """A figure whose inputs are computed when asked for."""

    figure: str
    label: str
    value: Value
    unit: str = "USD"
    formula: str = ""
    source: str = ""
    role: Role = ""
    inputs: Callable[[], Sequence[Node]] = tuple

    @property
    def opens(self) -> bool:
        """Whether there is something beneath."""
        return self.inputs is not tuple


def minus(node: Node) -> Node:
    """The same as something to be taken away."""
    return replace(node, role="-")


def apart(node: Node) -> Node:
    """The same as an input that is not added up: the formula says what becomes of it."""
    return replace(node, role="")


def grow(node: Node, depth: int, width: int, opened: int) -> Traced:
    """Grow the tree under a node.

    Parameters
    ----------
    depth
        Generations of inputs.
    width
        Most inputs shown of those that are added up: the largest, in their order where all are shown.
    opened
        How many of the shown inputs, the largest first, have their own inputs shown.
    """
    found = list(node.inputs()) if depth > 0 else []
    added, others = [x for x in found if x.role], [x for x in found if not x.role]
    shown = added
    if len(added) > width:
        ranked = sorted(range(len(added)), key=lambda at: (-abs(_number(added[at].value)), at))
        shown = [added[at] for at in ranked[:width]]
    left = _signed(added) - _signed(shown)
    kept = [*shown, *others[: max(width, _OTHERS)]]
    ranks = sorted(range(len(kept)), key=lambda at: (not kept[at].role, -abs(_number(kept[at].value)), at))
    open_ones = set([at for at in ranks if kept[at].opens][:opened])
    return Traced(
        figure=node.figure,
        label=node.label,
        value=node.value,
        unit=node.unit,
        role=node.role,
        formula=node.formula,
        source=node.source,
        inputs=tuple(grow(each, depth - 1 if at in open_ones else 0, width, opened) for at, each in enumerate(kept)),
        more=len(found) - len(kept),
        more_sum=round(left, 6) if len(added) > len(shown) else 0.0,
    )


def _number(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _signed(nodes: Sequence[Node]) -> float:
    return sum(-_number(node.value) if node.role == "-" else _number(node.value) for node in nodes)
