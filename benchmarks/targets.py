"""Right-sizing: ``python -m benchmarks.targets``.

Prints how long the sizing kernel takes for a million servers against every instance type priced in a region.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import polars as pl

from migrate.targets.instances import load_instances
from migrate.targets.kernel import first_that_fits
from migrate.targets.prices import load_book

_CAPACITIES = ("vcpu", "memory_gib", "sustained_vcpu", "network_gbit_s", "ebs_mbyte_s", "ebs_iops")


def kernel(servers: int, repeats: int = 5) -> tuple[int, float]:
    """Types compared, and the best of the times in seconds."""
    priced = load_book("embedded").compute("us-east-1", "on_demand")
    kinds = load_instances().types.join(priced, left_on="instance_type", right_on="type").sort("usd_h", "instance_type")
    offers = np.ascontiguousarray(kinds.select(pl.col(_CAPACITIES).fill_null(0.0)).to_numpy())
    features = np.ones(kinds.height, dtype=np.uint8)
    random = np.random.default_rng(1)
    vcpu = random.choice([1, 2, 4, 8, 16, 32], servers, p=[0.2, 0.3, 0.25, 0.15, 0.07, 0.03]) * random.uniform(0.2, 1.2, servers)
    loads = [random.exponential(mean, servers) for mean in (0.2, 20.0, 500.0)]
    needs = np.stack([vcpu, vcpu * random.choice([1, 2, 4, 8, 16], servers), vcpu * 0.7, *loads], axis=1)
    allowed = np.ones(servers, dtype=np.uint8)
    first_that_fits(needs[:1], allowed[:1], offers, features)
    seconds = []
    for _ in range(repeats):
        begin = time.perf_counter()
        first_that_fits(needs, allowed, offers, features)
        seconds.append(time.perf_counter() - begin)
    return kinds.height, min(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--servers", type=int, default=1_000_000)
    options = parser.parse_args()
    types, seconds = kernel(options.servers)
    print(f"sizing kernel: {options.servers:,} servers against {types} types in {seconds:.3f} s")


if __name__ == "__main__":
    main()
