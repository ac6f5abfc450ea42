"""Plan the waves: build the problem, demand that it is possible, search, and write down what was found."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np

from migrate.errors import InfeasibleError
from migrate.findings import Finding, Severity
from migrate.model.plan import (
    Earlier,
    MoveGroup,
    ObjectiveTerms,
    PlannedApplication,
    PlannedDependency,
    PlannedServer,
    Solution,
)
from migrate.model.stages import WaveResult
from migrate.spec import Spec
from migrate.waves.bound import lower_bound
from migrate.waves.compact import allow, compact
from migrate.waves.conflict import conflict_of, told_conflict
from migrate.waves.constraints import broken_rules
from migrate.waves.doubts import doubts
from migrate.waves.infeasible import demand_possible
from migrate.waves.limits import widening
from migrate.waves.objective import evaluate
from migrate.waves.problem import Problem, build_problem, moving_of
from migrate.waves.rows import wave_rows
from migrate.waves.rules import Ints
from migrate.waves.solvers.local_search import Found, Progress, default_iterations, improve

__all__ = ["plan_waves"]

_FEWEST, _MOST = 40_000, 2_500_000  # moves of a search that explains why there is no plan
_USEFUL = 0.05  # a bound below this share of the cost says nothing


def plan_waves(
    servers: Sequence[PlannedServer],
    applications: Sequence[PlannedApplication],
    dependencies: Sequence[PlannedDependency],
    move_groups: Sequence[MoveGroup],
    spec: Spec,
    progress: Progress | None = None,
    iterations: int | None = None,
    earlier: Earlier | None = None,
) -> WaveResult:
    """Choose a wave for every application that moves.

    Parameters
    ----------
    servers, applications, dependencies, move_groups
        The records of a plan; waves that they name are ignored.
    spec
        The request. ``plan.seed`` seeds the search.
    progress
        Told the share of the work done and the best cost so far. Ctrl-C during the search keeps the best plan.
    iterations
        Moves that the search may propose; None: in proportion to the number of move groups.
    earlier
        What an earlier plan had decided; None: there is none.

    Raises
    ------
    RequestError
        A rule, freeze, window or pin cannot be understood.
    InfeasibleError
        No plan keeps all hard rules, or none was found; the sentence names the rules and a remedy.
    """
    moving = moving_of(applications)
    if not moving:
        return _nothing_moves(spec)
    for wider in widening(moving, spec):
        problem = build_problem(servers, applications, dependencies, move_groups, wider, earlier)
        try:
            return _solved(problem, progress, iterations)
        except _StoppedError:
            raise
        except InfeasibleError as error:
            told = error
            if problem.waves < (wider.waves.max_waves or 0):
                break  # the calendar has no more dates to try

    def without(lifted: Collection[str]) -> Problem:
        return build_problem(servers, applications, dependencies, move_groups, wider, earlier, lifted)

    try:
        conflict = conflict_of(problem, without, _searched)
    except KeyboardInterrupt:  # enough is known to tell
        raise told from None
    raise told_conflict(told, conflict, problem.spec) from None


class _StoppedError(InfeasibleError):
    """The keyboard ended the search before it had found a plan."""


def _searched(problem: Problem, share: float) -> Ints | None:
    """The wave of each application that a share of the usual search finds; None when it finds no plan."""
    iterations = min(max(_FEWEST, round(share * default_iterations(problem.groups))), _MOST)
    core = allow(compact(problem), demand_possible(problem))
    found = improve(core, problem.spec.plan.seed, iterations, None, _before(problem))
    if found.stopped:
        raise KeyboardInterrupt
    return found.wave.astype(np.int64)[problem.group] if found.feasible else None


def _solved(problem: Problem, progress: Progress | None, iterations: int | None) -> WaveResult:
    spec = problem.spec
    allowed = demand_possible(problem)
    core = allow(compact(problem), allowed)
    budget = default_iterations(problem.groups) if iterations is None else iterations
    found = improve(core, spec.plan.seed, budget, progress, _before(problem))
    wave = found.wave.astype(np.int64)[problem.group]
    if not found.feasible:
        raise _not_found(problem, wave, found)
    terms = evaluate(problem, wave)
    baseline = None if found.first_fit is None else evaluate(problem, found.first_fit.astype(np.int64)[problem.group])
    bound, reason = lower_bound(problem, allowed, terms)
    useful = bound >= _USEFUL * terms.total and terms.total > 0
    rows = wave_rows(problem, wave)
    return WaveResult(
        candidates=problem.calendar.candidates,
        waves=rows,
        solution=Solution(
            objective=terms,
            first_fit=baseline,
            bound=bound if useful else None,
            gap=round((terms.total - bound) / terms.total, 6) if useful else None,
            bound_reason=reason if useful else f"No useful bound was found: {reason} gives less than a twentieth of the cost",
            iterations=found.iterations,
            seed=spec.plan.seed,
        ),
        assignment={
            application.application: int(number) + 1 for application, number in zip(problem.applications, wave, strict=True)
        },
        dates={row.wave: row.date for row in rows},
        findings=[*problem.findings, *doubts(problem, stopped_after=found.iterations if found.stopped else None)],
        spec=spec,
    )


def _before(problem: Problem) -> Ints | None:
    """The latest wave that an earlier plan had for any member of each group, -1 where it had none; None without one."""
    if not (problem.held.before >= 0).any():
        return None
    wave = np.full(problem.groups, -1, dtype=np.int64)
    np.maximum.at(wave, problem.group, problem.held.before)
    return wave


def _nothing_moves(spec: Spec) -> WaveResult:
    zero = ObjectiveTerms(split=0, double_run=0, site_exit=0, risk=0, wave_overhead=0, soft_rules=0, total=0)
    solution = Solution(
        objective=zero,
        first_fit=zero,
        bound=None,
        gap=None,
        bound_reason="There is nothing to plan",
        iterations=0,
        seed=spec.plan.seed,
    )
    finding = Finding(
        code="nothing-moves",
        severity=Severity.warning,
        subject=spec.plan.name,
        message="No application has a server that moves, so there are no waves",
        remedy="Look at the dispositions in servers.csv; [[disposition]] changes them.",
    )
    return WaveResult(candidates=(), waves=(), solution=solution, assignment={}, dates={}, findings=[finding], spec=spec)


def _not_found(problem: Problem, wave: Ints, found: Found) -> InfeasibleError:
    broken = broken_rules(problem, wave)
    rules = list(dict.fromkeys(violation.rule for violation in broken))
    first = broken[0].message if broken else "the search was stopped before it found one"
    return (_StoppedError if found.stopped else InfeasibleError)(
        f"no plan was found that keeps every rule, after {found.iterations:,} moves; the nearest one breaks "
        f"{', '.join(rules[:5]) or 'none'}: {first[:1].lower()}{first[1:]}",
        where="plan.toml",
        remedy="Relax one of these rules, raise the capacities that they name, or allow more waves.",
    )
