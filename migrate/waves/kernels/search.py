"""One temperature of simulated annealing over groups and waves. Compiled.

Group after group is tried in turn, which reads memory in order: in large problems that is twice as fast as in random order.
Two moves: a group goes to another wave, or two groups change places. Often the wave is that of a group with which it
exchanges data. Violations cost `penalty` dollars each, so the search may pass through plans that break a rule; only plans
that break none are kept as best.

`anneal` repeats what `moves.price_move` does, with the arrays at hand and the parts in the order of what they cost: it is
called a hundred million times.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from migrate.waves.kernels.core import ANY_FIXED, ANY_REST, CHOICES, NEAR, PRIOR, Core, State
from migrate.waves.kernels.moves import apply_rest, measure, price_rest

__all__ = ["FEASIBLE", "Track", "anneal", "fill_lists", "new_track", "refresh"]


#: Violations below this are float dust.
FEASIBLE = 1e-9

_NEARBY = 3  # waves to either side
_SIEVE = 4.0  # temperatures by which an exchange may look too dear and still be priced exactly


class Track(NamedTuple):
    """What the search carries along: who is in which wave, the best plan so far, and the random numbers."""

    listed: NDArray[np.int32]  # W × G: the groups in each wave
    length: NDArray[np.int32]  # W
    position: NDArray[np.int32]  # G
    best: NDArray[np.int32]  # G: wave of each group in the best plan
    changed: NDArray[np.int32]  # groups that have moved since
    is_changed: NDArray[np.bool_]
    sums: NDArray[np.float64]  # usd, violations, best usd, 1 when there is a best plan
    counts: NDArray[np.int64]  # number in `changed`, accepted moves
    random: NDArray[np.uint64]


def new_track(core: Core, seed: int) -> Track:
    """A track without a best plan."""
    groups, waves = core.allowed.shape
    return Track(
        listed=np.zeros((waves, max(groups, 1)), dtype=np.int32),
        length=np.zeros(waves, dtype=np.int32),
        position=np.zeros(groups, dtype=np.int32),
        best=np.zeros(groups, dtype=np.int32),
        changed=np.zeros(groups, dtype=np.int32),
        is_changed=np.zeros(groups, dtype=bool),
        sums=np.array([0.0, 0.0, np.inf, 0.0]),
        counts=np.zeros(2, dtype=np.int64),
        random=np.array([(seed * 0x9E3779B97F4A7C15 + 0xD1B54A32D192ED03) % (1 << 64) or 1], dtype=np.uint64),
    )


@njit(cache=True)
def _random(random: np.ndarray) -> float:
    """Uniform in [0, 1): xorshift64* (Vigna, ACM Trans. Math. Software 42, 2016)."""
    x = random[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    random[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) / 9007199254740992.0


@njit(cache=True)
def fill_lists(core: Core, state: State, track: Track) -> None:
    """Set the lists to the state; a new start keeps the best plan."""
    track.length[:] = 0
    for g in range(len(state.wave)):
        w = state.wave[g]
        track.position[g] = track.length[w]
        track.listed[w, track.length[w]] = g
        track.length[w] += 1
        track.is_changed[g] = True
        track.changed[g] = g
    track.counts[0] = len(state.wave)
    refresh(core, state, track)


@njit(cache=True)
def refresh(core: Core, state: State, track: Track) -> None:
    """Compute cost and violations anew, and keep the plan if it is the best."""
    track.sums[0], track.sums[1] = measure(core, state)
    _keep_best(state.wave, track.best, track.changed, track.is_changed, track.sums, track.counts)


@njit(cache=True)
def _keep_best(
    wave: np.ndarray, best: np.ndarray, changed: np.ndarray, is_changed: np.ndarray, sums: np.ndarray, counts: np.ndarray
) -> None:
    if sums[1] < FEASIBLE and sums[0] < sums[2] - 1e-6:
        for k in range(counts[0]):
            g = changed[k]
            best[g] = wave[g]
            is_changed[g] = False
        counts[0] = 0
        sums[2] = sums[0]
        sums[3] = 1.0


@njit(cache=True)
def _pairs(
    at: np.ndarray,
    near: np.ndarray,
    weight: np.ndarray,
    prior: np.ndarray,
    side: np.ndarray,
    wave: np.ndarray,
    here: np.ndarray,
    there: np.ndarray,
    g: int,
    old: int,
    new: int,
) -> tuple[float, float]:
    """Dollars and violations of a group's pairs, more or less; `here` and `there` are rows of `Core.far`."""
    usd, excess = 0.0, 0.0
    for j in range(np.uint64(at[g, NEAR]), np.uint64(at[g + 1, NEAR])):  # unsigned: not looked at from the end
        w = np.uint32(wave[np.uint32(near[j])])
        usd += weight[j] * (there[w] - here[w])
    for k in range(at[g, PRIOR], at[g + 1, PRIOR]):
        w = wave[prior[k]]
        if side[k] > 0:
            excess += (1.0 if new > w else 0.0) - (1.0 if old > w else 0.0)
        else:
            excess += (1.0 if w > new else 0.0) - (1.0 if w > old else 0.0)
    return usd, excess


@njit(cache=True, nogil=True)
def anneal(  # noqa: C901, PLR0912, PLR0915 -- in one piece, so that its arrays stay in registers
    core: Core,
    state: State,
    track: Track,
    temperature: float,
    penalty: float,
    steps: int,
    members: np.ndarray,
    first: int,
    last: int,
) -> int:
    """Make `steps` proposals at one temperature; returns after how many of them the plan broke no rule.

    Only `members`, which stand in waves from `first` to `last`, move, and only there. A group that does not get into a
    wave is tried against one of that wave's groups. `temperature` 0 accepts no worsening. Afterwards `refresh` is due.
    """
    at, near, weight, prior, side, far = core.at, core.near, core.near_usd_day, core.prior, core.prior_side, core.far
    wave, used, capacity, load, per_load = state.wave, state.used, core.capacity, core.load, core.per_load
    allowed, choices, fixed = core.allowed, core.choices, core.fixed_usd
    listed, length, position = track.listed, track.length, track.position
    sums, counts, random = track.sums, track.counts, track.random
    changed, is_changed = track.changed, track.is_changed
    any_fixed, any_rest = core.constants[ANY_FIXED] > 0, core.constants[ANY_REST] > 0
    resources = load.shape[1]
    feasible = 0
    turn = int(_random(random) * len(members))
    for _ in range(steps):
        feasible += sums[1] < FEASIBLE
        turn = turn + 1 if turn + 1 < len(members) else 0
        g = members[turn]
        old = wave[g]
        begin, end = at[g, NEAR], at[g + 1, NEAR]
        kind = _random(random)
        if kind < 0.6 and end > begin:
            new = wave[near[begin + int(_random(random) * (end - begin))]]
        elif kind < 0.85:
            new = old + np.int32(int(_random(random) * (2 * _NEARBY + 1)) - _NEARBY)
        else:
            begin, end = at[g, CHOICES], at[g + 1, CHOICES]
            new = choices[begin + int(_random(random) * (end - begin))]
        if new == old or new < first or new > last or not allowed[g, new]:
            continue
        here, there = far[old], far[new]
        usd, excess = _pairs(at, near, weight, prior, side, wave, here, there, g, old, new)
        if any_fixed:
            usd += fixed[g, new] - fixed[g, old]
        if any_rest:
            more, broken = price_rest(core, state, g, old, new)
            usd, excess = usd + more, excess + broken
        over = 0.0
        for r in range(resources):
            size = load[g, r]
            if size != 0:
                over_new, over_old = used[new, r] - capacity[new, r], used[old, r] - capacity[old, r]
                change = max(over_new + size, 0) - max(over_new, 0) + max(over_old - size, 0) - max(over_old, 0)
                over += change * per_load[r]
        total = usd + penalty * (excess + over)
        limit = -temperature * np.log(1.0 - _random(random)) if total > 0.0 else 0.0
        h = -1
        if total > limit:
            patience = limit + _SIEVE * temperature
            if length[new] == 0 or usd + penalty * excess > patience or (over <= 0.0 and _random(random) < 0.7):
                continue
            h = listed[new, int(_random(random) * length[new])]
            if not allowed[h, old]:
                continue
            over = 0.0
            for r in range(resources):
                size = load[g, r] - load[h, r]
                over_new, over_old = used[new, r] - capacity[new, r], used[old, r] - capacity[old, r]
                change = max(over_new + size, 0) - max(over_new, 0) + max(over_old - size, 0) - max(over_old, 0)
                over += change * per_load[r]
            if usd + penalty * (excess + over) > patience:
                continue
            wave[g] = new
            more, broken = _pairs(at, near, weight, prior, side, wave, there, here, h, new, old)
            usd, excess = usd + more, excess + broken
            if any_fixed:
                usd += fixed[h, old] - fixed[h, new]
            if any_rest:
                if usd + penalty * (excess + over) > patience:
                    wave[g] = old
                    continue
                for r in range(resources):
                    used[old, r] -= load[g, r]
                    used[new, r] += load[g, r]
                apply_rest(core, state, g, old, new)
                more, broken = price_rest(core, state, h, new, old)
                usd, excess = usd + more, excess + broken
            if usd + penalty * (excess + over) > limit:
                wave[g] = old
                if any_rest:
                    for r in range(resources):
                        used[old, r] += load[g, r]
                        used[new, r] -= load[g, r]
                    apply_rest(core, state, g, new, old)
                continue
        # the move is made
        wave[g] = new
        if h < 0 or not any_rest:
            for r in range(resources):
                used[old, r] -= load[g, r]
                used[new, r] += load[g, r]
            if any_rest:
                apply_rest(core, state, g, old, new)
        if h >= 0:
            wave[h] = old
            for r in range(resources):
                used[new, r] -= load[h, r]
                used[old, r] += load[h, r]
            if any_rest:
                apply_rest(core, state, h, new, old)
            position[g], position[h] = position[h], position[g]
            listed[new, position[g]] = g
            listed[old, position[h]] = h
            if not is_changed[h]:
                is_changed[h] = True
                changed[counts[0]] = h
                counts[0] += 1
        else:
            end = listed[old, length[old] - 1]
            listed[old, position[g]] = end
            position[end] = position[g]
            length[old] -= 1
            position[g] = length[new]
            listed[new, length[new]] = g
            length[new] += 1
        if not is_changed[g]:
            is_changed[g] = True
            changed[counts[0]] = g
            counts[0] += 1
        counts[1] += 1
        sums[0] += usd
        sums[1] += excess + over
        if sums[1] < FEASIBLE and sums[0] < sums[2]:
            _keep_best(wave, track.best, changed, is_changed, sums, counts)
    return feasible
