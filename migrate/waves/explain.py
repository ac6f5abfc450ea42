"""Why an application is in its wave: what each other wave would cost, term by term, and which rules forbid it."""

from __future__ import annotations

import datetime as dt

import numpy as np
from pydantic import BaseModel, ConfigDict

from migrate.model.plan import ObjectiveTerms, Plan
from migrate.waves.check import assignment_of
from migrate.waves.constraints import Violation, broken_rules
from migrate.waves.extra_costs import ExtraCost, extra_costs
from migrate.waves.objective import evaluate
from migrate.waves.problem import Problem, problem_of
from migrate.waves.rules import Ints
from migrate.waves.selectors import unknown_application
from migrate.waves.soft_rules import SoftCost, soft_costs
from migrate.waves.ties import Tie, parted, tied

__all__ = ["Alternative", "Explanation", "Reason", "explain"]


class Reason(BaseModel):
    """A rule that forbids a wave, and how."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str
    message: str
    line: int | None = None  # of the rule in plan.toml; None where it stands nowhere


class Alternative(BaseModel):
    """One candidate wave. `difference` is the cost of the whole plan with the group there, less that of the plan as it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    wave: int
    date: dt.date
    chosen: bool
    allowed: bool  # without moving anything else
    difference: ObjectiveTerms
    forbidden_by: tuple[Reason, ...]
    soft: tuple[SoftCost, ...]  # the priced rules that the plan then breaks, those that it breaks anyway included
    extra: tuple[ExtraCost, ...] = ()  # what this wave then needs beyond the usual capacity, whoever is in it


class Explanation(BaseModel):
    """Everything about one application's wave."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    application: str
    moves_with: tuple[str, ...]  # the other applications of its group
    together: tuple[Tie, ...]  # what holds it with each of them, as far as dependencies do
    not_together: tuple[Tie, ...]  # its dependencies that should hold it with others, but are severed; the dearest first
    wave: int | None  # None: it does not move
    date: dt.date | None
    alternatives: tuple[Alternative, ...]  # every candidate, in order
    cheapest_allowed: int | None  # a wave that would cost less, moving nothing else; None: there is none
    binding: tuple[Reason, ...]  # what forbids the cheapest wave of all; empty when that is the chosen one
    summary: str


def explain(plan: Plan, application: str) -> Explanation:
    """Explain one application of a plan. Its whole group is moved to every candidate date in turn, nothing else is.

    Raises
    ------
    RequestError
        The plan has no such application; the nearest names are given.
    """
    known = {item.application.casefold(): item for item in reversed(plan.applications)}
    found = known.get(application.strip().casefold())
    if found is None:
        raise unknown_application(application, plan.applications, "plan.json")
    apart = parted(plan, found.application)
    if found.moving_servers == 0:
        fate = found.disposition or "undecided"
        return _unmoved(found.application, apart, f"{found.application} is in no wave: it has no server that moves ({fate})")
    problem = problem_of(plan)
    wave, _ = assignment_of(problem, plan)
    index = problem.place[found.application]
    if wave[index] == problem.waves:
        return _unmoved(found.application, apart, f"{found.application} moves, but this plan puts it into no wave")
    members = np.flatnonzero(problem.group == problem.group[index])
    now = evaluate(problem, wave)
    already = {_key(violation) for violation in broken_rules(problem, wave)}
    alternatives = tuple(
        _alternative(problem, wave, members, number, chosen=number == wave[index], now=now, already=already)
        for number in range(problem.waves)
    )
    others = tuple(problem.applications[int(member)].application for member in members if member != index)
    return _told(found.application, others, (tied(plan, found.application, others), apart), int(wave[index]), alternatives)


def _unmoved(name: str, apart: tuple[Tie, ...], summary: str) -> Explanation:
    return Explanation(
        application=name,
        moves_with=(),
        together=(),
        not_together=apart,
        wave=None,
        date=None,
        alternatives=(),
        cheapest_allowed=None,
        binding=(),
        summary=summary,
    )


def _alternative(
    problem: Problem, wave: Ints, members: Ints, number: int, *, chosen: bool, now: ObjectiveTerms, already: set[tuple[str, str]]
) -> Alternative:
    moved = wave.copy()
    moved[members] = number
    terms = evaluate(problem, moved)
    difference = {name: round(getattr(terms, name) - getattr(now, name), 2) for name in ObjectiveTerms.model_fields}
    broken = [] if chosen else [violation for violation in broken_rules(problem, moved) if _key(violation) not in already]
    reasons = {
        violation.rule: Reason(rule=violation.rule, message=violation.message, line=violation.line)
        for violation in reversed(broken)
    }
    return Alternative(
        wave=number + 1,
        date=problem.calendar.candidates[number].date,
        chosen=chosen,
        allowed=not broken,
        difference=ObjectiveTerms(**difference),
        forbidden_by=tuple(reasons[rule] for rule in sorted(reasons)),
        soft=soft_costs(problem, moved),
        extra=tuple(cost for cost in extra_costs(problem, moved) if cost.wave == number + 1),
    )


def _key(violation: Violation) -> tuple[str, str]:
    return violation.rule, violation.message


def _told(
    name: str,
    others: tuple[str, ...],
    ties: tuple[tuple[Tie, ...], tuple[Tie, ...]],
    wave: int,
    alternatives: tuple[Alternative, ...],
) -> Explanation:
    chosen = alternatives[wave]
    better = [item for item in alternatives if item.difference.total < 0]
    free = min((item for item in better if item.allowed), key=lambda item: (item.difference.total, item.wave), default=None)
    cheapest = min(better, key=lambda item: (item.difference.total, item.wave), default=None)
    text = f"{name} is in wave {chosen.wave} on {chosen.date}"
    if cheapest is None:
        rest = [item.difference.total for item in alternatives if item.allowed and not item.chosen]
        text += (
            f": every other wave that it may use costs more, by at least {min(rest):,.0f} USD"
            if rest
            else ": no other may take it"
        )
    elif cheapest.allowed:
        text += f": wave {cheapest.wave} would cost {-cheapest.difference.total:,.0f} USD less and breaks no rule"
    else:
        forbid = "forbids" if len(cheapest.forbidden_by) == 1 else "forbid"
        rules = ", ".join(f"{item.rule} (plan.toml:{item.line})" if item.line else item.rule for item in cheapest.forbidden_by)
        text += f": wave {cheapest.wave} would cost {-cheapest.difference.total:,.0f} USD less, but {rules} {forbid} it"
    return Explanation(
        application=name,
        moves_with=others,
        together=ties[0],
        not_together=ties[1],
        wave=chosen.wave,
        date=chosen.date,
        alternatives=alternatives,
        cheapest_allowed=None if free is None else free.wave,
        binding=() if cheapest is None else cheapest.forbidden_by,
        summary=text + ".",
    )
