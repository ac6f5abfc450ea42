"""How the money of a business case is spent: from list prices to the bill, commitments, who causes it, and carbon beside it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from migrate.finance.axis import build_axis
from migrate.finance.carbon import carbon
from migrate.finance.commitments import commitments
from migrate.finance.fates import RESOURCES, Fates, read_fates
from migrate.finance.lines import Line
from migrate.finance.overlays import overlay_lines
from migrate.finance.showback import showback
from migrate.finance.spending_doubts import spending_doubts
from migrate.findings import Finding
from migrate.model.plan import (
    BillStep,
    BusinessCase,
    OfferedRate,
    PlannedApplication,
    PlannedServer,
    PlannedWave,
    Spending,
)
from migrate.spec import Spec

__all__ = ["bill_steps", "spending"]


def spending(
    servers: Sequence[PlannedServer],
    applications: Sequence[PlannedApplication],
    waves: Sequence[PlannedWave],
    spec: Spec,
    rates: Sequence[OfferedRate],
    case: BusinessCase,
) -> tuple[Spending, list[Finding]]:
    """Compute it from the same servers and waves as the case.

    Parameters
    ----------
    servers, applications, waves, spec
        As for `migrate.finance.case.business_case`.
    rates
        Prices of the targets under every term of the price book.
    case
        The business case: what showback divides.
    """
    axis = build_axis(spec)
    fates = read_fates(servers, applications, waves, spec, axis)
    made = Spending(
        bill=bill_steps(fates, spec),
        commitments=commitments(servers, fates, rates, spec, axis),
        showback=showback(servers, applications, fates, case, spec, axis),
        carbon=carbon(servers, fates, spec, axis),
    )
    return made, spending_doubts(made, spec)


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
