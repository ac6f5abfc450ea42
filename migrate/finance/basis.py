"""What a cash flow is computed from, so that it can be computed again for other figures, later waves, or kept sites."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from migrate.finance.axis import NEVER, Axis, Days, build_axis
from migrate.finance.cashflow import CashFlow, Planned, cash_flow
from migrate.finance.fates import Fates, read_fates
from migrate.finance.hybrid import read_crossings
from migrate.finance.labour import read_labour
from migrate.finance.sites import SiteDays, site_days
from migrate.model.plan import OfferedRate, Outlook, PlannedApplication, PlannedDependency, PlannedServer, PlannedWave
from migrate.spec import Spec

__all__ = ["Basis", "read_basis"]

_LONG_AGO = -100_000  # days: before any horizon


@dataclass(frozen=True)
class Basis:
    """A plan's records, what becomes of its servers, and the request."""

    planned: Planned
    fates: Fates
    spec: Spec
    axis: Axis
    keeps_sites: bool = False  # no site is given up: what it costs runs on

    def sites(self, delay_days: int = 0) -> tuple[SiteDays, ...]:
        """The sites, every wave so many days later."""
        days = site_days(self.fates.delayed(delay_days), self.spec)
        return tuple(replace(each, exit_day=NEVER) for each in days) if self.keeps_sites else days

    def flow(self, delay_days: int = 0) -> CashFlow:
        """The cash flow, every wave so many days later."""
        fates, sites = self.fates.delayed(delay_days), self.sites(delay_days)
        return cash_flow(fates, sites, self.planned, spec=self.spec, axis=self.axis, delay_days=delay_days)

    def run_costs(self) -> tuple[float, float]:
        """USD a month, at the prices of the first month, today and when everything planned has been done, horizon or not."""
        axis = Axis(first=self.axis.first, months=self.axis.months[:1], edges=self.axis.edges[:2])
        fates = replace(
            self.fates,
            replication=_done(self.fates.replication),
            cutover=_done(self.fates.cutover),
            leave=_done(self.fates.leave),
        )
        sites = [replace(each, exit_day=0 if each.exit_day < NEVER else NEVER) for each in self.sites()]
        flow = cash_flow(fates, sites, self.planned, spec=self.spec, axis=axis, delay_days=_LONG_AGO)
        sums = flow.sums
        after = sum(sums[name][0] for name in ("source_run", "site_fixed", "target_run", "target_operations"))
        return round(float(sums["stay_run"][0] + sums["stay_site_fixed"][0]), 2), round(float(after), 2)


def read_basis(
    servers: Sequence[PlannedServer],
    applications: Sequence[PlannedApplication],
    waves: Sequence[PlannedWave],
    spec: Spec,
    *,
    dependencies: Sequence[PlannedDependency] = (),
    rates: Sequence[OfferedRate] = (),
    outlook: Outlook | None = None,
) -> Basis:
    """Read what a case is computed from out of the records of a plan; parameters as of `migrate.finance.business_case`."""
    axis = build_axis(spec)
    crossings = read_crossings(applications, dependencies, waves, axis)
    labour = read_labour(servers, applications, waves, spec, axis)
    planned = Planned(servers, applications, waves, rates, outlook, crossings, labour)
    return Basis(planned, read_fates(servers, applications, waves, spec, axis), spec, axis)


def _done(days: Days) -> Days:
    return np.where(days < NEVER, 0, days)
