"""End to end at growing sizes: seconds by stage, peak memory, and each stage's rate against the smallest run.

    python -m benchmarks.end_to_end                      # 2,600, 35,000 and 100,000 servers
    python -m benchmarks.end_to_end 2600 --folder /tmp/e # one size, its estate kept and used again

Each size runs in a process of its own, so that its peak memory is its own. The estate is the product's own sample,
the request is what `migrate init` writes for it. Compiled kernels are warmed by a first, small run.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from migrate.files import write_text
from migrate.pipeline import STAGES, Stages, make_plan, write_plan
from migrate.readers import request_text, resolve_files
from migrate.sample import write_sample

SIZES = (2_600, 35_000, 100_000)
START = dt.date(2027, 1, 4)


def estate(folder: Path, servers: int) -> float:
    """Write a sample estate and its request, unless it is there; seconds taken."""
    began = time.perf_counter()
    if not (folder / "plan.toml").exists():
        write_sample(servers, 12, folder / "inventory")
        files = resolve_files([str(folder / "inventory")], Path(), "the benchmark")
        write_text(folder / "plan.toml", request_text(folder, files, START))
    return time.perf_counter() - began


def measure(folder: Path) -> dict[str, Any]:
    """Plan and write; to be run in a process of its own."""
    stages = Stages()
    began = time.perf_counter()
    plan = make_plan(folder / "plan.toml", stages=stages)
    write_plan(plan, folder / "out", stages=stages)
    return {
        "servers": len(plan.servers),
        "applications": len(plan.applications),
        "waves": len(plan.waves),
        "seconds": time.perf_counter() - began,
        "stages": stages.seconds,
        "peak_gb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9,
        "first_fit_ratio": plan.solution.first_fit.total / plan.solution.objective.total if plan.solution.first_fit else None,
    }


def in_child(folder: Path) -> dict[str, Any]:
    """`measure` in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.end_to_end", "--measure", str(folder)]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES), help="servers")
    parser.add_argument("--folder", type=Path, help="keep estates here and use them again")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(given.measure)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        top = given.folder or Path(temporary)
        estate(top / "warm", 100)
        in_child(top / "warm")
        results = []
        for servers in given.sizes:
            made = estate(top / str(servers), servers)
            print(f"{servers:>9,} servers: sample written in {made:.1f} s", flush=True)
            results.append(in_child(top / str(servers)))
            report(results[-1], results[0])


def report(result: dict[str, Any], reference: dict[str, Any]) -> None:
    """Print one size; the rate of each stage (servers a second) also as a ratio to the first size's."""
    print(
        f"{result['servers']:>9,} servers, {result['applications']:,} applications, {result['waves']} waves: "
        f"{result['seconds']:.1f} s, peak {result['peak_gb']:.2f} GB, first-fit costs {result['first_fit_ratio'] or 0:.2f} ×"
    )
    for stage in STAGES:
        seconds = max(result["stages"][stage], 1e-4)
        rate = result["servers"] / seconds
        ratio = rate / (reference["servers"] / max(reference["stages"][stage], 1e-4))
        print(f"          {stage:<10} {seconds:8.2f} s {rate:12,.0f} servers/s   {ratio:6.2f} ×")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
