"""Monthly series by group, and cents that add up: what a share of a total is, when the shares are shown too."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from migrate.finance.axis import Axis, Days, Floats

__all__ = ["grouped_mean", "in_cents"]


def grouped_mean(axis: Axis, group: NDArray[np.int64], count: int, begin: Days, end: Days, amount: Floats) -> Floats:
    """Mean level by group (rows) and month (columns) of amounts that run from `begin` (included) to `end` (excluded).

    The same as `Axis.mean` of each group, in time that grows with amounts plus groups × days on which something changes.
    """
    first = np.clip(begin, 0, axis.days)
    last = np.maximum(np.clip(end, 0, axis.days), first)
    cuts = np.unique(np.concatenate([axis.edges, first, last]))
    steps = np.bincount(group * cuts.size + np.searchsorted(cuts, first), weights=amount, minlength=count * cuts.size)
    steps -= np.bincount(group * cuts.size + np.searchsorted(cuts, last), weights=amount, minlength=count * cuts.size)
    level = np.cumsum(steps.reshape(count, cuts.size), axis=1)[:, :-1] * np.diff(cuts)
    return np.add.reduceat(level, np.searchsorted(cuts, axis.edges[:-1]), axis=1) / np.diff(axis.edges)


def in_cents(shares: Floats, total_usd: Floats) -> Floats:
    """Totals by month divided among groups in proportion to `shares` (groups × months), USD that add up to the cent.

    What is left after rounding down goes to the largest remainders, the first of equal ones first. Where a month has a total
    and no shares, the last group bears it.
    """
    whole = np.round(total_usd * 100.0)
    weight = np.clip(shares, 0.0, None)
    weight[-1, weight.sum(axis=0) <= 0.0] = 1.0
    exact = weight / weight.sum(axis=0) * whole
    down = np.floor(exact)
    left = np.round(whole - down.sum(axis=0)).astype(np.int64)
    order = np.argsort(-(exact - down), axis=0, kind="stable")
    rank = np.empty_like(order)
    np.put_along_axis(rank, order, np.arange(order.shape[0])[:, None], axis=0)
    cents: Floats = (down + (rank < left)) / 100.0
    return cents
