"""What moving one group to another wave changes, in dollars and in violations, and doing it. Compiled.

`price_move` is exact: summing it over any sequence of moves gives the difference of `measure` before and after.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from migrate.waves.kernels.chains import chain_change, chain_excess, follow_chain
from migrate.waves.kernels.core import (
    ANY_LOSS,
    COUNT,
    CRITICAL,
    ENTRY,
    LOSS,
    NEAR,
    PILE_COUNT,
    PILE_CRITICAL,
    PRIOR,
    RISK,
    RULE,
    SITE,
    WAVE_USD,
    Core,
    State,
)
from migrate.waves.kernels.rules import rule_change, shift_channel, times_broken

__all__ = ["apply_move", "apply_rest", "load_state", "measure", "price_move", "price_rest"]


@njit(cache=True)
def _loss(loss: float, count: float, critical: float, constants: np.ndarray) -> float:
    """Expected loss of a wave before the factors of its date and of experience."""
    pile = 1.0 + constants[PILE_COUNT] * max(count - 1.0, 0.0) + constants[PILE_CRITICAL] * max(critical - 1.0, 0.0)
    return float(loss * pile)


@njit(cache=True)
def _fill_risk(
    sums: np.ndarray, done: np.ndarray, constants: np.ndarray, settling: np.ndarray, learning: np.ndarray, first: int, last: int
) -> None:
    """Recompute the expected loss of the waves from `first` to `last`, and what is done before them."""
    number = done[first]
    for w in range(first, last + 1):
        done[w] = number
        if sums[w, COUNT] > 0:
            loss = _loss(sums[w, LOSS], sums[w, COUNT], sums[w, CRITICAL], constants)
            sums[w, RISK] = loss * settling[w] * learning[number]
            number += int(sums[w, COUNT])
        else:
            sums[w, RISK] = 0.0


@njit(cache=True)
def load_state(core: Core, state: State, wave: np.ndarray) -> None:
    """Set the state to an assignment."""
    state.wave[:] = wave
    state.used[:] = 0
    state.sums[:] = 0.0
    state.done[:] = 0
    state.at_site[:] = 0
    state.last[:] = -1
    state.channel[:] = 0
    for g in range(len(wave)):
        w = wave[g]
        for r in range(core.load.shape[1]):
            state.used[w, r] += core.load[g, r]
        for k in range(3):
            state.sums[w, k] += core.sums[g, k]
        for k in range(core.at[g, SITE], core.at[g + 1, SITE]):
            s = core.site[k]
            state.at_site[s, w] += 1
            state.last[s] = max(state.last[s], w)
        for e in range(core.at[g, ENTRY], core.at[g + 1, ENTRY]):
            shift_channel(core.entry, core.rule, state.channel, e, -1, w)
    for k in range(len(core.chained)):
        follow_chain(core, state.used, state.sent, k, 0, len(core.day) - 1)
    _fill_risk(state.sums, state.done, core.constants, core.settling, core.learning, 0, len(core.day) - 1)


@njit(cache=True)
def measure(core: Core, state: State) -> tuple[float, float]:
    """Cost in dollars and violations (excess of capacity in mean loads, and times hard rules are broken), from the sums."""
    usd, excess = 0.0, 0.0
    for g in range(len(state.wave)):
        w = state.wave[g]
        usd += core.fixed_usd[g, w]
        for k in range(core.at[g, NEAR], core.at[g + 1, NEAR]):
            usd += 0.5 * core.near_usd_day[k] * core.far[w, state.wave[core.near[k]]]
        for k in range(core.at[g, PRIOR], core.at[g + 1, PRIOR]):
            excess += 1.0 if core.prior_side[k] > 0 and w > state.wave[core.prior[k]] else 0.0
    for s in range(len(core.site_usd_day)):
        if state.last[s] >= 0:
            usd += core.site_usd_day[s] * core.day[state.last[s]]
    for w in range(len(core.day)):
        usd += state.sums[w, RISK]
        if state.sums[w, COUNT] > 0:
            usd += core.constants[WAVE_USD]
        for r in range(core.capacity.shape[1]):
            excess += max(state.used[w, r] - core.capacity[w, r], 0) * core.per_load[r]
    for k in range(len(core.chained)):
        amount = float(chain_excess(core, state.used, state.sent, k))
        usd += amount * core.chain_usd[k]
        excess += amount * core.per_load[core.chained[k]] if core.chain_usd[k] == 0 else 0.0
    for rule in range(len(core.rule)):
        times = times_broken(core.rule[rule], core.only, core.turn, state.channel)
        usd += core.rule_price[rule, 0] * times
        excess += core.rule_price[rule, 1] * times
    return usd, excess


@njit(cache=True)
def _risk_change(
    group: np.ndarray,
    sums: np.ndarray,
    done: np.ndarray,
    constants: np.ndarray,
    settling: np.ndarray,
    learning: np.ndarray,
    old: int,
    new: int,
) -> float:
    """Change of the expected loss of all waves."""
    count_old, count_new = sums[old, COUNT] - group[COUNT], sums[new, COUNT] + group[COUNT]
    left = _loss(sums[old, LOSS] - group[LOSS], count_old, sums[old, CRITICAL] - group[CRITICAL], constants) * settling[old]
    come = _loss(sums[new, LOSS] + group[LOSS], count_new, sums[new, CRITICAL] + group[CRITICAL], constants) * settling[new]
    change = -sums[old, RISK] - sums[new, RISK]
    shift = int(group[COUNT]) if new < old else -int(group[COUNT])  # of what is done before the waves after the first of both
    low, high = min(old, new), max(old, new)
    for w in range(low, high + 1):
        before = done[w] + (shift if w > low else 0)
        if w == old:
            if count_old > 0:
                change += left * learning[before]
        elif w == new:
            change += come * learning[before]
        elif sums[w, COUNT] > 0:
            change += sums[w, RISK] * (learning[before] / learning[done[w]] - 1.0)
    return float(change)


@njit(cache=True)
def _site_change(
    at_site: np.ndarray, last: np.ndarray, day: np.ndarray, usd_day: np.ndarray, s: int, old: int, new: int
) -> float:
    """Change of the cost of one site's exit."""
    after = last[s]
    if new > after:
        after = new
    elif old == after and at_site[s, old] == 1:
        after = old - 1
        while after > new and at_site[s, after] == 0:
            after -= 1
    return float(usd_day[s] * (day[after] - day[last[s]]))


@njit(cache=True)
def price_rest(core: Core, state: State, g: int, old: int, new: int) -> tuple[float, float]:
    """Dollars and violations more (or less), of all but pairs, capacities and fixed costs, when `g` goes to wave `new`."""
    usd, excess = 0.0, 0.0
    for k in range(len(core.chained)):
        if core.load[g, core.chained[k]] > 0:
            amount = float(chain_change(core, state.used, state.sent, k, g, old, new))
            usd += amount * core.chain_usd[k]
            excess += amount * core.per_load[core.chained[k]] if core.chain_usd[k] == 0 else 0.0
    for e in range(core.at[g, ENTRY], core.at[g + 1, ENTRY]):
        times = rule_change(core.entry, core.rule, core.only, core.turn, state.channel, e, old, new)
        usd += core.rule_price[core.entry[e, RULE], 0] * times
        excess += core.rule_price[core.entry[e, RULE], 1] * times
    for k in range(core.at[g, SITE], core.at[g + 1, SITE]):
        usd += _site_change(state.at_site, state.last, core.day, core.site_usd_day, core.site[k], old, new)
    if state.sums[old, COUNT] == core.sums[g, COUNT]:
        usd -= core.constants[WAVE_USD]
    if state.sums[new, COUNT] == 0:
        usd += core.constants[WAVE_USD]
    if core.constants[ANY_LOSS] > 0:
        usd += _risk_change(core.sums[g], state.sums, state.done, core.constants, core.settling, core.learning, old, new)
    return usd, excess


@njit(cache=True)
def price_move(core: Core, state: State, g: int, new: int) -> tuple[float, float]:
    """Dollars and violations more (or less) when group `g` goes to wave `new`."""
    old = state.wave[g]
    if old == new:
        return 0.0, 0.0
    usd, excess = price_rest(core, state, g, old, new)
    usd += core.fixed_usd[g, new] - core.fixed_usd[g, old]
    for r in range(core.load.shape[1]):
        size = core.load[g, r]
        if size > 0:
            over_new, over_old = state.used[new, r] - core.capacity[new, r], state.used[old, r] - core.capacity[old, r]
            change = max(over_new + size, 0) - max(over_new, 0) + max(over_old - size, 0) - max(over_old, 0)
            excess += change * core.per_load[r]
    for k in range(core.at[g, NEAR], core.at[g + 1, NEAR]):
        wave = state.wave[core.near[k]]
        usd += core.near_usd_day[k] * (core.far[new, wave] - core.far[old, wave])
    for k in range(core.at[g, PRIOR], core.at[g + 1, PRIOR]):
        wave = state.wave[core.prior[k]]
        if core.prior_side[k] > 0:
            excess += (1.0 if new > wave else 0.0) - (1.0 if old > wave else 0.0)
        else:
            excess += (1.0 if wave > new else 0.0) - (1.0 if wave > old else 0.0)
    return usd, excess


@njit(cache=True)
def apply_move(core: Core, state: State, g: int, new: int) -> None:
    """Move group `g` to wave `new`."""
    old = state.wave[g]
    if old == new:
        return
    state.wave[g] = new
    for r in range(core.load.shape[1]):
        state.used[old, r] -= core.load[g, r]
        state.used[new, r] += core.load[g, r]
    apply_rest(core, state, g, old, new)


@njit(cache=True)
def apply_rest(core: Core, state: State, g: int, old: int, new: int) -> None:
    """Bring the sums of `price_rest` up to date after `g` has left `old` for `new`."""
    for k in range(len(core.chained)):
        if core.load[g, core.chained[k]] > 0:
            follow_chain(core, state.used, state.sent, k, min(old, new), max(old, new))
    for k in range(3):
        state.sums[old, k] -= core.sums[g, k]
        state.sums[new, k] += core.sums[g, k]
    for k in range(core.at[g, SITE], core.at[g + 1, SITE]):
        s = core.site[k]
        state.at_site[s, old] -= 1
        state.at_site[s, new] += 1
        last = max(state.last[s], new)
        while state.at_site[s, last] == 0:
            last -= 1
        state.last[s] = last
    for e in range(core.at[g, ENTRY], core.at[g + 1, ENTRY]):
        shift_channel(core.entry, core.rule, state.channel, e, old, new)
    if state.sums[old, COUNT] == 0:
        state.sums[old, LOSS] = 0.0  # what float subtraction left over
    _fill_risk(state.sums, state.done, core.constants, core.settling, core.learning, min(old, new), max(old, new))
