"""Every rule that an assignment breaks, in words: which rule, which wave, which applications, and by how much."""

from __future__ import annotations

import numpy as np
from pydantic import BaseModel, ConfigDict

from migrate.waves.links import link_room
from migrate.waves.pathfinders import PATHFINDER_RULE
from migrate.waves.problem import Problem
from migrate.waves.resources import THOUSAND
from migrate.waves.rules import Ints, Kind, SetRule, times_broken

__all__ = ["Violation", "broken_rules"]

_SHOWN = 5


class Violation(BaseModel):
    """One broken rule."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str  # id, or place in plan.toml
    wave: int | None  # from 1; None when it is about no single wave
    applications: tuple[str, ...]  # those concerned; empty when it is about the wave as a whole
    amount: float | None  # how much there is …
    limit: float | None  # … and how much there may be; None where it is not a matter of amounts
    message: str
    line: int | None = None  # of the rule in plan.toml; None where it stands nowhere


def broken_rules(problem: Problem, wave: Ints) -> list[Violation]:
    """All hard rules that the assignment breaks; soft ones cost dollars instead.

    Parameters
    ----------
    problem
        The problem.
    wave
        Wave of each application, from 0; ``problem.waves`` for none.
    """
    found = [*_dates(problem, wave), *_capacities(problem, wave), *_pathfinders(problem, wave)]
    for rule in problem.rules:
        if rule.price is None and times_broken(rule, wave, problem.waves, problem.group) > 0:
            found += _set_rule(problem, rule, wave)
    found += _torn_groups(problem, wave)
    lines = problem.spec.lines
    return [item.model_copy(update={"line": lines[item.rule]}) if item.rule in lines else item for item in found]


def _names(problem: Problem, members: Ints) -> tuple[str, ...]:
    return tuple(problem.applications[int(index)].application for index in members)


def shown(names: tuple[str, ...]) -> str:
    """The first few names, and how many more there are."""
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more


def _dates(problem: Problem, wave: Ints) -> list[Violation]:
    found = []
    placed = np.flatnonzero(wave < problem.waves)
    for index in placed[~problem.windows.allowed[placed, wave[placed]]]:
        number = int(wave[index])
        name = problem.applications[int(index)].application
        date = problem.calendar.candidates[number].date
        for limit in problem.windows.forbidding(int(index), number):
            text = f"{name} may not move in wave {number + 1} of {date}: {limit.text}"
            found.append(Violation(rule=limit.id, wave=number + 1, applications=(name,), amount=None, limit=None, message=text))
    return found


def _capacities(problem: Problem, wave: Ints) -> list[Violation]:
    used = np.zeros((problem.waves + 1, len(problem.resources)), dtype=np.int64)
    np.add.at(used, wave, problem.load)
    used = used[: problem.waves]
    capacity = problem.capacity.copy()
    capacity[:, problem.links.columns] = link_room(problem.links, used[:, problem.links.columns])
    found = []
    for number, column in np.argwhere(used > capacity):
        resource, amount, limit = problem.resources[column], int(used[number, column]), int(capacity[number, column])
        room = resource.amount(limit) + (" left by the waves before it" if limit < problem.capacity[number, column] else "")
        found.append(
            Violation(
                rule=resource.id,
                wave=int(number) + 1,
                applications=_names(problem, np.flatnonzero((wave == number) & (problem.load[:, column] > 0))),
                amount=amount / THOUSAND,
                limit=limit / THOUSAND,
                message=f"Wave {number + 1} needs {resource.amount(amount)} and has {room} ({resource.id})",
            )
        )
    return found


def _pathfinders(problem: Problem, wave: Ints) -> list[Violation]:
    found = []
    placed = np.flatnonzero(wave < problem.waves)
    for index in placed[~problem.pathfinders.allowed[problem.group[placed], wave[placed]]]:
        number = int(wave[index]) + 1
        name = problem.applications[int(index)].application
        text = f"{name} is not simple or small enough for wave {number}: the first waves are pathfinders"
        found.append(Violation(rule=PATHFINDER_RULE, wave=number, applications=(name,), amount=None, limit=None, message=text))
    return found


def _set_rule(problem: Problem, rule: SetRule, wave: Ints) -> list[Violation]:
    if rule.kind == Kind.order:
        return _order(problem, rule, wave)
    if rule.kind == Kind.together:
        members = rule.members[0]
        places = sorted({int(number) + 1 for number in wave[members]})
        names = _names(problem, members)
        text = f"{shown(names)} must move together ({rule.id}) but are in {len(places)} different waves"
        return [Violation(rule=rule.id, wave=None, applications=names, amount=len(places), limit=1.0, message=text)]
    found = []
    part = f" for {rule.part}" if rule.part else ""
    for number in range(problem.waves):
        inside = [members[wave[members] == number] for members in rule.members]
        names = _names(problem, np.sort(np.concatenate(inside)))
        alone = np.full(len(wave), problem.waves)
        here = wave == number
        alone[here] = number
        times = times_broken(rule, alone, problem.waves, problem.group)
        if rule.kind == Kind.at_least:
            if number in rule.only and not names:
                text = f"Pathfinder wave {number + 1} holds no simple, small application"
                found.append(Violation(rule=rule.id, wave=number + 1, applications=(), amount=0.0, limit=1.0, message=text))
        elif times > 0 and rule.kind == Kind.at_most:
            text = f"Wave {number + 1} holds {len(names)} of those that {rule.id} limits to {rule.count}{part}: {shown(names)}"
            limit = float(rule.count)
            found.append(
                Violation(rule=rule.id, wave=number + 1, applications=names, amount=len(names), limit=limit, message=text)
            )
        elif times > 0:
            text = f"Wave {number + 1} holds {shown(names)}, which {rule.id} keeps apart"
            found.append(Violation(rule=rule.id, wave=number + 1, applications=names, amount=len(names), limit=1.0, message=text))
    return found


def _order(problem: Problem, rule: SetRule, wave: Ints) -> list[Violation]:
    """One violation per wave of those that move too early, with what they had to wait for (or what had to hurry after them)."""
    first, then = rule.members
    too_late = rule.too_late(problem.waves)
    found = []
    for number in range(problem.waves):
        late = first[wave[first] >= too_late[number]]
        early = then[wave[then] == number]
        if len(late) and len(early):
            names, waits = _names(problem, early), _names(problem, late)
            if rule.mutual:
                one, other = sorted((names, waits))
                text = f"{shown(one)} and {shown(other)} must be at most {-rule.lag_days} days apart ({rule.id})"
                both = (*names, *waits)
                found.append(Violation(rule=rule.id, wave=number + 1, applications=both, amount=None, limit=None, message=text))
                continue
            when = "in an earlier wave" if rule.strictly else "no later"
            when = f"at least {rule.lag_days} days earlier" if rule.lag_days else when
            when = f"at most {-rule.lag_days} days later" if rule.loose else when
            text = f"{shown(waits)} must move {when} than {shown(names)}, in wave {number + 1} ({rule.id})"
            found.append(
                Violation(rule=rule.id, wave=number + 1, applications=(*names, *waits), amount=None, limit=None, message=text)
            )
    return found


def _torn_groups(problem: Problem, wave: Ints) -> list[Violation]:
    """Groups whose members are in different waves, unless a rule has said so already."""
    ruled = {
        int(problem.group[member])
        for rule in problem.rules
        if rule.one_wave(problem.waves) or (rule.kind == Kind.together and rule.price is None)
        for member in rule.members[0]
    }
    low = np.full(problem.groups, problem.waves + 1)
    high = np.full(problem.groups, -1)
    np.minimum.at(low, problem.group, wave)
    np.maximum.at(high, problem.group, wave)
    found = []
    for group in np.flatnonzero(low < high):
        members = np.flatnonzero(problem.group == group)
        kept = {problem.applications[int(member)].move_group for member in members}
        if int(group) in ruled and len(kept) == len(members):
            continue
        names = _names(problem, members)
        text = f"{shown(names)} form one move group but are in different waves"
        rule = f"move group {sorted(kept)[0]}"
        count = float(len(np.unique(wave[members])))
        found.append(Violation(rule=rule, wave=None, applications=names, amount=count, limit=1.0, message=text))
    return found
