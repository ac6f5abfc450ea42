"""Wave problems as JSON: read, given to the product's solver, and judged without it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from migrate.waves.compact import neighbours, ranges
from migrate.waves.kernels.core import Core

__all__ = ["Verdict", "WaveProblem", "core_of", "judge", "problem_from", "read_problem"]

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_FINEST = 10**6  # loads with more decimals are rounded, up; capacities down


@dataclass(frozen=True)
class WaveProblem:
    """A problem as it is given; waves count from 0."""

    cut: bool  # cost of an edge: once when the waves differ; else times their difference
    capacity: Floats  # waves × resources
    load: Floats  # groups × resources
    earliest: Ints
    latest: Ints
    before: Ints  # × 2: wave of the first ≤ wave of the second
    edge: Ints  # × 2
    weight: Floats

    @property
    def groups(self) -> int:
        """Number of groups."""
        return len(self.earliest)

    @property
    def waves(self) -> int:
        """Number of waves."""
        return len(self.capacity)


@dataclass(frozen=True)
class Verdict:
    """What an assignment costs, and by how much it breaks what is demanded."""

    cost: float
    overloads: float  # sum over waves and resources, each in shares of the capacity
    outside: int  # groups outside their window
    disordered: int  # pairs the wrong way round

    @property
    def feasible(self) -> bool:
        """Whether nothing is broken."""
        return self.overloads == 0 and self.outside == 0 and self.disordered == 0


def read_problem(path: Path) -> WaveProblem:
    """Read one JSON file."""
    return problem_from(json.loads(path.read_text()))


def problem_from(given: dict[str, Any]) -> WaveProblem:
    """A problem from its JSON; `earliest`, `latest`, `before` and `edges` may be missing, and single windows null."""
    groups, waves = len(given["loads"]), len(given["capacities"])
    resources = len(given["capacities"][0]) if waves else 0
    edges = given.get("edges") or []

    def window(name: str, otherwise: int) -> Ints:
        values = given.get(name) or [None] * groups
        return np.array([otherwise if value is None else value for value in values], dtype=np.int64)

    return WaveProblem(
        cut=given.get("distance", "waves") == "cut",
        capacity=np.array(given["capacities"], dtype=np.float64).reshape(waves, resources),
        load=np.array(given["loads"], dtype=np.float64).reshape(groups, resources),
        earliest=np.maximum(window("earliest", 0), 0),
        latest=np.minimum(window("latest", waves - 1), waves - 1),
        before=np.array(given.get("before") or [], dtype=np.int64).reshape(-1, 2),
        edge=np.array([edge[:2] for edge in edges], dtype=np.int64).reshape(-1, 2),
        weight=np.array([edge[2] for edge in edges], dtype=np.float64),
    )


def judge(problem: WaveProblem, wave: Ints) -> Verdict:
    """Evaluate an assignment from the problem alone."""
    apart = np.abs(wave[problem.edge[:, 0]] - wave[problem.edge[:, 1]])
    used = np.zeros_like(problem.capacity)
    np.add.at(used, wave, problem.load)
    over = used - problem.capacity
    over[over <= 1e-9 * np.maximum(problem.capacity, 1.0)] = 0.0  # rounding of sums of fractions
    return Verdict(
        cost=float(problem.weight @ ((apart > 0) if problem.cut else apart)),
        overloads=float((over / np.maximum(problem.capacity, 1e-9)).sum()),
        outside=int(((wave < problem.earliest) | (wave > problem.latest)).sum()),
        disordered=int((wave[problem.before[:, 0]] > wave[problem.before[:, 1]]).sum()),
    )


def windows_of(problem: WaveProblem) -> tuple[Ints, Ints]:
    """Windows narrowed by those of what must come before and after."""
    earliest, latest = problem.earliest.copy(), problem.latest.copy()
    first, then = problem.before[:, 0], problem.before[:, 1]
    for _ in range(problem.groups):
        known = earliest.sum() - latest.sum()
        np.maximum.at(earliest, then, earliest[first])
        np.minimum.at(latest, first, latest[then])
        if earliest.sum() - latest.sum() == known:
            break
    return earliest, latest


def core_of(problem: WaveProblem) -> tuple[Core, Ints]:
    """The arrays of the product's search, and which of its groups each group is: those that wait for each other are one."""
    _, label = connected_components(
        coo_matrix((np.ones(len(problem.before)), (problem.before[:, 0], problem.before[:, 1])), shape=(problem.groups,) * 2),
        directed=True,
        connection="strong",
    )
    label = np.unique(label, return_index=True, return_inverse=True)[2].astype(np.int64)
    first = np.full(int(label.max(initial=-1)) + 1, problem.groups)
    np.minimum.at(first, label, np.arange(problem.groups))
    label = np.argsort(np.argsort(first))[label]  # numbered by their first members
    groups, waves = len(first), problem.waves
    earliest, latest = windows_of(problem)
    number = np.arange(waves)
    allowed = np.ones((groups, waves), dtype=bool)
    np.logical_and.at(allowed, label, (number >= earliest[:, None]) & (number <= latest[:, None]))
    allowed[~allowed.any(axis=1)] = True  # nothing satisfies it; the verdict will say so
    load, capacity = _whole(problem)
    summed = np.zeros((groups, load.shape[1]), dtype=np.int64)
    np.add.at(summed, label, load)
    near_at, near, weight = neighbours(label[problem.edge[:, 0]], label[problem.edge[:, 1]], problem.weight, groups)
    before = label[problem.before]
    before = np.unique(before[before[:, 0] != before[:, 1]], axis=0)
    owner, other = np.concatenate([before[:, 0], before[:, 1]]), np.concatenate([before[:, 1], before[:, 0]])
    side = np.repeat(np.array([1, -1], dtype=np.int32), len(before))
    order = np.lexsort((other, owner))
    nothing = np.zeros(groups + 1, dtype=np.int64)
    away = np.abs(number[:, None] - number[None, :]).astype(np.float64)
    core = Core(
        day=number.astype(np.float64),
        allowed=allowed,
        far=np.minimum(away, 1.0) if problem.cut else away,
        at=np.column_stack(
            [ranges(allowed.sum(axis=1)), near_at, nothing, nothing, ranges(np.bincount(owner, minlength=groups))]
        ),
        choices=np.nonzero(allowed)[1].astype(np.int32),
        fixed_usd=np.zeros((groups, waves)),
        load=summed,
        capacity=capacity,
        per_load=1.0 / np.maximum(summed.mean(axis=0), 1.0),
        near=near,
        near_usd_day=weight,
        prior=other[order].astype(np.int32),
        prior_side=side[order],
        site=np.zeros(0, dtype=np.int32),
        site_usd_day=np.zeros(0),
        sums=np.column_stack([np.bincount(label, minlength=groups), np.zeros((groups, 2))]),
        settling=np.ones(waves),
        learning=np.ones(problem.groups + 1),
        constants=np.zeros(6),
        entry=np.zeros((0, 5), dtype=np.int32),
        rule=np.zeros((0, 7), dtype=np.int32),
        rule_price=np.zeros((0, 2)),
        only=np.zeros(0, dtype=np.int32),
        channels=0,
        opens=np.zeros((waves, 0), dtype=np.int64),
        due=np.zeros((waves, 0), dtype=np.int64),
    )
    return core, label


def _whole(problem: WaveProblem) -> tuple[Ints, Ints]:
    """Loads and capacities as integers, each resource in the smallest unit that makes all of its figures whole."""
    load, capacity = np.zeros(problem.load.shape, dtype=np.int64), np.zeros(problem.capacity.shape, dtype=np.int64)
    for r in range(problem.load.shape[1]):
        both = np.concatenate([problem.load[:, r], problem.capacity[:, r]])
        limit = 2.0**50 / max(float(np.abs(both).sum()), 1.0)
        scale = 1
        while scale < _FINEST and scale * 10 <= limit and not np.allclose(both * scale, np.rint(both * scale), rtol=0, atol=1e-6):
            scale *= 10
        load[:, r] = np.ceil(problem.load[:, r] * scale - 1e-6)
        capacity[:, r] = np.floor(np.minimum(problem.capacity[:, r] * scale, 2.0**50) + 1e-6)
    return load, capacity
