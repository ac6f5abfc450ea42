"""The product's search against first fit and against plain annealing with five times the time, on generated instances.

    python -m benchmarks.wave_targets --groups 200 --seconds 10 --seeds 1 2 3 4 5

Times are those of processors, so that the figures hold on a machine that does other things too: `seconds` on two cores for
the search, five times as long on two cores for plain annealing, a third of it from each of three start temperatures, and
the cheapest kept.
"""

from __future__ import annotations

import argparse
import time

import numpy as np

from benchmarks.plain_annealing import anneal_plainly
from benchmarks.wave_instances import SIZES, make_instance
from benchmarks.wave_problems import core_of, judge, problem_from
from migrate.waves.solvers.effort import Effort
from migrate.waves.solvers.first_fit import first_fit, urgency
from migrate.waves.solvers.local_search import search

TIMES = 5.0
CORES = 2
HEATS = (1.0, 3.0, 9.0)  # start temperatures, in what a group's pairs weigh on average


def both_cores() -> float:
    """Seconds that two cores would have taken for what this process has done."""
    return time.process_time() / CORES


def compare(groups: int, waves: int, seed: int, seconds: float) -> None:
    problem = problem_from(make_instance(groups, waves, seed))
    core, label = core_of(problem)
    start, fits = first_fit(core, urgency(core))
    found = search(core, seed, Effort(seconds=seconds, clock=both_cores))
    ours = judge(problem, found.wave.astype(np.int64)[label])
    force = float(core.near_usd_day.sum()) / groups
    each = TIMES * CORES * seconds / len(HEATS)
    plain = min(anneal_plainly(core, start, heat * force, each, seed)[1] for heat in HEATS)
    first = judge(problem, start.astype(np.int64)[label])
    print(
        f"{groups:>6} groups, seed {seed}: first fit {first.cost:,.0f}{'' if fits else ' (breaks rules)'}, "
        f"search {ours.cost:,.0f}{'' if ours.feasible else ' (breaks rules)'} ({first.cost / max(ours.cost, 1e-9):.1f} × below), "
        f"plain annealing {plain:,.0f} ({plain / max(ours.cost, 1e-9) - 1:+.2%})",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--groups", type=int, choices=[size for size, _ in SIZES], required=True)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3, 4, 5])
    given = parser.parse_args()
    warm, _ = core_of(problem_from(make_instance(12, 3, 1)))
    search(warm, 1, Effort(iterations=50_000))
    anneal_plainly(warm, first_fit(warm, urgency(warm))[0], 1.0, 0.01, 1)
    for seed in given.seeds:
        compare(given.groups, dict(SIZES)[given.groups], seed, given.seconds)


if __name__ == "__main__":
    main()
