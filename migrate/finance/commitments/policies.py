"""What policies cost: by month, for purchases that somebody has chosen, by rule or as the optimum."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from migrate.finance.axis import Floats
from migrate.finance.commitments.load import TERMS, Load
from migrate.finance.commitments.mix import Mix, held
from migrate.units import HOURS_PER_MONTH

__all__ = ["Costs", "at_start", "costs", "layered", "nothing"]


@dataclass(frozen=True)
class Costs:
    """USD by pool and month, but for savings plans, which are for all pools together; nothing is rounded."""

    on_demand: Floats
    reserved: Floats
    savings: Floats  # by month
    covered: Floats  # by month: hours × load that commitments covered, at on-demand prices

    @property
    def total(self) -> Floats:
        """By month."""
        whole: Floats = self.on_demand.sum(axis=0) + self.reserved.sum(axis=0) + self.savings
        return whole


def costs(load: Load, mix: Mix) -> Costs:
    """What a mix costs."""
    times = load.times
    level = np.zeros_like(load.most_lots)
    reserved = np.zeros_like(level)
    for term, bought in mix.reserved.items():
        holding = held(bought, TERMS[term])
        level += holding
        reserved += holding * np.nan_to_num(load.share(term)) * load.lot_usd_h * HOURS_PER_MONTH
    savings = np.zeros(times.months)
    for term, amounts in mix.savings.items():
        savings += held(amounts, TERMS[term]) * HOURS_PER_MONTH
    left = np.clip(load.lots - level[:, times.month] - mix.covered, 0.0, None)
    used = ((load.lots - left) * load.lot_usd_h * times.hours).sum(axis=0)
    covered = np.bincount(times.month, weights=used, minlength=times.months).astype(np.float64)
    return Costs(_by_month((left * load.lot_usd_h + load.rest_usd_h) * times.hours, load), reserved, savings, covered)


def nothing(load: Load) -> Mix:
    """No commitments."""
    return Mix({}, {}, np.zeros_like(load.lots))


def layered(load: Load, term: str) -> Mix:
    """As much as may be committed, from the month on in which it may, renewed as long as it may; one term, where offered."""
    bought = np.zeros_like(load.most_lots)
    offered = ~np.isnan(load.share(term)[:, 0])
    span = 12 * TERMS[term]
    for month in range(load.times.months):
        running = bought[:, max(0, month - span + 1) : month].sum(axis=1)
        bought[:, month] = np.where(offered, np.clip(load.most_lots[:, month] - running, 0.0, None), 0.0)
    return Mix({term: bought}, {}, np.zeros_like(load.lots))


def at_start(load: Load) -> Mix:
    """All that will be committed one day, for three years (where not offered, one) from the first month, before it runs."""
    longest = ~np.isnan(load.share("reserved_3y")[:, 0])
    offered = ~np.isnan(load.share("reserved_1y")[:, 0])
    reserved = {}
    for term, here in (("reserved_3y", longest), ("reserved_1y", offered & ~longest)):
        bought = np.zeros_like(load.most_lots)
        span = 12 * TERMS[term]
        for month in range(0, load.times.months, span):
            bought[:, month] = np.where(here, load.most_lots[:, month : month + span].max(axis=1), 0.0)
        reserved[term] = bought
    return Mix(reserved, {}, np.zeros_like(load.lots))


def _by_month(usd: Floats, load: Load) -> Floats:
    starts = np.searchsorted(load.times.month, np.arange(load.times.months))
    return np.add.reduceat(usd, starts, axis=1)
