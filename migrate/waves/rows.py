"""The waves of a plan as records: what each holds, needs and risks."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np

from migrate.model.plan import PlannedWave, Range
from migrate.units import mbit_s_to_gib_day
from migrate.waves.calendar import window_hours
from migrate.waves.extra_costs import extra_capacity
from migrate.waves.objective import PILE_APPLICATION, PILE_CRITICAL, wave_losses
from migrate.waves.problem import Problem
from migrate.waves.resources import THOUSAND, resent
from migrate.waves.rules import Ints

__all__ = ["wave_rows"]

_DIGITS = 3


def wave_rows(problem: Problem, wave: Ints) -> tuple[PlannedWave, ...]:
    """One record for each wave that is used, by number.

    - The risk score is that of the riskiest application, raised by the pile factor of the objective, at most 100.
    - The expected loss halves and doubles with the hours of outage: RTOs are promises, not measurements.
    - Crew hours are rounded to thousandths, like the loads they are checked against.
    """
    losses = wave_losses(problem, wave)
    used = np.unique(wave[wave < problem.waves])
    extra = extra_capacity(problem, wave)
    rows = (_row(problem, np.flatnonzero(wave == number), int(number), float(losses[number])) for number in used)
    return tuple(row.model_copy(update={"extra_capacity": extra.get(row.wave - 1, ())}) for row in rows)


def _row(problem: Problem, members: Ints, number: int, loss: float) -> PlannedWave:
    spec, candidate = problem.spec, problem.calendar.candidates[number]
    inside = [problem.applications[int(member)] for member in members]
    starts, duration, _ = window_hours(problem.calendar.windows[candidate.window])
    critical = sum(application.criticality == "mission-critical" for application in inside)
    pile = 1.0 + PILE_APPLICATION * (len(inside) - 1) + PILE_CRITICAL * max(critical - 1, 0)
    riskiest = max(inside, key=lambda item: (item.risk_score, item.risk_maximum, item.application))
    servers = sum(item.moving_servers for item in inside)
    costs = [item.cost_usd_month for item in inside if item.cost_usd_month is not None]
    crew: dict[str, float] = {}
    for application in inside:
        for skill, hours in application.crew_h.items():
            crew[skill] = crew.get(skill, 0.0) + hours
    available = {
        resource.name: int(problem.capacity[number, column]) / THOUSAND
        for column, resource in enumerate(problem.resources)
        if resource.kind == "crew"
    }
    return PlannedWave(
        wave=number + 1,
        date=candidate.date,
        window=candidate.window,
        starts=starts,
        duration_h=round(duration, _DIGITS),
        pathfinder=number in problem.pathfinders.waves,
        applications=tuple(item.application for item in inside),
        servers=servers,
        data_gib=round(sum(item.data_gib for item in inside), _DIGITS),
        crew_h={skill: round(crew[skill], _DIGITS) for skill in sorted(crew)},
        crew_available_h=available,
        link_days=_link_days(problem, members),
        replication_start=candidate.date - dt.timedelta(days=math.ceil(spec.waves.replication_days)),
        decommission_date=candidate.date + dt.timedelta(days=math.ceil(spec.waves.hypercare_days)),
        risk_score=round(min(100.0, riskiest.risk_score * pile), _DIGITS),
        risk_maximum=riskiest.risk_maximum,
        confidence=round(sum(item.confidence * item.moving_servers for item in inside) / servers, _DIGITS),
        expected_loss_usd=Range(
            low=round(loss / 2.0, 2),
            likely=round(loss, 2),
            high=round(loss * 2.0, 2),
            reason="outages take half to twice the RTO",
        ),
        cost_usd_month=round(sum(costs), 2) if costs else None,
    )


def _link_days(problem: Problem, members: Ints) -> dict[str, float]:
    days = {}
    for site in sorted({link.from_ for link in problem.spec.link}):
        if site not in problem.footprint.sites:
            continue
        gib = float(problem.footprint.data_gib[members, problem.footprint.sites.index(site)].sum()) * resent(problem.spec)
        rate = sum(mbit_s_to_gib_day(link.rate_mbit_s) for link in problem.spec.link if link.from_ == site)
        if gib > 0:
            days[site] = round(gib / rate, _DIGITS)
    return days
