"""Resource-constrained scheduling by the product's own engine: ``python -m benchmarks.rcpsp FILE… --seconds S --seed N``.

Reads projects in Patterson's format (number of activities and of resources; capacities; then for every activity its
duration, its demands, the number of its successors and the successors) and prints one JSON line each: file, makespan,
starts, bound and seconds. Every schedule is validated without the engine before it is printed. A ``best_known.csv`` beside
a file adds the gap to the best known makespan of its line.
"""

from __future__ import annotations

import argparse
import csv
import json
import sys
import time
from pathlib import Path

import numpy as np

from migrate.waves.schedule.project import Project, check_schedule
from migrate.waves.schedule.search import search


def read_patterson(text: str) -> Project:
    """Read one project; lines may be broken anywhere."""
    numbers = iter([int(word) for word in text.split()])
    count, resources = next(numbers), next(numbers)
    capacity = [next(numbers) for _ in range(resources)]
    duration, demand, arcs = [], [], []
    for activity in range(count):
        duration.append(next(numbers))
        demand.append([next(numbers) for _ in range(resources)])
        arcs += [(activity, next(numbers) - 1) for _ in range(next(numbers))]
    return Project(
        duration=np.array(duration, dtype=np.int64),
        demand=np.array(demand, dtype=np.int64).reshape(count, resources),
        capacity=np.array(capacity, dtype=np.int64),
        arcs=np.array(arcs, dtype=np.int64).reshape(-1, 2),
    )


def best_known(file: Path) -> int | None:
    """The best known makespan of a file, where its folder tells it."""
    table = file.parent / "best_known.csv"
    if not table.is_file():
        return None
    with table.open(encoding="utf-8") as lines:
        return next((int(row["best_known_makespan"]) for row in csv.DictReader(lines) if row["instance"] == file.name), None)


def compile_kernels() -> None:
    """Compile, or load from the cache, before any clock runs."""
    chain = np.array([[0, 1], [1, 2]])
    for resources in (1, 5):
        demand, capacity = np.ones((3, resources), dtype=np.int64), np.ones(resources, dtype=np.int64)
        search(Project(np.array([0, 3, 2]), demand, capacity, chain), 1, children=4)


def solve(file: Path, seconds: float, seed: int) -> dict[str, object]:
    """One line of the benchmark."""
    began = time.perf_counter()
    project = read_patterson(file.read_text(encoding="utf-8"))
    found = search(project, seed, seconds=seconds - (time.perf_counter() - began))
    taken = time.perf_counter() - began
    if faults := check_schedule(project, found.start):
        sys.exit(f"{file.name}: the schedule is not valid: {faults[0]}")
    line: dict[str, object] = {
        "file": file.name,
        "makespan": found.makespan,
        "starts": found.start.tolist(),
        "bound": found.bound,
        "seconds": round(taken, 3),
        "children": found.children,
    }
    if (best := best_known(file)) is not None:
        line |= {"best_known": best, "gap": round(found.makespan / best - 1.0, 6)}
    return line


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    compile_kernels()
    for file in options.files:
        print(json.dumps(solve(file, options.seconds, options.seed)), flush=True)


if __name__ == "__main__":
    main()
