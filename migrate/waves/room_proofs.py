"""Proofs that there is not enough room: for one group, for what is pinned to one wave, or until a date."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from migrate.errors import InfeasibleError
from migrate.waves.problem import Problem, latest_waves
from migrate.waves.resources import THOUSAND, UNLIMITED, Resource
from migrate.waves.rules import MISSION_CRITICAL_RULE, Ints, Kind, SetRule

__all__ = ["demand_counts", "demand_fit", "demand_room"]

_PLACE = "plan.toml"


def demand_fit(problem: Problem, allowed: NDArray[np.bool_]) -> None:
    """Every group must fit into some wave that it may use; pinned ones together into theirs."""
    load, capacity = problem.group_load, problem.capacity
    for column, resource in enumerate(problem.resources):
        room = np.where(allowed, capacity[:, column][None, :], -1).max(axis=1)
        big = np.flatnonzero(load[:, column] > room)
        if len(big):
            group = int(big[np.argmax(load[big, column])])
            raise InfeasibleError(
                f"{problem.name_group(group)} needs {resource.amount(load[group, column])}, "
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
            names = [problem.name_group(int(group)) for group in np.flatnonzero(inside)][:3]
            raise InfeasibleError(
                f"{', '.join(names)} can move in wave {wave + 1} only and together need {resource.amount(need[column])}, "
                f"but that wave has {resource.amount(capacity[wave, column])} ({resource.id})",
                where=_PLACE,
                remedy="Move a pin or a date to another wave. " + _more(resource, float(need[column])),
            )


def demand_room(problem: Problem, allowed: NDArray[np.bool_]) -> None:
    """What must move before a date must fit into the waves until then."""
    load = problem.group_load
    for last in _lasts(allowed):
        urgent = latest_waves(allowed) <= last
        waves = np.flatnonzero(allowed[urgent].any(axis=0))
        need = load[urgent].sum(axis=0)
        has = np.minimum(problem.capacity[waves], UNLIMITED).sum(axis=0)
        links = problem.links  # shared by the waves in flight, from the first one's replication to the last one's cutover
        has[links.columns] = np.minimum(has[links.columns], links.due[last] - links.opens[waves[0]])
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


def demand_counts(problem: Problem, allowed: NDArray[np.bool_]) -> None:
    """The same for limits on how many of a kind a wave holds."""
    for rule in problem.rules:
        if rule.kind != Kind.at_most or rule.price is not None:
            continue
        counts = _counted(rule, problem)
        for last in _lasts(allowed):
            urgent = (latest_waves(allowed) <= last) & (counts > 0)
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


def _lasts(allowed: NDArray[np.bool_]) -> list[int]:
    return [int(last) for last in np.unique(latest_waves(allowed))]


def _why_until(problem: Problem, urgent: NDArray[np.bool_], last: int) -> str:
    if last == problem.waves - 1:
        return ""
    members = np.flatnonzero(urgent[problem.group])
    after = last + 1
    ids = [limit.id for limit in problem.windows.limits if limit.closed[after] and np.isin(limit.members, members).any()]
    return f" ({', '.join(dict.fromkeys(ids))})" if ids else ""


def _more(resource: Resource, need: float) -> str:
    return resource.remedy.format(need=resource.amount(need))
