"""A runbook as Markdown, made to be printed, ticked off and read at three in the morning."""

from __future__ import annotations

from migrate.reports.markdown_text import escape, table
from migrate.reports.runbook_connections import connection_lines
from migrate.reports.runbook_returns import return_lines
from migrate.reports.runbook_steps import step_lines
from migrate.reports.runbook_times import clock_time, hours_text, later, moment, zone_text, zoned
from migrate.runbooks import Gate, Runbook, Step, t_label

__all__ = ["render_markdown"]

_UNKNOWN = "–"


def render_markdown(runbook: Runbook) -> str:
    """Render a runbook. Every text that may come from an inventory is escaped.

    Examples
    --------
    >>> print(render_markdown(build_runbook(plan, wave=1)))  # doctest: +SKIP
    """
    lines = [
        f"# {escape(runbook.title)} · {escape(runbook.plan)}",
        "",
        escape(runbook.summary),
        "",
        *_facts(runbook),
        *_findings(runbook),
        *_applications(runbook),
        *_owners(runbook),
        *step_lines(runbook),
        *_gates(runbook),
        *return_lines(runbook),
        *_surroundings(runbook),
        *_hypercare(runbook),
        *connection_lines(runbook),
        *_appendix(runbook),
    ]
    while lines and not lines[-1]:
        lines.pop()
    return "\n".join(lines) + "\n"


def _facts(runbook: Runbook) -> list[str]:
    rows = [
        ("T (begin)", zoned(runbook.begins)),
        (
            "End of window",
            f"{zoned(runbook.ends)} ({runbook.duration_h:g} h, {runbook.window})",
        ),
    ]
    if runbook.point_of_no_return is not None:
        point = runbook.point_of_no_return
        rows.append(
            (
                "Point of no return",
                f"{zoned(point.at)}, {t_label(point.at, runbook.begins)}: {point.reason}. {point.afterwards}",
            )
        )
    if runbook.hypercare is not None:
        rows.append(("Hypercare", f"{runbook.hypercare.begins} to {runbook.hypercare.ends}"))
    if runbook.wave:
        rows.append(("Data", f"{runbook.data_gib:,.0f} GiB"))
    rows.append(("Steps", f"{len(runbook.steps)}, of which {sum(step.gate is not None for step in runbook.steps)} gates"))
    return ["| | |", "|---|---|", *(f"| **{escape(key)}** | {escape(value)} |" for key, value in rows), ""]


def _findings(runbook: Runbook) -> list[str]:
    if not runbook.findings:
        return []
    rows = [(f.severity.value, f.subject, f.message, f.remedy) for f in runbook.findings]
    return ["## To be settled first", "", *table(("Severity", "Subject", "What", "Remedy"), rows)]


def _applications(runbook: Runbook) -> list[str]:
    if not runbook.applications:
        return []
    rows = [
        (
            a.order,
            a.application,
            a.criticality,
            a.data_class or _UNKNOWN,
            a.owner or _UNKNOWN,
            a.disposition or _UNKNOWN,
            len(a.servers),
            f"{a.data_gib:,.0f}",
            hours_text(a.rto_h),
            hours_text(a.rpo_h),
            ", ".join(a.waits_for) or _UNKNOWN,
            clock_time(later(runbook.begins, a.ends_h.likely)),
        )
        for a in runbook.applications
    ]
    head = (
        ">Turn",
        "Application",
        "Criticality",
        "Data",
        "Owner",
        "Disposition",
        ">Servers",
        ">GiB",
        ">RTO",
        ">RPO",
        "After",
        f"Done ({escape(zone_text(runbook.begins))})",
    )
    lines = ["## Applications, in the order of cutover", "", *table(head, rows)]
    databases = [(a.application, text) for a in runbook.applications for text in a.databases]
    if databases:
        lines += ["### Databases", "", *table(("Application", "Database and target"), databases)]
    staying = [(a.application, ", ".join(a.staying)) for a in runbook.applications if a.staying]
    if staying:
        lines += ["### Not moved in this wave", "", *table(("Application", "Servers"), staying)]
    return lines


def _owners(runbook: Runbook) -> list[str]:
    rows = [(owner.role, owner.name or "to be named", owner.duties) for owner in runbook.owners]
    return ["## Roles", "", *table(("Role", "Name", "Duties"), rows)] if rows else []


def _gates(runbook: Runbook) -> list[str]:
    lines = ["## Gates", ""]
    for step in runbook.steps:
        if step.gate is not None:
            lines += _gate(step, step.gate, f"{t_label(step.starts, runbook.begins)}, {zoned(step.starts)}")
    return lines if len(lines) > 2 else []


def _gate(step: Step, gate: Gate, when: str) -> list[str]:
    who = escape(gate.decider) + (f" ({escape(gate.decider_name)})" if gate.decider_name else "")
    rows = [("☐", c.measure, c.threshold, "", c.evidence) for c in gate.criteria]
    return [
        f"### {escape(gate.name)} · {step.id}",
        "",
        f"{escape(when)}. Decides: {who}.",
        "",
        f"{escape(step.action)} {escape(step.check)}",
        "",
        *table(("", "Measure", "Threshold", "Measured", "Evidence"), rows),
        f"**If it stays closed:** {escape(gate.if_closed)}",
        "",
    ]


def _surroundings(runbook: Runbook) -> list[str]:
    lines: list[str] = []
    if runbook.controls:
        rows: list[tuple[object, ...]] = [("☐", c.measure, c.threshold, c.evidence) for c in runbook.controls]
        lines += ["## Controls for regulated data", "", *table(("", "Control", "Threshold", "Evidence"), rows)]
    if runbook.risks:
        rows = [(r.application, r.rule, r.detail, r.mitigation) for r in runbook.risks]
        lines += ["## Risks and what is done about them", "", *table(("Application", "Rule", "What", "Mitigation"), rows)]
    if runbook.freezes:
        rows = [(f.id, f.when, ", ".join(f.applies_to), f.note) for f in runbook.freezes]
        lines += ["## Freezes near this wave", "", *table(("Freeze", "Days", "Applications", "Note"), rows)]
    if runbook.staff_notes:
        lines += ["## Transfer of staff", "", *(f"- {escape(note)}" for note in runbook.staff_notes), ""]
    if runbook.messages:
        rows = [(t_label(m.at, runbook.begins), moment(m.at), m.by, m.audience, m.text) for m in runbook.messages]
        lines += ["## Messages", "", *table(("T", f"When ({escape(zone_text(runbook.begins))})", "By", "To", "Text"), rows)]
    return lines


def _hypercare(runbook: Runbook) -> list[str]:
    care = runbook.hypercare
    if care is None:
        return []
    rows = [("☐", c.measure, c.threshold, c.evidence) for c in care.watch]
    head = ("", "Measure", "Threshold", "Evidence")
    text = (
        f"From {care.begins} to {care.ends} ({care.days:g} days from the date of the wave). On {care.ends} its gate is held "
        "and the source is switched off."
    )
    return ["## Hypercare", "", text, "", *table(head, rows)]


def _appendix(runbook: Runbook) -> list[str]:
    if not runbook.servers:
        return []
    rows = [
        (
            s.name,
            s.application or _UNKNOWN,
            ", ".join(s.addresses) or _UNKNOWN,
            s.disposition or _UNKNOWN,
            s.target or _UNKNOWN,
            s.region or _UNKNOWN,
            " + ".join(f"{size:,.0f}" for size in s.volumes_gib) or _UNKNOWN,
        )
        for s in runbook.servers
    ]
    head = ("Server", "Application", "Addresses", "Disposition", "Target", "Region", ">Volumes, GiB")
    return [f"## Appendix: {'the server' if len(rows) == 1 else f'the {len(rows)} servers'}", "", *table(head, rows)]
