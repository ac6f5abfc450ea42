"""Commitments as a record of the plan: what to buy in which month, and what other policies would cost."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence

import numpy as np

from migrate.finance.axis import Axis, Floats
from migrate.finance.commitments.load import TERMS, Load, read_load
from migrate.finance.commitments.mix import Mix, held
from migrate.finance.commitments.optimum import optimum
from migrate.finance.commitments.policies import Costs, at_start, costs, layered, nothing
from migrate.finance.fates import Fates
from migrate.finance.lines import cents
from migrate.model.plan import Commitments, MixMonth, OfferedRate, PlannedServer, Pool, Purchase
from migrate.spec import Spec
from migrate.units import HOURS_PER_MONTH

__all__ = ["commitments", "difference_usd"]

_METHOD = (
    "The optimum over all pools and months: in closed form where all that may be committed always runs, else by a linear "
    "programme (HiGHS). Commitments without upfront payment begin on the first of a month and may be renewed. They cover at most "
    "{most:.0%} of the load that has run for {settle} days since its cutover. Licences, storage, backup and traffic are not part "
    "of it. Prices stay as they are; load is assumed to run on after the horizon."
)


def commitments(
    servers: Sequence[PlannedServer], fates: Fates, rates: Sequence[OfferedRate], spec: Spec, axis: Axis
) -> Commitments | None:
    """Find the cheapest mix over the plan's own ramp, and compare it.

    Parameters
    ----------
    servers, fates
        The servers, and their days on the axis.
    rates
        Prices of their targets under every term of the price book.
    spec, axis
        The request and its months.

    Returns
    -------
    None where no server that moves has an on-demand price.
    """
    load = read_load(servers, fates, rates, spec, axis)
    if load is None:
        return None
    mix = optimum(load)
    found = {
        "on_demand": costs(load, nothing(load)),
        "reserved_1y": costs(load, layered(load, "reserved_1y")),
        "reserved_3y": costs(load, layered(load, "reserved_3y")),
        "at_start": costs(load, at_start(load)),
        "optimal": costs(load, mix),
    }
    months = _months(found, cents(load.priced_usd), axis.months)
    totals = {name: round(sum(getattr(month, name) for month in months), 2) for name in found}
    purchases = _purchases(load, mix, axis)
    return Commitments(
        months=months,
        pools=_pools(load, found),
        purchases=purchases,
        **{f"{name}_usd": total for name, total in totals.items()},
        saving_usd=round(totals["on_demand"] - totals["optimal"], 2),
        too_early_usd=round(totals["at_start"] - totals["optimal"], 2),
        after_horizon_usd=_after(purchases, axis.months),
        servers=load.servers,
        moving_servers=load.moving_servers,
        method=_METHOD.format(most=spec.commitments.most_share, settle=spec.commitments.settle_days),
        as_priced_usd=round(float(load.priced_usd.sum()), 2),
    )


def difference_usd(
    servers: Sequence[PlannedServer], fates: Fates, rates: Sequence[OfferedRate], spec: Spec, axis: Axis
) -> Floats:
    """USD by month that the cheapest mix costs more (or, below zero, less) than the plan has for the same compute."""
    load = read_load(servers, fates, rates, spec, axis)
    if load is None:
        return np.zeros(len(axis.months))
    return costs(load, optimum(load)).total - load.priced_usd


def _months(found: dict[str, Costs], as_priced: Floats, months: Sequence[dt.date]) -> tuple[MixMonth, ...]:
    optimal = found["optimal"]
    parts = {
        "optimal_on_demand": cents(optimal.on_demand.sum(axis=0)),
        "optimal_reserved": cents(optimal.reserved.sum(axis=0)),
        "optimal_savings": cents(optimal.savings),
    }
    columns: dict[str, Floats] = {name: cents(each.total) for name, each in found.items()}
    columns["optimal"] = cents(np.sum(list(parts.values()), axis=0))
    load = found["on_demand"].on_demand.sum(axis=0)
    shares = np.divide(optimal.covered, load, out=np.zeros_like(load), where=load > 0.0)
    return tuple(
        MixMonth(
            month=month,
            as_priced=float(as_priced[k]),
            committed_share=round(float(shares[k]), 6) + 0.0 if load[k] > 0.0 else None,
            **{name: float(values[k]) for name, values in {**columns, **parts}.items()},
        )
        for k, month in enumerate(months)
    )


def _pools(load: Load, found: dict[str, Costs]) -> tuple[Pool, ...]:
    first = cents(found["on_demand"].on_demand.sum(axis=1))
    best = cents(found["optimal"].on_demand.sum(axis=1) + found["optimal"].reserved.sum(axis=1))
    peak = (load.lots * load.lot_usd_h + load.rest_usd_h).max(axis=1)
    return tuple(
        Pool(
            service=row["service"],
            region=row["region"],
            pool=row["pool"],
            size_flexible=row["size_flexible"],
            units_per_usd_h=round(row["lot_units"] / row["lot_usd_h"], 6),
            peak_usd_h=round(float(peak[k]), 6),
            reserved_1y=_share(row["reserved_1y"]),
            reserved_3y=_share(row["reserved_3y"]),
            on_demand_usd=float(first[k]),
            optimal_usd=float(best[k]),
        )
        for k, row in enumerate(load.pools.iter_rows(named=True))
    )


def _share(value: float | None) -> float | None:
    return None if value is None else round(value, 6)


def _purchases(load: Load, mix: Mix, axis: Axis) -> tuple[Purchase, ...]:
    rows = [
        _reservation(load, axis, term, k, month, bought, new)
        for term, table in mix.reserved.items()
        for k, month, bought, new in _bought(table, mix, term)
    ]
    for term, amounts in mix.savings.items():
        rows += [_savings_plan(load, mix, axis, term, int(month)) for month in np.flatnonzero(amounts)]
    return tuple(sorted(rows, key=lambda row: (row.month, row.term, row.service, row.region or "", row.pool)))


def _bought(table: Floats, mix: Mix, term: str) -> list[tuple[int, int, float, bool]]:
    """Pool, month, load covered, and whether any of it is more than what ran out in that month."""
    ends = np.zeros_like(table)
    for other, bought in mix.reserved.items():
        span = 12 * TERMS[other]
        ends[:, span:] += bought[:, :-span]
    begun = np.sum(list(mix.reserved.values()), axis=0)
    fresh = begun > ends + 1e-6
    return [(int(k), int(m), float(table[k, m]), bool(fresh[k, m])) for k, m in np.argwhere(table > 0.0)]


def _reservation(load: Load, axis: Axis, term: str, k: int, month: int, bought: float, new: bool) -> Purchase:
    row = load.pools.row(k, named=True)
    share, usd_h = row[term], bought * row["lot_usd_h"]
    return Purchase(
        month=axis.months[month],
        term=term,
        years=TERMS[term],
        service=row["service"],
        region=row["region"],
        pool=row["pool"],
        usd_h=round(usd_h * share, 6),
        covers_usd_h=round(usd_h, 6),
        units=round(bought * row["lot_units"], 4),
        break_even_share=round(share, 6),
        break_even_month=_later(axis.months[month], math.ceil(round(share * 12 * TERMS[term], 6))),
        renewal=not new,
    )


def _savings_plan(load: Load, mix: Mix, axis: Axis, term: str, month: int) -> Purchase:
    """The break-even of a savings plan is that of the load it covers over the horizon: fees by what they replace."""
    fees = sum(held(amounts, TERMS[name]).sum() * HOURS_PER_MONTH for name, amounts in mix.savings.items())
    share = float(fees / (mix.covered * load.lot_usd_h * load.times.hours).sum())
    usd_h = float(mix.savings[term][month])
    return Purchase(
        month=axis.months[month],
        term=term,
        years=TERMS[term],
        service="ec2",
        region=None,
        pool="all",
        usd_h=round(usd_h, 6),
        covers_usd_h=round(usd_h / share, 6),
        units=None,
        break_even_share=round(share, 6),
        break_even_month=_later(axis.months[month], math.ceil(round(share * 12 * TERMS[term], 6))),
        renewal=bool(mix.savings[term][max(0, month - 12 * TERMS[term])] >= usd_h - 1e-6 and month >= 12 * TERMS[term]),
    )


def _after(purchases: Sequence[Purchase], months: Sequence[dt.date]) -> float:
    """Fees owed after the last month."""
    end = _number(months[-1]) + 1
    left = [max(0, _number(row.month) + 12 * row.years - end) * row.usd_h * HOURS_PER_MONTH for row in purchases]
    return round(sum(left), 2) + 0.0


def _number(month: dt.date) -> int:
    return month.year * 12 + month.month - 1


def _later(month: dt.date, by: int) -> dt.date:
    number = _number(month) + by
    return dt.date(number // 12, number % 12 + 1, 1)
