"""How much room each task has, and which chain of tasks decides when the programme ends.

A cutover's date is a commitment, so replication and test have the days until it. A cutover itself may move to the last free
candidate date of its applications that still lets every site be empty by the end of its lease and the programme end when
it does, before the waves behind it have moved as far as they may. Hypercare and decommission have the days until the lease
ends or the programme does.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from migrate.model.plan import Candidate, PlannedApplication
from migrate.spec import Rule, Spec
from migrate.waves.schedule.nights import Nights
from migrate.waves.schedule.placement import Placement
from migrate.waves.schedule.workload import Ints, Workload
from migrate.waves.selectors import Selectors

__all__ = ["PathEnd", "Slack", "critical_chain", "find_slack", "open_dates"]


@dataclass(frozen=True)
class Slack:
    """Days of float by application, and of each wave's cutover. `end` is the programme's last day."""

    replicate: Ints
    test: Ints
    behind: Ints  # of hypercare and decommission
    wave: Ints
    end: int


@dataclass(frozen=True)
class PathEnd:
    """A task of the critical path: the application's place, the task, and why it is not earlier."""

    application: int
    task: str
    because: str


def find_slack(
    work: Workload, placed: Placement, candidates: Sequence[Candidate], opened: NDArray[np.bool_], spec: Spec
) -> Slack:
    """Compute all float; `opened` is what `open_dates` says."""
    date = work.date[work.row]
    end = int(placed.retire_end.max())
    limit = np.minimum(_lease_limit(work, spec), end)
    before = date - 1 - placed.test_end
    waiting = np.maximum(placed.test_start - np.ceil(placed.replicated).astype(np.int64), 0)
    behind = limit - placed.retire_end
    latest = _latest_dates(work, spec)
    days = np.array([work.index(candidate.date) for candidate in candidates], dtype=np.int64)
    number = np.array([wave.wave - 1 for wave in work.waves], dtype=np.int64)
    late = np.zeros(len(work.waves), dtype=np.int64)
    following = len(candidates)
    for row in range(len(work.waves) - 1, -1, -1):
        members = work.row == row
        room = int(behind[members].min())
        last = min(int(work.date[row]) + room, int(latest[members].min()))
        free = [c for c in range(int(number[row]), following) if opened[row, c] and days[c] <= last]
        chosen = max(free, default=int(number[row]))
        late[row] = days[chosen] - work.date[row] if room >= 0 else room
        following = max(chosen, int(number[row]))
    return Slack(replicate=waiting + before, test=before, behind=behind, wave=late, end=end)


def open_dates(work: Workload, candidates: Sequence[Candidate]) -> NDArray[np.bool_]:
    """Waves × candidates: whether every application of the wave may be cut over then."""
    domains = [{(item.domain or "").casefold() for item in _members(work, row)} for row in range(len(work.waves))]
    names = [{item.application for item in _members(work, row)} for row in range(len(work.waves))]
    opened = np.ones((len(work.waves), len(candidates)), dtype=bool)
    for column, candidate in enumerate(candidates):
        shut = {domain.casefold() for domain in candidate.closed_domains}
        applications = set(candidate.closed_applications)
        for row in range(len(work.waves)):
            opened[row, column] = "*" not in shut and shut.isdisjoint(domains[row]) and applications.isdisjoint(names[row])
    return opened


def _members(work: Workload, row: int) -> list[PlannedApplication]:
    return [work.applications[int(place)] for place in np.flatnonzero(work.row == row)]


def _lease_limit(work: Workload, spec: Spec) -> Ints:
    """The last day of the first lease to end, of the sites where each application has servers."""
    limit = np.full(len(work.applications), work.days, dtype=np.int64)
    ends = {site.name: site.lease_end for site in spec.site if site.lease_end is not None}
    for column, site in enumerate(work.footprint.sites):
        if site in ends:
            there = work.footprint.servers[:, column] > 0
            limit[there] = np.minimum(limit[there], work.index(ends[site]))
    return limit


def _latest_dates(work: Workload, spec: Spec) -> Ints:
    """The last day that hard rules and pins allow each application, as long as what is in other waves stays there."""
    latest = np.full(len(work.applications), work.days, dtype=np.int64)
    selectors = Selectors(work.applications)
    for rule in spec.rule:
        if rule.of is not None and rule.latest is not None and rule.price_usd is None:
            places = list(selectors.find(rule.of))
            latest[places] = np.minimum(latest[places], work.index(rule.latest))
        elif rule.price_usd is None:
            first, then, days = _followed(rule, selectors)
            for row in np.unique(work.row[then]):
                others = first[work.row[first] != row]
                if len(others):
                    here = then[work.row[then] == row]
                    latest[here] = np.minimum(latest[here], work.date[work.row[others]].min() + days)
    for pin in spec.pin:
        places = list(selectors.find(pin.application))
        latest[places] = work.date[work.row[places]]
    return latest


def _followed(rule: Rule, selectors: Selectors) -> tuple[Ints, Ints, int]:
    """Places of what some others may be at most some days later than, of these others, and the days; else nothing."""
    nobody = np.zeros(0, dtype=np.int64)
    if rule.within is not None:
        members = np.array(sorted(selectors.find_all(rule.within.of)), dtype=np.int64)
        return members, members, rule.within.days
    if rule.before is None or rule.within_days is None:
        return nobody, nobody, 0
    first, then = (np.array(selectors.find(side), dtype=np.int64) for side in (rule.before.first, rule.before.then))
    return first, np.setdiff1d(then, first), rule.within_days


def critical_chain(work: Workload, placed: Placement, nights: Nights, opened: NDArray[np.bool_]) -> list[PathEnd]:
    """From the task that ends last back to the programme's start, then turned around."""
    last = int(np.lexsort((np.arange(len(work.row)), -placed.retire_end))[0])
    row = int(work.row[last])
    waited = int(placed.retire_start[last]) > int(work.retire[row])
    path = [
        PathEnd(last, "decommission", "the crews had no hours before" if waited else "it follows hypercare"),
        PathEnd(last, "hypercare", "it follows the cutover"),
    ]
    ended = nights.validate_at + nights.validate_h
    while True:
        members = np.flatnonzero(work.row == row)
        slowest = last if last in members else int(members[np.argmax(ended[members])])
        if row > 0:
            path.append(PathEnd(slowest, "cutover", _why_then(work, opened, row)))
            row -= 1
            continue
        path.append(PathEnd(slowest, "cutover", "it is the first wave" + _reason_first(work)))
        path.append(PathEnd(slowest, "test", "it follows replication"))
        path.append(PathEnd(slowest, "replicate", "it begins when the wave's replication does"))
        return path[::-1]


def _reason_first(work: Workload) -> str:
    return f", on {work.waves[0].date}"


def _why_then(work: Workload, opened: NDArray[np.bool_], row: int) -> str:
    """Why a wave is not cut over sooner after the one before it."""
    before, own = work.waves[row - 1].wave, work.waves[row].wave
    between = [c for c in range(before, own - 1) if opened[row, c]]
    gap = (work.waves[row].date - work.waves[row - 1].date) // dt.timedelta(days=1)
    if not between and own - before == 1:
        return f"it is on the next date, {gap} days after wave {before}"
    if not between:
        return f"freezes and windows shut the dates between wave {before} and it"
    count = len(between)
    return f"the planner chose it: {count} earlier date{'s' if count > 1 else ''} after wave {before} would be free"
