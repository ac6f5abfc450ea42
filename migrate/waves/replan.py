"""What an earlier plan and the days since then leave to decide.

An application is **done** when it was cut over by the day of replanning: as the plan had it, as ``--done`` says, or as a row of
the actuals says that ends the cutover. It is **committed** when its replication had begun by then: as the plan had it, or as
the actuals say. All others are planned: they may move again, at the price of ``weights.change_usd``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from migrate.errors import RequestError
from migrate.findings import Finding, Severity
from migrate.model.plan import Earlier, EarlierApplication, Plan, PlannedApplication
from migrate.model.plan.earlier import State
from migrate.readers.actuals import Actual, Actuals
from migrate.spec import Spec
from migrate.waves.selectors import unknown_application

__all__ = ["Since", "earlier_of"]


@dataclass(frozen=True)
class Since:
    """What is known of the days since the earlier plan.

    Attributes
    ----------
    as_of
        The day of replanning; None: that of the latest cutover that is told, or the start of the plan.
    done, not_done
        Applications, or numbers of waves, that were cut over, or not, whatever their dates.
    actuals
        Tasks that were begun and ended.
    """

    as_of: dt.date | None = None
    done: tuple[str, ...] = ()
    not_done: tuple[str, ...] = ()
    actuals: Actuals = field(default_factory=Actuals)


def earlier_of(plan: Plan, sha256: str, since: Since, spec: Spec) -> tuple[Earlier, list[Finding]]:
    """What of an earlier plan is done, committed and planned on the day of replanning.

    Parameters
    ----------
    plan, sha256
        The earlier plan, and the digest of its plan.json.
    since
        What has happened.
    spec
        The new request: where it has other windows, other days between waves or another start than the earlier one, only the
        dates of waves that hold something done or committed are kept.

    Raises
    ------
    RequestError
        ``done`` or ``not_done`` names what the plan does not have, or both name the same.
    """
    done, not_done = (_named(plan, names, option) for names, option in ((since.done, "--done"), (since.not_done, "--not-done")))
    if both := sorted(done & not_done):
        raise RequestError(f"{both[0]!r} is both done and not done", where="the command line", remedy="Name it once.")
    cutovers, replicating, findings = _happened(plan, since.actuals)
    as_of = since.as_of or _latest(plan, done, cutovers)
    begins = {wave.wave: wave.replication_start for wave in plan.waves}
    placed = []
    for item in plan.applications:
        name = item.application
        date = item.cutover_date
        if item.wave is None or date is None or item.moving_servers == 0:
            continue
        ended = cutovers.get(name)
        state: State = "planned"
        if ended is not None and ended <= as_of:
            state, date = "done", _nearest(plan, ended)
        elif name in done or (date <= as_of and name not in not_done):
            state = "done"
        elif name not in not_done and min(begins.get(item.wave, date), replicating.get(name, date)) <= as_of:
            state = "committed"
        placed.append(EarlierApplication(application=name, date=date, state=state))
    fixed = [item.date for item in placed if item.state != "planned"]
    dates = _kept_dates(plan, max(fixed, default=None), spec)
    earlier = Earlier(
        sha256=sha256, as_of=as_of, candidates=dates, applications=tuple(sorted(placed, key=lambda item: item.application))
    )
    return earlier, findings


def _named(plan: Plan, names: Sequence[str], option: str) -> set[str]:
    """The applications that names or wave numbers mean."""
    known = {item.application.casefold(): item.application for item in reversed(plan.applications)}
    found: set[str] = set()
    for name in names:
        number = name.casefold().removeprefix("wave").strip()
        if name.casefold() in known:
            found.add(known[name.casefold()])
        elif number.isascii() and number.isdigit():
            inside = {item.application for item in plan.applications if item.wave == int(number)}
            if not inside:
                used = ", ".join(str(wave.wave) for wave in plan.waves)
                raise RequestError(f"the plan has no wave {number}", where=option, remedy=f"Its waves are {used}.")
            found |= inside
        else:
            raise unknown_application(name, plan.applications, option)
    return found


def _happened(plan: Plan, actuals: Actuals) -> tuple[dict[str, dt.date], dict[str, dt.date], list[Finding]]:
    """The day of each finished cutover, that of each begun replication, and what names no application."""
    known = {item.application.casefold(): item for item in reversed(plan.applications)}
    cutovers: dict[str, dt.date] = {}
    replicating: dict[str, dt.date] = {}
    findings = list(actuals.findings)
    for row in actuals.rows:
        item = known.get(row.application.casefold())
        if item is None or item.wave is None:
            findings.append(_nobody(row, item))
        elif row.task == "cutover" and row.end is not None:
            cutovers[item.application] = max(row.start.date(), cutovers.get(item.application, row.start.date()))
        elif row.task == "replicate":
            replicating[item.application] = min(row.start.date(), replicating.get(item.application, row.start.date()))
    return cutovers, replicating, findings


def _nobody(row: Actual, item: PlannedApplication | None) -> Finding:
    why = "is not in the earlier plan" if item is None else "is in no wave of the earlier plan"
    return Finding(
        code="actual-of-nobody",
        severity=Severity.warning,
        subject=row.application,
        source=row.source,
        message=f"The application {why}, so the row says nothing about what is done",
        remedy="Correct the name (applications.csv lists them).",
    )


def _latest(plan: Plan, done: set[str], cutovers: dict[str, dt.date]) -> dt.date:
    days = [item.cutover_date for item in plan.applications if item.application in done and item.cutover_date is not None]
    return max([*days, *cutovers.values()], default=plan.spec.plan.start)


def _nearest(plan: Plan, day: dt.date) -> dt.date:
    """The candidate date nearest to the day of a cutover; the earlier of two."""
    dates = [candidate.date for candidate in plan.candidates] or [day]
    return min(dates, key=lambda date: (abs((date - day).days), date))


#: What of the request decides on which dates there are waves, but for freezes, which close them.
_CALENDAR: tuple[Callable[[Spec], object], ...] = (
    lambda spec: spec.plan.start,
    lambda spec: spec.window,
    lambda spec: spec.waves.min_days_between,
    lambda spec: spec.waves.first_after_days,
)


def _kept_dates(plan: Plan, last_fixed: dt.date | None, spec: Spec) -> tuple[dt.date, ...]:
    dates = tuple(candidate.date for candidate in plan.candidates)
    fixed = sum(date <= last_fixed for date in dates) if last_fixed is not None else 0
    if any(of(spec) != of(plan.spec) for of in _CALENDAR):
        return dates[:fixed]
    return dates[: max(fixed, spec.waves.max_waves or len(dates))]
