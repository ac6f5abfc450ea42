"""Who shares a wave, relaxed: the matrix of waves and groups, what bounds its entries, its rows and its cutting planes."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

import numpy as np
from numpy.typing import NDArray

from migrate.waves.kernels.core import NEAR, PRIOR, Core
from migrate.waves.kernels.cuts import covers, overlaps, stars
from migrate.waves.relaxed_rows import Row

__all__ = ["Company", "pair_costs", "wave_box", "wave_rows"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_ROOM = 60_000  # rows that one search for broken ones may find
_ENTRIES = 2_000_000  # and their entries
_BROKEN = 0.03  # by which a row must be broken to be taken


class Company:
    """Finds the rows that a matrix of waves and groups breaks: stars, overlaps, covers."""

    def __init__(self, core: Core) -> None:
        self._load = core.load.astype(np.float64)
        self._largest = core.capacity.max(axis=0).astype(np.float64)
        self._waves = core.allowed.shape[1]
        self._begin = np.zeros(_ROOM + 1, dtype=np.int64)
        self._entry = np.zeros((_ENTRIES, 2), dtype=np.int64)
        self._factor, self._right = np.zeros(_ENTRIES), np.zeros(_ROOM)

    def broken(self, y: Floats) -> Iterator[tuple[Hashable, Row]]:
        """The rows broken most, of each kind."""
        size, found = len(y), (self._begin, self._entry, self._factor, self._right)
        yield from self._most(stars(y, _BROKEN, *found), y, size)
        yield from self._most(overlaps(y, self._waves, _BROKEN, *found), y, 2 * size)
        yield from self._most(covers(y, self._waves, _BROKEN, self._load, self._largest, *found), y, 2 * size)

    def _most(self, count: int, y: Floats, most: int) -> Iterator[tuple[Hashable, Row]]:
        begin = self._begin[: count + 1]
        end = int(begin[-1]) if count else 0
        entry, factor = self._entry[:end], self._factor[:end]
        if not count:
            return
        broken = np.add.reduceat(factor * y[entry[:, 0], entry[:, 1]], begin[:-1]) - self._right[:count]
        place = entry[:, 0] * len(y) + entry[:, 1]
        for k in np.argsort(-broken, kind="stable")[:most]:
            span = slice(begin[k], begin[k + 1])
            yield place[span].tobytes(), Row(place[span].copy(), factor[span].copy(), float(self._right[k]))


def wave_box(core: Core) -> Floats:
    """What the entries are at most."""
    groups, waves = core.allowed.shape
    high = np.ones((waves + groups, waves + groups))
    high[:waves, :waves] = 0.0
    high[:waves, waves:] = core.allowed.T
    high[waves:, waves:] = _may_share(core)
    return high


def wave_rows(core: Core) -> Iterator[Row]:
    """One wave each; capacities of waves, and of the company that each group may have; orders of pairs."""
    groups, waves = core.allowed.shape
    wave, size = np.arange(waves), groups + waves

    def stands(g: int) -> Ints:
        return np.asarray(wave * size + waves + g, dtype=np.int64)

    for g in range(groups):
        yield Row(stands(g), np.ones(waves), 1.0, equal=True)
    for r in range(core.load.shape[1]):
        capacity = core.capacity[:, r].astype(np.float64)
        unit = max(float(capacity.mean()), 1.0)
        load = core.load[:, r] / unit
        some = np.flatnonzero(load > 0)
        if not len(some):
            continue
        for w in wave:
            yield Row(w * size + waves + some, load[some], float(capacity[w] / unit))
        for g in range(groups):
            others = some[some != g]
            beside = (waves + np.minimum(others, g)) * size + waves + np.maximum(others, g)
            yield Row(np.concatenate([beside, stands(g)]), np.concatenate([load[others], -capacity / unit]), -float(load[g]))
    owner = np.repeat(np.arange(groups), np.diff(core.at[:, PRIOR]))
    for k in np.flatnonzero(core.prior_side > 0):
        first, then = stands(int(owner[k])), stands(int(core.prior[k]))
        for before in range(1, waves):
            yield Row(np.concatenate([then[:before], first[:before]]), np.repeat([1.0, -1.0], before), 0.0)


def pair_costs(core: Core) -> Floats:
    """What each pair costs at least when it does not share a wave."""
    groups, waves = core.allowed.shape
    owner = np.repeat(np.arange(groups), np.diff(core.at[:, NEAR]))
    apart = core.far + np.where(np.eye(waves, dtype=bool), np.inf, 0.0)
    nearest = np.where(core.allowed[:, None, :], apart[None, :, :], np.inf).min(axis=2)  # group × wave of the other
    least = np.where(core.allowed[core.near], nearest[owner], np.inf).min(axis=1)
    cost = np.zeros((groups, groups))
    cost[owner, core.near] = core.near_usd_day * np.where(np.isfinite(least), least, 0.0)
    return cost


def _may_share(core: Core) -> Floats:
    """1 where two groups may share a wave: one that both may take holds them."""
    groups, waves = core.allowed.shape
    may = np.zeros((groups, groups), dtype=bool)
    for w in range(waves):
        fits = core.allowed[:, w][:, None] & core.allowed[:, w][None, :]
        for r in range(core.load.shape[1]):
            fits &= core.load[:, r][:, None] + core.load[:, r][None, :] <= core.capacity[w, r]
        may |= fits
    return may.astype(np.float64)
