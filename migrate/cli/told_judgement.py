"""How judgements of a plan are told on a terminal: why, what it breaks and pays for, and what it scores."""

from __future__ import annotations

from collections.abc import Sequence

import typer

from migrate.cli.tables import clean, print_table
from migrate.model.plan import ObjectiveTerms, Plan
from migrate.waves import Explanation, ExtraCost, SoftCost, Tie, Violation

__all__ = ["tell_explanation", "tell_extra_costs", "tell_score", "tell_soft_costs", "tell_stale", "tell_violations"]

_TERMS = tuple(name for name in ObjectiveTerms.model_fields if name != "total")
_SHOWN = 12  # of those that an application travels with, or is tied to


def tell_explanation(explanation: Explanation) -> None:
    """The sentence, then every candidate wave with its difference by term and what forbids it."""
    typer.echo(clean(explanation.summary))
    if explanation.moves_with:
        shown = ", ".join(explanation.moves_with[:_SHOWN])
        rest = len(explanation.moves_with) - _SHOWN
        typer.echo(clean(f"It moves with {shown}{f' and {rest} more' if rest > 0 else ''}."))
    _tell_ties("Together with", explanation.together)
    _tell_ties("Not together with", explanation.not_together)
    if not explanation.alternatives:
        return
    rows = [
        (
            f"{'→ ' if item.chosen else ''}{item.wave}",
            item.date,
            f"{item.difference.total:+,.0f}" if not item.chosen else "here",
            *(f"{getattr(item.difference, term):+,.0f}" if getattr(item.difference, term) else "" for term in _TERMS),
            ", ".join(reason.rule for reason in item.forbidden_by),
        )
        for item in explanation.alternatives
    ]
    terms = tuple(term.replace("_", " ") for term in _TERMS)
    print_table(
        ("wave", "cutover", "total", *terms, "forbidden by"),
        rows,
        title="Cost of the whole plan with it in another wave, less the cost as planned (USD)",
        right=("wave", "total", *terms),
    )
    for reason in explanation.binding:
        typer.echo(clean(f"{reason.rule}{f' (plan.toml:{reason.line})' if reason.line else ''}: {reason.message}"))
    here = next(item for item in explanation.alternatives if item.chosen)
    if here.soft:
        typer.echo("Soft rules that the whole plan breaks:")
    tell_soft_costs(here.soft)
    told = [cost for item in explanation.alternatives if item.chosen or item.difference.extra_capacity for cost in item.extra]
    if told:
        typer.echo("What each wave would need beyond the usual capacity with it:")
    tell_extra_costs(told)


def _tell_ties(word: str, ties: Sequence[Tie]) -> None:
    for tie in ties[:_SHOWN]:
        through = f" through {tie.through}" if tie.through is not None else ""
        price = "" if tie.usd_day is None else f"; a day apart costs {tie.usd_day:,.2f} USD"
        typer.echo(clean(f"{word} {tie.application}{through}: {tie.consumer} needs {tie.provider}; {tie.because}{price}."))
    if len(ties) > _SHOWN:
        typer.echo(f"{word} {len(ties) - _SHOWN} more: see --json.")


def tell_violations(violations: Sequence[Violation]) -> None:
    """Every broken rule, or that there is none."""
    if not violations:
        typer.echo("No rule is broken.")
        return
    rows = [(item.rule, item.line, item.wave, item.message) for item in violations]
    print_table(("rule", "line", "wave", "what"), rows, right=("line", "wave"))


def tell_soft_costs(costs: Sequence[SoftCost]) -> None:
    """The rules that are broken at their price, if any."""
    rows = [(item.rule, item.line, f"{item.times:,.0f}", f"{item.usd:,.2f}") for item in costs]
    if rows:
        print_table(("soft rule", "line", "times broken", "USD"), rows, right=("line", "times broken", "USD"))


def tell_extra_costs(costs: Sequence[ExtraCost]) -> None:
    """What waves need beyond the usual capacity, and what it costs, if anything."""
    rows = [(item.rule, item.line, item.wave, item.message, f"{item.usd:,.2f}") for item in costs]
    if rows:
        print_table(("capacity", "line", "wave", "what", "USD"), rows, right=("line", "wave", "USD"))


def tell_stale(plan: Plan, renewed: Plan) -> None:
    """Which derived figures of a hand-edited plan still say what was before the edit."""
    waves = {wave.wave: wave for wave in plan.waves}
    fresh = {wave.wave: wave for wave in renewed.waves}
    old = [str(number) for number in sorted({*waves, *fresh}) if waves.get(number) != fresh.get(number)]
    parts = [f"waves {', '.join(old)}"] if old else []
    parts += ["objective"] if plan.solution.objective != renewed.solution.objective else []
    parts += ["business case"] if plan.business_case != renewed.business_case else []
    if parts:
        typer.echo(
            f"Of before the edit: {'; '.join(parts)}. `migrate report` makes them anew; runbook and rehearse do so themselves."
        )


def tell_score(terms: ObjectiveTerms, plan: Plan) -> None:
    """The objective by term, beside what plan.json says."""
    said = plan.solution.objective
    rows = [
        (name.replace("_", " "), f"{getattr(terms, name):,.2f}", f"{getattr(said, name):,.2f}") for name in (*_TERMS, "total")
    ]
    print_table(("term", "USD", "as plan.json says"), rows, right=("USD", "as plan.json says"))
