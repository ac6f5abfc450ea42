"""The part of a plan that says whether it is worth it."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from migrate.model.plan.base import Range, Record

__all__ = [
    "Assumption",
    "Bin",
    "BusinessCase",
    "CaseResult",
    "CostFactor",
    "CostLine",
    "Month",
    "Ownership",
    "Sensitivity",
    "Simulation",
    "SiteExit",
    "Worth",
]


NOT_GIVEN = "not given"  # value of an assumption that has none
NOT_USED = "not used"  # how the source of an assumption begins that the case does not read


class CostFactor(Record):
    """An assumption that multiplies a cost line.

    ``times``: × value. ``one_plus``: × (1 + value). ``one_minus``: × (1 − value). ``over``: ÷ value. ``growth``: in month
    k (from 1) × (1 + value) ^ ⌊(k − 1) ÷ 12⌋, so that prices rise at each anniversary of the first month.
    """

    key: str  # of the assumption
    how: Literal["times", "one_plus", "one_minus", "over", "growth"]
    value: float


class CostLine(Record):
    """One kind of cost, month by month: what the months of the business case are sums of.

    ``amount_usd = round(quantity × rate × factors, 2)``, half a cent away from zero, as ROUND of spreadsheets does; a
    `rate` of None counts as 1. Where `of` names other lines, the quantity of a month is the sum of their amounts.
    """

    key: str  # unique, such as "source.maintenance"; what stands before the dot is the same for lines shown together
    label: str
    #: ``moving`` adds to `Month.total`, ``staying`` to `Month.stay_total`, ``both`` to both; ``memo`` repeats what others
    #: have counted, and adds to its own field only.
    side: Literal["moving", "staying", "both", "memo"]
    group: str  # field of `Month` that it adds to; of side ``both`` also the field with "stay_" before its name
    category: str  # what a ledger would call it: hardware, licences, people, energy, cloud …
    unit: str  # of the quantity, such as "vCPU-months"; "USD" where there is no rate
    quantity: tuple[float, ...]  # one a month
    rate_key: str = ""  # key of the assumption that is the rate; "" where the quantity is USD
    rate: float | None = None
    factors: tuple[CostFactor, ...] = ()
    of: tuple[str, ...] = ()  # keys of the lines whose amounts are the quantity
    amount_usd: tuple[float, ...]  # one a month, rounded to cents
    known: int | None = None  # coverage: servers whose quantity is known and counted …
    concerned: int | None = None  # … of those that the line is about; None: it is not about single servers
    note: str = ""  # how the quantity is counted, and what is left out


class Month(Record):
    """One month of cash flow, USD, costs positive. `stay_*` is the same month if nothing moves.

    Every amount is the sum of the `CostLine`s of its group, to the cent.
    """

    month: dt.date  # its first day
    servers_source: float  # mean number of servers running only at the source
    servers_both: float  # mean number in double run: from replication start to decommission
    servers_target: float
    source_run: float  # servers at the source, by day
    site_fixed: float  # sites and contracts
    target_run: float  # AWS bill with support
    target_operations: float
    one_off: float  # labour, landing zone, training, programme, partner, penalties, decommissioning
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

    @property
    def counts(self) -> bool:
        """Whether the case reads a value of it: one is given, and no other figure stands in its place."""
        return self.value != NOT_GIVEN and not self.source.startswith(NOT_USED)


class Worth(Record):
    """What moving is worth against one way of staying. Rates are yearly and effective; None where there is none, and why."""

    against: Literal["staying-with-refresh", "staying"]  # the second keeps its hardware to the end: nothing is bought again
    label: str
    saving_usd: float  # staying minus moving over the horizon, not discounted
    npv_usd: float
    irr: float | None
    irr_reason: str  # "" where there is a rate
    mirr: float | None
    mirr_reason: str
    roi: float | None  # saving ÷ what is paid once; None: nothing is paid once
    payback_month: dt.date | None  # first month from which the cumulated saving stays positive
    discounted_payback_month: dt.date | None  # likewise, of the discounted saving


class Ownership(Record):
    """Total cost of ownership over the horizon of one way to go on."""

    way: Literal["moving", "staying-with-refresh", "staying"]
    label: str
    total_usd: float
    present_usd: float  # discounted
    by_category: dict[str, float]  # USD, not discounted, by the categories of the lines; they add up to the total


class Sensitivity(Record):
    """What one uncertain input does to the NPV, all others as planned. A bar of the tornado."""

    input: str  # key of ``[uncertainty]``, or what else varies
    label: str
    unit: str  # of low and high: "share", "days", "points a year" or "USD"
    low: float  # at which the NPV is `npv_at_low_usd`
    high: float
    npv_at_low_usd: float
    npv_at_high_usd: float
    swing_usd: float  # distance between the least and the greatest NPV of low, high and planned
    why: str  # where the range comes from


class Bin(Record):
    """A bar of the histogram: runs with an NPV from `from_usd` (included) to `to_usd`."""

    from_usd: float
    to_usd: float
    runs: int


class Simulation(Record):
    """The NPV against staying with refresh, with all uncertain inputs drawn at once."""

    runs: int
    seed: int
    p10_usd: float  # a tenth of the runs are worse
    p50_usd: float
    p90_usd: float
    mean_usd: float
    failures_usd: float  # present value of failed cutovers, mean of the runs; `npv_usd` counts none
    positive_share: float  # of the runs in which moving is worth it
    percentiles_usd: tuple[float, ...]  # P0, P5 … P100
    histogram: tuple[Bin, ...]
    shares: dict[str, float]  # squared rank correlation of each input with the NPV, as a share of their sum
    method: str


class CaseResult(Record):
    """The business case once more with other figures. None where a figure cannot be computed, and why."""

    name: str
    why: str
    changes: tuple[str, ...]  # such as "costs.support_share = 0.1"
    asked: bool  # a [[case]] of the request; otherwise one that is always computed
    npv_usd: float
    difference_usd: float  # to the NPV as planned
    irr: float | None
    irr_reason: str
    mirr: float | None
    mirr_reason: str
    payback_month: dt.date | None
    moving_usd: float  # over the horizon, not discounted
    staying_usd: float
    one_off_usd: float
    peak_bubble_usd_month: float


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
    lines: tuple[CostLine, ...] = ()  # what the months are sums of; empty in plans made before there were lines
    worth: tuple[Worth, ...] = ()  # against staying with refresh (the headline's baseline), then against staying without
    ownership: tuple[Ownership, ...] = ()
    tornado: tuple[Sensitivity, ...] = ()  # widest first
    simulation: Simulation | None = None
    cases: tuple[CaseResult, ...] = ()  # the plan itself first
