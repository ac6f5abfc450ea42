"""The business case: moving against staying, month by month, driven by the waves."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from migrate.finance.assumptions import assumptions
from migrate.finance.baselines import ownership, worth
from migrate.finance.basis import read_basis
from migrate.finance.cases import cases
from migrate.finance.doubts import doubts
from migrate.finance.inputs import read_inputs
from migrate.finance.simulation import simulate
from migrate.finance.sites import exits
from migrate.finance.spread import npv_range
from migrate.finance.tornado import tornado
from migrate.findings import Finding
from migrate.model.plan import (
    BusinessCase,
    OfferedRate,
    Outlook,
    PlannedApplication,
    PlannedDependency,
    PlannedServer,
    PlannedWave,
)
from migrate.spec import Spec

__all__ = ["business_case"]


def business_case(
    servers: Sequence[PlannedServer],
    applications: Sequence[PlannedApplication],
    waves: Sequence[PlannedWave],
    spec: Spec,
    price_book: str,
    *,
    dependencies: Sequence[PlannedDependency] = (),
    rates: Sequence[OfferedRate] = (),
    outlook: Outlook | None = None,
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
    dependencies
        For the data that crosses the line while applications are apart; none: it is not counted.
    rates
        What the targets could be paid under, for the cases of other terms; none: those cases are not computed.
    outlook
        How the dates of the waves hold, for the simulated delay; None: `uncertainty.delay_days` says it.

    Returns
    -------
    The case, in USD at the prices that the request has for each year, and what a reader must know of its gaps.
    """
    basis = read_basis(servers, applications, waves, spec, dependencies=dependencies, rates=rates, outlook=outlook)
    axis = basis.axis
    sites, flow = basis.sites(), basis.flow()
    fates, bubble = basis.fates, flow.sums["double_run"]
    values = worth(flow, spec, axis)
    peak = int(np.argmax(bubble))
    before, after = basis.run_costs()
    inputs = read_inputs(basis, flow)
    case = BusinessCase(
        months=flow.months(axis),
        npv_usd=values[0].npv_usd,
        npv_range=npv_range(basis, flow, values[0].npv_usd),
        payback_month=values[0].payback_month,
        one_off_usd=round(float(flow.sums["one_off"].sum()), 2),
        peak_bubble_usd_month=float(bubble[peak]),
        peak_bubble_month=axis.months[peak] if bubble[peak] > 0 else None,
        run_cost_before_usd_month=before,
        run_cost_after_usd_month=after,
        priced_servers=int((fates.moves & fates.target_known).sum()),
        moving_servers=int(fates.moves.sum()),
        site_exits=exits(sites, servers, flow.lines, axis),
        assumptions=assumptions(spec, price_book),
        lines=tuple(line.record() for line in flow.lines),
        worth=values,
        ownership=ownership(flow, spec),
        tornado=tornado(inputs, spec),
        simulation=simulate(inputs, basis.planned, spec),
        cases=cases(basis, flow),
    )
    return case, doubts(case, fates, sites, waves, spec=spec, axis=axis)
