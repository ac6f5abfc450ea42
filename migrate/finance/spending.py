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
    Commitments,
    InCurrency,
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
    mix = commitments(servers, fates, rates, spec, axis)
    made = Spending(
        bill=bill_steps(fates, spec, _at_the_end(mix) if spec.commitments.in_case else 0.0),
        commitments=mix,
        showback=showback(servers, applications, fates, case, spec, axis),
        carbon=carbon(servers, fates, spec, axis),
        in_currency=_in_currency(case, spec),
    )
    return made, spending_doubts(made, spec)


def _at_the_end(mix: Commitments | None) -> float:
    """What the mix of the last month costs more than its load as priced."""
    return 0.0 if mix is None else round(mix.months[-1].optimal - mix.months[-1].as_priced, 2)


def _in_currency(case: BusinessCase, spec: Spec) -> InCurrency | None:
    asked = spec.currency
    if asked.per_usd is None or asked.date is None:
        return None

    def converted(usd: float) -> float:
        return round(usd * asked.factor, 2) + 0.0

    return InCurrency(
        code=asked.code,
        per_usd=asked.per_usd,
        date=asked.date,
        source=asked.source,
        npv=converted(case.npv_usd),
        one_off=converted(case.one_off_usd),
        run_cost_before_month=converted(case.run_cost_before_usd_month),
        run_cost_after_month=converted(case.run_cost_after_usd_month),
        moving=converted(sum(month.total for month in case.months)),
        staying=converted(sum(month.stay_total for month in case.months)),
    )
