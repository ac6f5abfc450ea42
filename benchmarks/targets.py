"""Right-sizing: ``python -m benchmarks.targets``.

Prints how long the sizing kernel takes for a million servers against every instance type priced in a region, plain and with
the speed of processors counted (two more dimensions), and compares both with a search without the kernel on a sample. Ends
with exit code 1 where a run takes more than 0.3 s of CPU time, or an answer differs.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from migrate.targets.instances import load_instances
from migrate.targets.kernel import first_that_fits
from migrate.targets.prices import load_book
from migrate.targets.speeds import family_speed

_CAPACITIES = ("vcpu", "memory_gib", "sustained_vcpu", "network_gbit_s", "ebs_mbyte_s", "ebs_iops")
_VCPUS = (0, 2)
_MOST_S = 0.3


@dataclass(frozen=True)
class Case:
    """Needs of servers and what types give, dimension by dimension; best type first."""

    name: str
    needs: NDArray[np.float64]
    offers: NDArray[np.float64]


def cases(servers: int) -> tuple[Case, Case]:
    """The same servers without and with the speed of processors."""
    priced = load_book("embedded").compute("us-east-1", "on_demand")
    kinds = load_instances().types.join(priced, left_on="instance_type", right_on="type").sort("usd_h", "instance_type")
    offers = kinds.select(pl.col(_CAPACITIES).fill_null(0.0)).to_numpy()
    speed = kinds.select(family_speed("instance_type").fill_null(1.0)).to_series().to_numpy()
    random = np.random.default_rng(1)
    vcpu = random.choice([1, 2, 4, 8, 16, 32], servers, p=[0.2, 0.3, 0.25, 0.15, 0.07, 0.03]) * random.uniform(0.2, 1.2, servers)
    loads = [random.exponential(mean, servers) for mean in (0.2, 20.0, 500.0)]
    needs = np.stack([vcpu, vcpu * random.choice([1, 2, 4, 8, 16], servers), vcpu * 0.7, *loads], axis=1)
    known = random.random(servers) < 0.8
    scaled = needs[:, _VCPUS] * np.where(known, random.choice([0.88, 1.03, 1.19], servers), 0.0)[:, None]
    plain = needs.copy()
    plain[:, _VCPUS] = np.where(known[:, None], 0.0, needs[:, _VCPUS])
    faster = np.hstack([offers, offers[:, _VCPUS] * speed[:, None]])
    return (
        Case("allocated threads", np.ascontiguousarray(needs), np.ascontiguousarray(offers)),
        Case("speed of processors", np.hstack([plain, scaled]), np.ascontiguousarray(faster)),
    )


def kernel(case: Case, repeats: int = 5) -> float:
    """Least CPU time of the repeats, in seconds."""
    allowed, features = np.ones(len(case.needs), dtype=np.uint8), np.ones(len(case.offers), dtype=np.uint8)
    first_that_fits(case.needs[:1], allowed[:1], case.offers, features)
    seconds = []
    for _ in range(repeats):
        begin = time.process_time()
        first_that_fits(case.needs, allowed, case.offers, features)
        seconds.append(time.process_time() - begin)
    return min(seconds)


def differing(case: Case, sample: int) -> int:
    """Servers of a sample for which the kernel and a search of every type differ."""
    needs = case.needs[:: max(1, len(case.needs) // sample)]
    found = first_that_fits(
        np.ascontiguousarray(needs), np.ones(len(needs), dtype=np.uint8), case.offers, np.ones(len(case.offers), dtype=np.uint8)
    )
    fits: NDArray[np.bool_] = np.all(case.offers[None, :, :] >= needs[:, None, :], axis=2)
    expected = np.where(np.any(fits, axis=1), np.argmax(fits, axis=1), -1)
    return int((found != expected).sum())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--servers", type=int, default=1_000_000)
    parser.add_argument("--sample", type=int, default=2_000)
    options = parser.parse_args()
    passed = True
    for case in cases(options.servers):
        seconds, wrong = kernel(case), differing(case, options.sample)
        passed &= seconds <= _MOST_S and not wrong
        print(
            f"sizing kernel, {case.name}: {options.servers:,} servers against {len(case.offers)} types in {seconds:.3f} s of CPU "
            f"time; {wrong} of a sample differ from a search of every type"
        )
    print("passed" if passed else "not passed")
    return int(not passed)


if __name__ == "__main__":
    sys.exit(main())
