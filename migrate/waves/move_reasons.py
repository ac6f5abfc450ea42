"""Why an application is on another day than in an earlier plan: from the request, its records, its rules and its cost."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from migrate.model.plan import Plan, PlannedApplication
from migrate.waves.check import assignment_of
from migrate.waves.constraints import broken_rules
from migrate.waves.objective import evaluate
from migrate.waves.problem import Problem, problem_of
from migrate.waves.rules import Ints

__all__ = ["Reasons", "grown"]

_MOST = 400  # moves whose return is priced; it takes some milliseconds each


def grown(what: str, before: float | None, after: float | None) -> str:
    """A change of an amount in words; empty where there is none."""
    if before == after:
        return ""
    words = ["unknown" if value is None else f"{value:,.0f}" for value in (before, after)]
    return f"{what} {words[0]} → {words[1]}"


class Reasons:
    """Looks for reasons in two plans."""

    def __init__(self, before: Plan, after: Plan) -> None:
        self._old = {item.application: item for item in before.applications}
        self._new = {item.application: item for item in after.applications}
        self._pins = [{pin.application.casefold(): pin for pin in plan.spec.pin} for plan in (before, after)]
        self._after = after
        self._priced = 0

    def of(self, name: str) -> tuple[str, ...]:
        """The reasons for the move of one application, those that decide first."""
        old, new = self._old.get(name), self._new.get(name)
        if old is None or new is None:
            return ("it is new" if old is None else "it is gone",)
        if not old.moving_servers or not new.moving_servers:
            return (f"{old.disposition or 'undecided'} → {new.disposition or 'undecided'}: it does not move in both plans",)
        found = [*self._pinned(name), *_records(old, new)]
        if new.cutover_date is not None and old.cutover_date is not None:
            found.append(self._back(new, old))
        return tuple(reason for reason in found if reason)

    def _pinned(self, name: str) -> list[str]:
        before, after = (pins.get(name.casefold()) for pins in self._pins)
        if after is not None and (before is None or before.wave != after.wave):
            return [f"pinned to wave {after.wave}: {after.why}"]
        return [f"its pin to wave {before.wave} is gone"] if before is not None and after is None else []

    @cached_property
    def _problem(self) -> tuple[Problem, Ints]:
        problem = problem_of(self._after)
        return problem, assignment_of(problem, self._after)[0]

    @cached_property
    def _now(self) -> tuple[float, set[tuple[str, str]]]:
        """What the later plan costs, and what it breaks."""
        problem, wave = self._problem
        return evaluate(problem, wave).total, {(item.rule, item.message) for item in broken_rules(problem, wave)}

    def _back(self, new: PlannedApplication, old: PlannedApplication) -> str:
        """What its earlier day would cost, or break, now that all others are where the later plan has them."""
        problem, wave = self._problem
        index = problem.place.get(new.application)
        on = [number for number, item in enumerate(problem.calendar.candidates) if item.date == old.cutover_date]
        if index is None or not on:
            return f"there is no wave on {old.cutover_date} any more"
        forbidding = problem.windows.forbidding(index, on[0])
        if forbidding:
            return f"it may not move on {old.cutover_date}: {forbidding[0].text} ({forbidding[0].id})"
        self._priced += 1
        if self._priced > _MOST:
            return ""
        members = np.flatnonzero(problem.group == problem.group[index])
        moved = wave.copy()
        moved[members] = on[0]
        cost, already = self._now
        broken = [item for item in broken_rules(problem, moved) if (item.rule, item.message) not in already]
        usd = evaluate(problem, moved).total - cost
        if broken:
            return f"back on {old.cutover_date} it would break {broken[0].rule}: {broken[0].message}"
        more = f"{usd:,.0f} USD more" if usd >= 0 else f"{-usd:,.0f} USD less"
        return f"back on {old.cutover_date} the plan would cost {more}"


def _records(old: PlannedApplication, new: PlannedApplication) -> list[str]:
    """What its records say differently and moves can follow from."""
    words = [
        grown("moving servers", old.moving_servers, new.moving_servers),
        grown("GiB", round(old.data_gib), round(new.data_gib)),
        grown("crew hours", round(sum(old.crew_h.values())), round(sum(new.crew_h.values()))),
        grown(
            "USD a month at the target",
            old.cost_usd_month and round(old.cost_usd_month),
            new.cost_usd_month and round(new.cost_usd_month),
        ),
    ]
    for what in ("criticality", "disposition", "domain", "site", "move_group"):
        before, after = getattr(old, what), getattr(new, what)
        if before != after:
            words.append(f"{what.replace('_', ' ')} {before or 'unknown'} → {after or 'unknown'}")
    return words
