"""Resources whose waves wait for each other, such as a link over which several waves are replicated at a time. Compiled.

Wave ``w`` is served from ``opens[w]`` on, after all waves before it, and must be served by ``due[w]``: both grow with the
waves, so serving them in order is best (Jackson, Scheduling a production line to minimize maximum tardiness, 1955). What
is not served when it is due is excess, and is given up, so that it does not count again with the waves after.

`Core.capacity` holds ``due − opens``, what a wave could have alone: its excess is counted there. Here is what comes on top.
Excess that has a price (`Core.chain_usd`) is counted here as a whole: there the capacity is unlimited. Also what is not shared
but has a price beyond some amount is such a chain, whose waves open so far from each other that none waits.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from migrate.waves.kernels.core import Core

__all__ = ["chain_change", "chain_excess", "follow_chain"]


@njit(cache=True)
def _extra(start: int, used: int, opens: int, due: int, usd: float) -> int:
    """Excess; where it has no price, because of the waves before, beyond what the wave has alone."""
    return max(start + used - due, 0) - (0 if usd > 0 else max(opens + used - due, 0))


@njit(cache=True)
def follow_chain(core: Core, used: np.ndarray, sent: np.ndarray, k: int, low: int, high: int) -> None:
    """Serve the waves anew after what is used has changed from `low` to `high`."""
    r = core.chained[k]
    before = sent[low - 1, k] if low > 0 else 0
    for w in range(low, len(sent)):
        after = min(max(before, core.opens[w, k]) + used[w, r], core.due[w, k])
        if w > high and after == sent[w, k]:
            return
        sent[w, k] = before = after


@njit(cache=True)
def chain_excess(core: Core, used: np.ndarray, sent: np.ndarray, k: int) -> int:
    """What all waves together cannot have in time."""
    r = core.chained[k]
    total, before = 0, 0
    for w in range(len(sent)):
        total += _extra(max(before, core.opens[w, k]), used[w, r], core.opens[w, k], core.due[w, k], core.chain_usd[k])
        before = sent[w, k]
    return total


@njit(cache=True)
def chain_change(core: Core, used: np.ndarray, sent: np.ndarray, k: int, g: int, old: int, new: int) -> int:
    """How much more (or less) of it when group `g` goes from `old` to `new`."""
    r, usd = core.chained[k], core.chain_usd[k]
    size, low, high = core.load[g, r], min(old, new), max(old, new)
    change = 0
    before = sent[low - 1, k] if low > 0 else 0
    moved = before
    w = low
    while w < len(sent):
        opens, due = core.opens[w, k], core.due[w, k]
        start, later = max(before, opens), max(moved, opens)
        if start == later and w not in (low, high):
            if w > high:
                break
            w, before = high, sent[high - 1, k]
            moved = before
            continue
        load = used[w, r] + (size if w == new else 0) - (size if w == old else 0)
        change += _extra(later, load, opens, due, usd) - _extra(start, used[w, r], opens, due, usd)
        before, moved = sent[w, k], min(later + load, due)
        w += 1
    return change
