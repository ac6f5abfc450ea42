"""Why there is no plan: the causes that can be told without searching, each with its rules, its amounts and its remedy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from migrate.errors import InfeasibleError
from migrate.waves.lag_proofs import demand_lags
from migrate.waves.order_proofs import demand_no_cycle, narrow
from migrate.waves.problem import Problem
from migrate.waves.room_proofs import demand_counts, demand_fit, demand_room
from migrate.waves.rules import Kind

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
            raise InfeasibleError(
                f"the rule {rule.id} {what}, but {problem.name_group(int(np.argmax(bad)))} moves together",
                where=f"{_PLACE} {rule.id if '.' in rule.id else '[[rule]]'}",
                remedy="Relax the rule, or take the applications out of their `together` rule or move group.",
            )


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
            remedy="Shorten the freeze, add a [[window]], move the pin, the date or the lease end, or raise [waves] max_waves.",
        )
