"""The product's search against CP-SAT on the same generated instance; CP-SAT is no part of the project: `pip install ortools`.

    python -m benchmarks.wave_cpsat --groups 200 --seconds 60 --seeds 1 2 3

CP-SAT has one model of the whole, without hints: a Boolean for each group and wave, capacities, windows, order, and for each
pair a distance. Both have two threads and the same seconds.
"""

from __future__ import annotations

import argparse
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.wave_instances import SIZES, make_instance
from benchmarks.wave_problems import WaveProblem, judge, problem_from
from benchmarks.waves import solve, warm_up

_CENTS = 100


def by_cpsat(problem: WaveProblem, seconds: float) -> NDArray[np.int64] | None:
    """The best assignment that CP-SAT finds in time; None: none."""
    from ortools.sat.python import cp_model  # noqa: PLC0415 -- only where it is installed

    model = cp_model.CpModel()
    groups, waves = range(problem.groups), range(problem.waves)
    stands = [[model.new_bool_var("") for _ in waves] for _ in groups]
    wave = [model.new_int_var(int(problem.earliest[g]), int(problem.latest[g]), "") for g in groups]
    for g in groups:
        model.add_exactly_one(stands[g])
        model.add(wave[g] == sum(w * stands[g][w] for w in waves))
    for w in waves:
        for r in range(problem.load.shape[1]):
            model.add(sum(int(problem.load[g, r]) * stands[g][w] for g in groups) <= int(problem.capacity[w, r]))
    for first, then in problem.before.tolist():
        model.add(wave[first] <= wave[then])
    cost: list[Any] = []
    for (i, j), weight in zip(problem.edge.tolist(), problem.weight.tolist(), strict=True):
        apart = model.new_int_var(0, problem.waves - 1, "")
        model.add(apart >= wave[i] - wave[j])
        model.add(apart >= wave[j] - wave[i])
        cost.append(round(weight * _CENTS) * apart)
    model.minimize(sum(cost))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds, solver.parameters.num_workers = seconds, 2
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    return np.array([solver.value(wave[g]) for g in groups], dtype=np.int64)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--groups", type=int, choices=[size for size, _ in SIZES], required=True)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    given = parser.parse_args()
    warm_up()
    for seed in given.seeds:
        problem = problem_from(make_instance(given.groups, dict(SIZES)[given.groups], seed))
        ours = solve(problem, given.seconds, seed)["cost"]
        theirs = by_cpsat(problem, given.seconds)
        told = "no plan" if theirs is None else f"{judge(problem, theirs).cost:,.0f} ({judge(problem, theirs).cost / ours:.2f} ×)"
        print(f"{given.groups} groups, seed {seed}, {given.seconds:g} s: search {ours:,.0f}, CP-SAT {told}", flush=True)


if __name__ == "__main__":
    main()
