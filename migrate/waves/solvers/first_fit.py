"""First fit: every group into the first wave that takes it. The baseline that other solvers are measured against.

Groups come in an order in which every `before` rule's first ones are placed before the others; among those that may come
next, what a rule keeps within some days of something that is placed, then the one whose last allowed wave is earliest, then
the largest.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from migrate.waves.kernels.core import (
    CHANNEL,
    ENTRY,
    KIND,
    LIMIT,
    MEMBERS,
    ONLY,
    ONLY_END,
    ROLE,
    RULE,
    TABLE,
    TOTAL,
    Core,
    Ints,
    new_state,
)
from migrate.waves.kernels.moves import load_state, measure
from migrate.waves.rules import Kind
from migrate.waves.solvers.queue import Queue

__all__ = ["first_fit", "urgency"]

#: Plain numbers: looking a member of an enumeration up costs more than what is done with it.
_ORDER, _AT_MOST, _APART = int(Kind.order), int(Kind.at_most), int(Kind.apart)

_DUST = 1e-9  # violations below this are rounding


def urgency(core: Core) -> NDArray[np.float64]:
    """The priority of first fit: latest allowed wave, then largest share of a mean wave. Lower comes first."""
    waves = len(core.day)
    latest = waves - 1 - np.argmax(core.allowed[:, ::-1], axis=1)
    share = (core.load / np.maximum(np.minimum(core.capacity, 1 << 40).mean(axis=0), 1.0)).max(axis=1, initial=0.0)
    return np.asarray(latest * 1e3 - np.minimum(share, 999.0))


def first_fit(core: Core, priority: NDArray[np.float64]) -> tuple[NDArray[np.int32], bool]:
    """Place every group; returns the waves and whether all of them fit.

    A group that no wave takes goes where it overfills least, so that a search can start from there.

    Parameters
    ----------
    core
        The problem.
    priority
        Of each group; lower comes first where `before` rules leave a choice.
    """
    waves = core.allowed.shape[1]
    wave = np.argmax(core.allowed, axis=1).astype(np.int32)  # of what waits for itself
    room = core.capacity.copy()
    hard = core.chain_usd == 0
    room[1:, core.chained[hard]] = np.minimum(room[1:, core.chained[hard]], np.diff(core.due[:, hard], axis=0))  # its own days
    channel = np.zeros((core.channels, waves), dtype=np.int64)
    floor = np.zeros(len(core.rule), dtype=np.int64)  # of order rules: first wave that thens may take
    ceiling = np.full(len(core.rule), waves)  # of loose ones: first wave that is too late for firsts
    queue, fits = Queue(core, priority), True
    for g in queue:
        free = core.allowed[g] & (np.arange(waves) >= queue.soonest[g])
        for e in range(core.at[g, ENTRY], core.at[g + 1, ENTRY]):
            free &= _takes(core, channel, floor, ceiling, e)
        open_waves = free & (room >= core.load[g]).all(axis=1)
        fits &= bool(open_waves.any())
        chosen = int(np.argmax(open_waves)) if open_waves.any() else _least_overfilled(core, room, free, g)
        wave[g] = chosen
        room[chosen] -= core.load[g]
        queue.release(g, chosen)
        for e in range(core.at[g, ENTRY], core.at[g + 1, ENTRY]):
            rule = core.entry[e, RULE]
            channel[core.entry[e, CHANNEL], chosen] += core.entry[e, MEMBERS]
            if core.rule[rule, KIND] == _APART:
                channel[core.rule[rule, TOTAL], chosen] += core.entry[e, MEMBERS]
            _bound(core, floor, ceiling, e, chosen)
    fits &= _all_filled(core, channel)
    if len(core.chained):  # a wave may also use what the one before has left
        state = new_state(core)
        load_state(core, state, wave)
        fits = measure(core, state)[1] < _DUST
    return wave, fits and bool(queue.placed.all())


def _least_overfilled(core: Core, room: Ints, free: NDArray[np.bool_], g: int) -> int:
    """Where a group that no wave takes does the least harm."""
    over = (np.maximum(core.load[g] - room, 0) * core.per_load).sum(axis=1)
    over[~(free if free.any() else core.allowed[g])] = np.inf
    return int(np.argmin(over))


def _all_filled(core: Core, channel: Ints) -> bool:
    """Whether every wave that must hold some of a rule's members does."""
    filled = True
    for rule in np.flatnonzero(core.rule[:, KIND] == Kind.at_least):
        needed = core.only[core.rule[rule, ONLY] : core.rule[rule, ONLY_END]]
        filled &= bool((channel[core.rule[rule, TOTAL], needed] > 0).all())
    return filled


def _bound(core: Core, floor: Ints, ceiling: Ints, e: int, chosen: int) -> None:
    """Tell the others of an order rule what entry `e` in wave `chosen` leaves them."""
    rule = core.entry[e, RULE]
    if core.rule[rule, KIND] != _ORDER:
        return
    turns = core.turn[core.rule[rule, TABLE], :, chosen]
    if core.entry[e, ROLE] == 0:
        floor[rule] = max(floor[rule], turns[1])
    else:
        ceiling[rule] = min(ceiling[rule], turns[0])


def _takes(core: Core, channel: Ints, floor: Ints, ceiling: Ints, e: int) -> NDArray[np.bool_]:
    """The waves in which entry `e` breaks no hard rule, given what is placed."""
    rule, row = core.entry[e, RULE], core.entry[e, CHANNEL]
    waves = channel.shape[1]
    everywhere = np.ones(waves, dtype=bool)
    if not core.rule_price[rule, 1]:
        return everywhere
    kind = core.rule[rule, KIND]
    if kind == _ORDER and core.entry[e, ROLE] == 1:
        return np.asarray(np.arange(waves) >= floor[rule])
    if kind == _ORDER and core.rule[rule, LIMIT]:
        return np.asarray(np.arange(waves) < ceiling[rule])
    if kind == _AT_MOST:
        return np.asarray(channel[row] + core.entry[e, MEMBERS] <= core.rule[rule, LIMIT])
    if kind == _APART:
        return np.asarray(channel[core.rule[rule, TOTAL]] - channel[row] == 0)
    return everywhere
