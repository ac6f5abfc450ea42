"""What each site's link can have replicated by every cutover, shared by all waves that are in flight.

A wave is replicated in the ``waves.replication_days`` before its cutover, over the same line as the waves whose replication
overlaps with its own. With amounts counted in what the line can send since the plan's start, `P(t)` = GiB a day × t, the
wave of day ``d`` may use the line from ``P(d − replication_days)`` to ``P(d)``. The earlier cutover is served first, which
is best (Jackson 1955, see `kernels.chains`), so that::

    finish(w) = max(finish(w − 1), P(d_w − replication_days)) + data of w × (1 + change rate × replication_days)

and the plan is possible when ``finish(w) ≤ P(d_w)`` for every wave. Equivalently: whatever waves from i to j carry fits
into the days from the start of i's replication to the cutover of j. Everything is in whole thousandths of a GiB.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from migrate.spec import Spec
from migrate.units import mbit_s_to_gib_day
from migrate.waves.resources import THOUSAND, Resource
from migrate.waves.rules import Ints

__all__ = ["Links", "chained_links", "link_room", "list_links"]


@dataclass(frozen=True)
class Links:
    """The links among the resources; one column for each."""

    columns: Ints  # positions among the resources
    opens: Ints  # waves × links: amount since the start at which a wave's replication begins
    due: Ints  # waves × links: the same at its cutover

    def only(self, kept: Ints | NDArray[np.bool_]) -> Links:
        """Some of the links."""
        return Links(self.columns[kept], self.opens[:, kept], self.due[:, kept])

    def beside(self, others: Links) -> Links:
        """These links and others."""
        opens, due = np.hstack([self.opens, others.opens]), np.hstack([self.due, others.due])
        return Links(np.concatenate([self.columns, others.columns]), opens, due)


def list_links(day: NDArray[np.float64], resources: Sequence[Resource], spec: Spec) -> Links:
    """The links of a request, for candidates on the given days from the plan's start."""
    columns = np.array([column for column, resource in enumerate(resources) if resource.kind == "link"], dtype=np.int64)
    rate = np.zeros(len(columns))
    for number, column in enumerate(columns):
        rate[number] = sum(mbit_s_to_gib_day(link.rate_mbit_s) for link in spec.link if link.from_ == resources[column].name)
    begin = np.maximum(day - spec.waves.replication_days, 0.0)
    return Links(columns, _amount(begin, rate), _amount(day, rate))


def _amount(day: NDArray[np.float64], rate: NDArray[np.float64]) -> Ints:
    return np.floor(np.outer(day, rate) * THOUSAND + 1e-6).astype(np.int64)


def chained_links(links: Links) -> Ints:
    """Which of the links serve waves that overlap; the others never make a wave wait for the one before."""
    return np.flatnonzero((links.opens[1:] < links.due[:-1]).any(axis=0))


def link_room(links: Links, used: Ints) -> Ints:
    """What each wave can use of each link, after what the waves before it use.

    Parameters
    ----------
    links
        The links.
    used
        Waves × links: what each wave needs.
    """
    room = np.zeros_like(used)
    before = np.zeros(used.shape[1], dtype=np.int64)
    for wave in range(len(used)):
        start = np.maximum(before, links.opens[wave])
        room[wave] = links.due[wave] - start
        before = np.minimum(start + used[wave], links.due[wave])
    return room
