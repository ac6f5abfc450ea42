"""How sure the dates are: a seeded Monte Carlo simulation of the task plan.

Every run draws durations (triangular), what the link carries, who leaves around the staff's transfer, and which cutovers
fail. A group whose applications are not all ready stays behind, and so does one whose cutover fails; it is tried again on
the next date that is open to it, as far as that date has room. docs/schedule.md tells what is drawn and why.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from numpy.typing import NDArray

from migrate.findings import Finding, Severity
from migrate.model.plan import Candidate, DatePercentiles, LeaseOutlook, Outlook, WaveOutlook
from migrate.spec import Spec
from migrate.waves.schedule.course import Course, course_of
from migrate.waves.schedule.kernels.chances import Chances
from migrate.waves.schedule.kernels.dates import Results, new_results, simulate
from migrate.waves.schedule.make import Scheduled

__all__ = ["default_runs", "look_out"]

_SHARES = (0.5, 0.8, 0.95)
_MOST_RUNS, _FEWEST_RUNS = 10_000, 500
_DRAWS = 5_000_000  # runs × applications that a plan affords by default
_OF_CAUSES = 10  # a cause alone is drawn in a tenth of the runs
_PERSON_H = 40.0
_PEOPLE = 200  # larger crews are simulated as if so many people were all


def default_runs(applications: int) -> int:
    """Runs where the request gives none."""
    return min(max(_DRAWS // max(applications, 1), _FEWEST_RUNS), _MOST_RUNS)


def look_out(scheduled: Scheduled, candidates: Sequence[Candidate], spec: Spec) -> tuple[Outlook, list[Finding]]:
    """Simulate.

    Parameters
    ----------
    scheduled
        What `schedule_tasks` made.
    candidates
        The plan's candidate dates.
    spec
        The request; ``plan.seed`` seeds every run.
    """
    work = scheduled.work
    course = course_of(scheduled, candidates, spec)
    chances = _chances(scheduled, spec)
    runs = spec.simulation.runs or default_runs(len(work.applications))
    seed = spec.plan.seed
    results = _run(course, chances, scheduled, seed, runs)

    def dates(column: NDArray[np.int32]) -> DatePercentiles:
        p50, p80, p95 = (work.day(int(value)) for value in _percentiles(column, _SHARES))
        return DatePercentiles(p50=p50, p80=p80, p95=p95)

    waves = tuple(
        WaveOutlook(
            wave=wave.wave,
            date=wave.date,
            cutover=dates(results.cutover[:, row]),
            closed=dates(results.closed[:, row]),
            on_time=round(float(results.on_time[row]) / (runs * int((work.row == row).sum())), 4),
            whole=round(float(results.whole[row]) / runs, 4),
        )
        for row, wave in enumerate(work.waves)
    )
    leases = []
    for column, name in enumerate(work.footprint.sites):
        site = next((site for site in spec.site if site.name == name), None)
        if site is not None and site.lease_end is not None and work.footprint.servers[:, column].any():
            held = float((results.empty[:, column] <= work.index(site.lease_end)).mean())
            leases.append(
                LeaseOutlook(site=name, lease_end=site.lease_end, empty=dates(results.empty[:, column]), held=round(held, 4))
            )
    outlook = Outlook(
        runs=runs,
        seed=seed,
        end=dates(results.end),
        planned_end=scheduled.plan.end,
        waves=waves,
        leases=tuple(leases),
        end_by=tuple(work.day(int(day)) for day in _percentiles(results.end, [k / 20 for k in range(21)])),
        causes=_causes(course, chances, scheduled, seed, max(runs // _OF_CAUSES, 1)),
    )
    return outlook, _doubts(outlook)


def _run(course: Course, chances: Chances, scheduled: Scheduled, seed: int, runs: int) -> Results:
    """All runs, half of them on another core; the results are those of one after another."""
    work = scheduled.work
    results = new_results(runs, len(work.waves), len(work.footprint.sites))
    half = runs // 2
    parts = [_part(results, 0, half), _part(results, half, runs)]
    with ThreadPoolExecutor(1) as beside:
        other = beside.submit(simulate, course, chances, seed, half, work.date, parts[1])
        simulate(course, chances, seed, 0, work.date, parts[0])
        other.result()
    return results._replace(
        on_time=parts[0].on_time + parts[1].on_time,
        whole=parts[0].whole + parts[1].whole,
    )


def _part(results: Results, first: int, last: int) -> Results:
    """The rows of some runs, with counts of their own."""
    runs = slice(first, last)
    return Results(
        cutover=results.cutover[runs],
        closed=results.closed[runs],
        empty=results.empty[runs],
        end=results.end[runs],
        on_time=np.zeros_like(results.on_time),
        whole=np.zeros_like(results.whole),
    )


def _percentiles(values: NDArray[np.int32], shares: Sequence[float]) -> list[int]:
    """The smallest values that at least these shares of all do not exceed."""
    ordered = np.sort(values)
    return [int(ordered[max(math.ceil(share * len(ordered)) - 1, 0)]) for share in shares]


def _chances(scheduled: Scheduled, spec: Spec) -> Chances:
    asked, staff = spec.simulation, spec.staff
    people = round(sum(crew.hours_week for crew in spec.crew) / _PERSON_H)
    leaves = staff.transfer_date is not None
    return Chances(
        low=asked.low,
        high=asked.high,
        failure=asked.failure_factor,
        retry=asked.retry_factor,
        retry_days=float(asked.retry_days),
        link_low=asked.link_low,
        staff=min(max(people, 1), _PEOPLE) if leaves else 0,
        leaving=staff.leaving_share if leaves else 0.0,
        transfer=float(scheduled.work.index(staff.transfer_date)) if staff.transfer_date is not None else 0.0,
        around=float(asked.leaving_days),
        settling=7.0 * staff.settling_weeks,
    )


def _causes(course: Course, chances: Chances, scheduled: Scheduled, seed: int, runs: int) -> dict[str, float]:
    """Mean days by which the programme's end moves when one thing alone varies."""
    still = chances._replace(low=1.0, high=1.0, failure=0.0, link_low=1.0, leaving=0.0)
    alone = {
        "durations": still._replace(low=chances.low, high=chances.high),
        "failed cutovers": still._replace(failure=chances.failure),
        "link": still._replace(link_low=chances.link_low),
        "turnover": still._replace(leaving=chances.leaving),
    }
    quiet = int(_run(course, still, scheduled, seed, 1).end[0])
    means = {name: float(_run(course, one, scheduled, seed, runs).end.mean()) - quiet for name, one in alone.items()}
    return {name: round(max(days, 0.0), 2) for name, days in means.items()}


def _doubts(outlook: Outlook) -> list[Finding]:
    findings = []
    for lease in outlook.leases:
        if lease.empty.p80 > lease.lease_end:
            findings.append(
                Finding(
                    code="lease-at-risk",
                    severity=Severity.warning,
                    subject=lease.site,
                    message=f"With a probability of four fifths the site is empty by {lease.empty.p80}, "
                    f"{(lease.empty.p80 - lease.lease_end) // dt.timedelta(days=1)} days after the lease ends on "
                    f"{lease.lease_end}; it is held in {lease.held:.0%} of {outlook.runs:,} simulated runs",
                    remedy="Begin earlier, move this site's applications to earlier waves, or agree on an extension now.",
                )
            )
    return findings
