"""The rules by which a freeze repeats: what stands in ``freeze.rule``, parsed."""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["ACCEPTED", "BusinessDays", "Holidays", "parse_freeze_rule"]

_MOST = 15  # a month has at least 18 business days; more than this at each end would leave nothing
_PART = r"(last|first)\s+(\d{1,2})"
_BUSINESS = re.compile(
    rf"{_PART}(?:\s+and\s+(?!\1){_PART})?\s+business\s+days?\s+of\s+(?:each|every|the)\s+month", re.IGNORECASE | re.ASCII
)
_SIDE = r"(\d{1,2})\s+days?\s+"
_HOLIDAYS = re.compile(
    rf"(?:(?:{_SIDE}before)?(?:(?<=before)\s+and\s+)?(?:{_SIDE}after)?\s+)?public\s+holidays?", re.IGNORECASE | re.ASCII
)

#: What may be written, for remedies.
ACCEPTED = (
    "`last N and first M business days of each month` or one of the two halves, `public holidays`, or `N days before and M "
    f"days after public holidays` or one of the two sides, with numbers up to {_MOST}"
)


@dataclass(frozen=True)
class BusinessDays:
    """Business days frozen at the end and at the start of every month."""

    last: int
    first: int


@dataclass(frozen=True)
class Holidays:
    """Public holidays, and days before and after each."""

    before: int
    after: int


def parse_freeze_rule(text: str) -> BusinessDays | Holidays | None:
    """What a rule means; None when it is none of the accepted forms."""
    match = _BUSINESS.fullmatch(text.strip())
    if match is not None:
        counts = {word.lower(): int(count) for word, count in ((match[1], match[2]), (match[3], match[4])) if word is not None}
        return BusinessDays(counts.get("last", 0), counts.get("first", 0)) if max(counts.values()) <= _MOST else None
    match = _HOLIDAYS.fullmatch(text.strip())
    if match is None:
        return None
    before, after = (int(count or 0) for count in match.groups())
    return Holidays(before, after) if max(before, after) <= _MOST else None
