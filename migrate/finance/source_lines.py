"""What servers cost where they stand, as lines: by part of the template, moving and staying.

The quantity is what the servers that are still there use of a part in a month, by the day. Where the books give a yearly
figure for the part, it is years of today's use instead, so that the figure of the books is the rate.

What a plan says of a server's source cost is more than its parts only where somebody has edited it; the difference is a
line of its own, so that nothing is lost.
"""

from __future__ import annotations

import numpy as np

from migrate.finance.axis import Axis, Floats
from migrate.finance.fates import Fates
from migrate.finance.lines import Line, Side, factor
from migrate.finance.rising import rising
from migrate.spec import Spec
from migrate.targets.source_cost import SourcePart, source_parts

__all__ = ["source_lines"]

_LEFT = "Servers that move to an unknown target cost are left out, on both sides"


def source_lines(fates: Fates, spec: Spec, axis: Axis) -> list[Line]:
    """Lines of the groups ``source_run`` and ``stay_run``."""
    lines = []
    for part in source_parts(spec.costs):
        use = fates.uses[part.key]
        if use.any():
            lines += _pair(part, fates, use, spec=spec, axis=axis)
    if fates.other_usd.any():
        for side, quantity in _sides(fates, fates.other_usd, axis).items():
            key = "source.other" if side == "moving" else "stay.other"
            lines.append(
                Line(
                    key=key,
                    label=_label("Stated otherwise", side),
                    side=side,
                    group=_group(side),
                    category="other",
                    unit="USD",
                    quantity=quantity,
                    factors=rising("other", spec.costs),
                    note="What the plan says of servers beyond the rates of the request",
                )
            )
    return lines


def _pair(part: SourcePart, fates: Fates, use: Floats, *, spec: Spec, axis: Axis) -> list[Line]:
    costs = spec.costs
    books: float | None = getattr(costs, part.books, None)
    rate_key = part.rate if books is None else part.books
    times = [factor(f"costs.{key}", "times", getattr(costs, key)) for key in part.times if books is None]
    scale = 1.0 if books is None else 1.0 / (12.0 * fates.today[part.key])
    return [
        Line(
            key=f"{'source' if side == 'moving' else 'stay'}.{part.key}",
            label=_label(part.label, side),
            side=side,
            group=_group(side),
            category=part.category,
            unit=part.unit if books is None else "years of today's use",
            quantity=quantity * scale,
            rate_key=f"costs.{rate_key}",
            rate=getattr(costs, rate_key),
            factors=(*times, *rising(part.category, costs)),
            coverage=fates.coverage[part.key],
            note=_LEFT,
        )
        for side, quantity in _sides(fates, use, axis).items()
    ]


def _sides(fates: Fates, use: Floats, axis: Axis) -> dict[Side, Floats]:
    start = np.zeros_like(fates.leave)
    return {"moving": axis.mean(start, fates.leave, use), "staying": np.full(len(axis.months), float(use.sum()))}


def _label(text: str, side: Side) -> str:
    return text if side == "moving" else f"{text}, staying"


def _group(side: Side) -> str:
    return "source_run" if side == "moving" else "stay_run"
