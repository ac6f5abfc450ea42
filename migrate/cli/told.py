"""How results are told on a terminal. Every function prints one kind of result to stdout."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from migrate.cli.tables import clean, print_table, usd
from migrate.findings import Finding, Severity
from migrate.model.plan import Plan
from migrate.readers import InspectedFile, Inspection
from migrate.rehearsal import RehearsalReport

__all__ = [
    "plan_summary",
    "tell_inspection",
    "tell_plan",
    "tell_rehearsal",
]

_LANDING_ZONE = "the landing zone of all waves was rehearsed; it has no servers of its own"
_SHOWN = 12  # examples of one kind, before the rest is counted


def plan_summary(plan: Plan, folder: Path) -> dict[str, Any]:
    """The figures of a plan that scripts ask for first."""
    case, solution = plan.business_case, plan.solution
    return {
        "name": plan.spec.plan.name,
        "servers": len(plan.servers),
        "applications": len(plan.applications),
        "waves": len(plan.waves),
        "first_cutover": plan.waves[0].date if plan.waves else None,
        "last_cutover": plan.waves[-1].date if plan.waves else None,
        "priced_servers": case.priced_servers,
        "moving_servers": case.moving_servers,
        "run_cost_before_usd_month": case.run_cost_before_usd_month,
        "run_cost_after_usd_month": case.run_cost_after_usd_month,
        "npv_usd": case.npv_usd,
        **(
            {f"npv_{name}_usd": getattr(case.simulation, f"{name}_usd") for name in ("p10", "p50", "p90")}
            if case.simulation
            else {}
        ),
        "payback_month": case.payback_month,
        "objective_usd": solution.objective.total,
        "first_fit_usd": solution.first_fit.total if solution.first_fit else None,
        "bound_usd": solution.bound,
        "findings": dict(sorted(Counter(finding.severity.value for finding in plan.findings).items())),
        "out": str(folder),
    }


def tell_plan(plan: Plan, folder: Path, *, reports: bool) -> None:
    """The waves, the figures, and where the files are."""
    from migrate.reports.in_currency import in_currency

    _tell_waves(plan)
    case, counts = plan.business_case, Counter(finding.severity.value for finding in plan.findings)
    low, high = case.npv_range.low, case.npv_range.high
    moving = Counter(server.disposition or "undecided" for server in plan.servers)
    lines = [
        f"{len(plan.servers):,} servers in {len(plan.applications):,} applications: "
        + ", ".join(f"{count:,} {name}" for name, count in moving.most_common()),
        f"Run cost a month: {usd(case.run_cost_before_usd_month)} USD today, {usd(case.run_cost_after_usd_month)} USD after "
        f"(cost of {case.priced_servers:,} of {case.moving_servers:,} moving servers; {plan.price_book})",
        f"NPV over {plan.spec.plan.horizon_years} years: {usd(case.npv_usd)} USD{_simulated(plan)}; "
        + f"named cases {usd(low)} to {usd(high)}; "
        + (f"pays back by {case.payback_month:%B %Y}" if case.payback_month else "does not pay back within the horizon"),
        clean(in_currency(plan) or ""),
        _quality(plan),
        "Findings: "
        + (", ".join(f"{counts[name]:,} {name}s" for name in ("error", "warning", "info") if counts[name]) or "none"),
        f"Report: {folder / 'report.html'}" if reports else f"Plan: {folder / 'plan.json'}",
    ]
    typer.echo("\n".join(line for line in lines if line))


def _simulated(plan: Plan) -> str:
    """What the simulation makes of the NPV as planned, which counts no failed cutover."""
    found = plan.business_case.simulation
    if found is None:
        return ""
    middle = f"{usd(found.p50_usd)} USD in the middle of {found.runs:,} simulated runs"
    return f" if no cutover fails, {middle} ({usd(found.p10_usd)} to {usd(found.p90_usd)})"


def _tell_waves(plan: Plan) -> None:
    rows = [
        (
            wave.wave,
            wave.date,
            "pathfinder" if wave.pathfinder else "",
            len(wave.applications),
            wave.servers,
            f"{wave.data_gib / 1024:,.1f}",
            f"{wave.risk_score:.0f}",
            usd(wave.expected_loss_usd.likely),
        )
        for wave in plan.waves
    ]
    columns = ("wave", "cutover", "", "applications", "servers", "TiB", "risk", "expected loss USD")
    print_table(columns, rows, right=("wave", *columns[3:]))


def _quality(plan: Plan) -> str:
    solution = plan.solution
    text = f"Objective: {usd(solution.objective.total)} USD"
    if solution.first_fit is not None:
        text += f"; filled first-fit it would be {usd(solution.first_fit.total)} USD"
    if solution.bound is not None and solution.gap is not None:
        return f"{text}; no plan costs less than {usd(solution.bound)} USD (gap {solution.gap:.1%})"
    return f"{text}. {solution.bound_reason}"


def tell_inspection(inspection: Inspection) -> None:
    """Files with their reader and counts, then what was found in them by kind."""
    rows = [
        (
            _several(files),
            reader or "not recognised",
            *map(_sum, zip(*map(_counts, files), strict=True)),
            why,
        )
        for reader, why, files in _alike(inspection.files)
    ]
    columns = ("file", "read as", "rows", "set aside", "doubts", "why")
    print_table(columns, rows, right=("rows", "set aside", "doubts"))
    print_table(("table", "rows"), [(name, f"{count:,}") for name, count in inspection.tables.items() if count], right=("rows",))
    findings = [finding for file in inspection.files for finding in file.findings]
    _tell_findings([*findings, *inspection.findings])


def _alike(files: Sequence[InspectedFile]) -> list[tuple[str | None, str, list[InspectedFile]]]:
    """Files with the reader; the many files of a flow log count as one line."""
    lines: list[tuple[str | None, str, list[InspectedFile]]] = []
    for file in files:
        if (
            file.reader == "flows"
            and lines
            and lines[-1][:2] == ("flows", file.why)
            and not (file.doubts or lines[-1][2][-1].doubts)
        ):
            lines[-1][2].append(file)
        else:
            lines.append((file.reader, file.why, [file]))
    return lines


def _several(files: Sequence[InspectedFile]) -> str:
    return files[0].file if len(files) == 1 else f"{files[0].file} … {files[-1].file} ({len(files)} files)"


def _counts(file: InspectedFile) -> tuple[int | None, int, int]:
    return file.rows_read, file.rows_quarantined, file.doubts


def _sum(counts: Sequence[int | None]) -> str:
    """A dash where none is known: long flow logs are counted when they are aggregated."""
    known = [count for count in counts if count is not None]
    return f"{sum(known):,}{'' if len(known) == len(counts) else ' and more'}" if known else "–"


def _tell_findings(findings: Sequence[Finding]) -> None:
    """One line per kind, with its first example."""
    rank = {severity: number for number, severity in enumerate(Severity)}
    kinds: dict[tuple[int, str], list[Finding]] = {}
    for finding in findings:
        kinds.setdefault((rank[finding.severity], finding.code), []).append(finding)
    rows = [
        (found[0].severity.value, code, f"{len(found):,}", f"{found[0].source or found[0].subject}: {found[0].message}")
        for (_, code), found in sorted(kinds.items())
    ]
    if rows:
        print_table(("severity", "code", "count", "for example"), rows, right=("count",))


def tell_rehearsal(report: RehearsalReport, journal: Path) -> None:
    """The outcome, what was made, what failed; each failure once."""
    created = ", ".join(_counted(count, kind) for kind, count in sorted(report.created.items()))
    fault = f" with the fault {report.fault} injected" if report.fault is not None else ""
    up, word = report.servers_rehearsed - len(report.missing), "came up" if report.missing else "rehearsed"
    servers = f"{up:,} of {_counted(report.servers_planned, 'server')} {word}"
    typer.echo(clean(f"Wave {report.wave}{fault}: {servers if report.wave else _LANDING_ZONE}."))
    if created:
        typer.echo(f"Created on the mock: {created}.")
    typer.echo(f"Checks: {report.checks_passed:,} passed, {len(report.checks_failed):,} failed.")
    failed = [(item.subject, item.check, item.expected, item.found) for item in report.checks_failed]
    if failed:
        print_table(("subject", "check", "planned", "found"), failed[:_SHOWN])
    told = {f"{item.check}: expected {item.expected}, found {item.found}" for item in report.checks_failed}
    steps = [step for step in report.steps if step.status == "failed" and step.detail not in report.outcome]
    broken = [(s.n, s.phase, s.subject, s.detail) for s in steps if not told.issuperset(s.detail.split("; "))]
    if broken:
        print_table(("step", "phase", "subject", "what happened"), broken[:_SHOWN], right=("step",))
    for kind, count in sorted(Counter(item.reason for item in report.unrehearsed).items()):
        typer.echo(clean(f"Not rehearsed: {_counted(count, 'server')}, because {kind}"))
    for note in report.notes:
        typer.echo(clean(note))
    typer.echo(clean(report.outcome))
    typer.echo(f"Journal: {journal}")


def _counted(count: int, kind: str) -> str:
    """Such as ``1 hosted zone`` and ``5,029 rules``."""
    return f"{count:,} {'VPC' if kind == 'vpc' else kind}{'' if count == 1 else 's'}"
