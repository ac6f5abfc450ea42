"""Simulated runs of a programme: what is ready when, which cutovers fail, and on which date they are tried again. Compiled."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit
from numpy.typing import NDArray

from migrate.waves.schedule.kernels.chances import Chances, slower, staffing, triangular
from migrate.waves.schedule.kernels.evolution import uniform

__all__ = ["Course", "Results", "new_results", "simulate"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


class Course(NamedTuple):
    """What is planned. Groups are sorted by the date that they are planned for, applications by group. Days are moments."""

    group_at: Ints  # groups + 1: where each group's applications begin
    wave: Ints  # of each application
    begin: Floats  # when replication starts
    setup: Floats  # days of replication that do not hang on the link
    transfer: Floats  # applications × sites: days on the link
    test: Floats  # when the test launch starts
    test_days: Floats
    watch_days: Floats  # hypercare
    retire_days: Floats
    failure: Floats
    done: NDArray[np.bool_]  # applications that are cut over already: nothing of them varies
    there: NDArray[np.bool_]  # applications × sites
    planned: Ints  # of each group: its date
    servers: Ints  # of each group
    day: Floats  # of each date
    room: Ints  # servers that each date takes
    risk: Floats  # of each date: times the failure probability
    opened: NDArray[np.bool_]  # groups × dates; later dates are open to all
    first_at: Ints  # groups + 1: rules in which each group comes first
    first: Ints
    then_at: Ints  # likewise second
    then: Ints
    lag: Floats  # of each rule, days
    waits: Ints  # of each rule: how many groups come first


class Results(NamedTuple):
    """Days, one row for each run."""

    cutover: NDArray[np.int32]  # runs × waves: of the last application
    closed: NDArray[np.int32]  # runs × waves
    empty: NDArray[np.int32]  # runs × sites
    end: NDArray[np.int32]  # runs
    on_time: NDArray[np.int64]  # waves: applications on their date, over all runs
    whole: NDArray[np.int64]  # waves: runs in which nothing slipped


def new_results(runs: int, waves: int, sites: int) -> Results:
    """Room for the results."""
    return Results(
        cutover=np.zeros((runs, waves), dtype=np.int32),
        closed=np.zeros((runs, waves), dtype=np.int32),
        empty=np.zeros((runs, sites), dtype=np.int32),
        end=np.zeros(runs, dtype=np.int32),
        on_time=np.zeros(waves, dtype=np.int64),
        whole=np.zeros(waves, dtype=np.int64),
    )


@njit(cache=True, nogil=True)
def _prepare(
    course: Course, chances: Chances, random: np.ndarray, links: np.ndarray, present: np.ndarray, ready: np.ndarray
) -> None:
    """When each group is replicated and tested."""
    for wave in range(links.shape[0]):
        for site in range(links.shape[1]):
            links[wave, site] = triangular(random, chances.link_low, 1.0, 1.0)
    for g in range(len(ready)):
        ready[g] = 0.0
        for i in range(course.group_at[g], course.group_at[g + 1]):
            if course.done[i]:
                continue
            sent = 0.0
            for site in range(links.shape[1]):
                sent = max(sent, course.transfer[i, site] / links[course.wave[i], site])
            copied = course.begin[i] + sent + course.setup[i] * triangular(random, chances.low, 1.0, chances.high)
            tested = max(course.test[i], copied)
            days = course.test_days[i] * triangular(random, chances.low, 1.0, chances.high)
            ready[g] = max(ready[g], tested + days * slower(present, tested))


@njit(cache=True, nogil=True)
def _fails(course: Course, chances: Chances, random: np.ndarray, g: int, factor: float) -> bool:
    """Whether any cutover of a group fails; then the whole group goes back."""
    sound = 1.0
    for i in range(course.group_at[g], course.group_at[g + 1]):
        if not course.done[i]:
            sound *= 1.0 - min(course.failure[i] * factor, 1.0)
    return uniform(random) >= sound and sound < 1.0


@njit(cache=True, nogil=True)
def _may(course: Course, g: int, d: int, used: int, waits: np.ndarray, latest: np.ndarray) -> bool:
    """Whether a group may be cut over on a date: it is open, has room, and all rules of order are kept.

    A group that is larger than a date has room for gets a date of its own.
    """
    if d < course.opened.shape[1] and not course.opened[g, d]:
        return False
    if used > 0 and used + course.servers[g] > course.room[d]:
        return False
    for k in range(course.then_at[g], course.then_at[g + 1]):
        rule = course.then[k]
        if waits[rule] > 0 or latest[rule] + course.lag[rule] > course.day[d]:
            return False
    return True


@njit(cache=True, nogil=True)
def _done(course: Course, g: int, day: float, waits: np.ndarray, latest: np.ndarray) -> None:
    """Tell the rules in which a group comes first that it has been cut over."""
    for k in range(course.first_at[g], course.first_at[g + 1]):
        waits[course.first[k]] -= 1
        latest[course.first[k]] = day


@njit(cache=True, nogil=True)
def _shift(course: Course, cut: np.ndarray, queue: np.ndarray, waiting: int, coming: int, d: int) -> tuple[int, int]:
    """Keep in the queue who waits still, and put those behind them who are planned for date `d`."""
    kept = 0
    for turn in range(waiting):
        if cut[queue[turn]] < 0.0:
            queue[kept] = queue[turn]
            kept += 1
    waiting = kept
    while coming < len(course.planned) and course.planned[coming] <= d:
        queue[waiting] = coming
        waiting += 1
        coming += 1
    return waiting, coming


@njit(cache=True, nogil=True)
def _cut_over(
    course: Course, chances: Chances, random: np.ndarray, ready: np.ndarray, cut: np.ndarray, queue: np.ndarray, tries: np.ndarray
) -> None:
    """Go through the dates: what is planned for each comes first, then what had to be put off, as far as there is room."""
    groups = len(course.planned)
    waits, latest = course.waits.copy(), np.full(len(course.waits), -1e18)
    again, asked = np.zeros(groups), np.full(groups, -1)
    cut[:], tries[:] = -1.0, 0
    waiting, coming = 0, 0
    for d in range(len(course.day)):
        fresh = coming
        waiting, coming = _shift(course, cut, queue, waiting, coming, d)
        fresh = coming - fresh
        day, used, moved = course.day[d], 0, True
        while moved:
            moved = False
            for turn in range(waiting):
                g = queue[(waiting - fresh + turn) % waiting]  # those planned for the date stand behind, and come first
                if cut[g] >= 0.0 or asked[g] == d or ready[g] > day + 1e-6 or again[g] > day:
                    continue
                if not _may(course, g, d, used, waits, latest):
                    continue
                asked[g] = d
                used += course.servers[g]
                if _fails(course, chances, random, g, chances.failure * course.risk[d] * chances.retry ** tries[g]):
                    tries[g] += 1
                    again[g] = day + chances.retry_days
                else:
                    cut[g] = day
                    moved = True
                    _done(course, g, day, waits, latest)
    for g in range(groups):
        if cut[g] < 0.0:
            cut[g] = course.day[-1]


@njit(cache=True, nogil=True)
def _closed(course: Course, chances: Chances, random: np.ndarray, present: np.ndarray, i: int, cut: float) -> int:
    """The day on which an application's decommission ends."""
    if course.done[i]:
        return int(np.ceil(cut + course.watch_days[i] + course.retire_days[i] - 1e-6)) - 1
    watched = cut + course.watch_days[i] * triangular(random, chances.low, 1.0, chances.high)
    days = course.retire_days[i] * triangular(random, chances.low, 1.0, chances.high)
    return int(np.ceil(watched + days * slower(present, watched) - 1e-6)) - 1


@njit(cache=True, nogil=True)
def simulate(course: Course, chances: Chances, seed: int, first: int, planned: np.ndarray, results: Results) -> None:
    """Fill `results` with the runs from number `first` on, each with random numbers of its own.

    `planned` is the day of each wave.
    """
    runs, waves = results.cutover.shape
    groups, sites = len(course.planned), results.empty.shape[1]
    random = np.zeros(1, dtype=np.uint64)
    links = np.ones((waves, sites))
    present = np.ones(int(course.day[-1] // 7.0) + 60)
    ready, cut = np.zeros(groups), np.zeros(groups)
    queue, tries = np.zeros(groups + 1, dtype=np.int64), np.zeros(groups, dtype=np.int64)
    for run in range(runs):
        mixed = np.uint64(seed) * np.uint64(0x9E3779B97F4A7C15) + np.uint64(first + run + 1) * np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(31)
        random[0] = mixed | np.uint64(1)
        for _ in range(4):
            uniform(random)
        staffing(random, chances, present)
        _prepare(course, chances, random, links, present, ready)
        _cut_over(course, chances, random, ready, cut, queue, tries)
        results.cutover[run], results.closed[run], results.empty[run] = 0, 0, 0
        for g in range(groups):
            for i in range(course.group_at[g], course.group_at[g + 1]):
                wave = course.wave[i]
                results.on_time[wave] += cut[g] <= planned[wave]
                closed = _closed(course, chances, random, present, i, cut[g])
                results.cutover[run, wave] = max(results.cutover[run, wave], int(cut[g]))
                results.closed[run, wave] = max(results.closed[run, wave], closed)
                results.end[run] = max(results.end[run], closed)
                for site in range(sites):
                    if course.there[i, site]:
                        results.empty[run, site] = max(results.empty[run, site], closed)
        for wave in range(waves):
            results.whole[wave] += results.cutover[run, wave] <= planned[wave]
