"""Place the tasks on days: cutovers stand where the planner put them, everything else finds room around them.

- Replication starts on the wave's replication date and shares the site's link with whatever is in flight, the earliest
  cutover first.
- Cutover and validation are fixed: their hours come out of the working days of their week. Hypercare is fixed too; its
  hours lie evenly on the working days from cutover to decommission.
- Test launches come as soon as the data is there, and decommissions after hypercare, both with the hours that crews have
  left, on working days.

Where a test launch ends too late, other orders are tried, and then the same with the overtime that its wave has bought and
its cutover and hypercare leave over; the one with the least lateness is kept.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from migrate.spec import Spec
from migrate.waves.schedule.kernels.days import place_transfers, place_work
from migrate.waves.schedule.workload import Floats, Ints, Workload, crew_h_week, link_gib_day

__all__ = ["Placement", "place"]


@dataclass(frozen=True)
class Placement:
    """Days of every application's tasks; ends are the last day of work."""

    replicated: Floats  # the moment, in days
    test_start: Ints
    test_end: Ints
    retire_start: Ints
    retire_end: Ints
    test_days: Floats  # least working days
    retire_days: Floats
    overload: Floats  # crews × weeks: hours of fixed work that the crew does not have, overtime included
    fixed: Floats  # crews × weeks: hours of fixed work


class _Overtime(NamedTuple):
    """What can be worked beyond regular hours."""

    daily: Floats  # crews × days
    pool: Floats  # waves × crews: what each wave has bought


def place(work: Workload, spec: Spec) -> Placement:
    """Place all tasks."""
    times = spec.durations
    release = work.begin[work.row]
    rate = link_gib_day(work, spec)
    replicated = np.zeros(len(work.applications))
    largest = -work.transfer_gib.sum(axis=1)
    by_date = np.lexsort((np.arange(len(release)), largest, work.date[work.row]))
    left_link = np.repeat(rate[:, None], work.days, axis=1)
    place_transfers(by_date, release, work.transfer_gib, left_link, times.replicate_days, replicated)
    capacity = np.outer(crew_h_week(work, spec) / 5.0, work.working)
    fixed, daily, beyond = _fixed(work, capacity, spec)
    left = np.maximum(capacity - daily, 0.0)
    most = np.outer(crew_h_week(work, spec, overtime=True) / 5.0, work.working)
    none = _Overtime(np.zeros_like(left), np.zeros_like(work.overtime_h))
    some = _Overtime(np.maximum(most - np.maximum(daily, capacity), 0.0), np.maximum(work.overtime_h - beyond, 0.0))
    tries = [none, some] if work.overtime_h.any() else [none]
    test_days = np.maximum(times.test_days, work.servers / times.test_servers_day)
    retire_days = np.maximum(times.decommission_days, work.servers / times.decommission_servers_day)
    ready = np.minimum(np.ceil(replicated), work.days - 1).astype(np.int64)
    test_start, test_end, left = _tests(work, ready, work.hours * times.test_share, test_days, left, tries)
    retire_start, retire_end = np.zeros_like(release), np.zeros_like(release)
    by_end = np.lexsort((np.arange(len(release)), work.retire[work.row]))
    hours = work.hours * times.decommission_share
    room = (left, none.daily, work.row, none.pool)
    place_work(by_end, work.retire[work.row], hours, retire_days, work.working, *room, retire_start, retire_end)
    return Placement(
        replicated=replicated,
        test_start=test_start,
        test_end=test_end,
        retire_start=retire_start,
        retire_end=retire_end,
        test_days=test_days,
        retire_days=retire_days,
        overload=np.maximum(fixed - crew_h_week(work, spec, overtime=True)[:, None], 0.0),
        fixed=fixed,
    )


def _tests(
    work: Workload, ready: Ints, hours: Floats, least: Floats, left: Floats, tries: Sequence[_Overtime]
) -> tuple[Ints, Ints, Floats]:
    """Place the test launches: by date of cutover, and within it by number, by room, by work, until none is late.

    All orders are tried with each of the given kinds of overtime in turn.
    """
    date = work.date[work.row]
    number = np.arange(len(date))
    total = hours.sum(axis=1)
    orders = [(number,), (number, ready), (number, -total), (number, total), (number, date - ready - least)]
    best: tuple[Ints, Ints, Floats] | None = None
    fewest = np.inf
    for given, keys in itertools.product(tries, orders):
        start, end, rest = np.zeros_like(date), np.zeros_like(date), left.copy()
        order, daily, pool = np.lexsort((*keys, date)), given.daily.copy(), given.pool.copy()
        place_work(order, ready, hours, least, work.working, rest, daily, work.row, pool, start, end)
        late = float(np.maximum(end - (date - 1), 0).sum())
        if late < fewest:
            best, fewest = (start, end, rest), late
        if fewest == 0.0:
            break
    assert best is not None
    return best


def _fixed(work: Workload, capacity: Floats, spec: Spec) -> tuple[Floats, Floats, Floats]:
    """Hours of cutovers, validations and hypercare: by calendar week from the origin's Monday, and by working day.

    The third table, waves × crews, is by how much each wave raises them beyond what the crews can do a day.
    """
    times = spec.durations
    monday = work.origin.weekday()
    crews, weeks = len(work.skills), (work.days + monday) // 7 + 2
    fixed, daily = np.zeros((crews, weeks)), np.zeros((crews, work.days))
    share = times.cutover_share + times.validate_share
    beyond = np.zeros_like(work.overtime_h)
    for row in range(len(work.waves)):
        before = daily.copy() if work.overtime_h[row].any() else None
        hours = work.hours[work.row == row].sum(axis=0)
        night = int(work.date[row])
        week = (night + monday) // 7
        inside = np.arange(max(week * 7 - monday, 0), min(week * 7 - monday + 5, work.days))
        fixed[:, week] += share * hours
        if len(inside):
            daily[:, inside] += (share * hours / len(inside))[:, None]
        after = np.arange(night + 1, min(max(int(work.retire[row]), night + 1), work.days))
        watched = after[work.working[after]]
        if len(watched):
            each = times.hypercare_share * hours / len(watched)
            daily[:, watched] += each[:, None]
            for week, days in zip(*np.unique((watched + monday) // 7, return_counts=True), strict=True):
                fixed[:, week] += days * each
        if before is not None:
            beyond[row] = (np.maximum(daily - capacity, 0.0) - np.maximum(before - capacity, 0.0)).sum(axis=1)
    return fixed, daily, beyond
