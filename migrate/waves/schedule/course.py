"""The task plan as the arrays that the simulation runs over: groups that move together, dates, and rules of order."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from migrate.model.plan import Candidate
from migrate.spec import Spec
from migrate.waves.schedule.kernels.dates import Course
from migrate.waves.schedule.make import Scheduled
from migrate.waves.schedule.workload import Ints, Workload, link_gib_day
from migrate.waves.selectors import Selectors

__all__ = ["Course", "course_of"]

_LATER = 100  # dates behind the last candidate, open to all
_SHORTEST_DAYS = 7  # between them


def course_of(scheduled: Scheduled, candidates: Sequence[Candidate], spec: Spec) -> Course:
    """Make the arrays. Applications of one move group and one wave are a group: none of them moves without the others."""
    work, placed = scheduled.work, scheduled.placed
    keys = [(int(work.row[i]), item.move_group, i) for i, item in enumerate(work.applications)]
    order = np.array([i for _, _, i in sorted(keys)], dtype=np.int64)
    names = [(int(work.row[i]), work.applications[int(i)].move_group) for i in order]
    first = [k for k, name in enumerate(names) if k == 0 or name != names[k - 1]]
    at = np.array([*first, len(names)], dtype=np.int64)
    group = np.zeros(len(names), dtype=np.int64)
    group[order] = np.repeat(np.arange(len(first)), np.diff(at))
    wave = work.row[order]
    number = np.array([item.wave - 1 for item in work.waves], dtype=np.int64)
    day = [float(work.index(candidate.date)) for candidate in candidates]
    gap = max(spec.waves.min_days_between, _SHORTEST_DAYS)
    day += [day[-1] + gap * (k + 1) for k in range(_LATER)]
    servers = np.bincount(group, weights=work.servers, minlength=len(first)).astype(np.int64)
    planned = number[wave[at[:-1]]]
    load = np.bincount(planned, weights=servers, minlength=len(day)).astype(np.int64)
    begin = work.begin[wave].astype(np.float64)
    setup = np.full(len(order), spec.durations.replicate_days)
    date = work.date[wave]
    rules = _rules(work, group, len(first), spec)
    return Course(
        group_at=at,
        wave=wave,
        begin=begin,
        setup=setup,
        transfer=_transfer_days(work, order, placed.replicated[order] - begin - setup, spec),
        test=placed.test_start[order].astype(np.float64),
        test_days=(placed.test_end - placed.test_start + 1)[order].astype(np.float64),
        watch_days=(work.retire[wave] - date).astype(np.float64),
        retire_days=(placed.retire_end[order] - work.retire[wave] + 1).astype(np.float64),
        failure=np.array([work.applications[int(i)].failure_probability for i in order], dtype=np.float64),
        done=work.done[order],
        there=work.footprint.servers[order] > 0,
        planned=planned,
        servers=servers,
        day=np.array(day),
        room=np.maximum(load, spec.waves.max_servers) + round(spec.simulation.retry_room * spec.waves.max_servers),
        risk=_settling(work, np.array(day), spec),
        opened=_opened(work, order, at, candidates, planned),
        first_at=rules[0],
        first=rules[1],
        then_at=rules[2],
        then=rules[3],
        lag=rules[4],
        waits=rules[5],
    )


def _transfer_days(work: Workload, order: Ints, days: np.ndarray, spec: Spec) -> np.ndarray:
    """Days on the link of each site that has one: what the whole transfer takes, where the application has data."""
    sends = (work.transfer_gib[order] > 0) & (link_gib_day(work, spec) > 0)
    return np.where(sends, np.maximum(days, 0.0)[:, None], 0.0)


def _settling(work: Workload, day: np.ndarray, spec: Spec) -> np.ndarray:
    """Failures are likelier in the weeks after the staff's transfer, as in the planner's objective."""
    if spec.staff.transfer_date is None:
        return np.ones(len(day))
    begin = work.index(spec.staff.transfer_date)
    inside = (day >= begin) & (day < begin + 7 * spec.staff.settling_weeks)
    return np.where(inside, 1.0 + spec.staff.leaving_share, 1.0)


def _opened(work: Workload, order: Ints, at: Ints, candidates: Sequence[Candidate], planned: Ints) -> np.ndarray:
    """Groups × candidates; the date on which a group has been cut over was open."""
    domains = sorted({(item.domain or "").casefold() for item in work.applications})
    column = {name: k for k, name in enumerate(domains)}
    shut = np.zeros((len(domains), len(candidates)), dtype=bool)
    place = {item.application: k for k, item in enumerate(work.applications)}
    domain = np.array([column[(item.domain or "").casefold()] for item in work.applications], dtype=np.int64)
    for c, candidate in enumerate(candidates):
        closed = {name.casefold() for name in candidate.closed_domains}
        shut[:, c] = [("*" in closed) or (name in closed) for name in domains]
    opened = ~shut[domain]
    for c, candidate in enumerate(candidates):
        opened[[place[name] for name in candidate.closed_applications if name in place], c] = False
    groups: np.ndarray = np.logical_and.reduceat(opened[order], at[:-1], axis=0)
    over = np.flatnonzero(np.logical_and.reduceat(work.done[order], at[:-1]))
    groups[over, planned[over]] = True
    return groups


def _rules(work: Workload, group: Ints, groups: int, spec: Spec) -> tuple[Ints, Ints, Ints, Ints, np.ndarray, Ints]:
    """Hard rules of order between groups, as two lists of rules for each group, with lags and counts."""
    selectors = Selectors(work.applications)
    pairs: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    lags: list[float] = []
    waits: list[int] = []
    for rule in spec.rule:
        if rule.before is None or rule.price_usd is not None:
            continue
        first = set(group[list(selectors.find(rule.before.first))].tolist())
        then = set(group[list(selectors.find(rule.before.then))].tolist()) - first
        pairs[0].extend((g, len(lags)) for g in sorted(first))
        pairs[1].extend((g, len(lags)) for g in sorted(then))
        lags.append(max(float(rule.lag_days or 0), 1.0 if rule.strictly else 0.0))
        waits.append(len(first))
    lists = []
    for side in pairs:
        table = np.array(sorted(side), dtype=np.int64).reshape(-1, 2)
        at = np.zeros(groups + 1, dtype=np.int64)
        np.cumsum(np.bincount(table[:, 0], minlength=groups), out=at[1:])
        lists += [at, table[:, 1].copy()]
    return lists[0], lists[1], lists[2], lists[3], np.array(lags, dtype=np.float64), np.array(waits, dtype=np.int64)
