"""The cheapest mix, by the shortest way that is exact.

Where all that may be committed runs in every hour of the horizon, nothing committed is ever idle: then no month can cost
less than its limit at the lowest price and the rest on demand, and holding just that, from the month on in which it may be
committed, costs exactly so much. What load falls below its limit later, or savings plans could cover, is left to the programme of
`migrate.finance.commitments.mix`.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from migrate.finance.commitments.load import TERMS, Load
from migrate.finance.commitments.mix import Mix, cheapest
from migrate.finance.commitments.policies import layered

__all__ = ["optimum"]

_RESERVED = tuple(term for term in TERMS if term.startswith("reserved"))


def optimum(load: Load) -> Mix:
    """What to buy in which month."""
    shares = np.concatenate([load.share(term) for term in TERMS], axis=1)
    with_plans = not np.isnan(shares[:, len(_RESERVED) :]).all()
    always_used = (load.lots >= load.most_lots[:, load.times.month]).all(axis=1)
    plain: NDArray[np.bool_] = np.logical_and(always_used, not with_plans)
    others: NDArray[np.bool_] = np.logical_not(plain)
    bought = {term: np.zeros_like(load.most_lots) for term in _RESERVED}
    offered = np.nan_to_num(shares[:, : len(_RESERVED)], nan=np.inf)
    best = np.argmin(offered, axis=1)
    worth: NDArray[np.bool_] = plain & (offered.min(axis=1) < 1.0)
    for k, term in enumerate(_RESERVED):
        rows: NDArray[np.bool_] = np.logical_and(worth, best == k)
        bought[term][rows] = layered(_only(load, rows), term).reserved[term]
    if plain.all():
        return Mix(bought, {}, np.zeros_like(load.lots))
    rest = cheapest(_only(load, others))
    for term in _RESERVED:
        bought[term][others] = rest.reserved[term]
    covered = np.zeros_like(load.lots)
    covered[others] = rest.covered
    return Mix(bought, rest.savings, covered)


def _only(load: Load, rows: NDArray[np.bool_]) -> Load:
    """The load of some pools."""
    return replace(
        load,
        pools=load.pools.filter(rows),
        lots=load.lots[rows],
        rest_usd_h=load.rest_usd_h[rows],
        most_lots=load.most_lots[rows],
    )
