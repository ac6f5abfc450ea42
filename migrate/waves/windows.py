"""In which waves an application may move: its calendar, its lease end, dated rules and its pin."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from migrate.errors import RequestError
from migrate.findings import Finding, Severity
from migrate.model.plan import PlannedApplication
from migrate.spec import Spec
from migrate.waves.calendar import Calendar, Closure
from migrate.waves.footprint import Footprint
from migrate.waves.rules import DateRule, Ints
from migrate.waves.selectors import unknown_application

__all__ = ["Limit", "Windows", "allowed_waves", "closed_members"]


@dataclass(frozen=True)
class Limit:
    """One reason why some applications may not be in some waves."""

    id: str
    text: str
    members: Ints  # applications, ascending
    closed: NDArray[np.bool_]  # of each wave


@dataclass(frozen=True)
class Windows:
    """`allowed` is applications × waves; `limits` say why not; `pinned` is the wave of each application, or -1."""

    allowed: NDArray[np.bool_]
    limits: tuple[Limit, ...]
    pinned: Ints
    findings: tuple[Finding, ...]

    def forbidding(self, application: int, wave: int) -> list[Limit]:
        """What keeps an application out of a wave; empty when it is allowed."""
        return [limit for limit in self.limits if limit.closed[wave] and application in limit.members]


def allowed_waves(
    moving: Sequence[PlannedApplication],
    everyone: Sequence[PlannedApplication],
    calendar: Calendar,
    day: NDArray[np.float64],
    footprint: Footprint,
    dated: Sequence[DateRule],
    spec: Spec,
) -> Windows:
    """Combine everything that speaks about dates. `day` is that of each candidate, from the plan's start.

    Raises
    ------
    RequestError
        A pin names an application that is not there, or a wave without a candidate date.
    """
    limits = [*_closures(moving, calendar), *_leases(footprint, day, spec), *_dated(dated, day)]
    pins, pinned, findings = _pins(moving, everyone, len(day), spec)
    limits = [limit for limit in (*limits, *pins) if len(limit.members) and limit.closed.any()]
    allowed = np.ones((len(moving), len(day)), dtype=bool)
    for limit in limits:
        allowed[np.ix_(limit.members, np.flatnonzero(limit.closed))] = False
    return Windows(allowed, tuple(limits), pinned, tuple(findings))


def _closures(moving: Sequence[PlannedApplication], calendar: Calendar) -> list[Limit]:
    """One limit for each freeze (or want of a window) and each set of applications that it closes."""
    found: dict[Closure, list[int]] = {}
    for wave, parts in enumerate(calendar.closures):
        for part in parts:
            found.setdefault(part, []).append(wave)
    limits = []
    for part, waves in found.items():
        closed = np.zeros(len(calendar.candidates), dtype=bool)
        closed[waves] = True
        text = f"the freeze {part.rule} holds" if part.frozen else "there is no window for the domain on that day"
        limits.append(Limit(part.rule, text, np.array(closed_members(moving, part), dtype=np.int64), closed))
    return limits


def closed_members(moving: Sequence[PlannedApplication], closure: Closure) -> list[int]:
    """Positions of the applications that a closure is about, ascending."""
    domains, names = {name.casefold() for name in closure.domains}, set(closure.applications)
    return [
        index
        for index, item in enumerate(moving)
        if "*" in domains or item.application in names or (item.domain or "\0").casefold() in domains
    ]


def _leases(footprint: Footprint, day: NDArray[np.float64], spec: Spec) -> list[Limit]:
    """What is cut over is watched at the site before it is switched off: hypercare must end with the lease."""
    limits = []
    for site in spec.site:
        if site.lease_end is not None:
            members = np.flatnonzero(footprint.servers[:, footprint.sites.index(site.name)])
            closed = day + math.ceil(spec.waves.hypercare_days) > (site.lease_end - spec.plan.start).days
            text = f"the lease of {site.name} ends on {site.lease_end}, and hypercare comes before"
            limits.append(Limit(f"site {site.name}", text, members, closed))
    return limits


def _dated(dated: Sequence[DateRule], day: NDArray[np.float64]) -> list[Limit]:
    limits = []
    for rule in dated:
        if rule.price is None:
            limits.append(Limit(rule.id, f"the rule {rule.id} says {rule.text}", rule.members, rule.broken(day)))
    return limits


def _pins(
    moving: Sequence[PlannedApplication], everyone: Sequence[PlannedApplication], waves: int, spec: Spec
) -> tuple[list[Limit], Ints, list[Finding]]:
    place = {application.application.casefold(): index for index, application in enumerate(moving)}
    known = {application.application.casefold() for application in everyone}
    limits: list[Limit] = []
    pinned = np.full(len(moving), -1, dtype=np.int64)
    findings = []
    for pin in spec.pin:
        name = pin.application.casefold()
        if name not in known:
            raise unknown_application(pin.application, everyone, "plan.toml [[pin]]")
        if pin.wave > waves:
            raise RequestError(
                f"the pin of {pin.application!r} names wave {pin.wave}, but the calendar has {waves} candidate dates",
                where="plan.toml [[pin]]",
                remedy=f"Pin it to a wave from 1 to {waves}, or raise [waves] max_waves.",
            )
        if name not in place:
            findings.append(_pin_not_moving(pin.application))
            continue
        if pin.price_usd is not None:
            continue  # a price, not a limit: `date_rules`
        closed = np.ones(waves, dtype=bool)
        closed[pin.wave - 1] = False
        pinned[place[name]] = pin.wave - 1
        members = np.array([place[name]], dtype=np.int64)
        limits.append(Limit(f"pin {pin.application}", f"it is pinned to wave {pin.wave} ({pin.why})", members, closed))
    return limits, pinned, findings


def _pin_not_moving(name: str) -> Finding:
    return Finding(
        code="pin-not-moving",
        severity=Severity.warning,
        subject=name,
        source="plan.toml",
        message="The pinned application has no server that moves, so the pin does nothing",
        remedy="Remove the [[pin]], or correct the disposition.",
    )
