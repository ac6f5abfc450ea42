"""Text without what cannot be seen: control characters, and those that override the direction of text."""

from __future__ import annotations

import re

__all__ = ["shortened", "visible"]

_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")


def visible(text: str) -> str:
    """Remove what cannot be seen."""
    return _UNSEEN.sub("", text)


def shortened(text: str, most: int) -> str:
    """Text of one line and at most `most` characters, its end left out where it is longer."""
    line = " ".join(visible(text).split())
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"
