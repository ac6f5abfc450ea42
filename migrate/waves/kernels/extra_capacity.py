"""What waves pay for capacity beyond the usual (`migrate.waves.extra_capacity`), as hinges. Compiled.

A hinge costs ``Core.hinge_usd`` for every thousandth that a wave uses of ``Core.hinge`` beyond ``Core.beyond``. What waves take
from each other on a link that has a price comes on top (`kernels.chains`).
"""

from __future__ import annotations

import numpy as np
from numba import njit

from migrate.waves.kernels.core import Core

__all__ = ["extra_change", "extra_usd"]


@njit(cache=True)
def extra_usd(core: Core, used: np.ndarray) -> float:
    """USD of all waves."""
    usd = 0.0
    for k in range(len(core.hinge)):
        r = core.hinge[k]
        for w in range(len(used)):
            usd += max(used[w, r] - core.beyond[w, k], 0) * core.hinge_usd[k]
    return usd


@njit(cache=True)
def extra_change(core: Core, used: np.ndarray, g: int, old: int, new: int) -> float:
    """USD more (or less) when group `g` goes from `old` to `new`."""
    usd = 0.0
    for k in range(len(core.hinge)):
        r = core.hinge[k]
        size = core.load[g, r]
        if size != 0:
            over_new, over_old = used[new, r] - core.beyond[new, k], used[old, r] - core.beyond[old, k]
            change = max(over_new + size, 0) - max(over_new, 0) + max(over_old - size, 0) - max(over_old, 0)
            usd += change * core.hinge_usd[k]
    return usd
