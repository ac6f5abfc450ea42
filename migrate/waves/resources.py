"""What a wave has only so much of: servers, crew hours by skill, data over each site's link.

Loads and capacities are whole thousandths, so that sums are exact in any order.

- **servers**: ``waves.max_servers``. Pathfinder waves have a second limit, ``waves.pathfinder_max_servers``.
- **crew hours** of a skill: ``hours_week`` × weeks since the candidate before, at most `CREW_WEEKS`, because work cannot be
  stored for longer. A skill without a [[crew]] is not limited.
- **link** of a site: what it sends in the ``waves.replication_days`` before the cutover, shared with the waves whose
  replication overlaps (`migrate.waves.links`). An application loads it with its data × (1 + change rate × replication
  days): what changes while it is replicated is sent again. A site without a [[link]] is not limited.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from migrate.findings import Finding, Severity
from migrate.model.plan import PlannedApplication
from migrate.spec import Spec
from migrate.waves.footprint import Footprint

__all__ = ["CREW_WEEKS", "THOUSAND", "UNLIMITED", "Resource", "capacities", "list_resources", "loads", "resent", "unlimited"]

#: Weeks of crew hours that can be spent on one wave. Planning value of this project.
CREW_WEEKS = 4.0

#: Stands for "no limit" among capacities.
UNLIMITED = 1 << 50

THOUSAND = 1000

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Resource:
    """One limited thing. `kind` is ``servers``, ``pathfinder``, ``crew`` or ``link``; `name` the skill or the site."""

    id: str  # its place in plan.toml, for messages
    kind: str
    name: str
    unit: str
    remedy: str  # how to get more of it, as an imperative; {need} stands for the amount

    def amount(self, thousandths: float) -> str:
        """An amount in words, such as ``41.5 hours``."""
        value = thousandths / THOUSAND
        return f"{value:,.0f} {self.unit}" if abs(value - round(value)) < 5e-4 else f"{value:,.1f} {self.unit}"


def list_resources(spec: Spec) -> tuple[Resource, ...]:
    """The resources that the request limits, in a fixed order."""
    servers = Resource("waves.max_servers", "servers", "servers", "servers", "Raise [waves] max_servers to at least {need}.")
    pathfinder = Resource(
        "waves.pathfinder_max_servers",
        "pathfinder",
        "servers of pathfinders",
        "servers",
        "Raise [waves] pathfinder_max_servers to at least {need}.",
    )
    crews = [
        Resource(f"crew {skill}", "crew", skill, f"{skill} hours", f"Give [[crew]] {skill} more hours_week: {{need}} a wave.")
        for skill in sorted({crew.skill for crew in spec.crew})
    ]
    links = [
        Resource(f"link {link.from_}", "link", link.from_, "GiB", f"Widen the [[link]] of {link.from_}: {{need}} a wave.")
        for link in sorted(spec.link, key=lambda item: item.from_)
    ]
    return (servers, pathfinder, *crews, *links)


def resent(spec: Spec) -> float:
    """GiB sent per GiB of data: once, and again what changes while it is replicated."""
    return 1.0 + spec.waves.change_rate_day * spec.waves.replication_days


def loads(
    moving: Sequence[PlannedApplication],
    footprint: Footprint,
    resources: Sequence[Resource],
    profiled: NDArray[np.bool_],
    spec: Spec,
) -> Ints:
    """Applications × resources. `profiled` ones count against the pathfinder limit."""
    servers = np.array([application.moving_servers for application in moving], dtype=np.float64)
    table = np.zeros((len(moving), len(resources)))
    for column, resource in enumerate(resources):
        if resource.kind == "servers":
            table[:, column] = servers
        elif resource.kind == "pathfinder":
            table[:, column] = np.where(profiled, servers, 0.0)
        elif resource.kind == "crew":
            table[:, column] = [application.crew_h.get(resource.name, 0.0) for application in moving]
        elif resource.name in footprint.sites:
            table[:, column] = footprint.data_gib[:, footprint.sites.index(resource.name)] * resent(spec)
    return np.rint(table * THOUSAND).astype(np.int64)


def capacities(day: NDArray[np.float64], resources: Sequence[Resource], pathfinders: Sequence[int], spec: Spec) -> Ints:
    """Waves × resources, for candidates on the given days from the plan's start; links are left at zero."""
    gap = np.diff(day, prepend=0.0)
    table = np.zeros((len(day), len(resources)))
    for column, resource in enumerate(resources):
        if resource.kind == "servers":
            table[:, column] = spec.waves.max_servers
        elif resource.kind == "pathfinder":
            table[:, column] = UNLIMITED / THOUSAND
            table[list(pathfinders), column] = spec.waves.pathfinder_max_servers
        elif resource.kind == "crew":
            hours = sum(crew.hours_week for crew in spec.crew if crew.skill == resource.name)
            table[:, column] = hours * np.minimum(gap / 7.0, CREW_WEEKS)
    return np.floor(table * THOUSAND + 1e-6).astype(np.int64)


def unlimited(moving: Sequence[PlannedApplication], footprint: Footprint, spec: Spec) -> list[Finding]:
    """What has a load but no limit, because the request does not say how much of it there is."""
    crewed = {crew.skill for crew in spec.crew}
    used = {skill for application in moving for skill, hours in application.crew_h.items() if hours > 0}
    findings = [
        Finding(
            code="skill-without-crew",
            severity=Severity.info,
            subject=skill,
            message=f"No [[crew]] has the skill {skill}, so its hours do not limit any wave",
            remedy=f'Add [[crew]] skill = "{skill}" with its hours_week.',
        )
        for skill in sorted(used - crewed)
    ]
    linked = {link.from_ for link in spec.link}
    findings += [
        Finding(
            code="link-without-site",
            severity=Severity.warning,
            subject=name,
            source="plan.toml",
            message="A [[link]] starts at a site that neither [[site]] nor an inventory names, so it carries nothing",
            remedy=f"Name one of: {', '.join(footprint.sites[:20]) or 'no site is known; add a [[site]]'}.",
        )
        for name in sorted(linked - set(footprint.sites))
    ]
    for column, site in enumerate(footprint.sites):
        if site not in linked and footprint.data_gib[:, column].any():
            findings.append(
                Finding(
                    code="site-without-link",
                    severity=Severity.info,
                    subject=site,
                    message="No [[link]] starts at this site, so replication does not limit any wave",
                    remedy=f'Add [[link]] from = "{site}" with its bandwidth_mbit_s.',
                )
            )
    return findings
