"""Findings by code, and how far the long tables go on the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from migrate.findings import Finding
from migrate.model.plan import ObjectiveTerms, Plan, PlannedApplication

__all__ = ["FindingGroup", "Term", "finding_groups", "objective_terms", "shown_applications"]

_MOST_APPLICATIONS = 2_000
_EXAMPLES = 12


@dataclass(frozen=True)
class FindingGroup:
    """All findings of one code and severity."""

    code: str
    severity: str
    number: int
    remedy: str
    examples: tuple[Finding, ...]

    @property
    def more(self) -> int:
        """Findings that are not among the examples."""
        return self.number - len(self.examples)


@dataclass(frozen=True)
class Term:
    """One term of the objective; `first_fit` is None when first-fit finds no plan. Bars in percent of the longest."""

    label: str
    plan: float
    first_fit: float | None
    plan_bar: float
    first_fit_bar: float


def finding_groups(findings: Sequence[Finding]) -> tuple[FindingGroup, ...]:
    """Group findings in their given order, which is worst first."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault((finding.severity.value, finding.code), []).append(finding)
    return tuple(
        FindingGroup(code, severity, len(of), of[0].remedy, tuple(of[:_EXAMPLES])) for (severity, code), of in groups.items()
    )


def objective_terms(plan: Plan) -> tuple[Term, ...]:
    """The objective term by term against first-fit, the total last.

    The objective is the planner's score over the planning period, not cash: its `double_run` is all that both places
    cost while they run, where the business case's `double_run` is only what is paid twice.
    """
    ours, first = plan.solution.objective, plan.solution.first_fit
    longest = max([1.0, *(max(getattr(ours, name), getattr(first, name) if first else 0.0) for name, _ in _TERMS)])
    return tuple(_term(name, label, ours, first, longest) for name, label in _TERMS)


def shown_applications(plan: Plan) -> tuple[tuple[PlannedApplication, ...], int]:
    """Applications for the page, by name, and how many are left to the files: of very many, those with most servers."""
    if len(plan.applications) <= _MOST_APPLICATIONS:
        return plan.applications, 0
    largest = sorted(plan.applications, key=lambda a: (-a.servers, a.application))[:_MOST_APPLICATIONS]
    return tuple(sorted(largest, key=lambda a: a.application)), len(plan.applications) - _MOST_APPLICATIONS


_TERMS = (
    ("split", "Split: data and latency between cutovers"),
    ("double_run", "Running both places: source until decommission, target from replication"),
    ("site_exit", "Site exit: fixed costs until the last server leaves"),
    ("risk", "Risk: expected loss from failed cutovers"),
    ("wave_overhead", "Wave overhead: governance"),
    ("soft_rules", "Soft rules broken"),
    ("extra_capacity", "Extra capacity: overtime, servers beyond the usual, data sent otherwise"),
    ("total", "Total"),
)


def _term(name: str, label: str, ours: ObjectiveTerms, first: ObjectiveTerms | None, longest: float) -> Term:
    plan, fit = getattr(ours, name), getattr(first, name) if first else None
    return Term(label, plan, fit, _bar(plan, longest), _bar(fit or 0.0, longest))


def _bar(value: float, longest: float) -> float:
    return round(min(max(value / longest, 0.0), 1.0) * 100.0, 2)
