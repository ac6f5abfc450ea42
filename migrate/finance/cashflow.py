"""Cash flow by month of moving and of staying, from fates, sites and waves.

Conservative choices, each visible in the assumptions of the case:

- From replication start on the target is paid in full, although staging needs less than the final instance.
- The source is paid in full until the decommission date.
- A calendar month costs one month's price, whatever its number of days; parts of a month are counted by the day.
- Hardware refresh is only counted for servers that leave: those that stay need it on either side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from migrate.finance.axis import NEVER, Axis, Floats
from migrate.finance.fates import Fates
from migrate.finance.one_off import one_off_costs
from migrate.finance.sites import SiteDays, site_costs
from migrate.model.plan import PlannedWave
from migrate.spec import Spec

__all__ = ["CashFlow", "Variation", "cash_flow"]


@dataclass(frozen=True)
class Variation:
    """What differs from the likely case."""

    source: float = 1.0  # factor on what servers cost at the source, refresh included
    target: float = 1.0  # factor on the AWS bill
    delay_days: int = 0  # by which every wave comes later


@dataclass(frozen=True)
class CashFlow:
    """Monthly series, USD rounded to cents; `Month` says what each is."""

    servers_source: Floats
    servers_both: Floats
    servers_target: Floats
    source_run: Floats
    site_fixed: Floats
    target_run: Floats
    target_operations: Floats
    one_off: Floats
    partner: Floats
    stay_run: Floats
    stay_site_fixed: Floats
    stay_refresh: Floats
    double_run: Floats

    @property
    def total(self) -> Floats:
        """Cost of moving."""
        run = self.source_run + self.site_fixed + self.target_run + self.target_operations
        return _cents(run + self.one_off + self.partner)

    @property
    def stay_total(self) -> Floats:
        """Cost of staying. The partner is paid on either side."""
        return _cents(self.stay_run + self.stay_site_fixed + self.stay_refresh + self.partner)

    @property
    def saving(self) -> Floats:
        """Staying minus moving: negative while the migration is paid for."""
        return _cents(self.stay_total - self.total)


def cash_flow(
    fates: Fates, sites: Sequence[SiteDays], waves: Sequence[PlannedWave], spec: Spec, axis: Axis, *, vary: Variation
) -> CashFlow:
    """Compute every series. `fates` and `sites` already carry the delay of `vary`."""
    count = len(axis.months)
    start, never = np.zeros_like(fates.leave), np.full_like(fates.leave, NEVER)
    one = np.ones(fates.leave.size)
    bill = fates.target_usd * (1.0 + spec.costs.support_share) * vary.target
    operated = np.where(fates.operated, spec.costs.target_operations_usd_month, 0.0)
    moving_sites, staying_sites = site_costs(sites, axis)
    refresh = spec.costs.refresh_usd_server / (12.0 * spec.costs.refresh_every_years)
    return CashFlow(
        servers_source=_count(axis.mean(start, np.minimum(fates.replication, fates.leave), one)),
        servers_both=_count(axis.mean(fates.replication, fates.leave, one)),
        servers_target=_count(axis.mean(np.where(fates.moves, fates.leave, NEVER), never, one)),
        source_run=_cents(axis.mean(start, fates.leave, fates.source_usd) * vary.source),
        site_fixed=_cents(moving_sites.sum(axis=0)),
        target_run=_cents(axis.mean(fates.replication, never, bill)),
        target_operations=_cents(axis.mean(fates.cutover, never, operated)),
        one_off=_cents(one_off_costs(fates, waves, spec, axis, vary.delay_days)),
        partner=_cents(_partner(spec, axis)),
        stay_run=_cents(np.full(count, fates.source_usd.sum() * vary.source)),
        stay_site_fixed=_cents(staying_sites.sum(axis=0)),
        stay_refresh=_cents(np.full(count, fates.refreshed.sum() * refresh * vary.source)),
        double_run=_cents(axis.mean(fates.replication, fates.leave, bill) + axis.mean(fates.cutover, fates.leave, operated)),
    )


def _partner(spec: Spec, axis: Axis) -> Floats:
    if spec.staff.transfer_date is None:
        return np.zeros(len(axis.months))
    begin = np.array([axis.day(spec.staff.transfer_date)])
    return axis.mean(begin, np.array([NEVER]), np.array([spec.costs.partner_usd_month]))


def _cents(values: Floats) -> Floats:
    """Rounded to cents, so that every total can be added up again from what is shown; never minus zero."""
    return np.round(values, 2) + 0.0


def _count(values: Floats) -> Floats:
    return np.round(values, 9) + 0.0
