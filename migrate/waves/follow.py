"""What follows from an assignment: dates, rows of waves and objective of a plan whose waves a person has changed."""

from __future__ import annotations

from dataclasses import dataclass

from migrate.model.names import MOVING
from migrate.model.plan import Candidate, Plan, PlannedApplication, PlannedServer, PlannedWave, Solution
from migrate.waves.check import assignment_of
from migrate.waves.objective import evaluate
from migrate.waves.problem import problem_of
from migrate.waves.rows import wave_rows

__all__ = ["Followed", "follow"]


@dataclass(frozen=True)
class Followed:
    """The parts of a plan that its applications' waves decide."""

    servers: tuple[PlannedServer, ...]
    applications: tuple[PlannedApplication, ...]
    candidates: tuple[Candidate, ...]
    waves: tuple[PlannedWave, ...]
    solution: Solution


def follow(plan: Plan) -> Followed:
    """Make everything anew that follows from ``applications[].wave``; nothing is solved.

    Servers that move take the wave of their application, all dates are those of the candidates. The bound of the
    solution stays, because it holds for every plan of the request.
    """
    if not any(application.moving_servers for application in plan.applications):
        return Followed(plan.servers, plan.applications, plan.candidates, plan.waves, plan.solution)
    problem = problem_of(plan)
    assigned, _ = assignment_of(problem, plan)
    waves = {item.application: int(number) + 1 for item, number in zip(problem.applications, assigned, strict=True)}
    candidates = problem.calendar.candidates

    def placed(name: str | None, moves: bool) -> dict[str, object]:
        wave = waves.get(name or "") if moves else None
        inside = wave is not None and wave <= problem.waves
        return {"wave": wave if inside else None, "cutover_date": candidates[wave - 1].date if inside and wave else None}

    terms = evaluate(problem, assigned)
    bound = plan.solution.bound
    gap = round((terms.total - bound) / terms.total, 6) if bound is not None and terms.total > 0 else None
    return Followed(
        servers=tuple(
            server.model_copy(update=placed(server.application, server.disposition in MOVING)) for server in plan.servers
        ),
        applications=tuple(item.model_copy(update=placed(item.application, moves=True)) for item in plan.applications),
        candidates=candidates,
        waves=wave_rows(problem, assigned),
        solution=plan.solution.model_copy(update={"objective": terms, "gap": gap}),
    )
