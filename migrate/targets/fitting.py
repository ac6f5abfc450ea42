"""From tables of servers and types to the kernel, and back: which type each server gets."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from migrate.targets.kernel import first_that_fits
from migrate.targets.need import DIMENSIONS

__all__ = ["fit", "gathered", "needs_of", "offers_of"]

_CAPACITIES = ("vcpu", "memory_gib", "sustained_vcpu", "network_gbit_s", "ebs_mbyte_s", "ebs_iops")
_SIZES = 3  # of them, those that are the server's size; the others are the load of its network and disks
_VCPUS = (0, 2)
_ROUNDING = 1e-9  # a need of 16.000000000001 GiB fits into 16


def fit(
    servers: pl.DataFrame,
    kinds: pl.DataFrame,
    *,
    needs: Sequence[str] = DIMENSIONS,
    by_speed: bool = False,
    loads: bool = True,
) -> NDArray[np.int64]:
    """For each server the first of `kinds` that meets its needs and has only features that it may have; -1 where none does.

    Parameters
    ----------
    servers
        With the columns `needs`, sized, allowed; with `by_speed` also cpu_speed and measured_cpu.
    kinds
        Types, best first: capacities and features; with `by_speed` also speed.
    needs
        Columns in the order of `migrate.targets.need.DIMENSIONS`.
    by_speed
        A measured need for vCPU is met by the speed of a type's threads times their number, where the speed of the server's
        own processor is known.
    loads
        False: network and disks are left out.
    """
    count = len(_CAPACITIES) if loads else _SIZES
    wanted, given = [pl.col(name) for name in needs[:count]], [pl.col(name) for name in _CAPACITIES[:count]]
    if by_speed:
        known = pl.col("measured_cpu") & pl.col("cpu_speed").is_not_null()
        wanted += [pl.when(known).then(wanted[place] * pl.col("cpu_speed")).otherwise(0.0) for place in _VCPUS]
        given += [given[place] * pl.col("speed") for place in _VCPUS]
        for place in _VCPUS:
            wanted[place] = pl.when(known).then(0.0).otherwise(wanted[place])
    asked = servers.select(
        (pl.when("sized").then(need).otherwise(float("inf")) - _ROUNDING).alias(str(place)) for place, need in enumerate(wanted)
    )
    offered = kinds.select(capacity.fill_null(0.0).alias(str(place)) for place, capacity in enumerate(given))
    features = kinds["features"].to_numpy().astype(np.uint8)
    return first_that_fits(_matrix(asked), servers["allowed"].to_numpy(), _matrix(offered), features)


def needs_of(servers: pl.DataFrame) -> NDArray[np.float64]:
    """What servers need, in the order of `DIMENSIONS`, as `first_that_fits` wants it."""
    sized = (pl.when("sized").then(pl.col(name)).otherwise(float("inf")) - _ROUNDING for name in DIMENSIONS)
    return _matrix(servers.select(need.alias(str(place)) for place, need in enumerate(sized)))


def offers_of(kinds: pl.DataFrame) -> NDArray[np.float64]:
    """What types give, in the same order."""
    return _matrix(kinds.select(pl.col(_CAPACITIES).fill_null(0.0)))


def gathered(found: NDArray[np.int64]) -> pl.Series:
    """Rows to gather; null where nothing fits."""
    return pl.select(index=found).select(pl.when(pl.col("index") >= 0).then("index")).to_series()


def _matrix(frame: pl.DataFrame) -> NDArray[np.float64]:
    return np.ascontiguousarray(frame.to_numpy().astype(np.float64).reshape(frame.height, frame.width))
