"""What stands in the way of the dates: tests that end too late, nights that are too short, crews with too few hours, leases."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np

from migrate.findings import Finding, Severity
from migrate.spec import Spec
from migrate.waves.schedule.nights import Nights
from migrate.waves.schedule.placement import Placement
from migrate.waves.schedule.workload import Ints, Workload, crew_h_week, link_gib_day

__all__ = ["doubts"]

_NAMED = 3
_HOUR = 0.05  # of overload that is not told


def doubts(work: Workload, placed: Placement, nights: Nights, spec: Spec) -> list[Finding]:
    """One finding for each wave, crew or site that the dates ask too much of."""
    return [*_late(work, placed, spec), *_nights(work, nights), *_crews(work, placed, spec), *_leases(work, placed, spec)]


def _late(work: Workload, placed: Placement, spec: Spec) -> list[Finding]:
    late = placed.test_end - (work.date[work.row] - 1)
    findings = []
    for row, wave in enumerate(work.waves):
        members = np.flatnonzero((work.row == row) & (late > 0) & ~work.done)
        if len(members):
            worst = members[np.argsort(-late[members], kind="stable")]
            names = ", ".join(work.applications[int(place)].application for place in worst[:_NAMED])
            findings.append(
                Finding(
                    code="date-not-held",
                    severity=Severity.warning,
                    subject=f"wave {wave.wave}",
                    message=f"By the cutover on {wave.date} {len(members)} of {int((work.row == row).sum())} applications "
                    f"are not replicated and tested, by up to {int(late[worst[0]])} days: {names}",
                    remedy=f"Raise waves.replication_days, the hours_week of their crews or the bandwidth of their [[link]], "
                    f"{_more(work, placed, row, members, spec)}or pin them to a later wave.",
                )
            )
    return findings


def _more(work: Workload, placed: Placement, row: int, members: Ints, spec: Spec) -> str:
    """Of a wave that has bought capacity: what more of it would do for its late members, as a part of a sentence.

    By as many days as tests would be late if they waited for no crew, the line has to be done earlier.
    """
    soonest = _soonest_ends(work, placed)[members]
    waited = members[placed.test_end[members] > soonest]
    behind = int((soonest - work.date[row] + 1).max())
    parts = [
        f"let its {skill} crew work more than {work.overtime_h[row, column]:,.0f} hours of overtime, "
        for column, skill in enumerate(work.skills)
        if work.overtime_h[row, column] > 0 and (work.hours[waited, column] > 0).any()
    ]
    for column, site in enumerate(work.footprint.sites):
        if work.another_way_gib[row, column] > 0 and behind > 0:
            more = min(behind * float(link_gib_day(work, spec)[column]), float(work.transfer_gib[members, column].sum()))
            parts.append(f"send about {math.ceil(more):,} GiB more of {site} by device or burst line, ")
    return "".join(parts)


def _soonest_ends(work: Workload, placed: Placement) -> Ints:
    """The last day of each test launch, if no crew held it up."""
    days = np.flatnonzero(work.working)
    first = np.searchsorted(days, np.ceil(placed.replicated))
    last = first + np.ceil(placed.test_days).astype(np.int64) - 1
    return np.asarray(days[np.minimum(last, len(days) - 1)], dtype=np.int64)


def _nights(work: Workload, nights: Nights) -> list[Finding]:
    return [
        Finding(
            code="night-too-short",
            severity=Severity.warning,
            subject=f"wave {wave.wave}",
            message=f"Cutovers and validations take {nights.night_h[row]:.1f} hours with the people that the crews have, the "
            f"window on {wave.date} has {wave.duration_h:g} (no order takes less than {nights.bound_h[row]:.1f})",
            remedy="Give the window more hours, the crews more people, or lower waves.max_servers.",
        )
        for row, wave in enumerate(work.waves)
        if nights.night_h[row] > wave.duration_h + 1e-6 and not work.done[work.row == row].all()
    ]


def _crews(work: Workload, placed: Placement, spec: Spec) -> list[Finding]:
    findings = []
    hours = crew_h_week(work, spec, overtime=True)
    monday = work.origin - dt.timedelta(days=work.origin.weekday())
    for crew, skill in enumerate(work.skills):
        coming = np.arange(placed.overload.shape[1]) * 7 + 6 - work.origin.weekday() >= work.today
        weeks = np.flatnonzero((placed.overload[crew] > _HOUR) & coming)
        if not len(weeks):
            continue
        worst = int(weeks[np.argmax(placed.overload[crew, weeks])])
        begins = monday + dt.timedelta(weeks=worst)
        ends = begins + dt.timedelta(days=6)
        held = [str(w.wave) for w in work.waves if w.date <= ends and max(w.decommission_date, w.date) >= begins]
        count = f"{len(weeks)} weeks" if len(weeks) > 1 else "1 week"
        findings.append(
            Finding(
                code="crew-overloaded",
                severity=Severity.warning,
                subject=skill,
                message=f"In {count} cutovers and hypercare need more {skill} hours than the crew has: in the week from {begins} "
                f"{placed.fixed[crew, worst]:,.0f} of {hours[crew]:,.0f}, for waves {', '.join(held)}",
                remedy=f"Give [[crew]] {skill} more hours_week, shorten waves.hypercare_days, or raise waves.min_days_between.",
            )
        )
    return findings


def _leases(work: Workload, placed: Placement, spec: Spec) -> list[Finding]:
    findings = []
    for column, name in enumerate(work.footprint.sites):
        site = next((site for site in spec.site if site.name == name), None)
        there = work.footprint.servers[:, column] > 0
        if site is None or site.lease_end is None or not there.any():
            continue
        empty = work.day(int(placed.retire_end[there].max()))
        if empty > site.lease_end:
            findings.append(
                Finding(
                    code="lease-not-held",
                    severity=Severity.warning,
                    subject=name,
                    message=f"The last server there is decommissioned on {empty}, {(empty - site.lease_end).days} days after the "
                    f"lease has ended on {site.lease_end}",
                    remedy="Begin earlier, raise waves.max_servers, shorten waves.hypercare_days, or extend the lease.",
                )
            )
    return findings
