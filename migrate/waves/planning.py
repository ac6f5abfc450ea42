"""Plan the waves: build the problem, demand that it is possible, search, and write down what was found."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import numpy as np
from numpy.typing import NDArray

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
from migrate.waves.bound import Bound, bound_of
from migrate.waves.compact import allow, compact
from migrate.waves.conflict import conflict_of, told_conflict
from migrate.waves.constraints import broken_rules
from migrate.waves.doubts import doubts
from migrate.waves.infeasible import demand_possible
from migrate.waves.kernels.core import Core, new_state
from migrate.waves.kernels.moves import load_state, measure
from migrate.waves.limits import widening
from migrate.waves.objective import evaluate
from migrate.waves.problem import Problem, build_problem, moving_of
from migrate.waves.rows import wave_rows
from migrate.waves.rules import Ints
from migrate.waves.solvers.effort import Effort
from migrate.waves.solvers.first_fit import first_fit, urgency
from migrate.waves.solvers.local_search import Found, default_iterations, search

__all__ = ["Progress", "plan_waves"]

#: Called with the share of the work done (0 to 1), the cost of the best plan so far (inf while there is none) and the bound.
Progress = Callable[[float, float, float | None], None]

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
        Told the share of the work done, the best cost so far and the bound. Ctrl-C during the search keeps the best plan.
    iterations
        Proposals of the search; None: what ``search`` of the request says.
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
    found = search(core, problem.spec.plan.seed, Effort(iterations=iterations), before=_before(problem))
    if found.stopped:
        raise KeyboardInterrupt
    return found.wave.astype(np.int64)[problem.group] if found.feasible else None


def _solved(problem: Problem, progress: Progress | None, iterations: int | None) -> WaveResult:
    spec = problem.spec
    allowed = demand_possible(problem)
    core = allow(compact(problem), allowed)
    baseline = first_fit(core, urgency(core))
    start = evaluate(problem, baseline[0].astype(np.int64)[problem.group])
    bound = bound_of(problem, allowed, start.total)
    constant = start.total - _usd_of(core, baseline[0])
    effort = _effort(problem, iterations, bound.usd, constant)

    def told(share: float, best: float) -> None:
        if progress is not None:
            progress(share, best + constant, bound.usd)

    found = search(core, spec.plan.seed, effort, told, _before(problem), baseline)
    wave = found.wave.astype(np.int64)[problem.group]
    if not found.feasible:
        raise _not_found(problem, wave, found)
    rows, solution = wave_rows(problem, wave), _solution(problem, wave, found, bound)
    return WaveResult(
        candidates=problem.calendar.candidates,
        waves=rows,
        solution=solution,
        assignment={
            application.application: int(number) + 1 for application, number in zip(problem.applications, wave, strict=True)
        },
        dates={row.wave: row.date for row in rows},
        findings=[*problem.findings, *doubts(problem, solution, stopped_after=found.iterations if found.stopped else None)],
        spec=spec,
    )


def _usd_of(core: Core, wave: NDArray[np.int32]) -> float:
    """The cost of an assignment as the search counts it: without what every assignment costs."""
    state = new_state(core)
    load_state(core, state, wave)
    return float(measure(core, state)[0])


def _effort(problem: Problem, iterations: int | None, bound: float, constant: float) -> Effort:
    """The budget that the request gives; the search does not count what every plan costs (`constant`), a gap does."""
    asked = problem.spec.search
    enough = -np.inf if asked.gap is None else bound / (1.0 - asked.gap) - constant
    if asked.seconds is not None and iterations is None:
        return Effort(seconds=asked.seconds, enough=enough)
    return Effort(iterations=iterations or asked.iterations or default_iterations(problem.groups), enough=enough)


def _solution(problem: Problem, wave: Ints, found: Found, bound: Bound) -> Solution:
    terms = evaluate(problem, wave)
    proven = terms.total if found.compared is not None else bound.usd
    useful = proven >= _USEFUL * terms.total and terms.total > 0
    reason = bound.reason(terms) if found.compared is None else f"All {found.compared:,} plans that there are were compared"
    return Solution(
        objective=terms,
        first_fit=None if found.first_fit is None else evaluate(problem, found.first_fit.astype(np.int64)[problem.group]),
        bound=proven if useful else None,
        gap=round((terms.total - proven) / terms.total, 6) if useful else None,
        bound_reason=reason if useful else f"No useful bound was found: {reason} gives less than a twentieth of the cost",
        iterations=found.iterations,
        seed=problem.spec.plan.seed,
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
        f"{', '.join(rules[:5]) or 'none'}: {first}",
        where="plan.toml",
        remedy="Relax one of these rules, raise the capacities that they name, or allow more waves.",
    )
