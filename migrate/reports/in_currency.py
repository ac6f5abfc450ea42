"""The totals in the currency that the request names, as a sentence."""

from __future__ import annotations

from migrate.model.plan import Plan

__all__ = ["in_currency"]


def in_currency(plan: Plan) -> str | None:
    """The sentence, with the rate, its day and its source; None where the request names no other currency."""
    found = None if plan.spending is None else plan.spending.in_currency
    if found is None:
        return None
    code = found.code
    before, after = found.run_cost_before_month, found.run_cost_after_month
    return (
        f"In {code}, at {found.per_usd:g} for one USD ({found.source}, {found.date}): NPV {found.npv:,.0f} {code}, "
        f"run cost a month {before:,.0f} {code} today and {after:,.0f} {code} after"
    )
