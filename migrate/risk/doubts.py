"""Findings of the risk stage: serious rules once each with whom they hit, unknown criticality, and thin coverage."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from migrate.findings import Finding, Severity
from migrate.risk.rule import RiskRule
from migrate.spec import Spec

__all__ = ["doubts"]

_NAMED = 5  # applications that a summary names, riskiest first
_EACH = 50  # applications that get a finding of their own


def doubts(
    judged: pl.DataFrame, scores: pl.DataFrame, hits: pl.DataFrame, rules: Sequence[RiskRule], spec: Spec
) -> list[Finding]:
    """All findings. Every hit stands in the application's own list already; a finding says how far a rule reaches."""
    ranked = hits.join(scores.select("application", "score"), on="application").join(
        judged.select("application", "cut_over"), on="application"
    )
    ranked = ranked.filter(pl.col("cut_over") > 0).sort("score", "application", descending=[True, False])
    names = {str(rule): part["application"].to_list() for (rule,), part in ranked.group_by("rule")}
    found = [
        _serious(rule, names[rule.id], int(judged[f"{rule.id}:assessable"].sum()), spec)
        for rule in rules
        if rule.serious and rule.id in names
    ]
    return [*found, *_criticality(judged, spec), *_coverage(judged, rules, spec), *_staff(spec)]


def _serious(rule: RiskRule, names: list[str], assessed: int, spec: Spec) -> Finding:
    return Finding(
        code=f"risk-{rule.id}",
        severity=Severity.warning,
        subject=names[0] if len(names) == 1 else spec.plan.name,
        message=f"{rule.title}: {len(names)} of {assessed} applications that could be assessed ({_listed(names)})",
        remedy=rule.remedy,
    )


def _criticality(judged: pl.DataFrame, spec: Spec) -> list[Finding]:
    unknown = judged.filter(pl.col("criticality").is_null()).sort("declared", "application", descending=[True, False])
    named = unknown.filter("declared").head(_EACH)
    remedy = "Add its criticality to the application list."
    found = [
        Finding(
            code="criticality-unknown",
            severity=Severity.warning,
            subject=name,
            source=source,
            message="The criticality is unknown and counts as medium",
            remedy=remedy,
        )
        for name, source in named.select("application", "source").iter_rows()
    ]
    rest = unknown["application"].to_list()[len(found) :]
    if rest:
        more = " more" if found else ""
        found.append(
            Finding(
                code="criticality-unknown",
                severity=Severity.warning,
                subject=rest[0] if len(rest) == 1 else spec.plan.name,
                message=f"The criticality of {len(rest)}{more} applications is unknown and counts as medium ({_listed(rest)})",
                remedy="Add them with their criticality to the application list.",
            )
        )
    return found


def _coverage(judged: pl.DataFrame, rules: Sequence[RiskRule], spec: Spec) -> list[Finding]:
    """One finding for the rules that could not be assessed for more than half of the applications."""
    thin = [rule for rule in rules if rule.needs and int(judged[f"{rule.id}:assessable"].sum()) * 2 < judged.height]
    if not thin:
        return []
    return [
        Finding(
            code="risk-not-assessed",
            severity=Severity.info,
            subject=spec.plan.name,
            message=f"For most applications {len(thin)} of {len(rules)} risk rules could not be assessed, which lowers the "
            f"confidence, not the score: {', '.join(rule.id for rule in thin)}",
            remedy=f"Provide what they need: {'; '.join(sorted({rule.needs for rule in thin}))}.",
        )
    ]


def _staff(spec: Spec) -> list[Finding]:
    if spec.staff.transfer_date is None:
        return []
    weeks, share = spec.staff.settling_weeks, spec.staff.leaving_share
    leaving = f", and {share:.0%} of them are expected to leave" if share else ""
    return [
        Finding(
            code="staff-transfer",
            severity=Severity.warning if share >= 0.1 else Severity.info,
            subject=spec.staff.partner or spec.plan.name,
            message=f"Operators change employer on {spec.staff.transfer_date}{leaving}: cutovers in the {weeks} weeks after it "
            "lack people who know the systems",
            remedy="Freeze the riskiest domains around that date with a [[freeze]], and have runbooks rehearsed by both teams.",
        )
    ]


def _listed(names: list[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")
