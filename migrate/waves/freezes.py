"""On which days a freeze of plan.toml holds: dates, dates of every year, or business days of every month.

Business days are Monday to Friday without the federal holidays of the United States, taken from the `holidays` library
(observed days included: a holiday on a Sunday is kept on the Monday).
"""

from __future__ import annotations

import datetime as dt
import re

import holidays

from migrate.errors import RequestError
from migrate.spec import Freeze

__all__ = ["frozen_days"]

_ACCEPTED = (
    "`last N and first M business days of each month`, `last N business days of each month` or "
    "`first M business days of each month`"
)
_PART = r"(last|first)\s+(\d{1,2})"
_RULE = re.compile(rf"{_PART}(?:\s+and\s+{_PART})?\s+business\s+days?\s+of\s+(?:each|every|the)\s+month", re.IGNORECASE)
_MOST = 15  # a month has at least 18 business days; more than this at each end would leave nothing


def frozen_days(freeze: Freeze, first: dt.date, last: dt.date) -> frozenset[dt.date]:
    """The frozen days between two dates, both included.

    A month-end rule freezes a whole stretch, weekends and holidays inside it too: from the N-th last business day to
    the end of the month, and from the first of the month to its M-th business day.

    Raises
    ------
    RequestError
        The text of ``rule`` is not one of the accepted forms.
    """
    if freeze.rule is not None:
        at_end, at_start = _parse(freeze)
        return _month_ends(at_end, at_start, first, last)
    assert freeze.from_ is not None
    assert freeze.to is not None
    shifts = range(first.year - freeze.to.year - 1, last.year - freeze.from_.year + 2) if freeze.yearly else range(1)
    days: set[dt.date] = set()
    for shift in shifts:
        begin, end = max(_shifted(freeze.from_, shift), first), min(_shifted(freeze.to, shift), last)
        days.update(begin + dt.timedelta(days=offset) for offset in range((end - begin).days + 1))
    return frozenset(days)


def _parse(freeze: Freeze) -> tuple[int, int]:
    """Business days frozen at the end and at the start of a month."""
    match = _RULE.fullmatch((freeze.rule or "").strip())
    counts: dict[str, int] = {}
    if match is not None:
        for word, count in ((match[1], match[2]), (match[3], match[4])):
            if word is not None:
                counts[word.lower()] = counts.get(word.lower(), 0) + int(count)
    twice = match is not None and match[3] is not None and match[1].lower() == match[3].lower()
    if not counts or twice or max(counts.values()) > _MOST:
        raise RequestError(
            f"cannot understand the rule {freeze.rule!r} of the freeze {freeze.id!r}",
            where="plan.toml [[freeze]]",
            remedy=f"Write {_ACCEPTED}, with numbers up to {_MOST}.",
        )
    return counts.get("last", 0), counts.get("first", 0)


def _month_ends(at_end: int, at_start: int, first: dt.date, last: dt.date) -> frozenset[dt.date]:
    off = holidays.country_holidays("US", years=range(first.year - 1, last.year + 2))
    days: set[dt.date] = set()
    month = first.replace(day=1)
    while month <= last:
        following = (month + dt.timedelta(days=32)).replace(day=1)
        whole = [month + dt.timedelta(days=offset) for offset in range((following - month).days)]
        business = [day for day in whole if day.weekday() < 5 and day not in off]
        if at_end:
            days.update(day for day in whole if day >= business[-at_end])
        if at_start:
            days.update(day for day in whole if day <= business[at_start - 1])
        month = following
    return frozenset(day for day in days if first <= day <= last)


def _shifted(day: dt.date, years: int) -> dt.date:
    """The same day in another year; 29 February becomes the 28th where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
