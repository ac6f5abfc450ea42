"""The section Return: which way applies when, its order and hours, and a checklist of each way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from migrate.model.plan import Range
from migrate.reports.markdown_text import escape, table
from migrate.reports.runbook_times import clock_time, hours_text, zone_text, zoned
from migrate.runbooks import ReturnPlan, ReturnWay, Runbook

__all__ = ["return_lines"]

_UNKNOWN = "–"


def return_lines(runbook: Runbook) -> list[str]:
    """The section, or nothing when nothing is cut over."""
    if not runbook.returns:
        return []
    short = [(plan.application, plan.short) for plan in runbook.returns if plan.short is not None]
    full = [(plan.application, plan.full) for plan in runbook.returns]
    return [
        "## Return",
        "",
        *_which(runbook),
        *_hours(runbook),
        *(["### Short return: until users are admitted", "", *_ways(short)] if short else []),
        "### Full return: users have written at the target",
        "",
        *_parts(runbook.returns),
        *_ways(full),
    ]


def _which(runbook: Runbook) -> list[str]:
    point = runbook.point_of_no_return
    admit = next((step for step in runbook.steps if step.title == "Admit users"), None)
    gate = next((step for step in runbook.steps if step.gate is not None and step.gate.name == "Stay or return"), None)
    lines = []
    if point is not None and admit is not None and gate is not None:
        lines += [
            f"- **Before users are admitted** (up to gate {gate.id}, {escape(zoned(point.at))}): the short "
            "return. The source is complete.",
            f"- **After users are admitted** (from step {admit.id} on): the full return. Only the target has what they wrote.",
        ]
    shared = [plan.application for plan in runbook.returns if plan.short is None]
    if shared:
        lines.append(
            f"- **Always the full return**: {escape(', '.join(shared))}. The whole estate writes to shared services as soon "
            "as their names are switched."
        )
    lines += [
        "- In doubt: the full return.",
        "",
        "Freeze in the order of the table (consumers first); start at the source in the order of column Start (providers "
        "first). Hours run from the decision, when the whole wave goes back; those of the full return hold for a decision by "
        "the end of the window, a later one has more to carry back.",
        "",
    ]
    return lines


def _hours(runbook: Runbook) -> list[str]:
    rows = [
        (
            plan.application,
            plan.order,
            ", ".join(plan.databases) or _UNKNOWN,
            _range(plan.short.total_h) if plan.short else _UNKNOWN,
            clock_time(plan.latest_decision),
            _range(plan.full.total_h),
            hours_text(plan.rto_h),
            {True: "yes", False: "NO", None: "RTO unknown"}[plan.full.fits],
        )
        for plan in runbook.returns
    ]
    head = (
        "Application",
        ">Start",
        "Databases",
        "Short (likely, up to)",
        f"Decide by ({escape(zone_text(runbook.begins))})",
        "Full (likely, up to)",
        ">RTO",
        "Full within RTO",
    )
    return table(head, rows)


def _parts(returns: Sequence[ReturnPlan]) -> list[str]:
    """The parts in minutes, so that they can be seen to add up."""
    names = [part.name for part in returns[0].full.parts]
    rows = [
        (
            plan.application,
            *(f"{part.likely_h * 60:.0f}" for part in plan.full.parts),
            f"{plan.full.total_h.likely * 60:.0f}",
        )
        for plan in returns
    ]
    head = ("Likely minutes", *(f">{name.capitalize()}" for name in names), ">Together")
    return table(head, rows)


def _ways(ways: Iterable[tuple[str, ReturnWay]]) -> list[str]:
    """Checklists; applications that go back in the same way share one."""
    by_way: dict[tuple[str, ...], list[str]] = {}
    for application, way in ways:
        by_way.setdefault(way.actions, []).append(application)
    lines: list[str] = []
    for actions, names in by_way.items():
        lines += [f"**{escape(', '.join(names))}**", ""]
        lines += [f"{number}. ☐ {escape(action)}" for number, action in enumerate(actions, start=1)]
        lines.append("")
    return lines


def _range(hours: Range) -> str:
    return f"{hours_text(hours.likely)}, {hours_text(hours.high)}"
