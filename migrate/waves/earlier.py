"""What an earlier plan means for a new one: what is done or committed stays, and moving the rest has a price.

- What was **cut over** or is **committed** (its replication runs) by the day of replanning keeps its wave. No rule is asked
  about it any more, and nothing else joins its waves: capacities of such waves are at least what stands in them.
- What is **free** may only be in waves whose replication begins after that day.
- What the earlier plan had on another day costs ``weights.change_usd``: a soft rule under that id, for each application.
- **Wave numbers keep their dates**: the candidates of the earlier plan come first (`migrate.waves.calendar`).
- Pathfinder waves that are done are not asked for again.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from migrate.findings import Finding, Severity
from migrate.model.plan import Earlier, MoveGroup, PlannedApplication
from migrate.spec import Spec
from migrate.waves.calendar import Calendar
from migrate.waves.links import Links, link_room
from migrate.waves.pathfinders import Pathfinders
from migrate.waves.rules import DateRule, Ints, Kind, SetRule
from migrate.waves.windows import Limit, Windows

__all__ = ["CHANGE_RULE", "EARLIER_RULE", "Held", "hold"]

#: Id under which a change of the earlier plan is priced.
CHANGE_RULE = "weights.change_usd"

#: Id under which a wave is closed because of what is done, committed or too near.
EARLIER_RULE = "earlier plan"


@dataclass(frozen=True)
class Held:
    """The earlier plan in positions of the new problem.

    `fixed` is the wave of each application that stays where it is, or -1; `before` that of each one the earlier plan had,
    or -1, where it is still a candidate. `dates` are priced rules.
    """

    fixed: Ints
    before: Ints
    dates: tuple[DateRule, ...]
    limits: tuple[Limit, ...]
    findings: tuple[Finding, ...]

    def free_sets(self, rules: Sequence[SetRule]) -> list[SetRule]:
        """The hard rules without what is fixed: it shares no wave with the rest, and comes before it.

        What orders or lags ask of the rest because of what is fixed still holds.
        """
        if not self.any_fixed:
            return list(rules)
        return [rule if rule.price is not None else replace(rule, members=tuple(self._asked(rule))) for rule in rules]

    def _asked(self, rule: SetRule) -> Iterator[Ints]:
        # what is fixed still says until when, or since when, others have to move: firsts, and thens that firsts may follow
        kept = int(rule.loose) if rule.kind == Kind.order else None
        for role, members in enumerate(rule.members):
            yield members if role == kept else members[self.fixed[members] < 0]

    def free_groups(self, move_groups: Sequence[MoveGroup], moving: Sequence[PlannedApplication]) -> Sequence[MoveGroup]:
        """The move groups without what is fixed."""
        if not self.any_fixed:
            return move_groups
        gone = {moving[int(index)].application for index in np.flatnonzero(self.fixed >= 0)}
        return [
            group.model_copy(update={"applications": tuple(name for name in group.applications if name not in gone)})
            for group in move_groups
        ]

    def free_windows(self, windows: Windows) -> Windows:
        """Lift every limit from what is fixed, and add those of the earlier plan."""
        if not len(self.limits):
            return windows
        kept = [replace(limit, members=limit.members[self.fixed[limit.members] < 0]) for limit in windows.limits]
        limits = tuple(limit for limit in (*kept, *self.limits) if len(limit.members) and limit.closed.any())
        allowed = np.ones_like(windows.allowed)
        for limit in limits:
            allowed[np.ix_(limit.members, np.flatnonzero(limit.closed))] = False
        pinned = np.where(self.fixed >= 0, self.fixed, windows.pinned)
        return replace(windows, allowed=allowed, limits=limits, pinned=pinned)

    def raised(self, capacity: Ints, load: Ints) -> Ints:
        """Capacities that hold at least what is fixed in each wave."""
        used = np.zeros_like(capacity)
        inside = np.flatnonzero(self.fixed >= 0)
        np.add.at(used, self.fixed[inside], load[inside])
        return np.maximum(capacity, used)

    def lightened(self, load: Ints, links: Links) -> Ints:
        """The loads without what fixed waves would need of a link beyond what it can send: whatever it took, it is sent."""
        inside = np.flatnonzero(self.fixed >= 0)
        if not len(inside) or not len(links.columns):
            return load
        used = np.zeros_like(links.due)
        np.add.at(used, self.fixed[inside], load[np.ix_(inside, links.columns)])
        over = used > link_room(links, used)
        load = load.copy()
        load[np.ix_(inside, links.columns)] *= ~over[self.fixed[inside]]
        return load

    def fewer_pathfinders(self, spec: Spec) -> Spec:
        """The request that asks only for the pathfinder waves that are still to come."""
        left = max(0, spec.waves.pathfinders - len(self.fixed_waves))
        return spec.model_copy(update={"waves": spec.waves.model_copy(update={"pathfinders": left})})

    def all_pathfinders(self, pathfinders: Pathfinders, spec: Spec) -> Pathfinders:
        """The pathfinder waves with those that are done."""
        past = tuple(int(wave) for wave in self.fixed_waves[: spec.waves.pathfinders])
        return replace(pathfinders, waves=tuple(sorted({*past, *pathfinders.waves}))) if past else pathfinders

    @property
    def any_fixed(self) -> bool:
        """Something is done or committed."""
        return bool((self.fixed >= 0).any())

    @property
    def fixed_waves(self) -> Ints:
        """Waves that hold what is done or committed, ascending."""
        return np.unique(self.fixed[self.fixed >= 0])


def hold(moving: Sequence[PlannedApplication], earlier: Earlier | None, calendar: Calendar, pinned: Ints, spec: Spec) -> Held:
    """Place what the earlier plan had among the candidates of the new problem.

    Parameters
    ----------
    moving
        The applications that move.
    earlier
        None: there is no earlier plan, and nothing is held.
    calendar
        Its candidates begin with those of `earlier`.
    pinned
        Wave of each application that the request pins, or -1.
    """
    nowhere = np.full(len(moving), -1, dtype=np.int64)
    if earlier is None:
        return Held(nowhere, nowhere, (), (), ())
    number = {candidate.date: index for index, candidate in enumerate(calendar.candidates)}
    known = {item.application: item for item in earlier.applications}
    fixed, before = nowhere.copy(), nowhere.copy()
    planned: dict[int, list[int]] = {}
    for index, application in enumerate(moving):
        item = known.get(application.application)
        wave = None if item is None else number.get(item.date)
        if item is None or wave is None:
            continue
        before[index] = wave
        if item.state == "planned":
            planned.setdefault((item.date - spec.plan.start).days, []).append(index)
        else:
            fixed[index] = wave
    return Held(
        fixed=fixed,
        before=before,
        dates=tuple(_priced(day, members, spec) for day, members in sorted(planned.items())) if spec.weights.change_usd else (),
        limits=tuple(_limits(fixed, earlier, calendar, spec)),
        findings=tuple(_contradicted(moving, fixed, pinned)),
    )


def _priced(day: int, members: list[int], spec: Spec) -> DateRule:
    return DateRule(
        id=CHANGE_RULE,
        members=np.array(members, dtype=np.int64),
        earliest_day=day,
        latest_day=day,
        price=spec.weights.change_usd,
        text="as the earlier plan had it",
    )


def _limits(fixed: Ints, earlier: Earlier, calendar: Calendar, spec: Spec) -> list[Limit]:
    limits = []
    for wave in np.unique(fixed[fixed >= 0]):
        closed = np.ones(len(calendar.candidates), dtype=bool)
        closed[wave] = False
        text = f"by {earlier.as_of} it was cut over or replicating for wave {int(wave) + 1}"
        limits.append(Limit(EARLIER_RULE, text, np.flatnonzero(fixed == wave), closed))
    free = np.flatnonzero(fixed < 0)
    lead = math.ceil(spec.waves.replication_days)
    late: NDArray[np.bool_] = np.array([(item.date - earlier.as_of).days <= lead for item in calendar.candidates], dtype=bool)
    limits.append(Limit(EARLIER_RULE, f"its replication would have had to begin by {earlier.as_of}", free, late))
    return limits


def _contradicted(moving: Sequence[PlannedApplication], fixed: Ints, pinned: Ints) -> list[Finding]:
    return [
        Finding(
            code="pin-after-cutover",
            severity=Severity.warning,
            subject=moving[int(index)].application,
            source="plan.toml",
            message=f"It is pinned to wave {pinned[index] + 1}, but was cut over or replicating in wave {fixed[index] + 1}",
            remedy="Remove the [[pin]], or name what was not done with --not-done.",
        )
        for index in np.flatnonzero((fixed >= 0) & (pinned >= 0) & (pinned != fixed))
    ]
