"""The AWS bill when everything planned has been done: from list prices to what is paid, step by step."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from migrate.finance.fates import RESOURCES, Fates
from migrate.finance.lines import Line
from migrate.finance.overlays import overlay_lines
from migrate.model.plan import BillStep
from migrate.spec import Spec

__all__ = ["bill_steps"]

_MIXED = "Commitments as they can be bought"


def bill_steps(fates: Fates, spec: Spec, commitments_usd_month: float = 0.0) -> tuple[BillStep, ...]:
    """From list prices to what is paid, USD a month when everything planned has been done; the steps add up.

    `commitments_usd_month` is what commitments cost more than compute at its price, where the case has them.
    """
    bill = [
        Line(
            key=f"target.{resource}",
            label=resource,
            side="moving",
            group="target_run",
            category="cloud",
            unit="USD",
            quantity=np.array([fates.bill[resource].sum()]),
        )
        for resource in RESOURCES
        if fates.bill[resource].any()
    ]
    if not bill:
        return ()
    agreed = {key: np.array([usd.sum()]) for key, usd in fates.agreed.items()}
    whole = round(sum(float(line.amount[0]) for line in bill), 2)
    steps = [BillStep(key="price_book", label="List price", share=None, base_usd_month=None, usd_month=whole)]
    mixed = [
        replace(line, key="target.commitments", label=_MIXED, quantity=np.array([commitments_usd_month]))
        for line in bill
        if commitments_usd_month and line.key == "target.compute"
    ]
    for line in mixed:
        usd = float(line.amount[0])
        steps.append(BillStep(key="commitments.in_case", label=_MIXED, share=None, base_usd_month=whole, usd_month=usd))
    bill += mixed
    charges = round(sum(float(line.amount[0]) for line in bill), 2)
    for line in overlay_lines(bill, agreed, spec):
        share = line.rate
        steps.append(
            BillStep(
                key=line.rate_key or "support.plan",
                label=line.label,
                share=share,
                base_usd_month=charges if share is None else round(float(line.quantity[0]), 2),
                usd_month=float(line.amount[0]),
            )
        )
    return tuple(steps)
