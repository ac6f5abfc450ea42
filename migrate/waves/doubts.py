"""What a plan of waves leaves open: leases and domains that are not known, prices that speak for late waves, a short search."""

from __future__ import annotations

from migrate.findings import Finding, Severity
from migrate.model.plan import Solution
from migrate.waves.problem import Problem

__all__ = ["doubts"]


def doubts(problem: Problem, solution: Solution, stopped_after: int | None) -> list[Finding]:
    """Findings about the problem and the search.

    Parameters
    ----------
    problem
        The problem.
    solution
        How good the plan is.
    stopped_after
        Moves after which the keyboard ended the search; None: it was not ended.
    """
    findings = []
    if stopped_after is not None:
        findings.append(
            Finding(
                code="search-stopped",
                severity=Severity.warning,
                subject=problem.spec.plan.name,
                message=f"The search was stopped after {stopped_after:,} moves; the best plan until then was kept",
                remedy="Run it again for the whole budget.",
            )
        )
    asked = problem.spec.search.gap
    if asked is not None and (solution.gap is None or solution.gap > asked):
        shown = "no gap is known" if solution.gap is None else f"it is {solution.gap:.1%}"
        findings.append(
            Finding(
                code="gap-not-reached",
                severity=Severity.warning,
                subject=problem.spec.plan.name,
                message=f"A gap of {asked:.1%} was asked for; when the search's budget was used up {shown}",
                remedy="Give [search] more seconds or iterations, or ask for less: the bound itself may lie that far below.",
            )
        )
    without = [site.name for site in problem.spec.site if site.lease_end is None]
    without += [name for name in problem.footprint.sites if name not in {site.name for site in problem.spec.site}]
    findings += [
        Finding(
            code="site-without-lease-end",
            severity=Severity.info,
            subject=name,
            message="No lease end is given for this site, so nothing there has to move by a date",
            remedy=f'Add lease_end to [[site]] name = "{name}".',
        )
        for name in sorted(without)
    ]
    before, after = problem.footprint.source_usd_month.sum(), problem.footprint.target_usd_month.sum()
    if after > before:
        findings.append(
            Finding(
                code="target-dearer-than-source",
                severity=Severity.warning,
                subject=problem.spec.plan.name,
                message=f"The servers that move cost {before:,.0f} USD a month where they are and {after:,.0f} at the target, so "
                "double run speaks for late waves; only the programme's cost, leases and site costs speak for early ones",
                remedy="Give utilisation to size by, target.term reserved_1y or reserved_3y, and lease_end and "
                "fixed_cost_usd_month of every [[site]].",
            )
        )
    unknown = sum(application.domain is None for application in problem.applications)
    if unknown and (problem.spec.freeze or any(window.domains for window in problem.spec.window)):
        findings.append(
            Finding(
                code="domain-unknown",
                severity=Severity.warning,
                subject="waves",
                message=f"The domain of {unknown} moving applications is unknown: only rules for all domains hold for them",
                remedy="Add their domain to the application list.",
            )
        )
    unpriced = problem.footprint.moving - problem.footprint.priced
    if unpriced:
        findings.append(
            Finding(
                code="double-run-coverage",
                severity=Severity.info,
                subject="waves",
                message=f"Double run is known for {problem.footprint.priced} of {problem.footprint.moving} moving servers",
                remedy="Complete the sizes of the others: findings of the targets stage name them.",
            )
        )
    return findings + _unknown_domains(problem)


def _unknown_domains(problem: Problem) -> list[Finding]:
    known = {(application.domain or "").casefold() for application in problem.applications}
    named = [("freeze", freeze.id, domain) for freeze in problem.spec.freeze for domain in freeze.domains]
    named += [("window", window.id, domain) for window in problem.spec.window for domain in window.domains]
    return [
        Finding(
            code="rule-names-nothing",
            severity=Severity.warning,
            subject=f"{kind} {name}",
            source="plan.toml",
            message=f"No application that moves is of the domain {domain!r} of the {kind} {name}",
            remedy="Correct the domain (applications.csv lists them), or remove it.",
        )
        for kind, name, domain in named
        if domain.casefold() not in known
    ]
