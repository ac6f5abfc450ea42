"""Judge any plan, also one edited by hand: what it costs and which rules it breaks. Nothing here knows the solver.

The wave of an application is what `PlannedApplication.wave` says; what servers say must agree with it. Waves are the
candidate dates of the request, counted from 1.
"""

from __future__ import annotations

import numpy as np

from migrate.model.plan import ObjectiveTerms, Plan
from migrate.waves.constraints import Violation, broken_rules, shown
from migrate.waves.extra_costs import ExtraCost, extra_costs
from migrate.waves.objective import evaluate
from migrate.waves.problem import Problem, problem_of
from migrate.waves.rules import Ints
from migrate.waves.soft_rules import SoftCost, soft_costs

__all__ = ["check_plan", "price_extra_capacity", "price_soft_rules", "score_plan"]


def check_plan(plan: Plan) -> tuple[Violation, ...]:
    """Every rule that the plan breaks, by wave and rule; empty when it breaks none.

    Raises
    ------
    RequestError, InfeasibleError
        The plan's own request cannot be understood, or leaves no cutover date at all.
    """
    if not any(application.moving_servers for application in plan.applications):
        return tuple(_unmoved(plan))
    problem = problem_of(plan)
    wave, unplanned = assignment_of(problem, plan)
    found = [*_calendar(problem, plan), *unplanned, *_unmoved(plan), *_servers(problem, plan), *broken_rules(problem, wave)]
    return tuple(sorted(found, key=lambda item: (item.wave or 0, item.rule, item.applications, item.message)))


def score_plan(plan: Plan) -> ObjectiveTerms:
    """The objective of the plan as it stands. An application that moves but has no wave stays at the source."""
    if not any(application.moving_servers for application in plan.applications):
        return ObjectiveTerms(split=0, double_run=0, site_exit=0, risk=0, wave_overhead=0, soft_rules=0, total=0)
    problem = problem_of(plan)
    return evaluate(problem, assignment_of(problem, plan)[0])


def price_soft_rules(plan: Plan) -> tuple[SoftCost, ...]:
    """The rules with a price that the plan breaks, and what each costs; their sum is ``soft_rules`` of `score_plan`."""
    if not any(application.moving_servers for application in plan.applications):
        return ()
    problem = problem_of(plan)
    return soft_costs(problem, assignment_of(problem, plan)[0])


def price_extra_capacity(plan: Plan) -> tuple[ExtraCost, ...]:
    """What each wave of the plan pays for capacity beyond the usual; the sum is ``extra_capacity`` of `score_plan`."""
    if not any(application.moving_servers for application in plan.applications):
        return ()
    problem = problem_of(plan)
    return extra_costs(problem, assignment_of(problem, plan)[0])


def assignment_of(problem: Problem, plan: Plan) -> tuple[Ints, list[Violation]]:
    """The waves that the plan's applications name, from 0; and those that name none, or one that is not there."""
    wave = np.full(len(problem.applications), problem.waves, dtype=np.int64)
    found = []
    for application in plan.applications:
        index = problem.place.get(application.application)
        if index is None:
            continue
        name, number = application.application, application.wave
        if number is None:
            text = f"{name} moves but is in no wave"
            found.append(_plain("unplanned", None, name, text))
        elif not 1 <= number <= problem.waves:
            text = f"{name} is in wave {number}, but the calendar has waves 1 to {problem.waves}"
            found.append(_plain("calendar", number, name, text))
        else:
            wave[index] = number - 1
            date = problem.calendar.candidates[number - 1].date
            if application.cutover_date is not None and application.cutover_date != date:
                text = f"{name} has the cutover date {application.cutover_date}, but wave {number} is on {date}"
                found.append(_plain("calendar", number, name, text))
    return wave, found


def _calendar(problem: Problem, plan: Plan) -> list[Violation]:
    """The plan's own candidate dates must be those of its request."""
    if not plan.candidates or plan.candidates == problem.calendar.candidates:
        return []
    text = "The plan's candidate dates are not those that its request gives, so its wave numbers may mean other days"
    return [Violation(rule="calendar", wave=None, applications=(), amount=None, limit=None, message=text)]


def _unmoved(plan: Plan) -> list[Violation]:
    return [
        _plain(
            "stays-behind", item.wave, item.application, f"{item.application} is in wave {item.wave} but no server of it moves"
        )
        for item in plan.applications
        if item.moving_servers == 0 and item.wave is not None
    ]


def _servers(problem: Problem, plan: Plan) -> list[Violation]:
    waves = {application.application: application.wave for application in plan.applications}
    different: dict[str, list[str]] = {}
    for server in plan.servers:
        if server.wave is not None and server.application in waves and server.wave != waves[server.application]:
            different.setdefault(server.application, []).append(server.name)
    return [
        _plain(
            "server-wave",
            waves[name],
            name,
            f"{shown(tuple(sorted(servers)))}: in another wave than their application {name}",
        )
        for name, servers in sorted(different.items())
    ]


def _plain(rule: str, wave: int | None, application: str, message: str) -> Violation:
    return Violation(rule=rule, wave=wave, applications=(application,), amount=None, limit=None, message=message)
