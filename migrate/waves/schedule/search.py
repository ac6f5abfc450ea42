"""Search for the shortest schedule of a project: populations on several threads that send each other their best.

Every population begins with justified random lists. Rounds have a fixed number of children, and populations meet only
between rounds, so the result depends on the seed, the number of populations and the number of rounds, not on how threads
take turns. With a time limit instead of a number of children, only the number of rounds depends on the machine.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from migrate.errors import RequestError
from migrate.waves.schedule.kernels.energy import heads_and_tails, impossible
from migrate.waves.schedule.kernels.evolution import evolve, populate
from migrate.waves.schedule.kernels.generation import Desk, new_desk
from migrate.waves.schedule.kernels.network import BITS, FIELDS, MOST_UNITS, Network, both_ways, pack
from migrate.waves.schedule.kernels.propagation import clashes, propagate
from migrate.waves.schedule.project import Ints, Project, order_of

__all__ = ["Schedule", "lower_bound", "search"]

_LARGEST, _SMALLEST = 1000, 40  # schedules in a population
_GENERATIONS = 75  # children per place of the population, when their number is given
_A_SECOND = 12_000  # places × activities per second of the limit: large projects and short limits get small populations
_ROUND_S = 0.05  # between two looks at the clock
_APART = 20  # rounds after which populations meet
_MEETINGS = 40  # of populations with a number of children as budget, at least
_LONGEST = 2_000_000  # periods of a schedule in which nothing overlaps
_BOUND_WORK = 2e9  # comparisons of energetic reasoning, about two seconds


@dataclass(frozen=True)
class Schedule:
    """A schedule and how good it is."""

    start: Ints
    makespan: int
    bound: int  # no schedule is shorter
    children: int  # schedules that were recombined and justified


Each = Callable[..., Iterator[Any]]


@dataclass
class _Island:
    """One population and the desk that its thread works on."""

    desk: Desk
    starts: NDArray[np.int32]
    spans: NDArray[np.int32]


def search(
    project: Project, seed: int, *, seconds: float | None = None, children: int = 20_000, islands: int = 2, target: int = 0
) -> Schedule:
    """Find a short schedule.

    Parameters
    ----------
    project
        What is to be scheduled.
    seed
        Of everything random.
    seconds
        Time limit, bound and all; None: `children` decide.
    children
        How many schedules to make, over all populations, where there is no time limit.
    islands
        Populations, each on a thread of its own.
    target
        A makespan that is good enough; the lower bound always is.

    Raises
    ------
    RequestError
        Activities wait for each other, need more than there is, or the project is too long or its numbers too large.
    """
    began = time.perf_counter()
    order = order_of(project)
    count = len(order)
    if count == 0:
        return Schedule(np.zeros(0, dtype=np.int64), 0, 0, 0)
    network = _network(project, order)
    limit = None if seconds is None else began + seconds - max(0.015 * seconds, 0.04)
    bound = _bound(project, network, order, 0.1 * _BOUND_WORK * min(seconds or 1.0, 10.0))
    enough = max(target, bound)
    places = children // islands // _GENERATIONS if seconds is None else int(_A_SECOND * seconds / count)
    size = min(max(places, _SMALLEST), _LARGEST)
    group = [_island(network, seed * islands + number, size) for number in range(islands)]
    with _crew(islands) as each:
        made = _settle(network, group, enough, limit, each)
        made += _rounds(network, group, enough, limit, children - made, each)
    best = min(group, key=lambda island: int(island.spans.min()))
    place = int(best.spans.argmin())
    start = np.zeros(count, dtype=np.int64)
    start[order] = best.starts[place]
    return Schedule(start, int(best.spans[place]), bound, made)


def lower_bound(project: Project) -> int:
    """A makespan that no schedule can beat: critical path, and energetic reasoning as far as that is affordable."""
    order = order_of(project)
    return _bound(project, _network(project, order), order, _BOUND_WORK) if len(order) else 0


def _network(project: Project, order: Ints) -> Network:
    if project.capacity.size and int(project.capacity.max()) > MOST_UNITS:
        raise RequestError(f"a resource has more than {MOST_UNITS:,} units", where="project", remedy="Count it in larger units.")
    if int(project.duration.sum()) > _LONGEST:
        raise RequestError(
            f"give tasks that together take over {_LONGEST:,} units of time, more than can be scheduled",
            where="plan.toml [durations]",
            remedy="Shorten them: hours of a cutover, days of a test.",
        )
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    before_at, before, after_at, after = both_ways(len(order), place[project.arcs.reshape(-1, 2)])
    guards = pack(np.full((1, FIELDS), 1 << (BITS - 1), dtype=np.int64))[0]
    return Network(
        duration=project.duration[order].astype(np.int32),
        words=pack(project.demand[order]),
        full=pack(project.capacity.reshape(1, -1))[0] | guards[0],
        guard=guards,
        before_at=before_at,
        before=before,
        after_at=after_at,
        after=after,
    )


def _bound(project: Project, network: Network, order: Ints, work: float) -> int:
    """Raise the critical path as long as propagation or energetic reasoning refutes the makespan."""
    count = len(order)
    head, tail = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    bound = int(heads_and_tails(network, head, tail))
    duration, demand = project.duration[order], project.demand[order]
    for energy, capacity in zip((duration[:, None] * demand).sum(axis=0).tolist(), project.capacity.tolist(), strict=True):
        if capacity:
            bound = max(bound, -(-energy // capacity))
    each = len(np.unique(head)) * len(np.unique(tail)) * count
    pairs = clashes(duration, demand, project.capacity)
    for _ in range(int(work / max(each, 1))):
        early, late = head.copy(), bound - tail - duration
        refuted = propagate(network, demand, project.capacity, pairs, early, late, bound)
        if not refuted and not impossible(duration, demand, project.capacity, early, bound - late - duration, bound):
            break
        bound += 1
    return bound


def _island(network: Network, seed: int, size: int) -> _Island:
    count = len(network.duration)
    return _Island(new_desk(network, seed), np.zeros((size, count), dtype=np.int32), np.zeros(size, dtype=np.int32))


@contextmanager
def _crew(islands: int) -> Iterator[Each]:
    """Run a function over all islands: on threads, or here where there is only one."""
    if islands == 1:
        yield map
    else:
        with ThreadPoolExecutor(islands) as pool:
            yield pool.map


def _settle(network: Network, group: list[_Island], enough: int, limit: float | None, each: Each) -> int:
    """Fill the populations, a part at a time; what a time limit leaves empty is cut off."""
    size, step, filled, began = len(group[0].spans), 20, 0, time.perf_counter()
    while filled < size:
        last = min(filled + step, size)
        list(each(lambda island: populate(network, island.desk, island.starts, island.spans, filled, last), group))  # noqa: B023 -- waited for
        filled = last
        if limit is not None and filled == step:
            now = time.perf_counter()
            expected = filled * (limit - now) / max(now - began, 1e-6)
            size = min(size, max(int(expected / _GENERATIONS), _SMALLEST))
        late = limit is not None and time.perf_counter() > limit
        if late or min(int(island.spans[:filled].min()) for island in group) <= enough:
            break
    for island in group:
        island.starts, island.spans = island.starts[:filled], island.spans[:filled]
    return filled * len(group)


def _rounds(network: Network, group: list[_Island], enough: int, limit: float | None, children: int, each: Each) -> int:
    """Evolve until the makespan is enough, or the children or the time are used up."""
    made, step, rounds, size = 0, 50, 0, len(group[0].spans)
    first = time.perf_counter()
    while min(int(island.spans.min()) for island in group) > enough:
        if limit is None and made >= children:
            break
        began = time.perf_counter()
        if limit is not None and began >= limit:
            break
        if limit is None:
            step = max(min(children // (_MEETINGS * _APART * len(group)), 500, (children - made) // len(group)), 1)
        made += sum(each(lambda island: evolve(network, island.desk, island.starts, island.spans, step, enough), group))  # noqa: B023
        if limit is not None:
            taken = max(time.perf_counter() - began, 1e-4)
            room = max(min(_ROUND_S, limit - time.perf_counter()), 0.0)
            step = max(int(step * min(room / taken, 4.0)), 1)
        rounds += 1
        if rounds % _APART == 0:
            _send_best(group)
            done = made / children if limit is None else (time.perf_counter() - first) / max(limit - first, 1e-9)
            _shrink(group, max(int(size * (1.0 - done)), _SMALLEST))
    return made


def _shrink(group: list[_Island], size: int) -> None:
    """Let the longest schedules of every population go until `size` are left: wide at first, and sharp at the end."""
    for island in group:
        if size < len(island.spans):
            kept = np.argsort(island.spans, kind="stable")[:size]
            island.starts, island.spans = island.starts[kept], island.spans[kept]


def _send_best(group: list[_Island]) -> None:
    """Each population's best takes the place of the worst in the next one, if that is longer."""
    best = [(int(island.spans.min()), island.starts[int(island.spans.argmin())].copy()) for island in group]
    for number, (span, start) in enumerate(best):
        there = group[(number + 1) % len(group)]
        if span < int(there.spans.min()):
            worst = int(there.spans.argmax())
            there.starts[worst], there.spans[worst] = start, span
