"""On which days a freeze of plan.toml holds: dates, dates of every year, business days of every month, or public holidays.

Business days are Monday to Friday without the public holidays of ``freeze.country``, taken from the `holidays` library
(observed days included: a holiday on a Sunday is kept on the Monday).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Container, Iterator

import holidays

from migrate.errors import RequestError
from migrate.spec import Freeze
from migrate.spec.freeze_rule import ACCEPTED, BusinessDays, Holidays, parse_freeze_rule

__all__ = ["frozen_days"]


def frozen_days(freeze: Freeze, first: dt.date, last: dt.date) -> frozenset[dt.date]:
    """The frozen days between two dates, both included.

    A month-end rule freezes a whole stretch, weekends and holidays inside it too: from the N-th last business day to
    the end of the month, and from the first of the month to its M-th business day.

    Raises
    ------
    RequestError
        The text of ``rule`` is not one of the accepted forms, or the holidays of ``country`` are not known.
    """
    if freeze.rule is not None:
        rule = parse_freeze_rule(freeze.rule)
        if rule is None:
            message = f"cannot understand the rule {freeze.rule!r} of the freeze {freeze.id!r}"
            raise RequestError(message, where="plan.toml [[freeze]]", remedy=f"Write {ACCEPTED}.")
        off = _public_holidays(freeze.country, first, last)
        found = _month_ends(rule, off, first, last) if isinstance(rule, BusinessDays) else _around(rule, off, first, last)
        return frozenset(day for day in found if first <= day <= last)
    spans = [(period.from_, period.to) for period in freeze.periods]
    if freeze.from_ is not None and freeze.to is not None:
        spans.append((freeze.from_, freeze.to))
    return frozenset(day for begin, end in spans for day in _span(begin, end, freeze.yearly, first, last))


def _span(begin: dt.date, end: dt.date, yearly: bool, first: dt.date, last: dt.date) -> set[dt.date]:
    """The days of a span between two dates; of the same span in every year when it repeats."""
    shifts = range(first.year - end.year - 1, last.year - begin.year + 2) if yearly else range(1)
    days: set[dt.date] = set()
    for shift in shifts:
        start, stop = max(_shifted(begin, shift), first), min(_shifted(end, shift), last)
        days.update(start + dt.timedelta(days=offset) for offset in range((stop - start).days + 1))
    return days


def _month_ends(rule: BusinessDays, off: Container[dt.date], first: dt.date, last: dt.date) -> Iterator[dt.date]:
    month = first.replace(day=1)
    while month <= last:
        following = (month + dt.timedelta(days=32)).replace(day=1)
        whole = [month + dt.timedelta(days=offset) for offset in range((following - month).days)]
        business = [day for day in whole if day.weekday() < 5 and day not in off]
        if rule.last:
            yield from (day for day in whole if day >= business[-rule.last])
        if rule.first:
            yield from (day for day in whole if day <= business[rule.first - 1])
        month = following


def _public_holidays(country: str, first: dt.date, last: dt.date) -> Container[dt.date]:
    """The holidays of a country or of one of its subdivisions, from one year before to one year after."""
    code, _, subdivision = country.partition("-")
    try:
        return holidays.country_holidays(code, subdiv=subdivision or None, years=range(first.year - 1, last.year + 2))
    except NotImplementedError as error:
        raise RequestError(
            f"the public holidays of {country!r} are not known",
            where="plan.toml [[freeze]]",
            remedy="Write an ISO 3166 code such as `US`, `US-IL` or `DE-BY`.",
        ) from error


def _around(rule: Holidays, off: Container[dt.date], first: dt.date, last: dt.date) -> Iterator[dt.date]:
    begin, end = first - dt.timedelta(days=rule.after), last + dt.timedelta(days=rule.before)
    for offset in range((end - begin).days + 1):
        day = begin + dt.timedelta(days=offset)
        if day in off:
            yield from (day + dt.timedelta(days=shift) for shift in range(-rule.before, rule.after + 1))


def _shifted(day: dt.date, years: int) -> dt.date:
    """The same day in another year; 29 February becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
