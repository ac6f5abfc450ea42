"""What varies from run to run, and how it is drawn. Compiled."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from migrate.waves.schedule.kernels.evolution import uniform

__all__ = ["Chances", "slower", "staffing", "triangular"]


class Chances(NamedTuple):
    """How things vary. Durations are triangular, from `low` to `high` times the likely one."""

    low: float
    high: float
    failure: float
    retry: float
    retry_days: float
    link_low: float
    staff: int
    leaving: float
    transfer: float  # day on which operators change employer
    around: float  # days around it in which people leave
    settling: float  # days until a successor works like the one who left


@njit(cache=True, nogil=True)
def triangular(random: np.ndarray, low: float, mode: float, high: float) -> float:
    """By inversion; `mode` itself where there is no spread."""
    u = uniform(random)
    if high <= low:
        return mode
    cut = (mode - low) / (high - low)
    if u < cut:
        return low + float(np.sqrt(u * (high - low) * (mode - low)))
    return high - float(np.sqrt((1.0 - u) * (high - low) * (high - mode)))


@njit(cache=True, nogil=True)
def staffing(random: np.ndarray, chances: Chances, present: np.ndarray) -> None:
    """Share of the crews that is there in each week: some leave around the transfer, and successors settle in."""
    present[:] = 1.0
    for _ in range(chances.staff):
        if uniform(random) < chances.leaving:
            gone = chances.transfer + chances.around * (2.0 * uniform(random) - 1.0)
            for week in range(max(int(gone // 7.0), 0), min(int((gone + chances.settling) // 7.0) + 1, len(present))):
                missing = 1.0 - max(week * 7.0 - gone, 0.0) / max(chances.settling, 1.0)
                present[week] -= max(missing, 0.0) / chances.staff


@njit(cache=True, nogil=True)
def slower(present: np.ndarray, moment: float) -> float:
    """Times as long work takes with who is there; at most five times."""
    week = min(max(int(moment // 7.0), 0), len(present) - 1)
    return 1.0 / max(float(present[week]), 0.2)
