"""Text of inventories inside Markdown: shown as it is, never read as markup, HTML, a link or a new table cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

__all__ = ["escape", "table"]

_SPECIAL = re.compile(r"([\\`*_{}\[\]|~])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_LEADING = re.compile(r"(\s*)([#>+\-=]|\d+[.)](?=\s|$))")
_LINK = re.compile(r"(?<=[A-Za-z]):(?=//)|(?<=www)\.|@", re.IGNORECASE)


def escape(text: object) -> str:
    """Write `text` so that CommonMark and GitHub's dialect show exactly its visible characters, on one line.

    Control characters and those that turn the direction of writing become spaces; ``<``, ``>`` and ``&`` become
    entities; what could become a link is broken by an entity.
    """
    return _escaped(str(text))


@lru_cache(maxsize=1 << 16)
def _escaped(text: str) -> str:
    """Names, sources and owners come back in step after step: most calls are repeats.

    Most other texts need little of it, so what is slow is only done where something quick to look for is found.
    """
    plain = (text if text.isprintable() else _CONTROL.sub(" ", text)).strip()
    plain = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    if _SPECIAL.search(plain):
        plain = _SPECIAL.sub(r"\\\1", plain)
    if "@" in plain or "://" in plain or "www." in plain.casefold():
        plain = _LINK.sub(lambda match: f"&#{ord(match[0])};", plain)
    leading = _LEADING.match(plain)
    return f"{leading[1]}&#{ord(leading[2][0])};{plain[leading.start(2) + 1 :]}" if leading else plain


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> list[str]:
    """Lines of a table whose cells are escaped; an empty line follows. A head that begins with ``>`` aligns right."""
    marks = ["---:" if title.startswith(">") else "---" for title in head]
    lines = [_row(title.removeprefix(">") for title in head), _row(marks)]
    lines += [_row(map(_escaped, map(str, row))) for row in rows]
    return [*lines, ""]


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
