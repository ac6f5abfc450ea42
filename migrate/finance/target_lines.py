"""What servers cost in the cloud, as lines: the AWS bill by resource, its support, and the people who operate it.

The bill is paid in full from replication start on, operations from the cutover. What is paid between replication start and
decommission is repeated as lines of side ``memo``: the migration bubble.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from migrate.finance.axis import NEVER, Axis, Days, Floats
from migrate.finance.fates import RESOURCES, Fates
from migrate.finance.lines import Line, Side
from migrate.finance.overlays import overlay_lines
from migrate.finance.rising import rising
from migrate.spec import Spec

__all__ = ["target_lines"]

_LABELS = {
    "compute": "AWS compute",
    "licence": "AWS licences included",
    "storage": "AWS storage",
    "backup": "AWS backup",
    "transfer": "AWS data transfer to the internet",
    "other": "AWS, stated otherwise",
}


def target_lines(fates: Fates, spec: Spec, axis: Axis, mixed: Floats | None = None) -> list[Line]:
    """Lines of the groups ``target_run``, ``target_operations`` and, repeated for the bubble, ``double_run``.

    `mixed` is what commitments cost more, by month, than compute at its price; None: the case does not have them. They cover
    load that has settled, and nothing of the bubble.
    """
    never = np.full_like(fates.leave, NEVER)
    whole = _bill(fates, spec, axis, side="moving", until=never, mixed=mixed)
    return [
        *whole,
        *_bill(fates, spec, axis, side="memo", until=fates.leave, whole=whole),
        *_operations(fates, spec, axis, side="moving", until=never),
        *_operations(fates, spec, axis, side="memo", until=fates.leave),
    ]


def _bill(
    fates: Fates, spec: Spec, axis: Axis, *, side: Side, until: Days, whole: Sequence[Line] = (), mixed: Floats | None = None
) -> list[Line]:
    """The bill by resource, and what stands between list prices and what is paid."""
    prefix, group = ("target", "target_run") if side == "moving" else ("double", "double_run")
    lines = [
        Line(
            key=f"{prefix}.{resource}",
            label=_label(_LABELS[resource], side),
            side=side,
            group=group,
            category="cloud",
            unit="USD",
            quantity=axis.mean(fates.replication, until, fates.bill[resource]),
            factors=rising("cloud", spec.costs),
            coverage=fates.coverage.get(f"bill.{resource}"),
            note=f"At the list price of the book, {spec.target.term.replace('_', ' ')}",
        )
        for resource in RESOURCES
        if fates.bill[resource].any()
    ]
    if mixed is not None and mixed.any():
        note = "What the mix of commitments costs more than compute at the term of the prices (docs/spending.md); less below zero"
        label, key = "Commitments as they can be bought", f"{prefix}.commitments"
        lines += [
            replace(line, key=key, label=label, quantity=mixed, coverage=None, note=note)
            for line in lines
            if line.key == f"{prefix}.compute"
        ]
    agreed = {key: axis.mean(fates.replication, until, usd) for key, usd in fates.agreed.items()}
    return [*lines, *overlay_lines(lines, agreed, spec, whole=whole)]


def _operations(fates: Fates, spec: Spec, axis: Axis, *, side: Side, until: Days) -> list[Line]:
    if not fates.operated.any():
        return []
    prefix, group = ("target", "target_operations") if side == "moving" else ("double", "double_run")
    return [
        Line(
            key=f"{prefix}.operations",
            label=_label("Cloud operations", side),
            side=side,
            group=group,
            category="people",
            unit="server-months",
            quantity=axis.mean(fates.cutover, until, fates.operated.astype(float)),
            rate_key="costs.target_operations_usd_month",
            rate=spec.costs.target_operations_usd_month,
            factors=rising("people", spec.costs),
            note="Servers that run, from their cutover on",
        )
    ]


def _label(text: str, side: Side) -> str:
    return text if side == "moving" else f"{text}, paid twice"
