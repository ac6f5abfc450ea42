"""What types and bounds cannot say about a request: whether its time zones exist and its freeze rules can be read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from zoneinfo import ZoneInfo

from migrate.spec import Spec
from migrate.spec.places import Place

__all__ = ["mistakes"]

_RULE = re.compile(
    r"(last|first)\s+(\d{1,2})(?:\s+and\s+(?!\1)(last|first)\s+(\d{1,2}))?\s+business\s+days?\s+of\s+(?:each|every|the)\s+month",
    re.IGNORECASE | re.ASCII,
)
_MOST = 15  # a month has at least 18 business days; more at each end would leave nothing


def mistakes(spec: Spec) -> Iterator[tuple[Place, str, str]]:
    """Each mistake's place, what is wrong with it, and the remedy."""
    for index, window in enumerate(spec.window):
        if not _is_zone(window.time_zone):
            yield ("window", index, "time_zone"), "is no time zone", 'Write an IANA name such as "America/Chicago".'
    for index, freeze in enumerate(spec.freeze):
        if freeze.rule is not None and not _is_rule(freeze.rule):
            yield (
                ("freeze", index, "rule"),
                "is no rule of a freeze",
                f"Write `last N and first M business days of each month`, or one of the two halves, with numbers up to {_MOST}.",
            )


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True


def _is_rule(text: str) -> bool:
    match = _RULE.fullmatch(text.strip())
    return match is not None and max(int(count) for count in (match[2], match[4] or "1")) <= _MOST
