"""What a wave has only so much of: servers, crew hours by skill, data over each site's link.

Loads and capacities are whole thousandths, so that sums are exact in any order.

- **servers**: ``waves.max_servers``. Pathfinder waves have a second limit, ``waves.pathfinder_max_servers``. The dates after
  them have a third, the ramp: ``ramp_start_servers`` × ``ramp_factor`` for every date since.
- **crew hours** of a skill: ``hours_week`` and ``overtime_hours_week`` (at a price, `migrate.waves.extra_capacity`) × weeks since
  the candidate before, at most `CREW_WEEKS`, because work cannot be stored for longer; less ``hypercare_crew_share`` of the
  days among them on which the date before is in hypercare. A skill without a [[crew]] is not limited.
- **tools**: see `migrate.waves.tool_limits`.
- **link** of a site: what it sends in the ``waves.replication_days`` before the cutover, shared with the waves whose
  replication overlaps (`migrate.waves.links`). An application loads it with its data × (1 + change rate × replication
  days): what changes while it is replicated is sent again. A site without a [[link]] is not limited.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from migrate.findings import Finding, Severity
from migrate.model.plan import PlannedApplication
from migrate.spec import Spec
from migrate.waves.footprint import Footprint
from migrate.waves.tool_limits import in_flight, tool_limits

__all__ = [
    "CREW_WEEKS",
    "THOUSAND",
    "UNLIMITED",
    "Resource",
    "capacities",
    "crew_weeks",
    "list_resources",
    "loads",
    "ramp",
    "resent",
    "unlimited",
]

#: Weeks of crew hours that can be spent on one wave. Planning value of this project.
CREW_WEEKS = 4.0

#: Stands for "no limit" among capacities.
UNLIMITED = 1 << 50

THOUSAND = 1000

Ints = NDArray[np.int64]


_SINGULAR = re.compile(r"\b(server|hour|application)s\b")


@dataclass(frozen=True)
class Resource:
    """One limited thing. `kind` is ``servers``, ``pathfinder``, ``ramp``, ``crew``, ``link`` or ``tool``; `name` the
    skill, the site or the limit."""

    id: str  # its place in plan.toml, for messages
    kind: str
    name: str
    unit: str
    remedy: str  # how to get more of it, as an imperative; {need} stands for the amount

    def amount(self, thousandths: float) -> str:
        """An amount in words, such as ``41.5 hours``."""
        value = thousandths / THOUSAND
        told = f"{value:,.0f}" if abs(value - round(value)) < 5e-4 else f"{value:,.1f}"
        unit = _SINGULAR.sub(r"\1", self.unit, count=1) if told == "1" else self.unit
        return f"{told} {unit}"


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
    ramp = Resource("waves.ramp_start_servers", "ramp", "ramp", "servers", "Raise [waves] ramp_start_servers or ramp_factor.")
    tools = [Resource(limit.id, "tool", limit.id, limit.of, limit.remedy) for limit in tool_limits(spec)]
    crews = [_crew(skill) for skill in sorted({crew.skill for crew in spec.crew})]
    links = [_link(site) for site in sorted(link.from_ for link in spec.link)]
    ramps = () if spec.waves.ramp_start_servers is None else (ramp,)
    return (servers, pathfinder, *ramps, *tools, *crews, *links)


def _crew(skill: str) -> Resource:
    remedy = f"Give [[crew]] {skill} more hours_week, or overtime at a price: {{need}} a wave."
    return Resource(f"crew {skill}", "crew", skill, f"{skill} hours", remedy)


def _link(site: str) -> Resource:
    remedy = f"Widen the [[link]] of {site}, or give it overflow_usd_gib: {{need}} a wave."
    return Resource(f"link {site}", "link", site, "GiB", remedy)


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
        if resource.kind in ("servers", "ramp"):
            table[:, column] = servers
        elif resource.kind == "tool":
            table[:, column] = 1.0 if resource.unit == "applications" else footprint.rehosted
        elif resource.kind == "pathfinder":
            table[:, column] = np.where(profiled, servers, 0.0)
        elif resource.kind == "crew":
            table[:, column] = [application.crew_h.get(resource.name, 0.0) for application in moving]
        elif resource.name in footprint.sites:
            table[:, column] = footprint.data_gib[:, footprint.sites.index(resource.name)] * resent(spec)
    return np.rint(table * THOUSAND).astype(np.int64)


def capacities(day: NDArray[np.float64], resources: Sequence[Resource], pathfinders: Sequence[int] | None, spec: Spec) -> Ints:
    """Waves × resources, for candidates on the given days from the plan's start; links are left unlimited.

    `pathfinders` None: they are not yet chosen, and neither their limit nor the ramp holds.
    """
    weeks = crew_weeks(day, spec)
    table = np.full((len(day), len(resources)), UNLIMITED / THOUSAND)
    for column, resource in enumerate(resources):
        if resource.kind == "servers":
            table[:, column] = spec.waves.max_servers
        elif resource.kind == "pathfinder":
            table[list(pathfinders or ()), column] = spec.waves.pathfinder_max_servers
        elif resource.kind == "ramp" and pathfinders is not None:
            after = max(pathfinders, default=-1) + 1
            table[after:, column] = ramp(len(day) - after, spec)
        elif resource.kind == "tool":
            limit = next(limit for limit in tool_limits(spec) if limit.id == resource.name)
            shared = in_flight(day, spec.waves.replication_days) if limit.in_flight else 1
            table[:, column] = np.floor(limit.amount / shared)
        elif resource.kind == "crew":
            table[:, column] = sum(crew.most_hours_week for crew in spec.crew if crew.skill == resource.name) * weeks
    return np.floor(table * THOUSAND + 1e-6).astype(np.int64)


def ramp(dates: int, spec: Spec) -> NDArray[np.float64]:
    """Servers that each of the dates after the pathfinders may hold."""
    start = spec.waves.ramp_start_servers
    if start is None:
        return np.full(dates, float(spec.waves.max_servers))
    grown = math.log(max(spec.waves.max_servers / start, 1.0)) / math.log(spec.waves.ramp_factor)  # dates until the top
    return np.floor(np.minimum(start * spec.waves.ramp_factor ** np.minimum(np.arange(dates), grown + 1), spec.waves.max_servers))


def crew_weeks(day: NDArray[np.float64], spec: Spec) -> NDArray[np.float64]:
    """Weeks of each crew that every candidate has, less what hypercare of the candidate before keeps."""
    gap = np.diff(day, prepend=0.0)
    free = np.minimum(gap, CREW_WEEKS * 7.0)
    watched = np.maximum(np.minimum(spec.waves.hypercare_days, gap) - (gap - free), 0.0)
    watched[:1] = 0.0  # nothing was cut over before the first one
    return np.asarray((free - spec.waves.hypercare_crew_share * watched) / 7.0)


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
