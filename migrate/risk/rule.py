"""What a risk rule is: data, not code. Each rule is one file of `migrate.risk.rules`, named after its id."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

__all__ = ["RiskRule"]


@dataclass(frozen=True)
class RiskRule:
    """One thing that can go wrong with an application's cutover.

    Attributes
    ----------
    id
        Kebab-case; `risk.off` in plan.toml names it to switch the rule off.
    title
        What is so, as a short statement.
    measures
        What is measured, with its threshold.
    reference
        The public source that says it matters. Thresholds and points are planning values of this project.
    points
        Weight: 1 (worth knowing) to 10 (the cutover fails if it is not dealt with).
    remedy
        What to do about it, as an imperative sentence.
    needs
        The data without which it cannot be assessed; empty when it always can.
    population
        On the frame of `migrate.risk.evidence`: where the data suffices to assess. False or null takes the rule's
        points out of the application's denominator.
    hit
        Where the rule applies; only looked at within the population.
    detail
        What was found, in words, as a string expression.
    serious
        Whether hits become a finding of the plan, besides standing in the application's list.
    """

    id: str
    title: str
    measures: str
    reference: str
    points: float
    remedy: str
    needs: str
    population: pl.Expr
    hit: pl.Expr
    detail: pl.Expr
    serious: bool = False
