"""Why there is no plan: the causes that can be told without searching, each with its rules, its amounts and its remedy."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, shortest_path

from migrate.errors import InfeasibleError
from migrate.waves.groups import order_arcs
from migrate.waves.problem import Problem
from migrate.waves.resources import THOUSAND, UNLIMITED, Resource
from migrate.waves.rules import MISSION_CRITICAL_RULE, Ints, Kind, SetRule

__all__ = ["demand_possible"]

_PLACE = "plan.toml"


def demand_possible(problem: Problem) -> NDArray[np.bool_]:
    """Groups × waves that are possible once `before` rules are taken into account.

    Raises
    ------
    InfeasibleError
        One sentence names what cannot be: a cycle of `before` rules, a group without any date, a group larger than every
        wave, pins that overfill their wave, or more to move before a date than the waves until then can take.
    """
    _demand_no_cycle(problem)
    _demand_no_conflict_inside(problem)
    _demand_dates(problem)
    allowed = _narrow(problem)
    _demand_fit(problem, allowed)
    _demand_room(problem, allowed)
    _demand_counts(problem, allowed)
    return allowed


def name_group(problem: Problem, group: int) -> str:
    """A group in words: its application, or the first of several."""
    members = np.flatnonzero(problem.group == group)
    first = problem.applications[int(members[0])].application
    return f"{first!r}" if len(members) == 1 else f"the move group of {first!r} ({len(members)} applications)"


def _demand_no_cycle(problem: Problem) -> None:
    tails, heads, nodes, rules = order_arcs(problem.group, problem.rules)
    if not len(tails):
        return
    graph = coo_array((np.ones(len(tails)), (tails, heads)), shape=(nodes, nodes)).tocsr()
    _, label = connected_components(graph, directed=True, connection="strong")
    sizes = np.bincount(label)
    looped = [node for node in range(problem.groups, nodes) if sizes[label[node]] > 1]
    if not looped:
        return
    distance, before = shortest_path(graph, unweighted=True, indices=looped[0], return_predecessors=True)
    closing = [int(t) for t, h in zip(tails, heads, strict=True) if h == looped[0] and np.isfinite(distance[t])]
    node = min(closing, key=lambda tail: (distance[tail], tail))
    path = [node]
    while node != looped[0]:
        node = int(before[node])
        path.append(node)
    path.reverse()
    around = [rules[node - problem.groups].id for node in path if node >= problem.groups]
    names = [name_group(problem, node) for node in path if node < problem.groups]
    raise InfeasibleError(
        f"the before rules {' and '.join(dict.fromkeys(around))} form a cycle: {' before '.join([names[-1], *names])}",
        where=f"{_PLACE} [[rule]]",
        remedy="Remove one of them, make it soft with price_usd, or put the applications into one `together` rule.",
    )


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
                f"the rule {rule.id} {what}, but {name_group(problem, int(np.argmax(bad)))} moves together",
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
        name = name_group(problem, int(group))
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


def _narrow(problem: Problem) -> NDArray[np.bool_]:
    """Carry the earliest and latest waves along the hard `before` rules."""
    allowed = problem.group_allowed.copy()
    index = np.arange(problem.waves)
    ordered = [rule for rule in problem.rules if rule.kind == Kind.order and rule.price is None]
    pairs = [(rule, np.unique(problem.group[rule.members[0]]), np.unique(problem.group[rule.members[1]])) for rule in ordered]
    pairs = [(rule, first, np.setdiff1d(then, first)) for rule, first, then in pairs]
    for _ in range(len(pairs) + 1):
        before = allowed.copy()
        for rule, first, then in pairs:
            if not len(first) or not len(then):
                continue
            late = rule.too_late(problem.waves)
            latest_first, earliest_then = int(np.argmax(allowed[first], axis=1).max()), int(_latest(allowed[then]).min())
            floor = int(np.searchsorted(late, latest_first, side="right"))
            ceiling = int(late[earliest_then]) - 1
            allowed[then] &= index >= floor
            allowed[first] &= index <= ceiling
            empty = [int(group) for group in (*first, *then) if not allowed[group].any()]
            if empty:
                raise InfeasibleError(
                    f"the rule {rule.id} leaves no date for {name_group(problem, empty[0])}: what comes first cannot move "
                    f"before wave {latest_first + 1}, and what comes then not after wave {earliest_then + 1}",
                    where=f"{_PLACE} [[rule]]",
                    remedy="Move a date, pin or freeze of either side, or make the rule soft with price_usd.",
                )
        if (before == allowed).all():
            break
    return allowed


def _demand_fit(problem: Problem, allowed: NDArray[np.bool_]) -> None:
    """Every group must fit into some wave that it may use; pinned ones together into theirs."""
    load, capacity = problem.group_load, problem.capacity
    for column, resource in enumerate(problem.resources):
        room = np.where(allowed, capacity[:, column][None, :], -1).max(axis=1)
        big = np.flatnonzero(load[:, column] > room)
        if len(big):
            group = int(big[np.argmax(load[big, column])])
            raise InfeasibleError(
                f"{name_group(problem, group)} needs {resource.amount(load[group, column])}, "
                f"but no wave that it may use has more than {resource.amount(room[group])} ({resource.id})",
                where=_PLACE,
                remedy=_more(resource, float(load[group, column])) + " Or move it in parts, or leave more days between waves.",
            )
    fixed = allowed.sum(axis=1) == 1
    for wave in np.unique(np.argmax(allowed[fixed], axis=1)):
        inside = fixed & allowed[:, wave]
        need = load[inside].sum(axis=0)
        over = np.flatnonzero(need > capacity[wave])
        if len(over):
            column = int(over[0])
            resource = problem.resources[column]
            names = [name_group(problem, int(group)) for group in np.flatnonzero(inside)][:3]
            raise InfeasibleError(
                f"{', '.join(names)} can move in wave {wave + 1} only and together need {resource.amount(need[column])}, "
                f"but that wave has {resource.amount(capacity[wave, column])} ({resource.id})",
                where=_PLACE,
                remedy="Move a pin or a date to another wave. " + _more(resource, float(need[column])),
            )


def _demand_room(problem: Problem, allowed: NDArray[np.bool_]) -> None:
    """What must move before a date must fit into the waves until then."""
    load = problem.group_load
    for last in _lasts(allowed):
        urgent = _latest(allowed) <= last
        waves = np.flatnonzero(allowed[urgent].any(axis=0))
        need = load[urgent].sum(axis=0)
        has = np.minimum(problem.capacity[waves], UNLIMITED).sum(axis=0)
        over = np.flatnonzero(need > has)
        if len(over):
            column = int(over[np.argmax(need[over] / np.maximum(has[over], 1))])
            resource = problem.resources[column]
            until = problem.calendar.candidates[last].date
            raise InfeasibleError(
                f"{int(urgent.sum())} move groups must move by {until}{_why_until(problem, urgent, last)} and need "
                f"{resource.amount(need[column])}, but the {len(waves)} waves until then have {resource.amount(has[column])} "
                f"({resource.id})",
                where=_PLACE,
                remedy=_more(resource, math.ceil(need[column] / len(waves) / THOUSAND) * THOUSAND)
                + " Or allow more waves (max_waves, min_days_between, a later lease_end).",
            )


def _demand_counts(problem: Problem, allowed: NDArray[np.bool_]) -> None:
    """The same for limits on how many of a kind a wave holds."""
    for rule in problem.rules:
        if rule.kind != Kind.at_most or rule.price is not None:
            continue
        counts = _counted(rule, problem)
        for last in _lasts(allowed):
            urgent = (_latest(allowed) <= last) & (counts > 0)
            waves = int(allowed[urgent].any(axis=0).sum())
            need = int(counts[urgent].sum())
            if need > waves * rule.count:
                enough = math.ceil(need / max(waves, 1))
                what = "mission-critical applications" if rule.id == MISSION_CRITICAL_RULE else "applications it selects"
                raise InfeasibleError(
                    f"{rule.id} allows {rule.count} in a wave, but {need} of the {what} must move in the {waves} waves "
                    f"until {problem.calendar.candidates[last].date}",
                    where=_PLACE,
                    remedy=f"Allow {enough} in a wave, or more waves (max_waves, min_days_between, a later lease_end).",
                )


def _counted(rule: SetRule, problem: Problem) -> Ints:
    counts = np.bincount(problem.group[rule.members[0]], minlength=problem.groups)
    return np.minimum(counts, max(rule.count, 1)) if rule.clip else counts


def _latest(allowed: NDArray[np.bool_]) -> Ints:
    return np.asarray(allowed.shape[1] - 1 - np.argmax(allowed[:, ::-1], axis=1))


def _lasts(allowed: NDArray[np.bool_]) -> list[int]:
    return [int(last) for last in np.unique(_latest(allowed))]


def _why_until(problem: Problem, urgent: NDArray[np.bool_], last: int) -> str:
    if last == problem.waves - 1:
        return ""
    members = np.flatnonzero(urgent[problem.group])
    after = last + 1
    ids = [limit.id for limit in problem.windows.limits if limit.closed[after] and np.isin(limit.members, members).any()]
    return f" ({', '.join(dict.fromkeys(ids))})" if ids else ""


def _more(resource: Resource, need: float) -> str:
    return resource.remedy.format(need=resource.amount(need))
