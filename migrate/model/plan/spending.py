"""The part of a plan that says how the money is spent: discounts, commitments, who bears what, and carbon."""

from __future__ import annotations

import datetime as dt

from migrate.model.plan.base import Amount, Count, Range, Record

__all__ = [
    "BillStep",
    "Carbon",
    "CarbonFigure",
    "Commitments",
    "InCurrency",
    "MixMonth",
    "OfferedRate",
    "Pool",
    "Purchase",
    "ShowbackRow",
    "Spending",
]


class OfferedRate(Record):
    """A price that a target of the plan could be paid under: kept, so that a plan can be priced again without its book."""

    service: str  # "ec2" or "rds"
    region: str
    item: str  # instance type or class, such as "m7i.large" or "db.m6i.large"
    engine: str | None  # of rds; likewise deployment
    deployment: str | None
    term: str  # "on_demand", "reserved_1y", …
    usd_h: Amount
    source: str
    date: dt.date


class BillStep(Record):
    """One step from list prices to what is paid, USD a month when everything planned has been done. The steps add up."""

    key: str  # of the assumption behind it, such as "discounts.edp_share"; "price_book" for the list price
    label: str
    share: float | None  # of its base; None: not one share
    base_usd_month: float | None  # what the share is of; None for the list price
    usd_month: float  # discounts are negative


class Pool(Record):
    """Load that one kind of commitment covers, with its prices."""

    service: str  # "ec2" or "rds"
    region: str
    pool: str  # family where sizes are flexible, else the type
    size_flexible: bool  # a regional reservation of one size covers other sizes of the family
    units_per_usd_h: Amount  # normalisation units (instances, where sizes are not flexible) for one USD an hour on demand
    peak_usd_h: Amount  # largest load, on demand
    reserved_1y: float | None  # price as a share of on demand, which is also the break-even utilisation; None: not offered
    reserved_3y: float | None
    on_demand_usd: Amount  # over the horizon, nothing committed
    optimal_usd: Amount  # likewise under the chosen mix; savings plans, which cover many pools, are not in it


class Purchase(Record):
    """A commitment to buy, without upfront payment."""

    month: dt.date  # its first day; it begins then
    term: str  # "reserved_1y", "reserved_3y", "savings_1y" or "savings_3y"
    years: Count
    service: str
    region: str | None  # None: savings plans hold everywhere
    pool: str
    usd_h: Amount  # fee
    covers_usd_h: Amount  # load at on demand prices
    units: Amount | None  # normalisation units or instances; None for savings plans
    break_even_share: Amount  # it pays if used for more than this share of its hours …
    break_even_month: dt.date  # … and from this month on, whatever happens afterwards
    renewal: bool  # nothing of it is for load that was not committed before


class MixMonth(Record):
    """One month of compute and database hours under each policy, USD. Licences, storage, backup and traffic are not in it."""

    month: dt.date
    on_demand: float  # nothing committed
    reserved_1y: float  # as much as is settled, for one year, renewed
    reserved_3y: float  # likewise for three
    at_start: float  # the full load reserved for three years before the first server runs
    optimal: float
    optimal_on_demand: float  # parts of the optimum: they add up to it
    optimal_reserved: float
    optimal_savings: float
    committed_share: float | None  # of the load, covered by commitments; None: there is no load
    as_priced: float = 0.0  # the load at the one term that the plan is priced under


class Commitments(Record):
    """The cheapest mix over the plan's own ramp, and what other policies would cost."""

    months: tuple[MixMonth, ...]
    pools: tuple[Pool, ...]  # sorted by service, region and pool
    purchases: tuple[Purchase, ...]  # sorted by month, term, service, region and pool
    on_demand_usd: float  # totals over the horizon
    reserved_1y_usd: float
    reserved_3y_usd: float
    at_start_usd: float
    optimal_usd: float
    saving_usd: float  # of the optimum, against on demand
    too_early_usd: float  # what committing everything at the start costs more than the optimum
    after_horizon_usd: float  # fees still owed after the horizon
    servers: Count  # denominator: running servers whose type has an on-demand price …
    moving_servers: Count  # … of running servers that move to an instance or a managed database
    method: str
    #: The same load at the one term that the plan is priced under, from the first hour on. None: made before it was computed.
    as_priced_usd: float | None = None


class ShowbackRow(Record):
    """What one group causes, by calendar year of the horizon. Rows of a dimension add up to the cash flow's server costs."""

    dimension: str  # "domain", "hospital", "owner", "cost_center" or "employer"
    name: str
    kind: str  # "group", "shared" (services that many use) or "unallocated"
    servers: Count  # of the plan, whatever becomes of them; each is counted for both employers
    years: tuple[int, ...]
    source_usd: tuple[float, ...]  # one a year: servers at the source, people included
    target_usd: tuple[float, ...]  # the AWS bill as paid, with support and tax
    target_operations_usd: tuple[float, ...]
    people_usd: tuple[float, ...]  # of source and target operations together: what operators cost; not a further cost


class CarbonFigure(Record):
    """A figure behind the carbon estimate."""

    key: str
    value: float
    unit: str
    basis: str  # "source" (published), "request" (plan.toml) or "planning value"
    source: str


class Carbon(Record):
    """Operational carbon of servers, location-based, tonnes of CO2 equivalent. What is not known is left out on both sides."""

    months: tuple[dt.date, ...]
    source_t: tuple[float, ...]  # one a month, servers at the source
    target_t: tuple[float, ...]
    stay_t: tuple[float, ...]  # if nothing moves
    total_t: Range  # of moving, over the horizon
    stay_total_t: Range
    source_kwh_month: float  # today
    target_kwh_month: float  # when everything planned has been done
    servers: Count  # denominator: servers whose power is known on all sides they run on …
    all_servers: Count
    figures: tuple[CarbonFigure, ...]
    method: str


class InCurrency(Record):
    """Totals of the business case in the currency that the request names, at its rate; everything else is USD."""

    code: str  # ISO 4217
    per_usd: Amount
    date: dt.date
    source: str
    npv: float
    one_off: float
    run_cost_before_month: float
    run_cost_after_month: float
    moving: float  # over the horizon
    staying: float


class Spending(Record):
    """How the money of the business case is spent."""

    bill: tuple[BillStep, ...]
    commitments: Commitments | None  # None: nothing moves to what can be committed
    showback: tuple[ShowbackRow, ...]  # by dimension in that order; groups by name, then shared, then unallocated
    carbon: Carbon | None  # None: no server's power is known
    in_currency: InCurrency | None = None  # None: the request names no other currency
