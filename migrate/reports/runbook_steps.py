"""The steps of a runbook: a schedule of the wave, a matrix of the night, and a checklist per application."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from migrate.reports.markdown_text import escape, table
from migrate.reports.runbook_times import clock_time, hours_text, moment, zone_text
from migrate.runbooks import Phase, Runbook, Step, t_label

__all__ = ["step_lines"]

_NAMED = 4  # servers named in a step; all of them stand in the appendix
_LARGE = 12  # applications from which on texts that repeat are given once, as procedures


def step_lines(runbook: Runbook) -> list[str]:
    """All step sections."""
    return [
        *_schedule(runbook),
        *_night(runbook),
        *_wave_steps(runbook),
        *_application_steps(runbook),
    ]


def _schedule(runbook: Runbook) -> list[str]:
    """Steps of the wave as a whole; those of applications stand below."""
    rows = [
        (
            "☐",
            step.id,
            t_label(step.starts, runbook.begins),
            moment(step.starts),
            step.title,
            _owner(step),
            hours_text(step.duration_h.likely),
            _after(step),
        )
        for step in runbook.steps
        if step.application is None
    ]
    head = ("", "Step", "T", _when(runbook), "What", "Owner", ">Takes", "After")
    return ["## Schedule of the wave", "", *table(head, rows)] if rows else []


def _night(runbook: Runbook) -> list[str]:
    """One row per application: when each of its parts begins."""
    kinds = ("stop", "last changes", "start at the target", "switch names", "validate")
    times: dict[str, dict[str, str]] = {}
    for step in runbook.steps:
        if step.application is not None and step.phase in (Phase.cutover, Phase.validation):
            kind = next((kind for kind in kinds if step.title.startswith(f"{step.application}: {kind}")), None)
            if kind is not None:
                times.setdefault(step.application, {}).setdefault(kind, clock_time(step.starts))
    rows = [
        (a.order, a.application, *(times.get(a.application, {}).get(kind, "–") for kind in kinds)) for a in runbook.applications
    ]
    head = (">Turn", "Application", "Stop", "Last changes", "Start at target", "Switch names", "Validate")
    note = f"Times are those of {escape(zone_text(runbook.begins))}."
    return ["## The night at a glance", "", note, "", *table(head, rows)] if rows else []


def _wave_steps(runbook: Runbook) -> list[str]:
    lines = ["## Steps of the wave", "", f"Times are those of {escape(zone_text(runbook.begins))}.", ""]
    steps = [step for step in runbook.steps if step.application is None and step.gate is None]
    for phase, members in groupby(steps, key=lambda step: step.phase):
        lines += [f"### {phase.value.capitalize()}", ""]
        for step in members:
            lines += _checklist(step, runbook)
        lines.append("")
    return lines if steps else []


def _application_steps(runbook: Runbook) -> list[str]:
    by_name: dict[str, list[Step]] = {a.application: [] for a in runbook.applications}
    for step in runbook.steps:
        if step.application is not None:
            by_name.setdefault(step.application, []).append(step)
    if not by_name:
        return []
    lines = ["## Steps by application", "", f"Times are those of {escape(zone_text(runbook.begins))}.", ""]
    if len(by_name) <= _LARGE:
        for name, steps in by_name.items():
            lines += [f"### {escape(name)}", ""]
            for step in steps:
                lines += _checklist(step, runbook)
            lines.append("")
        return lines
    procedures = _procedures([step for steps in by_name.values() for step in steps])
    lines += ["The code in column How names a procedure; procedures stand at the end of this section.", ""]
    for name, steps in by_name.items():
        lines += [f"### {escape(name)}", "", *_step_table(steps, procedures, runbook)]
    return [*lines, *_procedure_lines(procedures)]


def _checklist(step: Step, runbook: Runbook) -> list[str]:
    when = f"{t_label(step.starts, runbook.begins)} · {moment(step.starts)}"
    low, high = hours_text(step.duration_h.low), hours_text(step.duration_h.high)
    lines = [
        f"- [ ] **{step.id} {escape(_what(step))}** · {when} · {escape(_owner(step))} · {low} to {high}",
        f"  - Do: {escape(step.action)}",
        f"  - Check: {escape(step.check)}",
        f"  - Back: {escape(step.rollback)}",
    ]
    if step.servers:
        lines.append(f"  - Servers: {escape(_servers(step))}")
    if step.depends_on:
        lines.append(f"  - After: {_after(step)}")
    return lines


def _procedures(steps: Sequence[Step]) -> dict[tuple[str, str, str], str]:
    """Texts that steps share, with a letter code in the order of their first use."""
    texts = dict.fromkeys((step.action, step.check, step.rollback) for step in steps)
    return {text: f"P{number}" for number, text in enumerate(texts, start=1)}


def _step_table(steps: Sequence[Step], procedures: dict[tuple[str, str, str], str], runbook: Runbook) -> list[str]:
    rows = [
        (
            "☐",
            step.id,
            t_label(step.starts, runbook.begins),
            moment(step.starts),
            _what(step),
            procedures[step.action, step.check, step.rollback],
            _owner(step),
            _counted(step),
            hours_text(step.duration_h.likely),
            _after(step),
        )
        for step in steps
    ]
    return table(("", "Step", "T", _when(runbook), "What", "How", "Owner", "Servers, in this order", ">Takes", "After"), rows)


def _procedure_lines(procedures: dict[tuple[str, str, str], str]) -> list[str]:
    rows = [(code, *text) for text, code in procedures.items()]
    return ["### Procedures", "", *table(("How", "Do", "Check", "Back"), rows)]


def _what(step: Step) -> str:
    """The title without the application's name, under whose heading it stands."""
    short = step.title.removeprefix(f"{step.application}: ") if step.application else step.title
    return short[:1].upper() + short[1:]


def _owner(step: Step) -> str:
    return f"{step.owner} ({step.owner_name})" if step.owner_name else step.owner


def _when(runbook: Runbook) -> str:
    return f"When ({escape(zone_text(runbook.begins))})"


def _servers(step: Step) -> str:
    """Names in the order of the work; where that matters, database servers apart and all of them."""
    return "; then ".join(f"databases {', '.join(names)}" if databases else _some(names) for databases, names in _tiers(step))


def _counted(step: Step) -> str:
    """How many servers, in the order of the work; database servers by name."""
    if not step.databases:
        return str(len(step.servers) or "–")
    return ", then ".join(
        f"databases {', '.join(names)}" if databases else ("1 other" if len(names) == 1 else f"{len(names)} others")
        for databases, names in _tiers(step)
    )


def _tiers(step: Step) -> list[tuple[bool, list[str]]]:
    databases = set(step.databases)
    return [(kind, list(names)) for kind, names in groupby(step.servers, key=databases.__contains__)]


def _some(names: Sequence[str]) -> str:
    if len(names) <= _NAMED:
        return ", ".join(names)
    return f"{', '.join(names[:_NAMED])} and {len(names) - _NAMED} more, see the appendix"


def _after(step: Step) -> str:
    """Steps that must be done; a long list is shortened to its ends, because it then means everything before."""
    ids = step.depends_on
    return ", ".join(ids) if len(ids) <= 6 else f"{ids[0]} … {ids[-1]} ({len(ids)} steps)"
