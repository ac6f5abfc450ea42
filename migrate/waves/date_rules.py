"""Rules about days: earliest, latest, the end of vendors' support, and what a freeze or a pin costs where it is soft."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from migrate.findings import Finding, Severity
from migrate.model.names import MOVING
from migrate.model.plan import PlannedApplication, PlannedServer
from migrate.model.support import end_of_support
from migrate.spec import Rule, Spec
from migrate.waves.calendar import Calendar
from migrate.waves.rules import DateRule, Ints
from migrate.waves.windows import closed_members

__all__ = ["dated_rules", "priced_dates"]


def dated_rules(
    rule: Rule,
    members: Ints,
    moving: Sequence[PlannedApplication],
    servers: Sequence[PlannedServer],
    day: NDArray[np.float64],
    spec: Spec,
) -> tuple[list[DateRule], list[Finding]]:
    """What a ``[[rule]]`` with `earliest`, `latest` or `by_end_of_support` asks of its members."""
    start = spec.plan.start
    found = []
    if rule.earliest is not None or rule.latest is not None:
        parts = [] if rule.earliest is None else [f"not before {rule.earliest}"]
        parts += [] if rule.latest is None else [f"not after {rule.latest}"]
        early = None if rule.earliest is None else (rule.earliest - start).days
        late = None if rule.latest is None else (rule.latest - start).days
        found.append(DateRule(rule.id, members, early, late, rule.price_usd, " and ".join(parts)))
    if not rule.by_end_of_support:
        return found, []
    names = {moving[int(index)].application: int(index) for index in members}
    ends = _ends(servers, names)
    passed = sorted(index for index, (end, _) in ends.items() if (end - start).days < day[0])
    for end, product in sorted({ends[index] for index in ends if index not in passed}):
        inside = np.array(sorted(index for index in ends if ends[index] == (end, product)), dtype=np.int64)
        text = f"not after {end}, when support of {product} ends"
        found.append(DateRule(rule.id, inside, None, (end - start).days, rule.price_usd, text))
    return found, [_passed(rule.id, [moving[index].application for index in passed])] if passed else []


def _ends(servers: Sequence[PlannedServer], names: dict[str, int]) -> dict[int, tuple[dt.date, str]]:
    """By position: the first day on which support of one of its moving servers ends, and of what."""
    known: dict[str, dt.date | None] = {}
    ends: dict[int, tuple[dt.date, str]] = {}
    for server in servers:
        name = server.os_name
        if name is None or server.application not in names or server.disposition not in MOVING:
            continue
        if name not in known:
            known[name] = end_of_support(name)
        end = known[name]
        if end is not None:
            index = names[server.application]
            ends[index] = min(ends.get(index, (end, name)), (end, name))
    return ends


def _passed(rule: str, names: list[str]) -> Finding:
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return Finding(
        code="support-ends-before-the-first-wave",
        severity=Severity.warning,
        subject=f"rule {rule}",
        source="plan.toml",
        message=f"Support of an operating system of {', '.join(names[:5])}{more} ends before the first cutover date, so the rule "
        "cannot hold for them",
        remedy="Upgrade them, buy extended support, or set an own `latest` for them.",
    )


def priced_dates(
    moving: Sequence[PlannedApplication], calendar: Calendar, day: NDArray[np.float64], spec: Spec
) -> list[DateRule]:
    """Freezes and pins that have a price. `day` has that of each candidate and, last, the horizon: in no wave."""
    found = []
    for freeze in spec.freeze:
        if freeze.price_usd is None:
            continue
        by_members: dict[tuple[int, ...], list[float]] = {}
        for wave, parts in enumerate(calendar.priced):
            for part in parts:
                if part.rule == freeze.id:
                    by_members.setdefault(tuple(closed_members(moving, part)), []).append(float(day[wave]))
        for members, days in sorted(by_members.items()):
            inside = np.array(members, dtype=np.int64)
            text = f"not in the freeze {freeze.id}"
            found.append(DateRule(freeze.id, inside, None, None, freeze.price_usd, text, closed=tuple(days)))
    place = {application.application.casefold(): index for index, application in enumerate(moving)}
    for pin in spec.pin:
        index = place.get(pin.application.casefold())
        if pin.price_usd is not None and index is not None and pin.wave < len(day):
            others = tuple(float(value) for value in np.delete(day, pin.wave - 1))
            text = f"in wave {pin.wave}"
            found.append(
                DateRule(
                    f"pin {pin.application}", np.array([index], dtype=np.int64), None, None, pin.price_usd, text, closed=others
                )
            )
    return found
