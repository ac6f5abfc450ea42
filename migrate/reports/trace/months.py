"""Present value, years and months: from the answer down to the cost lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from migrate.model.plan import CostLine, Month
from migrate.reports.trace.ledger import Ledger
from migrate.reports.trace.node import Node, apart, minus
from migrate.reports.trace.quantities import quantity_inputs

__all__ = ["FIELDS", "MOVING", "STAYING", "discount", "line_month", "line_total", "month_field", "present_month", "year_field"]

MOVING = ("source_run", "site_fixed", "target_run", "target_operations", "one_off", "partner")
STAYING = ("stay_run", "stay_site_fixed", "stay_refresh", "stay_partner")

#: Fields of a month that can be traced, with their labels.
FIELDS = {
    "saving": "Saving: staying minus moving",
    "cumulated": "Saving so far",
    "present": "Saving, discounted",
    "total": "Moving",
    "stay_total": "Staying",
    "source_run": "Servers at the source",
    "site_fixed": "Sites",
    "target_run": "AWS with support",
    "target_operations": "Operations in the cloud",
    "one_off": "One-off",
    "partner": "Partner",
    "stay_run": "Servers, staying",
    "stay_site_fixed": "Sites, staying",
    "stay_refresh": "Hardware bought again, staying",
    "stay_partner": "Partner, staying",
    "double_run": "Paid twice",
}


def discount(ledger: Ledger) -> Node:
    """The yearly discount rate."""
    return ledger.assumption("plan.discount_rate", ledger.spec.plan.discount_rate)


def _value(ledger: Ledger, k: int, field: str) -> float:
    month = ledger.case.months[k]
    if field == "saving":
        return round(month.stay_total - month.total, 2)
    if field == "cumulated":
        return round(sum(each.stay_total - each.total for each in ledger.case.months[: k + 1]), 2)
    if field == "present":
        return float((month.stay_total - month.total) / (1.0 + ledger.spec.plan.discount_rate) ** ((k + 1) / 12.0))
    return float(getattr(month, field))


def year_field(ledger: Ledger, year: int, field: str) -> Node:
    """A year: the sum of its months, or for ``cumulated`` the last of them."""
    places = [k for k, month in enumerate(ledger.case.months) if month.month.year == year]
    if field == "cumulated":
        last = month_field(ledger, places[-1], field)
        return replace(last, figure=f"year.{year}.{field}", label=f"{FIELDS[field]}, end of {year}", role="")
    return Node(
        f"year.{year}.{field}",
        f"{FIELDS[field]}, {year}",
        round(sum(_value(ledger, k, field) for k in places), 2),
        formula=f"Σ of the months of {year}",
        role="+",
        inputs=lambda: [month_field(ledger, k, field) for k in places],
    )


def month_field(ledger: Ledger, k: int, field: str) -> Node:
    """A field of a month."""
    month = ledger.case.months[k]
    tag = f"{month.month:%Y-%m}"
    formula = {
        "saving": "staying − moving",
        "cumulated": "Σ saving until then",
        "present": f"saving ÷ (1 + rate)^({k + 1}/12)",
        "total": "Σ of what is paid when moving",
        "stay_total": "Σ of what is paid when staying",
    }.get(field, "Σ of cost lines")
    return Node(
        f"month.{tag}.{field}",
        f"{FIELDS[field]}, {month.month:%b %Y}",
        _value(ledger, k, field),
        formula=formula,
        role="+",
        inputs=lambda: _inputs(ledger, k, field, month),
    )


def present_month(ledger: Ledger, k: int) -> Node:
    """The discounted saving of a month."""
    return month_field(ledger, k, "present")


def _inputs(ledger: Ledger, k: int, field: str, month: Month) -> Sequence[Node]:
    if field == "saving":
        return [month_field(ledger, k, "stay_total"), minus(month_field(ledger, k, "total"))]
    if field == "cumulated":
        return [month_field(ledger, at, "saving") for at in range(k + 1)]
    if field == "present":
        return [apart(month_field(ledger, k, "saving")), discount(ledger)]
    if field == "total":
        return [month_field(ledger, k, name) for name in MOVING if getattr(month, name)]
    if field == "stay_total":
        return [month_field(ledger, k, name) for name in STAYING if getattr(month, name)]
    return [line_month(ledger, line, k) for line in _lines_of(ledger, field) if line.amount_usd[k]]


def _lines_of(ledger: Ledger, field: str) -> list[CostLine]:
    return [line for line in ledger.case.lines if line.group == field or (line.side == "both" and f"stay_{line.group}" == field)]


def line_month(ledger: Ledger, line: CostLine, k: int) -> Node:
    """A cost line in a month: quantity × rate × factors."""
    tag = f"{ledger.case.months[k].month:%Y-%m}"
    return Node(
        f"month.{tag}.line.{line.key}",
        f"{line.label}, {ledger.case.months[k].month:%b %Y}",
        line.amount_usd[k],
        formula=_formula(line, k),
        role="+",
        inputs=lambda: [
            _quantity(ledger, line, k, tag),
            *([ledger.assumption(line.rate_key, line.rate)] if line.rate_key else []),
            *(ledger.assumption(factor.key, factor.value) for factor in line.factors),
        ],
    )


def _formula(line: CostLine, k: int) -> str:
    parts = ["quantity"]
    if line.rate is not None:
        parts.append(f"× {_plain(line.rate)}" + (" (rate)" if line.rate_key else ""))
    for factor in line.factors:
        shape = {"times": "× {}", "one_plus": "× (1 + {})", "one_minus": "× (1 − {})", "over": "÷ {}", "growth": "× (1 + {})^{}"}
        parts.append(shape[factor.how].format(_plain(factor.value), k // 12))
    return " ".join(parts) + ", rounded to cents"


def _plain(figure: float) -> str:
    """All digits that matter, and no powers of ten."""
    return f"{figure:,.10f}".rstrip("0").rstrip(".")


def _quantity(ledger: Ledger, line: CostLine, k: int, tag: str) -> Node:
    if line.of:
        formula, inputs = "Σ of the lines that it is a share of", [ledger.lines[key] for key in line.of]
        return Node(
            f"month.{tag}.quantity.{line.key}",
            "Quantity",
            line.quantity[k],
            line.unit,
            formula,
            inputs=lambda: [line_month(ledger, each, k) for each in inputs if each.amount_usd[k]],
        )
    return Node(
        f"month.{tag}.quantity.{line.key}",
        "Quantity",
        line.quantity[k],
        line.unit,
        line.note,
        inputs=lambda: quantity_inputs(ledger, line, k),
    )


def line_total(ledger: Ledger, line: CostLine) -> Node:
    """A cost line over the horizon."""
    return Node(
        f"line.{line.key}",
        line.label,
        round(sum(line.amount_usd), 2),
        formula="Σ of its months",
        source=line.note,
        role="+",
        inputs=lambda: [line_month(ledger, line, k) for k, amount in enumerate(line.amount_usd) if amount],
    )
