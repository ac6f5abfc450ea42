"""The AWS bill when everything planned has been done: from list prices to what is paid, step by step."""

from __future__ import annotations

import numpy as np

from migrate.finance.fates import RESOURCES, Fates
from migrate.finance.lines import Line
from migrate.finance.overlays import overlay_lines
from migrate.model.plan import BillStep
from migrate.spec import Spec

__all__ = ["bill_steps"]


def bill_steps(fates: Fates, spec: Spec) -> tuple[BillStep, ...]:
    """From list prices to what is paid, USD a month when everything planned has been done; the steps add up."""
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
    for line in overlay_lines(bill, agreed, spec):
        share = line.rate
        steps.append(
            BillStep(
                key=line.rate_key or "support.plan",
                label=line.label,
                share=share,
                base_usd_month=whole if share is None else round(float(line.quantity[0]), 2),
                usd_month=float(line.amount[0]),
            )
        )
    return tuple(steps)
