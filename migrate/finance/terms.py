"""What the same targets would cost under the other price terms: the plan takes the prices of its targets along."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

import numpy as np

from migrate.finance.basis import Basis
from migrate.finance.fates import Fates
from migrate.model.names import DATABASE_TARGET
from migrate.units import HOURS_PER_MONTH

__all__ = ["Term", "other_terms"]

_DATABASE = re.compile(DATABASE_TARGET)
_TERMS = {
    "on_demand": "On demand",
    "reserved_1y": "Reserved for one year",
    "reserved_3y": "Reserved for three years",
}


@dataclass(frozen=True)
class Term:
    """The servers under another term."""

    name: str
    change: str
    why: str
    fates: Fates


def other_terms(basis: Basis) -> list[Term]:
    """One for each term that the case does not pay, and that prices some of its running servers.

    What has no price under a term keeps its planned one: RDS has no reservation of three years without upfront payment.
    """
    servers, fates = basis.planned.servers, basis.fates
    running = fates.bill["compute"] > 0.0
    price: dict[tuple[str | None, ...], float] = {
        (rate.region, rate.item, rate.engine, rate.deployment, rate.term): rate.usd_h * HOURS_PER_MONTH
        for rate in basis.planned.rates
    }
    items = [_item(server.target, server.region) for server in servers]
    found = []
    for term, name in _TERMS.items():
        usd = np.array([np.nan if item is None else price.get((*item, term), np.nan) for item in items])
        priced = running & ~np.isnan(usd)
        planned = term == basis.spec.target.term and not basis.spec.commitments.in_case
        if planned or not priced.any():
            continue
        compute = np.where(priced, usd, fates.bill["compute"])
        target = fates.target_usd + compute - fates.bill["compute"]
        changed = replace(fates, bill={**fates.bill, "compute": compute}, target_usd=target)
        why = f"compute at this term for {int(priced.sum()):,} of {int(running.sum()):,} running servers, the rest as planned"
        found.append(Term(name, f"target.term = {term}", why, changed))
    return found


def _item(target: str | None, region: str | None) -> tuple[str | None, ...] | None:
    if target is None:
        return None
    database = _DATABASE.fullmatch(target)
    return (region, target, None, None) if database is None else (region, database[1], database[3], database[4])
