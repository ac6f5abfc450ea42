"""What the target's tools can take: limits with names, each of which ``waves.limits_off`` can switch off.

The figures are quotas of AWS Application Migration Service, of each account and region
(https://docs.aws.amazon.com/general/latest/gr/mgn.html, read 2026-11). They are about servers that it moves: those that are
rehosted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from migrate.spec import Spec
from migrate.waves.rules import Ints

__all__ = ["TOOL_LIMITS", "ToolLimit", "in_flight", "tool_limits"]

_QUOTAS = "https://docs.aws.amazon.com/general/latest/gr/mgn.html"


@dataclass(frozen=True)
class ToolLimit:
    """One limit. `of` says what is counted: rehosted servers or applications."""

    id: str
    amount: int
    of: str
    text: str
    remedy: str
    source: str = _QUOTAS
    in_flight: bool = False  # shared by all waves whose replication overlaps


#: In the order of docs/rules-of-waves.md.
TOOL_LIMITS = (
    ToolLimit(
        "mgn-servers-a-job",
        200,
        "servers",
        "Source servers in a single job, where a wave is launched as one. AWS does not raise it.",
        "Lower [waves] max_servers, or launch the wave in several jobs and name the limit in [waves] limits_off.",
    ),
    ToolLimit(
        "mgn-applications-a-wave",
        1000,
        "applications",
        "Applications per wave. AWS does not raise it.",
        "Lower [waves] max_servers, or name the limit in [waves] limits_off.",
    ),
    ToolLimit(
        "mgn-servers-replicating",
        150,
        "servers",
        "Active source servers, that is replicating at a time; AWS raises it when it is shown a plan. Waves whose replication "
        "overlaps share it evenly.",
        "Ask AWS for a higher quota and name the limit in [waves] limits_off, or leave more days between waves.",
        in_flight=True,
    ),
)


def tool_limits(spec: Spec) -> tuple[ToolLimit, ...]:
    """The limits that are on and that ``waves.max_servers`` does not keep anyway: an application has a server or more."""
    on = (limit for limit in TOOL_LIMITS if limit.id not in spec.waves.limits_off)
    return tuple(limit for limit in on if limit.in_flight or spec.waves.max_servers > limit.amount)


def in_flight(day: NDArray[np.float64], replication_days: float) -> Ints:
    """For each wave, the most waves that are replicated at a time while it is: itself counts.

    Parameters
    ----------
    day
        Of each candidate, ascending.
    replication_days
        Days before its cutover from which a wave is replicated.
    """
    begin = day - replication_days
    first = np.searchsorted(day, begin, side="right")  # when wave u begins, the waves from first[u] to u are replicated
    counts = np.arange(len(day)) - first + 1
    most = np.ones(len(day), dtype=np.int64)
    for wave in range(len(day)):
        later: Sequence[int] = range(wave, int(np.searchsorted(begin, day[wave], side="left")))
        most[wave] = max((int(counts[u]) for u in later), default=1)
    return most
