"""The cheapest mix, as a linear programme that HiGHS solves to the optimum.

Commitments begin on the first of a month, run for one or three years, are paid monthly without upfront payment, and may be
renewed or not. For each pool, in lots of load:

    purchases[term, month] ≥ 0
    held[month] = held[month − 1] + purchases begun − purchases ended ≤ most[month]
    on_demand[stretch] ≥ load[stretch] − held[month] − covered by savings plans[stretch], ≥ 0

Savings plans are an amount of USD an hour for all pools; the covered load times its savings price may not exceed it. Cost is
hours × (on demand + price of what is held), over the horizon: fees of commitments that outlast it are counted up to its end,
because the servers are assumed to run on.

Without savings plans the pools are independent, and the rows of each are intervals of months: the matrix is totally
unimodular (Schrijver, *Theory of Linear and Integer Programming*, 19.4), so whole units of load give whole purchases.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from migrate.finance.axis import Days, Floats
from migrate.finance.commitments.load import TERMS, Load
from migrate.units import HOURS_PER_MONTH

__all__ = ["Mix", "cheapest", "held"]

#: Rows, columns and values of a part of the matrix.
_Entries = tuple[NDArray[Any], NDArray[Any], float | NDArray[Any]]
_DIGITS = 6  # what lies beyond is the noise of the solver


@dataclass(frozen=True)
class Mix:
    """What is bought.

    Attributes
    ----------
    reserved
        By term: lots, by pool and month of purchase.
    savings
        By term: USD an hour committed to, by month of purchase.
    covered
        By pool and stretch: lots that savings plans cover.
    """

    reserved: Mapping[str, Floats]
    savings: Mapping[str, Floats]
    covered: Floats


def held(purchases: Floats, years: int) -> Floats:
    """What is held in each month (last axis) of what was bought by month, each for so many years."""
    running = np.cumsum(purchases, axis=-1)
    span = 12 * years
    ended = np.zeros_like(running)
    ended[..., span:] = running[..., :-span] if span < running.shape[-1] else 0.0
    return np.round(running - ended, 9) + 0.0


def cheapest(load: Load) -> Mix:
    """Solve it.

    Raises
    ------
    RuntimeError
        The solver fails, which a feasible and bounded programme gives it no reason for.
    """
    rows = _Rows(load)
    from scipy.optimize import linprog  # noqa: PLC0415 -- slow to import, and for plans with money only

    solved = linprog(
        rows.cost,
        A_ub=rows.upper,
        b_ub=rows.upper_side,
        A_eq=rows.equal,
        b_eq=rows.equal_side,
        bounds=rows.bounds,
        method="highs",
    )
    if solved.status != 0:
        raise RuntimeError(f"the mix of commitments was not solved: {solved.message}")
    return rows.mix(np.round(solved.x, _DIGITS) + 0.0)


class _Rows:
    """The programme's columns and rows. Columns lie in blocks: each is an array of column numbers of the block's shape."""

    def __init__(self, load: Load) -> None:
        self.load = load
        pools, months = load.lots.shape[0], load.times.months
        self.terms = {term: load.share(term) for term in TERMS}
        self.columns = 0
        fresh = self._block
        self.bought = {term: fresh(pools, months) for term in TERMS if term.startswith("reserved")}
        self.level = fresh(pools, months)
        self.on_demand = fresh(pools, load.times.hours.size)
        plans = [term for term in TERMS if term.startswith("savings") and not np.isnan(self.terms[term]).all()]
        self.plans = {term: fresh(months) for term in plans}
        self.plan_level = {term: fresh(months) for term in plans}
        self.covers = {term: fresh(pools, load.times.hours.size) for term in plans}
        self.cost, self.bounds = self._costs()
        self.equal, self.equal_side = self._balance()
        self.upper, self.upper_side = self._cover()

    def _block(self, *shape: int) -> Days:
        size = int(np.prod(shape))
        block = np.arange(self.columns, self.columns + size).reshape(shape)
        self.columns += size
        return block

    def _costs(self) -> tuple[Floats, Floats]:
        load, months = self.load, self.load.times.months
        cost, bounds = np.zeros(self.columns), np.tile([0.0, np.inf], (self.columns, 1))
        for term, block in {**self.bought, **self.plans}.items():
            hours = np.minimum(12 * TERMS[term], months - np.arange(months)) * HOURS_PER_MONTH
            price = self.terms[term] * load.lot_usd_h if term in self.bought else 1.0
            cost[block] = np.nan_to_num(price * hours)
            if term in self.bought:
                bounds[block[np.isnan(self.terms[term][:, 0])], 1] = 0.0
        cost[self.on_demand] = load.times.hours * load.lot_usd_h
        bounds[self.level, 1] = load.most_lots
        for term, block in self.covers.items():
            bounds[block[np.isnan(self.terms[term][:, 0])], 1] = 0.0
        return cost, bounds

    def _balance(self) -> tuple[object, Floats]:
        """Rows: held[m] − held[m − 1] − begun[m] + ended[m] = 0."""
        levels = [(self.level, self.bought), *((self.plan_level[term], {term: block}) for term, block in self.plans.items())]
        triples: list[_Entries] = []
        total = 0
        for level, bought in levels:
            at = np.arange(level.size).reshape(level.shape) + total
            triples += [(at, level, 1.0), (at[..., 1:], level[..., :-1], -1.0)]
            for term, block in bought.items():
                span = 12 * TERMS[term]
                triples += [(at, block, -1.0), (at[..., span:], block[..., :-span], 1.0)]
            total += level.size
        return self._sparse(triples, total), np.zeros(total)

    def _cover(self) -> tuple[object, Floats]:
        """Rows: load − held − covered ≤ on demand; held + covered ≤ most; covered × price ≤ savings plans held."""
        load, month = self.load, self.load.times.month
        rows = np.arange(self.on_demand.size).reshape(self.on_demand.shape)
        triples: list[_Entries] = [(rows, self.on_demand, -1.0), (rows, self.level[:, month], -1.0)]
        triples += [(rows, block, -1.0) for block in self.covers.values()]
        sides = [-load.lots.ravel()]
        total = rows.size
        if self.covers:
            both = rows + total
            triples += [(both, self.level[:, month], 1.0), *((both, block, 1.0) for block in self.covers.values())]
            sides.append(load.most_lots[:, month].ravel())
            total += rows.size
        for term, block in self.covers.items():
            at = np.arange(month.size) + total
            price = np.nan_to_num(self.terms[term]) * load.lot_usd_h
            triples += [(np.broadcast_to(at, block.shape), block, np.broadcast_to(price, block.shape))]
            triples.append((at, self.plan_level[term][month], -1.0))
            sides.append(np.zeros(month.size))
            total += month.size
        return self._sparse(triples, total), np.concatenate(sides)

    def _sparse(self, triples: Sequence[_Entries], rows: int) -> object:
        from scipy.sparse import csr_array  # noqa: PLC0415 -- as above

        row = np.concatenate([np.ravel(r) for r, _, _ in triples])
        column = np.concatenate([np.ravel(c) for _, c, _ in triples])
        value = np.concatenate([np.broadcast_to(v, np.shape(r)).ravel() for r, _, v in triples])
        return csr_array((value, (row, column)), shape=(rows, self.columns))

    def mix(self, x: Floats) -> Mix:
        """The solution by its parts."""
        covered = np.zeros_like(self.load.lots)
        for block in self.covers.values():
            covered = covered + x[block]
        return Mix(
            reserved={term: x[block] for term, block in self.bought.items()},
            savings={term: x[block] for term, block in self.plans.items()},
            covered=covered,
        )
