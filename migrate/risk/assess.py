"""Score every application with every rule, as one column expression each.

- score = 100 × points of the rules that apply / points of the rules that could be assessed (0 when none could);
- confidence = points of the rules that could be assessed / points of all rules: how much is known, apart from how bad
  it is;
- failure probability: linear from `risk.base_failure` at score 0 to `risk.failure_at_full_score` at score 100;
- outage cost by criticality, that of medium where it is unknown.
"""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import polars as pl

from migrate.errors import RequestError
from migrate.model.names import CRITICALITIES
from migrate.model.stages import Discovery, RiskAssessment, RiskHits, RiskScores, TargetChoice
from migrate.risk.doubts import doubts
from migrate.risk.evidence import evidence
from migrate.risk.rule import RiskRule
from migrate.risk.rules import RULES
from migrate.spec import RiskCosts, Spec

__all__ = ["assess", "rules_in_force"]


def assess(discovery: Discovery, targets: TargetChoice, spec: Spec) -> RiskAssessment:
    """Assess the applications of an estate.

    Parameters
    ----------
    discovery
        The estate with its applications completed, and dependencies.
    targets
        What becomes of each server.
    spec
        The request: `risk` for costs and rules that are off; sites, links, windows and crews for what is allowed.

    Raises
    ------
    RequestError
        `risk.off` names a rule that does not exist.
    """
    rules = rules_in_force(spec)
    frame = evidence(discovery, targets, spec)
    judged = frame.with_columns(
        [rule.population.fill_null(value=False).alias(f"{rule.id}:assessable") for rule in rules]
        + [(rule.population & rule.hit).fill_null(value=False).alias(f"{rule.id}:hit") for rule in rules]
    )
    scores, hits = _scores(judged, rules, spec.risk), _hits(judged, rules)
    return RiskAssessment(scores=scores, hits=hits, findings=doubts(judged, scores, hits, rules, spec))


def rules_in_force(spec: Spec) -> tuple[RiskRule, ...]:
    """All rules but those in `risk.off`, by id."""
    known = [rule.id for rule in RULES]
    for name in spec.risk.off:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
            remedy = f"Did you mean `{near[0]}`?" if near else f"Known rules: {', '.join(known)}."
            raise RequestError(f"`risk.off` names an unknown risk rule `{name}`", where="plan.toml", remedy=remedy)
    return tuple(rule for rule in RULES if rule.id not in spec.risk.off)


def _scores(judged: pl.DataFrame, rules: Sequence[RiskRule], costs: RiskCosts) -> pl.DataFrame:
    def points(kind: str) -> pl.Expr:
        return pl.sum_horizontal([pl.lit(0.0), *(pl.col(f"{rule.id}:{kind}") * rule.points for rule in rules)])

    possible = sum(rule.points for rule in rules)
    known = pl.col("maximum") > 0
    outage = {name: getattr(costs, f"outage_usd_h_{name.replace('-', '_')}") for name in CRITICALITIES}
    scored = (
        judged.select("application", "criticality", given=points("hit"), maximum=points("assessable"))
        .with_columns(
            score=pl.when(known).then(100.0 * pl.col("given") / pl.col("maximum")).otherwise(0.0),
            confidence=pl.col("maximum") / possible if possible else pl.lit(0.0),
        )
        .with_columns(
            failure_probability=costs.base_failure + (costs.failure_at_full_score - costs.base_failure) * pl.col("score") / 100.0,
            outage_usd_h=pl.col("criticality")
            .cast(pl.String)
            .fill_null("medium")
            .replace_strict(list(outage), list(outage.values()), return_dtype=pl.Float64),
        )
    )
    return RiskScores.validate(scored.select(list(RiskScores.columns())).sort("application"), cast=True)


def _hits(judged: pl.DataFrame, rules: Sequence[RiskRule]) -> pl.DataFrame:
    found = [
        judged.filter(pl.col(f"{rule.id}:hit")).select(
            "application", rule=pl.lit(rule.id), points=pl.lit(float(rule.points)), detail=rule.detail.fill_null(rule.title)
        )
        for rule in rules
    ]
    table = pl.concat(found) if found else RiskHits.create_empty()
    return RiskHits.validate(table.sort("application", "rule"), cast=True)
