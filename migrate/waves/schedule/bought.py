"""What waves have bought beyond the usual, as the schedule uses it: hours of overtime, and data that goes another way.

The data that a line cannot have replicated by the cutover is what it would send last. The line serves the applications of a
wave from the largest to the smallest, so the smallest of them go another way, and one may in part.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from migrate.model.plan import PlannedWave

__all__ = ["bought", "on_the_line"]

_CRUMB_GIB = 0.01  # amounts are bought in thousandths: what rounding leaves over does not wait for the line


def bought(waves: Sequence[PlannedWave], kind: str, names: Sequence[str]) -> NDArray[np.float64]:
    """Waves × names: hours of overtime (`kind` ``crew``, by skill) or GiB that go another way (``link``, by site)."""
    found = [wave.bought(kind) for wave in waves]
    return np.array([[amounts.get(name, 0.0) for name in names] for amounts in found]).reshape(len(waves), len(names))


def on_the_line(gib: NDArray[np.float64], row: NDArray[np.int64], another_way: NDArray[np.float64]) -> NDArray[np.float64]:
    """What each application sends over each site's line, where a part of its wave's data goes another way.

    Parameters
    ----------
    gib
        Applications × sites: all data, with what changes meanwhile.
    row
        Of each application: its wave.
    another_way
        Waves × sites.
    """
    sent = gib.copy()
    for wave, site in np.argwhere(another_way > 0):
        members = np.flatnonzero(row == wave)
        queue = members[np.lexsort((members, -gib[members].sum(axis=1)))]
        needed = gib[queue, site]
        before = np.cumsum(needed) - needed
        line = np.clip(needed.sum() - another_way[wave, site] - before, 0.0, needed)
        sent[queue, site] = np.where(line < _CRUMB_GIB, 0.0, line)
    return sent
