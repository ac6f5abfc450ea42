"""A real workbook read, sized and priced without a network: ``python -m benchmarks.pricing``.

Reads an RVTools export (``--workbook FILE``; an anonymised one of 805 rows in its vInfo tab by default), chooses a target for
every server with the price book of the package, and prices it, its alternatives and other clouds, several times in one
process. Prints seconds of wall clock and of CPU by stage: of the first run, which loads the book and the compiled kernels, and
the best of the others. Ends with exit code 1 where a warm run takes more than a second of CPU time, or no server is priced.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from migrate.model.stages import ApplicationDependencies, Discovery, ServerDependencies, TargetChoice
from migrate.readers import read_inventory
from migrate.spec import PlanHead, Spec, Target
from migrate.targets import choose_targets

WORKBOOK = Path(__file__).parents[2] / "shared" / "data" / "rvtools" / "SizingWorkshop-RVTools.xlsx"
MOST_S = 1.0

Result = TypeVar("Result")


@dataclass(frozen=True)
class Run:
    """Seconds of one run by stage, as (wall clock, CPU), and what it chose."""

    read: tuple[float, float]
    price: tuple[float, float]
    choice: TargetChoice

    @property
    def whole(self) -> tuple[float, float]:
        """Both stages."""
        return self.read[0] + self.price[0], self.read[1] + self.price[1]


def run(workbook: Path, spec: Spec) -> Run:
    """Read, size and price once."""
    inventory, read = _timed(lambda: read_inventory([workbook], ()))
    nothing = ServerDependencies.create_empty(), ApplicationDependencies.create_empty()
    discovery = Discovery(inventory.estate, *nothing, (), (), 0, {}, [])
    choice, price = _timed(lambda: choose_targets(discovery, spec))
    return Run(read, price, choice)


def _timed(work: Callable[[], Result]) -> tuple[Result, tuple[float, float]]:
    wall, cpu = time.perf_counter(), time.process_time()
    result = work()
    return result, (time.perf_counter() - wall, time.process_time() - cpu)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--workbook", type=Path, default=WORKBOOK)
    parser.add_argument("--region", default="us-east-2")
    parser.add_argument("--term", default="on_demand")
    parser.add_argument("--repeats", type=int, default=4, help="warm runs (%(default)s)")
    options = parser.parse_args()
    if not options.workbook.exists():
        print(f"no workbook at {options.workbook}: not measured")
        return 0
    target = Target(regions=(options.region,), term=options.term)
    spec = Spec(plan=PlanHead(start=dt.date(2027, 1, 4)), target=target)
    first, *others = (run(options.workbook, spec) for _ in range(1 + max(1, options.repeats)))
    best = min(others, key=lambda each: each.whole[1])
    servers = best.choice.servers
    priced = servers["cost_usd_month"].count()
    print(f"{options.workbook.name}: {servers.height:,} servers, {priced:,} priced, {best.choice.price_book}")
    for name, each in (("first", first), ("warm", best)):
        stages = (("read", each.read), ("size and price", each.price), ("in all", each.whole))
        print(f"{name:>5}: " + ", ".join(f"{stage} {wall:.2f} s ({cpu:.2f} s of CPU)" for stage, (wall, cpu) in stages))
    passed = best.whole[1] <= MOST_S and priced > 0
    print("passed" if passed else f"not passed: more than {MOST_S:g} s of CPU time, or nothing priced")
    return int(not passed)


if __name__ == "__main__":
    sys.exit(main())
