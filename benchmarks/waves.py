"""Solve wave problems with the product's own solver; one JSON line each.

python -m benchmarks.waves problem.json --seconds 10 --seed 1
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # before numpy: search and bound are threads of their own

import numpy as np

from benchmarks.wave_instances import make_instance
from benchmarks.wave_problems import WaveProblem, core_of, judge, read_problem
from migrate.waves.relaxation import split_bound
from migrate.waves.solvers.effort import Effort
from migrate.waves.solvers.local_search import search

__all__ = ["solve"]

_ROUNDS = 600  # of the bound when the budget is a number


def solve(problem: WaveProblem, seconds: float | None, seed: int, iterations: int | None = None) -> dict[str, Any]:
    """Search and bound; the fields of a line but for the file."""
    began = time.perf_counter()
    core, label = core_of(problem)
    spent = time.perf_counter() - began
    effort = Effort(iterations=iterations) if iterations else Effort(seconds=max((seconds or 0.0) * 0.99 - spent - 0.05, 0.05))
    with ThreadPoolExecutor(1) as pool:  # beside the search: both spend their time where others may run
        bounding = pool.submit(split_bound, core, effort, _ROUNDS if iterations else 10**9)
        found = search(core, seed, effort)
        bound = bounding.result()
    wave = found.wave.astype(np.int64)[label]
    verdict = judge(problem, wave)
    bound = bound if found.compared is None else verdict.cost
    return {
        "assignment": wave.tolist(),
        "cost": verdict.cost,
        "bound": bound,
        "gap": (verdict.cost - bound) / verdict.cost if verdict.cost > 0 else 0.0,
        "feasible": verdict.feasible,
        "seconds": round(time.perf_counter() - began, 3),
        "proposals": found.iterations,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--seconds", type=float, default=10.0, help="for each file, search and bound together")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--iterations", type=int, help="a budget of proposals instead: the same plan on every machine")
    given = parser.parse_args()
    warm_up()
    for path in given.files:
        result = solve(read_problem(path), given.seconds, given.seed, given.iterations)
        print(json.dumps({"file": str(path), **result}), flush=True)


def warm_up() -> None:
    """Compile, or load what was compiled."""
    text = json.dumps(make_instance(12, 3, 1))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "p.json"
        path.write_text(text)
        solve(read_problem(path), None, 1, iterations=50_000)


if __name__ == "__main__":
    main()
