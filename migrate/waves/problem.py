"""The wave problem as arrays, built from nothing but what plan.json holds, so that any plan can be judged again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from migrate.findings import Finding
from migrate.model.plan import Earlier, MoveGroup, Plan, PlannedApplication, PlannedDependency, PlannedServer
from migrate.spec import Spec
from migrate.waves.calendar import Calendar, build_calendar
from migrate.waves.compile_rules import compile_rules
from migrate.waves.date_rules import priced_dates
from migrate.waves.earlier import Held, hold
from migrate.waves.extra_capacity import Extras, list_extras, split_links
from migrate.waves.footprint import Footprint, locate
from migrate.waves.groups import contract
from migrate.waves.lift import lift_capacity, lift_limits, lift_links, lift_pathfinders
from migrate.waves.limits import settle
from migrate.waves.links import Links, list_links
from migrate.waves.pathfinders import Pathfinders, choose_pathfinders
from migrate.waves.prices import Prices, price_applications
from migrate.waves.resources import Resource, capacities, list_resources, loads, unlimited
from migrate.waves.rules import DateRule, Ints, SetRule
from migrate.waves.windows import Windows, allowed_waves

__all__ = ["Problem", "all_of_group", "build_problem", "latest_waves", "moving_of", "problem_of", "sum_by_group"]


@dataclass(frozen=True)
class Problem:
    """Waves count from 0 here and from 1 in plans; `waves` itself stands for "in none". Only applications that move."""

    spec: Spec
    applications: tuple[PlannedApplication, ...]
    calendar: Calendar
    day: NDArray[np.float64]  # of each candidate, from the plan's start; then the horizon
    footprint: Footprint
    resources: tuple[Resource, ...]
    load: Ints  # applications × resources, thousandths
    capacity: Ints  # waves × resources, thousandths; of a link: what a wave has while no other is in flight
    links: Links  # that are hard limits
    extras: Extras  # what can be had beyond the usual, at a price
    prices: Prices
    rules: tuple[SetRule, ...]
    dates: tuple[DateRule, ...]
    windows: Windows
    pathfinders: Pathfinders
    group: Ints  # of each application
    held: Held  # what an earlier plan had decided
    findings: tuple[Finding, ...]

    @property
    def waves(self) -> int:
        """Number of candidate dates."""
        return len(self.calendar.candidates)

    @cached_property
    def groups(self) -> int:
        """Number of groups that move as one."""
        return int(self.group.max(initial=-1)) + 1

    @cached_property
    def place(self) -> dict[str, int]:
        """Position of each application by name."""
        return {application.application: index for index, application in enumerate(self.applications)}

    def name_group(self, group: int) -> str:
        """A group in words: its application, or the first of several."""
        members = np.flatnonzero(self.group == group)
        first = self.applications[int(members[0])].application
        return f"{first!r}" if len(members) == 1 else f"the move group of {first!r} ({len(members)} applications)"

    @cached_property
    def group_load(self) -> Ints:
        """Groups × resources, thousandths."""
        return sum_by_group(self.load, self.group)

    @cached_property
    def group_allowed(self) -> NDArray[np.bool_]:
        """Groups × waves: where every member is allowed, and a pathfinder wave takes it."""
        return all_of_group(self.windows.allowed, self.group) & self.pathfinders.allowed


def sum_by_group(table: Ints, group: Ints) -> Ints:
    """Sum the rows of applications into rows of groups."""
    result = np.zeros((int(group.max(initial=-1)) + 1, table.shape[1]), dtype=np.int64)
    np.add.at(result, group, table)
    return result


def all_of_group(table: NDArray[np.bool_], group: Ints) -> NDArray[np.bool_]:
    """Combine the rows of applications into rows of groups: true where it is true of every member."""
    result = np.ones((int(group.max(initial=-1)) + 1, table.shape[1]), dtype=bool)
    np.logical_and.at(result, group, table)
    return result


def latest_waves(allowed: NDArray[np.bool_]) -> Ints:
    """The last allowed wave of each row."""
    return np.asarray(allowed.shape[1] - 1 - np.argmax(allowed[:, ::-1], axis=1))


def _after_pathfinders(allowed: NDArray[np.bool_], spec: Spec) -> NDArray[np.bool_]:
    """The waves in which anything may move, not only what is small and simple; all of them where there are no others."""
    late = np.arange(allowed.shape[1]) >= spec.waves.pathfinders
    return allowed & late if late.any() else allowed


def moving_of(applications: Sequence[PlannedApplication]) -> tuple[PlannedApplication, ...]:
    """The applications that move, sorted by name: the order of every array here."""
    return tuple(sorted((a for a in applications if a.moving_servers > 0), key=lambda a: a.application))


def problem_of(plan: Plan) -> Problem:
    """The problem that a plan answers, whatever waves the plan names."""
    return build_problem(plan.servers, plan.applications, plan.dependencies, plan.move_groups, plan.spec, plan.earlier)


def build_problem(
    servers: Sequence[PlannedServer],
    applications: Sequence[PlannedApplication],
    dependencies: Sequence[PlannedDependency],
    move_groups: Sequence[MoveGroup],
    spec: Spec,
    earlier: Earlier | None = None,
    lifted: Collection[str] = (),
) -> Problem:
    """Make the arrays from the records of a plan. Waves that the records already name are ignored.

    Limits that the request leaves open are settled first (`migrate.waves.limits`). What an `earlier` plan had decided stays
    or is priced (`migrate.waves.earlier`). The rules that are `lifted`, by id, do not hold (`migrate.waves.lift`), over the
    same dates.

    Raises
    ------
    RequestError
        A freeze, a time zone or a pin cannot be understood.
    InfeasibleError
        The freezes leave no day for any cutover.
    """
    moving = moving_of(applications)
    spec = settle(moving, spec)
    calendar = build_calendar(moving, spec, earlier.candidates if earlier else ())
    start = spec.plan.start
    candidate_day = np.array([(candidate.date - start).days for candidate in calendar.candidates], dtype=np.float64)
    day = np.append(candidate_day, candidate_day[-1] + spec.waves.hypercare_days)
    footprint = locate(servers, moving, spec)
    compiled = compile_rules(moving, applications, servers, candidate_day, spec)
    compiled.dates += priced_dates(moving, calendar, day, spec)
    resources = list_resources(spec)
    nobody = np.zeros(len(moving), dtype=bool)
    links, soft = split_links(list_links(candidate_day, resources, spec), resources, spec)
    links = lift_links(links, resources, lifted)
    compiled.sets = [rule for rule in compiled.sets if rule.id not in lifted]
    windows = allowed_waves(moving, applications, calendar, candidate_day, footprint, compiled.dates, spec)
    windows = lift_limits(windows, lifted)
    held = hold(moving, earlier, calendar, windows.pinned, spec)
    windows, sets, dates = held.free_windows(windows), held.free_sets(compiled.sets), (*compiled.dates, *held.dates)
    load = held.lightened(loads(moving, footprint, resources, nobody, spec), links)
    capacity = capacities(candidate_day, resources, None, spec)
    capacity[:, links.columns] = links.due - links.opens
    capacity = held.raised(lift_capacity(capacity, resources, lifted), load)
    allowed = _after_pathfinders(windows.allowed, spec)
    group, merged = contract(moving, held.free_groups(move_groups, moving), sets, load, capacity, allowed)
    pathfinders = choose_pathfinders(
        moving,
        group,
        sets,
        all_of_group(windows.allowed, group),
        windows.pinned,
        sum_by_group(load, group),
        capacity,
        held.fewer_pathfinders(lift_pathfinders(spec, lifted)),
    )
    pathfinders = held.all_pathfinders(pathfinders, spec)
    load = held.lightened(loads(moving, footprint, resources, pathfinders.profiled, spec), links)
    parts = (footprint.findings, compiled.findings, merged, windows.findings, held.findings, pathfinders.findings)
    final = capacities(candidate_day, resources, pathfinders.waves, spec)
    final[:, links.columns] = links.due - links.opens
    return Problem(
        spec=spec,
        applications=moving,
        calendar=calendar,
        day=day,
        footprint=footprint,
        resources=resources,
        load=load,
        capacity=held.raised(lift_capacity(final, resources, lifted), load),
        links=links,
        extras=list_extras(candidate_day, resources, soft, spec),
        prices=price_applications(moving, applications, dependencies, footprint, day, dates, spec),
        rules=(*sets, *pathfinders.rules),
        dates=dates,
        windows=windows,
        pathfinders=pathfinders,
        group=group,
        held=held,
        findings=tuple(finding for part in parts for finding in part) + tuple(unlimited(moving, footprint, spec)),
    )
