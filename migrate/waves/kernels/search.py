"""One temperature of simulated annealing over groups and waves. Compiled.

Two moves: a group goes to another wave, or two groups change places. Half of the time the wave is that of a group with
which it exchanges data. Violations cost `penalty` dollars each, so the search may pass through plans that break a rule;
only plans that break none are kept as best.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from migrate.waves.kernels.core import CHOICES, NEAR, Core, State
from migrate.waves.kernels.moves import apply_move, measure, price_move

__all__ = ["FEASIBLE", "Track", "anneal", "fill_lists", "new_track", "sample_moves"]


#: Violations below this are float dust.
FEASIBLE = 1e-9

_NEARBY = 3  # waves to either side
_SIEVE = 2.0  # temperatures by which an exchange may look too dear and still be priced exactly


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
    track.sums[0], track.sums[1] = measure(core, state)
    _keep_best(state, track)


@njit(cache=True)
def _keep_best(state: State, track: Track) -> None:
    if track.sums[1] < FEASIBLE and track.sums[0] < track.sums[2] - 1e-6:
        for k in range(track.counts[0]):
            g = track.changed[k]
            track.best[g] = state.wave[g]
            track.is_changed[g] = False
        track.counts[0] = 0
        track.sums[2] = track.sums[0]
        track.sums[3] = 1.0


@njit(cache=True)
def _go(core: Core, state: State, track: Track, g: int, new: int) -> None:
    """Apply a move and keep the lists."""
    old = state.wave[g]
    apply_move(core, state, g, new)
    end = track.listed[old, track.length[old] - 1]
    track.listed[old, track.position[g]] = end
    track.position[end] = track.position[g]
    track.length[old] -= 1
    track.position[g] = track.length[new]
    track.listed[new, track.length[new]] = g
    track.length[new] += 1
    if not track.is_changed[g]:
        track.is_changed[g] = True
        track.changed[track.counts[0]] = g
        track.counts[0] += 1


@njit(cache=True)
def _propose(core: Core, state: State, track: Track, g: int) -> int:
    """A wave for `g`: that of a neighbour, one nearby, or any; -1 when it is not allowed."""
    begin, end = core.at[g, NEAR], core.at[g + 1, NEAR]
    kind = _random(track.random)
    new = -1
    if kind < 0.5 and end > begin:
        new = state.wave[core.near[begin + int(_random(track.random) * (end - begin))]]
    elif kind < 0.75:
        new = state.wave[g] + int(_random(track.random) * (2 * _NEARBY + 1)) - _NEARBY
    else:
        begin, end = core.at[g, CHOICES], core.at[g + 1, CHOICES]
        return int(core.choices[begin + int(_random(track.random) * (end - begin))])
    return new if 0 <= new < len(core.day) and core.allowed[g, new] else -1


@njit(cache=True)
def _overfill(
    used: np.ndarray, capacity: np.ndarray, load: np.ndarray, per_load: np.ndarray, g: int, h: int, old: int, new: int
) -> float:
    """Excess of capacity more (or less) when `g` in `old` and `h` in `new` change places."""
    excess = 0.0
    for r in range(load.shape[1]):
        size = load[g, r] - load[h, r]
        over_new, over_old = used[new, r] - capacity[new, r], used[old, r] - capacity[old, r]
        change = max(over_new + size, 0) - max(over_new, 0) + max(over_old - size, 0) - max(over_old, 0)
        excess += change * per_load[r]
    return excess


@njit(cache=True)
def anneal(core: Core, state: State, track: Track, temperature: float, penalty: float, steps: int) -> int:
    """Make `steps` proposals at one temperature; returns after how many of them the plan broke no rule.

    A group that does not get into a wave is tried against one of that wave's groups. `temperature` 0 accepts improvements
    only.
    """
    feasible = 0
    h = -1
    g, new, usd, excess = 0, 0, 0.0, 0.0
    limit = 0.0
    for _ in range(steps):
        feasible += track.sums[1] < FEASIBLE
        g = int(_random(track.random) * len(state.wave))
        new = _propose(core, state, track, g)
        old = state.wave[g]
        if new < 0 or new == old:
            continue
        limit = -temperature * np.log(1.0 - _random(track.random))
        usd, excess = price_move(core, state, g, new)
        h = -1
        if usd + penalty * excess > limit:
            if track.length[new] == 0 or (excess <= 0.0 and _random(track.random) < 0.7):
                continue
            h = track.listed[new, int(_random(track.random) * track.length[new])]
            if not core.allowed[h, old]:
                continue
            over = _overfill(state.used, core.capacity, core.load, core.per_load, g, h, old, new)
            # without the interplay of the two, dependencies only look cheaper than they are: a safe first sieve
            if usd + penalty * over > limit + _SIEVE * temperature and over >= 0.0:
                back, _ = price_move(core, state, h, old)
                if usd + back + penalty * over > limit + _SIEVE * temperature:
                    continue
        _go(core, state, track, g, new)
        if h >= 0:
            usd_back, excess_back = price_move(core, state, h, old)
            usd, excess = usd + usd_back, excess + excess_back
            if usd + penalty * excess > limit:
                _go(core, state, track, g, old)
                continue
            _go(core, state, track, h, old)
        track.counts[1] += 1
        track.sums[0] += usd
        track.sums[1] += excess
        if track.sums[1] < FEASIBLE and track.sums[0] < track.sums[2]:
            _keep_best(state, track)
    track.sums[0], track.sums[1] = measure(core, state)
    return feasible


@njit(cache=True)
def sample_moves(core: Core, state: State, track: Track, usd: np.ndarray) -> int:
    """Price random moves from the present plan without making them; returns how many cost more."""
    groups = len(state.wave)
    found = 0
    for _ in range(20 * len(usd)):
        if found == len(usd):
            break
        g = int(_random(track.random) * groups)
        new = _propose(core, state, track, g)
        if new >= 0 and new != state.wave[g]:
            change = price_move(core, state, g, new)[0]
            if change > 0.0:
                usd[found] = change
                found += 1
    return found
