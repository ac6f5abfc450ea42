"""A request without some of its hard rules, over the same candidate dates: what a conflict is looked for with.

Rules are named by their ids: those of ``[[rule]]``, ``[[freeze]]`` and pins, ``windows`` for the want of a window, the
lease of a site, and every capacity.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np

from migrate.spec import Spec
from migrate.waves.links import Links
from migrate.waves.pathfinders import PATHFINDER_RULE
from migrate.waves.resources import UNLIMITED, Resource
from migrate.waves.rules import Ints
from migrate.waves.windows import Windows

__all__ = ["lift_capacity", "lift_limits", "lift_links", "lift_pathfinders"]


def lift_limits(windows: Windows, lifted: Collection[str]) -> Windows:
    """Let the members of the lifted limits into the waves that these close."""
    if not any(limit.id in lifted for limit in windows.limits):
        return windows
    allowed = np.ones_like(windows.allowed)
    pinned = windows.pinned.copy()
    for limit in windows.limits:
        if limit.id not in lifted:
            allowed[np.ix_(limit.members, np.flatnonzero(limit.closed))] = False
        elif limit.id.startswith("pin "):
            pinned[limit.members] = -1
    limits = tuple(limit for limit in windows.limits if limit.id not in lifted)
    return replace(windows, allowed=allowed, limits=limits, pinned=pinned)


def lift_capacity(capacity: Ints, resources: Sequence[Resource], lifted: Collection[str]) -> Ints:
    """As much as there can be of the lifted resources."""
    columns = [column for column, resource in enumerate(resources) if resource.id in lifted]
    capacity = capacity.copy()
    capacity[:, columns] = UNLIMITED
    return capacity


def lift_links(links: Links, resources: Sequence[Resource], lifted: Collection[str]) -> Links:
    """The links that are not lifted."""
    return links.only(np.array([resources[int(column)].id not in lifted for column in links.columns], dtype=bool))


def lift_pathfinders(spec: Spec, lifted: Collection[str]) -> Spec:
    """No pathfinder waves where their rule is lifted."""
    if PATHFINDER_RULE not in lifted:
        return spec
    return spec.model_copy(update={"waves": spec.waves.model_copy(update={"pathfinders": 0})})
