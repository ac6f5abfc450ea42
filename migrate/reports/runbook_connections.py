"""The long tables of a runbook for the people of network and partners."""

from __future__ import annotations

from migrate.reports.markdown_text import table
from migrate.runbooks import Runbook

__all__ = ["connection_lines"]

_UNKNOWN = "–"


def connection_lines(runbook: Runbook) -> list[str]:
    """Sections Partners and Ports. Consumers of the same ports of a provider share a row."""
    lines: list[str] = []
    if runbook.partners:
        rows: list[tuple[object, ...]] = [
            ("☐", p.party, p.direction, ", ".join(p.ports), f"{p.gb_day:,.2f}", ", ".join(p.applications), p.change)
            for p in runbook.partners
        ]
        head = ("", "Party", "Direction", "Ports", ">GB a day", "Applications", "What changes")
        lines += ["## Partners", "", *table(head, rows)]
    if runbook.ports:
        grouped: dict[tuple[str, str, tuple[str, ...]], list[str]] = {}
        for opening in runbook.ports:
            key = (opening.provider, opening.direction, tuple(sorted(opening.ports)))
            grouped.setdefault(key, []).append(opening.consumer)
        rows = [
            ("☐", provider, ", ".join(ports) or _UNKNOWN, direction, ", ".join(consumers))
            for (provider, direction, ports), consumers in sorted(grouped.items())
        ]
        lines += ["## Ports", "", *table(("", "Provider", "Ports", "Direction", "Consumers"), rows)]
    return lines
