"""The business case: moving against staying, month by month, driven by the waves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from migrate.finance.assumptions import assumptions
from migrate.finance.axis import NEVER, Axis, build_axis
from migrate.finance.cashflow import CashFlow, cash_flow
from migrate.finance.doubts import doubts
from migrate.finance.fates import Fates, read_fates
from migrate.finance.lines import saving
from migrate.finance.sites import SiteDays, exits, site_days
from migrate.finance.spread import HIGH, LOW, REASON, failed_cutovers
from migrate.finance.worth import net_present_value, payback_month
from migrate.findings import Finding
from migrate.model.plan import BusinessCase, PlannedApplication, PlannedServer, PlannedWave, Range
from migrate.spec import Spec

__all__ = ["business_case"]


def business_case(
    servers: Sequence[PlannedServer],
    applications: Sequence[PlannedApplication],
    waves: Sequence[PlannedWave],
    spec: Spec,
    price_book: str,
) -> tuple[BusinessCase, list[Finding]]:
    """Compute the case.

    Parameters
    ----------
    servers, applications
        With their waves; servers of no wave stay where they are, retired ones leave (see `migrate.finance.fates`).
    waves
        With replication start, cutover and decommission dates.
    spec
        The request: horizon, rates, costs, sites.
    price_book
        Name and date of the price book, for the assumptions.

    Returns
    -------
    The case, in USD at today's prices, and what a reader must know of its gaps.
    """
    axis = build_axis(spec)
    fates = read_fates(servers, applications, waves, spec, axis)
    sites = site_days(servers, fates, spec)
    flow = cash_flow(fates, sites, applications, waves, spec=spec, axis=axis)
    npv = round(net_present_value(flow.saving, spec.plan.discount_rate), 2)
    peak = int(np.argmax(flow.sums["double_run"]))
    bubble = float(flow.sums["double_run"][peak])
    before, after = _run_costs(fates, sites, spec)
    case = BusinessCase(
        months=flow.months(axis),
        npv_usd=npv,
        npv_range=_npv_range(flow, npv, (servers, applications, waves), fates, spec=spec, axis=axis),
        payback_month=payback_month(flow.saving, axis.months),
        one_off_usd=round(float(flow.sums["one_off"].sum()), 2),
        peak_bubble_usd_month=bubble,
        peak_bubble_month=axis.months[peak] if bubble > 0 else None,
        run_cost_before_usd_month=before,
        run_cost_after_usd_month=after,
        priced_servers=int((fates.moves & fates.target_known).sum()),
        moving_servers=int(fates.moves.sum()),
        site_exits=exits(sites, servers, flow.lines, axis),
        assumptions=assumptions(spec, price_book),
        lines=tuple(line.record() for line in flow.lines),
    )
    return case, doubts(case, fates, sites, waves, spec=spec, axis=axis)


def _run_costs(fates: Fates, sites: Sequence[SiteDays], spec: Spec) -> tuple[float, float]:
    """USD a month, servers and sites, today and when everything planned has been done, horizon or not."""
    before = fates.source_usd.sum() + sum(each.site.fixed_cost_usd_month for each in sites)
    stay = fates.source_usd[fates.leave >= NEVER].sum()
    bill = fates.target_usd.sum() * (1.0 + spec.costs.support_share)
    operations = int(fates.operated.sum()) * spec.costs.target_operations_usd_month
    housing = sum(
        each.site.fixed_cost_usd_month if each.exit_day >= NEVER else (each.site.colocation_usd_month or 0.0) * (each.housed > 0)
        for each in sites
    )
    return round(float(before), 2), round(float(stay + bill + operations + housing), 2)


def _npv_range(
    flow: CashFlow,
    likely: float,
    planned: tuple[Sequence[PlannedServer], Sequence[PlannedApplication], Sequence[PlannedWave]],
    fates: Fates,
    *,
    spec: Spec,
    axis: Axis,
) -> Range:
    """The cases of `migrate.finance.spread`. Delay can even help a plan that loses money: the likely case bounds both."""
    servers, applications, waves = planned
    late = fates.delayed(LOW.delay_days)
    sites = site_days(servers, late, spec)
    delayed = cash_flow(late, sites, applications, waves, spec=spec, axis=axis, delay_days=LOW.delay_days)
    rate, count = spec.plan.discount_rate, len(axis.months)
    losses = failed_cutovers(waves, axis, LOW.delay_days)
    worst = net_present_value(saving(delayed.lines, count, LOW.weight) - losses, rate)
    best = net_present_value(saving(flow.lines, count, HIGH.weight), rate)
    return Range(
        low=round(min(worst, likely), 2),
        likely=likely,
        high=round(max(best, likely), 2),
        reason=REASON,
    )
