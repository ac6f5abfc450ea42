"""How the verbs of living with a plan tell their results on stdout."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import typer

from migrate.cli.tables import clean, print_table, usd
from migrate.cli.told_judgement import tell_extra_costs
from migrate.findings import Finding
from migrate.model.plan import ObjectiveTerms, Plan
from migrate.model.scenario import Scenario
from migrate.spec import Pin
from migrate.waves.diff import Change, PlanDiff
from migrate.waves.edits import Scored

__all__ = ["tell_diff", "tell_edits", "tell_pins", "tell_replanned", "tell_scenarios"]

_SHOWN = 40  # lines of one table, before the rest is counted
_TENTH = 0.1  # of a dollar, a point or a server: less is no difference to a person
_FEW = 12  # likewise, of what is told beside the moves


def tell_diff(diff: PlanDiff) -> None:
    """Figures, moves with their reasons, and every other difference."""
    rows = [
        (item.figure, _number(item.before), _number(item.after), _signed(item.difference), item.unit)
        for item in diff.figures
        if item.difference is None or abs(item.difference) >= _TENTH
    ]
    if rows:
        print_table(("figure", "before", "after", "difference", ""), rows, right=("before", "after", "difference"))
    _tell_moves(diff)
    _tell_changes("Dates", diff.dates, "what")
    _tell_changes("Dispositions", diff.dispositions, "server")
    _tell_changes("Targets", diff.targets, "server")
    for what, names in (
        ("Applications added", diff.applications_added),
        ("Applications gone", diff.applications_removed),
        ("Servers added", diff.servers_added),
        ("Servers gone", diff.servers_removed),
    ):
        if names:
            more = f" and {len(names) - _FEW} more" if len(names) > _FEW else ""
            typer.echo(clean(f"{what} ({len(names):,}): {', '.join(names[:_FEW])}{more}"))
    _tell_changes("Inputs that differ", diff.inputs, "file")
    _tell_changes("Keys of plan.toml that differ", diff.request, "key")
    _tell_changes("Findings", diff.findings, "code")
    if diff.same:
        typer.echo("Both plans decide the same.")


def _tell_moves(diff: PlanDiff) -> None:
    rows = [
        (
            item.application,
            item.wave_before,
            item.wave_after,
            item.date_before,
            item.date_after,
            f"{item.days:+d}" if item.days is not None else "",
            item.servers,
            "; ".join(item.reasons),
        )
        for item in diff.moves[:_SHOWN]
    ]
    if rows:
        columns = ("application", "wave", "→", "cutover", "→ ", "days", "servers", "why")
        print_table(columns, rows, title=_counted(len(diff.moves), "move"), right=("wave", "→", "days", "servers"))
        _tell_rest(len(diff.moves))


def _tell_changes(title: str, changes: Sequence[Change], subject: str) -> None:
    if not changes:
        return
    rows = [
        (f"{item.subject} {item.what}".strip() if subject == "what" else item.subject, item.before, item.after, item.reason)
        for item in changes[:_FEW]
    ]
    print_table((subject, "before", "after", ""), rows, title=title)
    _tell_rest(len(changes), _FEW)


def _tell_rest(count: int, shown: int = _SHOWN) -> None:
    if count > shown:
        typer.echo(f"{count - shown:,} more: see --json.")


def tell_edits(scored: Scored) -> None:
    """What was edited, what it costs by term, which rules it breaks, and what could not be taken."""
    rows = [(edit.application, edit.before, edit.after, edit.why) for edit in scored.edits]
    if rows:
        print_table(("application", "wave", "→", "why"), rows[:_SHOWN], title=_counted(len(rows), "edit"), right=("wave", "→"))
        _tell_rest(len(rows))
    else:
        typer.echo("The table has every application where the plan has it.")
    terms = [
        (
            name.replace("_", " "),
            f"{getattr(scored.objective, name):,.2f}",
            f"{getattr(scored.planned, name):,.2f}",
            f"{getattr(scored.difference, name):+,.2f}",
        )
        for name in ObjectiveTerms.model_fields
    ]
    print_table(("term", "edited USD", "planned USD", "difference"), terms, right=("edited USD", "planned USD", "difference"))
    if scored.violations:
        broken = [(item.rule, item.wave, item.message) for item in scored.violations]
        print_table(("rule", "wave", "what"), broken, right=("wave",))
    else:
        typer.echo("No rule is broken.")
    tell_extra_costs(scored.extra)
    _tell_doubts(scored.findings)


def _tell_doubts(findings: Sequence[Finding]) -> None:
    rows = [(item.severity.value, item.source or item.subject, item.subject, item.message) for item in findings]
    if rows:
        print_table(("severity", "row", "subject", "what"), rows[:_SHOWN])
        _tell_rest(len(rows))


def tell_pins(pins: Sequence[Pin], request: Path) -> None:
    """Which pins were written, and where."""
    for pin in pins:
        typer.echo(clean(f"Pinned {pin.application} to wave {pin.wave} ({pin.why}) in {request}"))


def tell_replanned(plan: Plan, diff: PlanDiff, folder: Path) -> None:
    """What stayed, what moved, and where the new plan is."""
    tell_diff(diff)
    states = [] if plan.earlier is None else [item.state for item in plan.earlier.applications]
    moved = sum(item.date_before is not None and item.date_after is not None for item in diff.moves)
    as_of = "" if plan.earlier is None else f" on {plan.earlier.as_of}"
    typer.echo(
        f"{states.count('done'):,} applications done and {states.count('committed'):,} committed{as_of} stay; "
        f"{moved:,} of {states.count('planned'):,} others moved."
    )
    typer.echo(f"Plan: {folder / 'plan.json'}")


def tell_scenarios(scenarios: Sequence[Scenario], folder: Path) -> None:
    """One line per scenario, those of the Pareto front with an asterisk, and where the picture is."""
    keys = list(dict.fromkeys(key for item in scenarios for key in item.settings))
    rows = [
        (
            f"{'* ' if item.front else ''}{item.number}",
            *(item.settings.get(key) for key in keys),
            usd(item.cost_usd),
            item.duration_days,
            item.last_cutover,
            usd(item.expected_loss_usd),
            item.waves,
            usd(item.objective_usd),
            "" if item.gap is None else f"{item.gap:.1%}",
            item.reason,
        )
        for item in scenarios
    ]
    figures = ("cost USD", "days", "last cutover", "expected loss USD", "waves", "objective USD", "gap", "no plan, because")
    print_table(("scenario", *keys, *figures), rows, right=("scenario", *figures[:2], *figures[3:7]))
    typer.echo(
        "* no other scenario is as good in cost, duration and expected loss together. Cost: present value over the horizon."
    )
    typer.echo(f"Picture: {folder / 'scenarios.html'}")


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def _number(value: float | None) -> str:
    return "unknown" if value is None else f"{value:,.0f}"


def _signed(value: float | None) -> str:
    return "" if value is None else f"{value:+,.0f}"
