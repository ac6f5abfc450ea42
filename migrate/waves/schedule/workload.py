"""What each application's tasks need: data by site, crew hours by skill, days and hours, and the days that all share."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from migrate.model.plan import Earlier, PlannedApplication, PlannedServer, PlannedWave
from migrate.spec import Spec
from migrate.units import mbit_s_to_gib_day
from migrate.waves.footprint import Footprint, locate
from migrate.waves.resources import resent
from migrate.waves.schedule.bought import bought, on_the_line

__all__ = ["Workload", "crew_h_week", "link_gib_day", "workload"]

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_BEYOND_DAYS = 370  # days behind the last decommission date on which late work may still be placed


@dataclass(frozen=True)
class Workload:
    """Arrays over the applications of waves, sorted by wave and name. Days count from `origin`."""

    applications: tuple[PlannedApplication, ...]
    waves: tuple[PlannedWave, ...]
    row: Ints  # of each application's wave in `waves`
    footprint: Footprint
    transfer_gib: Floats  # applications × sites: over the line, with what changes meanwhile
    another_way_gib: Floats  # waves × sites: what has been bought beside the line
    skills: tuple[str, ...]  # those that have a crew, sorted
    hours: Floats  # applications × skills
    overtime_h: Floats  # waves × skills: what has been bought
    total_h: Floats  # over all skills, those without a crew too
    servers: Ints
    databases: Floats
    origin: dt.date
    days: int
    working: NDArray[np.bool_]  # days × Monday to Friday
    date: Ints  # of each wave: day of the cutover
    begin: Ints  # day on which replication starts
    retire: Ints  # day on which decommission may start
    done: NDArray[np.bool_]  # applications that an earlier plan has cut over
    today: int  # day of replanning; -1 where the plan is not made from an earlier one

    def day(self, index: int) -> dt.date:
        """The date of a day."""
        return self.origin + dt.timedelta(days=int(index))

    def index(self, date: dt.date) -> int:
        """The day of a date."""
        return (date - self.origin).days


def workload(
    servers: Sequence[PlannedServer],
    applications: Sequence[PlannedApplication],
    waves: Sequence[PlannedWave],
    spec: Spec,
    earlier: Earlier | None = None,
) -> Workload:
    """Collect what the tasks of all applications that are in a wave need."""
    row_of = {wave.wave: row for row, wave in enumerate(waves)}
    placed = [item for item in applications if item.moving_servers > 0 and item.wave in row_of]
    placed.sort(key=lambda item: (item.wave or 0, item.application))
    inside = {item.application for item in placed}
    footprint = locate([server for server in servers if server.application in inside], placed, spec)
    origin = min([spec.plan.start, *(wave.replication_start for wave in waves)])
    last = max(max(wave.decommission_date, wave.date) for wave in waves)
    days = (last - origin).days + _BEYOND_DAYS
    skills = tuple(sorted({crew.skill for crew in spec.crew}))
    hours = [[item.crew_h.get(skill, 0.0) for skill in skills] for item in placed]
    database_h = spec.effort.database_h
    row = np.array([row_of[item.wave or 0] for item in placed], dtype=np.int64)
    another_way = bought(waves, "link", footprint.sites)
    over = {item.application for item in earlier.applications if item.state == "done"} if earlier else set()
    return Workload(
        applications=tuple(placed),
        waves=tuple(waves),
        row=row,
        footprint=footprint,
        transfer_gib=on_the_line(footprint.data_gib * resent(spec), row, another_way),
        another_way_gib=another_way,
        skills=skills,
        hours=np.array(hours, dtype=np.float64).reshape(len(placed), len(skills)),
        overtime_h=bought(waves, "crew", skills),
        total_h=np.array([sum(sorted(item.crew_h.values())) for item in placed], dtype=np.float64),
        servers=np.array([item.moving_servers for item in placed], dtype=np.int64),
        databases=np.array([item.crew_h.get("database", 0.0) / database_h if database_h else 0.0 for item in placed]),
        origin=origin,
        days=days,
        working=np.array([(origin.weekday() + day) % 7 < 5 for day in range(days)], dtype=bool),
        date=np.array([(wave.date - origin).days for wave in waves], dtype=np.int64),
        begin=np.array([(wave.replication_start - origin).days for wave in waves], dtype=np.int64),
        retire=np.array([(wave.decommission_date - origin).days for wave in waves], dtype=np.int64),
        done=np.array([item.application in over for item in placed], dtype=bool),
        today=(earlier.as_of - origin).days if earlier else -1,
    )


def link_gib_day(work: Workload, spec: Spec) -> Floats:
    """What the link of each site sends a day; -1 where none is declared."""
    rate = np.full(len(work.footprint.sites), -1.0)
    for column, site in enumerate(work.footprint.sites):
        own = [link for link in spec.link if link.from_ == site]
        if own:
            rate[column] = sum(mbit_s_to_gib_day(link.rate_mbit_s) for link in own)
    return rate


def crew_h_week(work: Workload, spec: Spec, *, overtime: bool = False) -> Floats:
    """Hours a week of each skill's crews, with all overtime that can be had or without any."""
    hours = [(crew.skill, crew.most_hours_week if overtime else crew.hours_week) for crew in spec.crew]
    return np.array([sum(amount for own, amount in hours if own == skill) for skill in work.skills])
