"""The part of a plan that says whether it is worth it."""

from __future__ import annotations

import datetime as dt

from migrate.model.plan.base import Range, Record

__all__ = ["Assumption", "BusinessCase", "Month", "SiteExit"]


class Month(Record):
    """One month of cash flow, USD, costs positive. `stay_*` is the same month if nothing moves."""

    month: dt.date  # its first day
    servers_source: float  # mean number of servers running only at the source
    servers_both: float  # mean number in double run: from replication start to decommission
    servers_target: float
    source_run: float  # servers at the source, by day
    site_fixed: float
    target_run: float  # AWS bill with support
    target_operations: float
    one_off: float  # labour, landing zone, training, programme, decommissioning
    partner: float
    total: float
    stay_run: float
    stay_site_fixed: float
    stay_refresh: float
    stay_partner: float
    stay_total: float
    double_run: float  # part of the total that is paid twice: the migration bubble


class SiteExit(Record):
    """When a site is empty. `blocked_by` names what keeps it open when it is not."""

    site: str
    last_cutover: dt.date | None
    exit_date: dt.date | None
    lease_end: dt.date | None
    blocked_by: tuple[str, ...]
    saved_usd: float  # fixed costs not paid within the horizon


class Assumption(Record):
    """A figure that the case rests on."""

    key: str  # path in plan.toml or price book
    value: str
    unit: str
    source: str


class BusinessCase(Record):
    """Ten years, month by month, against staying."""

    months: tuple[Month, ...]
    npv_usd: float  # of savings: staying minus moving, discounted monthly
    npv_range: Range
    payback_month: dt.date | None  # first month from which the cumulated saving stays positive
    one_off_usd: float
    peak_bubble_usd_month: float
    peak_bubble_month: dt.date | None
    run_cost_before_usd_month: float
    run_cost_after_usd_month: float
    priced_servers: int  # denominator: servers whose target cost is known …
    moving_servers: int  # … of those that move
    site_exits: tuple[SiteExit, ...]
    assumptions: tuple[Assumption, ...]
