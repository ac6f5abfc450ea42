"""How the money of a business case is spent: from list prices to the bill, commitments, who causes it, and carbon beside it."""

from __future__ import annotations

from collections.abc import Sequence

from migrate.finance.axis import build_axis
from migrate.finance.bill import bill_steps
from migrate.finance.carbon import carbon
from migrate.finance.commitments import commitments
from migrate.finance.fates import read_fates
from migrate.finance.showback import showback
from migrate.finance.spending_doubts import spending_doubts
from migrate.findings import Finding
from migrate.model.plan import (
    BusinessCase,
    OfferedRate,
    PlannedApplication,
    PlannedServer,
    PlannedWave,
    Spending,
)
from migrate.spec import Spec

__all__ = ["spending"]


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
