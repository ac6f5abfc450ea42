"""Figures of what moving returns, against each way of staying, and what each way costs in all."""

from __future__ import annotations

from collections.abc import Callable

from migrate.model.plan import Ownership, Worth
from migrate.reports.trace.ledger import Ledger
from migrate.reports.trace.months import discount, line_total, year_field
from migrate.reports.trace.node import Node, apart

__all__ = ["ownership_figure", "returns"]


def returns(
    ledger: Ledger, worth: Worth, suffix: str, npv: Callable[[], Node], one_off: Callable[[], Node]
) -> dict[str, Callable[[], Node]]:
    """Rates of return and paybacks against one way of staying, by id; `suffix` tells the ways apart."""
    against = f"against {worth.label[:1].lower()}{worth.label[1:]}"
    savings = [apart(year_field(ledger, year, "saving")) for year in ledger.years]
    where = "docs/business-case.md"
    return {
        f"irr{suffix}": lambda: Node(
            f"irr{suffix}",
            f"Internal rate of return, {against}",
            worth.irr,
            "a year",
            worth.irr_reason or "rate at which Σ saving of month k ÷ (1 + rate)^(k/12) is zero",
            where,
            inputs=lambda: savings,
        ),
        f"mirr{suffix}": lambda: Node(
            f"mirr{suffix}",
            f"Modified internal rate of return, {against}",
            worth.mirr,
            "a year",
            worth.mirr_reason or "(future value of savings ÷ present value of deficits)^(12/(n−1)) − 1",
            where,
            inputs=lambda: savings,
        ),
        f"roi{suffix}": lambda: Node(
            f"roi{suffix}",
            f"Return on investment, {against}",
            worth.roi,
            "times what is paid once",
            "saving over the horizon ÷ one-off costs",
            where,
            inputs=lambda: [Node("", "Saving over the horizon", worth.saving_usd), apart(one_off())],
        ),
        f"discounted_payback{suffix}": lambda: Node(
            f"discounted_payback{suffix}",
            f"Paid back, discounted, {against}",
            worth.discounted_payback_month,
            "",
            "first month from which the discounted saving so far stays above zero",
            where,
            inputs=lambda: [discount(ledger)],
        ),
    } | (
        {
            f"npv{suffix}": lambda: Node(
                f"npv{suffix}",
                f"Net present value, {against}",
                worth.npv_usd,
                "USD",
                "Σ (saving − hardware bought again) of month k ÷ (1 + rate)^(k/12)",
                where,
                inputs=lambda: [apart(npv()), discount(ledger)],
            )
        }
        if suffix
        else {}
    )


def ownership_figure(ledger: Ledger, own: Ownership) -> Node:
    """What one way costs over the horizon."""
    side = "moving" if own.way == "moving" else "staying"
    kept = own.way == "staying"
    lines = [line for line in ledger.case.lines if line.side in (side, "both") and not (kept and line.group == "stay_refresh")]
    return Node(
        f"tco.{own.way}",
        f"Total cost of ownership: {own.label}",
        own.total_usd,
        "USD",
        "Σ of cost lines over the horizon, not discounted",
        "docs/business-case.md",
        "+",
        lambda: [line_total(ledger, line) for line in lines],
    )
