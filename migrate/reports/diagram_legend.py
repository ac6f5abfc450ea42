"""The caption of a diagram: colours of its nodes, what the lines mean, and what was left out."""

from __future__ import annotations

import html
from collections.abc import Iterable, Mapping

from migrate.reports.dot import plain_text

__all__ = ["FILLS", "HARD", "LINE", "NO_DOMAIN", "domain_fills", "legend"]

FILLS = ("#dbe9f4", "#fbe3c9", "#d5ede6", "#eadff0", "#f6dad3", "#e4e8d2", "#cfd6e2", "#f5ecc4")
NO_DOMAIN = "#eef2f6"
LINE, HARD = "#9aa7b4", "#b4512f"

_NAMES_OF_A_COLOUR = 3
_IN_A_ROW = 5


def domain_fills(domains: Iterable[str | None]) -> dict[str | None, str]:
    """Colour by business domain, the same in every diagram of a plan; with many domains, some share one."""
    named = sorted({domain for domain in domains if domain is not None})
    return {None: NO_DOMAIN, **{domain: FILLS[at % len(FILLS)] for at, domain in enumerate(named)}}


def legend(fills: Mapping[str | None, str], drawn: Iterable[str | None], notes: Iterable[str]) -> str:
    """HTML-like label of a graph.

    Parameters
    ----------
    fills
        Colour by domain, None for applications without one.
    drawn
        Domains that the diagram shows; None is no domain.
    notes
        Sentences below, one a line; empty ones are skipped.
    """
    sharing: dict[str, list[str]] = {}
    for domain in sorted(set(drawn), key=lambda name: (name is None, name or "")):
        sharing.setdefault(fills[domain], []).append(plain_text(domain) if domain is not None else "no domain")
    entries = [_entry(fill, names) for fill, names in sharing.items()]
    grid = "".join(f"<TR>{''.join(entries[at : at + _IN_A_ROW])}</TR>" for at in range(0, len(entries), _IN_A_ROW))
    table = f'<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="3" CELLPADDING="1">{grid}</TABLE>'
    rows = [f'<TR><TD ALIGN="LEFT">{table}</TD></TR>'] if grid else []
    rows.append(
        f'<TR><TD ALIGN="LEFT"><FONT COLOR="{HARD}">━▶</FONT> at least one hard dependency &#160;&#160; '
        f'<FONT COLOR="{LINE}">━▶</FONT> soft ones only &#160;&#160; '
        "from the consumer to what it needs; thicker is more data</TD></TR>"
    )
    rows += [f'<TR><TD ALIGN="LEFT">{html.escape(plain_text(note, 200))}</TD></TR>' for note in notes if note]
    return f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="2" CELLPADDING="1">{"".join(rows)}</TABLE>>'


def _entry(fill: str, names: list[str]) -> str:
    more = f" and {len(names) - _NAMES_OF_A_COLOUR} more" if len(names) > _NAMES_OF_A_COLOUR else ""
    said = html.escape(", ".join(names[:_NAMES_OF_A_COLOUR]) + more)
    swatch = f'<TD BORDER="1" COLOR="#b6c1cc" BGCOLOR="{fill}" WIDTH="20">&#160;</TD>'
    return f'{swatch}<TD ALIGN="LEFT">{said} &#160;</TD>'
