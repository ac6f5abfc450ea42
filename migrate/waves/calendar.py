"""Candidate cutover dates: the windows of plan.toml, less its freezes, far enough apart.

Dates are taken greedily from ``plan.start + waves.first_after_days`` on. Every step looks at the days on which some
domain may be cut over within ``min_days_between`` days of the first such day, and takes the first of them unless a later
one serves clearly more: a day is worth, for every domain that is open on it, the number of its applications times one
plus the candidates that the domain has gone without. So domains with different freezes or windows all get dates.

A cutover that runs past midnight touches two days; it is closed when either of them is frozen.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from migrate.errors import InfeasibleError, RequestError
from migrate.model.plan import Candidate, PlannedApplication
from migrate.spec import Freeze, Spec, Window
from migrate.spec.lines import placed
from migrate.waves.deletion_filter import smallest
from migrate.waves.freezes import frozen_days
from migrate.waves.limits import MOST_WAVES
from migrate.waves.selectors import Selectors

__all__ = ["DEFAULT_WINDOW", "Calendar", "Closure", "build_calendar", "window_hours"]

#: Used when plan.toml has no [[window]].
DEFAULT_WINDOW = Window(id="saturday-nights", days=("sat",), hours="22:00-06:00", time_zone="UTC")

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_CLEARLY_MORE = 1.25
_LONGEST_GAP_DAYS = 400  # no candidate within it: the freezes cover every window
_NO_DOMAIN = ""


@dataclass(frozen=True)
class Closure:
    """What a freeze, or the want of a window, closes on one candidate. `domains` is ("*",) when it closes for all."""

    rule: str  # id of the freeze, or of the windows
    frozen: bool  # False: there is no window that day
    domains: tuple[str, ...]
    applications: tuple[str, ...]


@dataclass(frozen=True)
class Calendar:
    """Candidates in order of date; `closures[i]` says what closes part of candidate `i` (number `i + 1`)."""

    candidates: tuple[Candidate, ...]
    closures: tuple[tuple[Closure, ...], ...]
    priced: tuple[tuple[Closure, ...], ...]  # the same for freezes that have a price: they close nothing
    windows: Mapping[str, Window]


@dataclass
class _Days:
    """The frozen days of every freeze, and the windows of every weekday."""

    freezes: list[tuple[Freeze, frozenset[dt.date], tuple[str, ...]]]
    any_window: Window  # for the hours of a date of an earlier plan that no window opens any more
    windows: dict[int, list[Window]] = field(default_factory=dict)


def window_hours(window: Window) -> tuple[str, float, bool]:
    """Local start with its zone, duration in hours, and whether it runs past midnight.

    Raises
    ------
    RequestError
        The time zone is not in the IANA database.
    """
    try:
        ZoneInfo(window.time_zone)
    except (KeyError, ValueError, OSError):
        raise RequestError(
            f"unknown time zone {window.time_zone!r} of the window {window.id!r}",
            where="plan.toml [[window]]",
            remedy='Use an IANA name such as "America/Chicago".',
        ) from None
    begin, end = window.hours.split("-")
    minutes = [int(clock[:2]) * 60 + int(clock[3:]) for clock in (begin, end)]
    past = minutes[1] <= minutes[0]
    length = minutes[1] - minutes[0] + (24 * 60 if past else 0)
    return f"{begin} {window.time_zone}", length / 60.0, past and minutes[1] > 0


def build_calendar(applications: Sequence[PlannedApplication], spec: Spec, kept: Sequence[dt.date] = ()) -> Calendar:
    """Choose the candidate dates for the moving `applications`.

    There are at most ``waves.max_waves`` of them (`MOST_WAVES` where the request leaves that open), none after the last
    lease end (when every site has one) nor after ``plan.horizon_years``. The dates that are `kept` of an earlier plan come
    first, so that wave numbers keep their dates, also where a freeze or want of a window now closes them.

    Raises
    ------
    RequestError
        A freeze's rule or a window's time zone cannot be understood.
    InfeasibleError
        No day at all is open to any application.
    """
    windows = spec.window or (DEFAULT_WINDOW,)
    first = spec.plan.start + dt.timedelta(days=spec.waves.first_after_days)
    last = _last_day(spec)
    if last < first:
        raise InfeasibleError(
            f"the first cutover can be on {first} (plan.start and {spec.waves.first_after_days} days), but {last} is the last "
            "day of the last lease, or of the horizon",
            where="plan.toml",
            remedy="Correct lease_end of the [[site]] tables, plan.start, waves.first_after_days or plan.horizon_years.",
        )
    days = _days(applications, spec, windows, first, last)
    weights: dict[str, int] = {}
    for application in applications:
        domain = (application.domain or _NO_DOMAIN).casefold()
        weights[domain] = weights.get(domain, 0) + 1
    chosen = _choose(days, weights or {_NO_DOMAIN: 1}, first, last, spec, kept)
    if not chosen:
        freezes = _covering(days, weights, first, last, spec)
        raise InfeasibleError(
            f"no cutover is possible between {first} and {last}: "
            + (f"freezes ({freezes}) cover every window" if freezes else "no day has a window"),
            where="plan.toml [[freeze]]",
            remedy="Shorten a freeze, add a [[window]], or move plan.start.",
        )
    closures = tuple(_closures(day, days, weights) for day in chosen)
    candidates = tuple(_candidate(day, days, parts) for day, parts in zip(chosen, closures, strict=True))
    return Calendar(
        candidates=candidates,
        closures=closures,
        priced=tuple(_frozen(day, days, priced=True) for day in chosen),
        windows={window.id: window for window in windows},
    )


def _last_day(spec: Spec) -> dt.date:
    horizon = spec.plan.start + dt.timedelta(days=round(365.25 * spec.plan.horizon_years))
    leases = [site.lease_end for site in spec.site]
    known = [lease for lease in leases if lease is not None]
    return min(horizon, max(known)) if known and len(known) == len(leases) else horizon


def _days(
    applications: Sequence[PlannedApplication], spec: Spec, windows: Sequence[Window], first: dt.date, last: dt.date
) -> _Days:
    selectors = Selectors(applications)
    days = _Days(freezes=[], any_window=windows[0])
    for freeze in spec.freeze:
        names = tuple(applications[index].application for index in selectors.find_all(freeze.applications))
        days.freezes.append((freeze, frozen_days(freeze, first, last + dt.timedelta(days=2)), names))
    for window in windows:
        window_hours(window)
        for name in window.days:
            days.windows.setdefault(_DAYS.index(name), []).append(window)
    return days


def _choose(
    days: _Days, weights: dict[str, int], first: dt.date, last: dt.date, spec: Spec, kept: Sequence[dt.date]
) -> list[dt.date]:
    chosen = list(kept)
    starved = dict.fromkeys(weights, 0)
    day = max(first, chosen[-1] + dt.timedelta(days=spec.waves.min_days_between)) if chosen else first
    idle = 0
    while day <= last and len(chosen) < (spec.waves.max_waves or MOST_WAVES) and idle < _LONGEST_GAP_DAYS:
        if not _open(day, days, weights):
            day, idle = day + dt.timedelta(days=1), idle + 1
            continue
        best, best_value = day, 0.0
        for offset in range(spec.waves.min_days_between):
            later = day + dt.timedelta(days=offset)
            if later > last:
                break
            value = float(sum(weights[name] * (1 + starved[name]) for name in _open(later, days, weights)))
            if value > best_value * (_CLEARLY_MORE if best_value else 1.0):
                best, best_value = later, value
        opened = _open(best, days, weights)
        for name in weights:
            starved[name] = 0 if name in opened else starved[name] + 1
        chosen.append(best)
        day, idle = best + dt.timedelta(days=spec.waves.min_days_between), 0
    return chosen


def _open(day: dt.date, days: _Days, weights: Mapping[str, int]) -> list[str]:
    """The domains that may be cut over on a day, sorted."""
    closed = {domain.casefold() for part in _closures(day, days, weights) for domain in part.domains}
    return [] if "*" in closed else sorted(name for name in weights if name not in closed)


def _closures(day: dt.date, days: _Days, domains: Mapping[str, int]) -> tuple[Closure, ...]:
    windows = days.windows.get(day.weekday(), [])
    if not windows:
        return (Closure("windows", frozen=False, domains=("*",), applications=()),)
    parts: list[Closure] = []
    if all(window.domains for window in windows):
        named = {domain.casefold() for window in windows for domain in window.domains}
        without = tuple(sorted(name for name in domains if name not in named and name != _NO_DOMAIN))
        if without:
            parts.append(Closure("windows", frozen=False, domains=without, applications=()))
    return (*parts, *_frozen(day, days, priced=False))


def _frozen(day: dt.date, days: _Days, *, priced: bool) -> tuple[Closure, ...]:
    """What the freezes with a price, or those without, say of a cutover that begins on a day."""
    windows = days.windows.get(day.weekday(), [])
    past = any(window_hours(window)[2] for window in windows)
    touched = {day, day + dt.timedelta(days=1)} if past else {day}
    parts = []
    for freeze, frozen, names in days.freezes:
        if priced == (freeze.price_usd is not None) and not frozen.isdisjoint(touched):
            everyone = not freeze.domains and not freeze.applications
            closed = ("*",) if everyone else tuple(sorted(freeze.domains))
            parts.append(Closure(freeze.id, frozen=True, domains=closed, applications=names))
    return tuple(parts)


def _candidate(day: dt.date, days: _Days, parts: tuple[Closure, ...]) -> Candidate:
    return Candidate(
        date=day,
        window=(days.windows.get(day.weekday()) or [days.any_window])[0].id,
        closed_domains=tuple(sorted({domain for part in parts for domain in part.domains})),
        closed_applications=tuple(sorted({name for part in parts for name in part.applications})),
    )


def _covering(days: _Days, weights: Mapping[str, int], first: dt.date, last: dt.date, spec: Spec) -> str:
    """A smallest set of freezes that leave no day, with their lines."""
    ids = [freeze.id for freeze, _, _ in days.freezes if freeze.price_usd is None]
    whole = [first + dt.timedelta(days=offset) for offset in range(min((last - first).days + 1, _LONGEST_GAP_DAYS))]

    def impossible(kept: Collection[str]) -> bool:
        some = _Days([item for item in days.freezes if item[0].id in kept], days.any_window, days.windows)
        return not any(_open(day, some, weights) for day in whole)

    return ", ".join(placed(spec, freeze) for freeze in smallest(ids, impossible))
