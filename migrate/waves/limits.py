"""Limits that a request leaves to the planner: how many dates are considered, and how many mission-critical cutovers share one.

- ``waves.max_waves``: twice the fewest waves whose servers and crews hold everything that moves without what has a price,
  and a few more. A programme that may take ever longer drifts: what a late date saves is small and certain, what it risks is
  not priced.
- ``waves.max_mission_critical``: one, unless the mission-critical applications then need more than half of the dates.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from migrate.model.plan import PlannedApplication
from migrate.spec import Spec
from migrate.waves.resources import crew_weeks, ramp

__all__ = ["MOST_WAVES", "settle", "widening"]

#: Candidate dates that are considered at the most.
MOST_WAVES = 400

_SLACK = 2
_SPARE = 4


def settle(moving: Sequence[PlannedApplication], spec: Spec) -> Spec:
    """The request with these limits filled in; unchanged where it names them.

    Parameters
    ----------
    moving
        The applications that move.
    spec
        The request.
    """
    waves = spec.waves
    dates = waves.max_waves or min(MOST_WAVES, _SLACK * _fewest(moving, spec) + waves.pathfinders + _SPARE)
    critical = waves.max_mission_critical
    if critical is None:
        number = sum(application.criticality == "mission-critical" for application in moving)
        critical = max(1, math.ceil(_SLACK * number / dates))
    return _with(spec, max_waves=dates, max_mission_critical=critical)


def widening(moving: Sequence[PlannedApplication], spec: Spec) -> Iterator[Spec]:
    """The requests to try one after another: with more and more dates where the request does not say how many."""
    settled = settle(moving, spec)
    yield settled
    if spec.waves.max_waves is not None:
        return
    dates = settled.waves.max_waves or MOST_WAVES
    while dates < MOST_WAVES:
        dates = min(MOST_WAVES, _SLACK * dates)
        yield _with(settled, max_waves=dates)


def _with(spec: Spec, **limits: int) -> Spec:
    return spec.model_copy(update={"waves": spec.waves.model_copy(update=limits)})


def _fewest(moving: Sequence[PlannedApplication], spec: Spec) -> int:
    """Waves that hold all servers, and all hours of every crew, at the pace of ``min_days_between``."""
    servers = sum(application.moving_servers for application in moving)
    room = np.minimum(ramp(MOST_WAVES, spec), spec.waves.usual_servers or spec.waves.max_servers)
    fewest = int(np.searchsorted(np.cumsum(room), servers)) + 1
    weeks = float(crew_weeks(np.array([1.0, 2.0]) * spec.waves.min_days_between, spec)[1])
    for skill in sorted({crew.skill for crew in spec.crew}):
        hours = sum(crew.hours_week for crew in spec.crew if crew.skill == skill) * weeks
        need = sum(application.crew_h.get(skill, 0.0) for application in moving)
        fewest = max(fewest, math.ceil(need / hours) if hours * MOST_WAVES > need else MOST_WAVES)
    return max(1, fewest)
