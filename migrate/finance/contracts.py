"""What contracts bind: suppliers' contracts and leases that are ended before or after their term, as lines.

A contract is needed until its site is left, or until the last server has left any site. When moving it is paid until then;
if that is before the end of the term, its `owed_share` of the months left is paid on that day, and if it is after,
`overstay_usd_month` is paid on top. Leases of sites likewise (`lease_owed_share`, `overstay_usd_month`). Staying renews
everything at the same price.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from migrate.finance.axis import NEVER, Axis, Floats
from migrate.finance.lines import Line, factor
from migrate.finance.rising import rising
from migrate.finance.sites import SiteDays
from migrate.model.plan import CostFactor
from migrate.spec import Contract, Spec
from migrate.units import DAYS_PER_MONTH

__all__ = ["contract_lines"]


@dataclass(frozen=True)
class _Term:
    """A term that binds, on the axis."""

    key: str  # of the lines
    keys: str  # of the assumptions, before the dot
    name: str
    ends: int  # first day after the term
    left: int  # day from which it is needed no more; `NEVER`: always
    usd_month: float
    monthly_key: str
    owed: tuple[str, float]
    overstay_usd_month: float


def contract_lines(sites: Sequence[SiteDays], spec: Spec, axis: Axis) -> list[Line]:
    """Lines of the groups ``site_fixed`` and ``stay_site_fixed`` (contracts while needed) and ``one_off`` (penalties)."""
    lines = []
    for number, contract in enumerate(spec.contract):
        left = _needed_until(contract, sites)
        opened = axis.mean(np.array([0]), np.array([left]), np.ones(1))
        always = np.ones(len(axis.months))
        label, keys = f"Contract {contract.name}", f"contract[{contract.name}]"
        monthly = f"{keys}.usd_month"
        lines += [
            Line(f"contract.{number}", label, "moving", "site_fixed", "contracts", "months", opened, monthly, contract.usd_month),
            Line(
                f"stay-contract.{number}", f"{label}, staying", "staying", "stay_site_fixed", "contracts", "months", always,
                monthly, contract.usd_month,
            ),
        ]  # fmt: skip
        term = _Term(
            key=f"contract.{number}",
            keys=keys,
            name=label,
            ends=axis.day(contract.ends + dt.timedelta(days=1)),
            left=left,
            usd_month=contract.usd_month,
            monthly_key=monthly,
            owed=(f"{keys}.owed_share", contract.owed_share),
            overstay_usd_month=contract.overstay_usd_month,
        )
        lines += _penalties(term, spec, axis)
    for number, each in enumerate(sites):
        if each.site.lease_end is not None:
            lines += _penalties(_lease(number, each, each.site.lease_end, axis), spec, axis)
    return lines


def _lease(number: int, each: SiteDays, ends: dt.date, axis: Axis) -> _Term:
    site, keys = each.site, f"site[{number}]"
    return _Term(
        key=f"lease.{number}",
        keys=keys,
        name=f"Lease of {site.name}",
        ends=axis.day(ends + dt.timedelta(days=1)),
        left=each.exit_day,
        usd_month=site.fixed_cost_usd_month,
        monthly_key=f"{keys}.fixed_cost_usd_month",
        owed=(f"{keys}.lease_owed_share", site.lease_owed_share),
        overstay_usd_month=site.overstay_usd_month,
    )


def _needed_until(contract: Contract, sites: Sequence[SiteDays]) -> int:
    if contract.site is None:
        return max((each.exit_day for each in sites), default=NEVER)
    name = contract.site.casefold()
    return next(each.exit_day for each in sites if name in {known.casefold() for known in (each.site.name, *each.site.match)})


def _penalties(term: _Term, spec: Spec, axis: Axis) -> list[Line]:
    if term.left < term.ends:
        months = np.array([(term.ends - term.left) / DAYS_PER_MONTH])
        quantity, rate_key, rate = axis.lump(np.array([term.left]), months), term.monthly_key, term.usd_month
        owed, label, unit = (factor(term.owed[0], "times", term.owed[1]),), f"{term.name}, ended early", "months left"
        return [_line(f"{term.key}.early", label, unit, quantity, rate_key, rate, owed)] if term.owed[1] else []
    quantity = axis.mean(np.array([term.ends]), np.array([term.left]), np.ones(1))
    rate_key, rate, label = f"{term.keys}.overstay_usd_month", term.overstay_usd_month, f"{term.name}, overstayed"
    rises = rising("space", spec.costs)
    return [_line(f"{term.key}.late", label, "months", quantity, rate_key, rate, rises)] if rate else []


def _line(key: str, label: str, unit: str, quantity: Floats, rate_key: str, rate: float, factors: tuple[CostFactor, ...]) -> Line:
    return Line(f"one-off.{key}", label, "moving", "one_off", "penalties", unit, quantity, rate_key, rate, factors)
