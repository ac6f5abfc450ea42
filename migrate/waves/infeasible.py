"""Why there is no plan: the causes that can be told without searching, each with its rules, its amounts and its remedy."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from migrate.errors import InfeasibleError
from migrate.waves.lag_proofs import demand_lags
from migrate.waves.order_proofs import demand_no_cycle, narrow
from migrate.waves.problem import Problem
from migrate.waves.remedies import open_dates, raise_days
from migrate.waves.room_proofs import demand_counts, demand_fit, demand_room
from migrate.waves.rules import Kind
from migrate.waves.windows import Limit

__all__ = ["demand_possible"]

_PLACE = "plan.toml"


def demand_possible(problem: Problem) -> NDArray[np.bool_]:
    """Groups × waves that are possible once `before` and `within` rules are taken into account.

    Raises
    ------
    InfeasibleError
        One sentence names what cannot be: a cycle of `before` rules, lags that contradict each other, a group without any
        date, a group larger than every wave, pins that overfill their wave, or more to move before a date than the waves
        until then can take.
    """
    demand_no_cycle(problem)
    _demand_no_conflict_inside(problem)
    demand_lags(problem)
    _demand_dates(problem)
    allowed = narrow(problem)
    demand_fit(problem, allowed)
    demand_room(problem, allowed)
    demand_counts(problem, allowed)
    return allowed


def _demand_no_conflict_inside(problem: Problem) -> None:
    """Rules that a group breaks by itself, whatever its wave."""
    for rule in problem.rules:
        if rule.price is not None:
            continue
        counts = [np.bincount(problem.group[members], minlength=problem.groups) for members in rule.members]
        if rule.kind == Kind.order and rule.strictly:
            bad = (counts[0] > 0) & (counts[1] > 0)
            what = "puts one of its applications strictly before another"
        elif rule.kind == Kind.apart:
            bad = np.sum([count > 0 for count in counts], axis=0) > 1
            what = "keeps some of its applications apart"
        elif rule.kind == Kind.at_most:
            bad = counts[0] > rule.count if not (rule.clip and rule.count > 0) else np.zeros(problem.groups, dtype=bool)
            what = f"allows {rule.count} of its applications in a wave"
        else:
            continue
        if bad.any():
            group = int(np.argmax(bad))
            near = _near(problem, group)
            days = f", as no two candidate dates are as near as {' and '.join(near)} asks" if near else ""
            remedy = "Relax the rule, or take the applications out of their `together` rule or move group."
            raise InfeasibleError(
                f"the rule {rule.id} {what}, but {problem.name_group(group)} moves together{days}",
                where=f"{_PLACE} {rule.id if '.' in rule.id else '[[rule]]'}",
                remedy=raise_days(problem.spec, near) or remedy,
            )


def _needed(limits: Sequence[Limit]) -> list[Limit]:
    """Of limits that close every date together, those that close the most first: without what the others close as well."""
    kept = list(limits)
    for limit in reversed(limits):
        others = [other.closed for other in kept if other is not limit]
        if not limit.closed.all() and others and np.any(others, axis=0).all():
            kept = [other for other in kept if other is not limit]
    return kept


def _near(problem: Problem, group: int) -> list[str]:
    """The `within` rules that put a group into one wave, because no two dates are as near as they ask."""
    near = [rule for rule in problem.rules if rule.one_wave(problem.waves)]
    return [rule.id for rule in near if np.sum(problem.group[rule.members[0]] == group) > 1]


def _demand_dates(problem: Problem) -> None:
    own = problem.group_allowed
    for group in np.flatnonzero(~own.any(axis=1)):
        members = [int(index) for index in np.flatnonzero(problem.group == group)]
        why = []
        for limit in problem.windows.limits:
            if np.isin(limit.members, members).any():
                why.append((int(limit.closed.sum()), limit))
        why.sort(key=lambda item: (-item[0], item[1].id))
        pins = sorted({int(problem.windows.pinned[index]) + 1 for index in members if problem.windows.pinned[index] >= 0})
        ids = list(dict.fromkeys(limit.id for _, limit in why))
        name = problem.name_group(int(group))
        if len(pins) > 1:
            message = f"{name} moves together but is pinned to waves {' and '.join(str(pin) for pin in pins)}"
        elif pins:
            closing = [limit for _, limit in why if limit.closed[pins[0] - 1]]
            because = f": {closing[0].text} ({closing[0].id})" if closing else ""
            message = (
                f"{name} is pinned to wave {pins[0]} of {problem.calendar.candidates[pins[0] - 1].date}, which is closed{because}"
            )
        else:
            message = f"{name} cannot move on any of the {problem.waves} candidate dates; closed by {', '.join(ids)}"
        raise InfeasibleError(
            message,
            where=_PLACE,
            remedy=open_dates(problem.spec, [limit.id for limit in _needed([limit for _, limit in why])]),
        )
