"""What the case is worth as formulas: rates, present value, payback and cost of ownership over columns of months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from migrate.model.plan import BusinessCase, Plan, Worth
from migrate.reports.live_inputs import DISCOUNT, LiveInput

__all__ = ["Ranges", "Result", "worth_rows"]

_EPOCH = dt.date(1899, 12, 30)  # day 0 of spreadsheets
_NEVER = "not within the horizon"


@dataclass(frozen=True)
class Ranges:
    """The cells of all months of a column of the cash flow."""

    months: str
    one_off: str
    total: str
    stay: str
    refresh: str
    saving: str
    kept: str  # the saving against staying with the hardware kept
    double: str
    unpaid: str  # number of the month while the saving so far is not above zero, else 0
    unpaid_discounted: str
    count: int


@dataclass(frozen=True)
class Result:
    """A row: against staying with hardware bought again, and (formula may be empty) with hardware kept."""

    label: str
    kind: str  # number format
    formula: str
    value: float | str
    note: str = ""
    kept_formula: str = ""
    kept_value: float | str = ""


def worth_rows(plan: Plan, ranges: Ranges, inputs: Mapping[str, LiveInput]) -> list[Result]:
    """The rows, in the order in which a reader asks. Plans made before there were rates of return have fewer."""
    return list(_rows(plan, ranges, inputs))


def _rows(plan: Plan, r: Ranges, inputs: Mapping[str, LiveInput]) -> Iterator[Result]:
    case, discount = plan.business_case, inputs[DISCOUNT].name
    monthly = _monthly(discount)
    kept = case.worth[1] if len(case.worth) > 1 else None
    yield Result("Discount rate a year", "rate", discount, plan.spec.plan.discount_rate, "change it on the sheet Assumptions")
    yield Result(
        "Net present value", "usd", f"NPV({monthly},{r.saving})", case.npv_usd, "staying minus moving, each month at its end",
        f"NPV({monthly},{r.kept})" if kept else "", kept.npv_usd if kept else "",
    )  # fmt: skip
    yield _payback("Paid back in", r.unpaid, case.payback_month, r, "from then on the cumulated saving stays above zero")
    if case.worth:
        yield from _rates(case, r, inputs)
    yield Result("One-off costs", "usd", f"SUM({r.one_off})", case.one_off_usd)
    yield Result("Paid twice, at most", "usd", f"MAX({r.double})", case.peak_bubble_usd_month, "USD a month")
    if case.ownership:
        yield from _ownership(case, r, monthly)


def _rates(case: BusinessCase, r: Ranges, inputs: Mapping[str, LiveInput]) -> Iterator[Result]:
    ours, kept = case.worth[0], case.worth[1] if len(case.worth) > 1 else None
    discount = inputs[DISCOUNT].name
    finance, reinvest = (inputs[key].name if key in inputs else discount for key in ("plan.finance_rate", "plan.reinvest_rate"))
    yield _payback(
        "Paid back, discounted", r.unpaid_discounted, ours.discounted_payback_month, r, "the same of discounted savings"
    )
    yield Result(
        "Internal rate of return", "rate", _irr(ours, r.saving), _rate(ours.irr), ours.irr_reason or "a year",
        _irr(kept, r.kept) if kept else "", _rate(kept.irr) if kept else "",
    )  # fmt: skip
    mirr = f"(1+MIRR({{}},{_monthly(finance)},{_monthly(reinvest)}))^12-1"
    found, of_kept = mirr.format(r.saving) if ours.mirr is not None else '"none"', kept is not None and kept.mirr is not None
    yield Result(
        "Modified internal rate of return", "rate", found, _rate(ours.mirr), ours.mirr_reason or "a year",
        mirr.format(r.kept) if of_kept else "", _rate(kept.mirr) if kept else "",
    )  # fmt: skip
    roi = f'IF(SUM({r.one_off})>0,SUM({{}})/SUM({r.one_off}),"none")'
    yield Result(
        "Return on investment", "rate", roi.format(r.saving), _rate(ours.roi), "saving over the horizon ÷ one-off costs",
        roi.format(r.kept) if kept else "", _rate(kept.roi) if kept else "",
    )  # fmt: skip


def _ownership(case: BusinessCase, r: Ranges, monthly: str) -> Iterator[Result]:
    by_way = {own.way: own for own in case.ownership}
    moving, staying, kept = (by_way.get(way) for way in ("moving", "staying-with-refresh", "staying"))
    if moving:
        yield Result("Total cost of moving", "usd", f"SUM({r.total})", moving.total_usd, "over the horizon, not discounted")
        yield Result("Total cost of moving, present value", "usd", f"NPV({monthly},{r.total})", moving.present_usd)
    if staying and kept:
        yield Result(
            "Total cost of staying", "usd", f"SUM({r.stay})", staying.total_usd, "over the horizon, not discounted",
            f"SUM({r.stay})-SUM({r.refresh})", kept.total_usd,
        )  # fmt: skip
        yield Result(
            "Total cost of staying, present value", "usd", f"NPV({monthly},{r.stay})", staying.present_usd, "",
            f"NPV({monthly},{r.stay})-NPV({monthly},{r.refresh})", kept.present_usd,
        )  # fmt: skip


def _monthly(yearly: str) -> str:
    return f"(1+{yearly})^(1/12)-1"


def _irr(worth: Worth, saving: str) -> str:
    """The function looks for a rate near the one that the model found; where there is none, or several, there is no formula."""
    if worth.irr is None:
        return '"none"'
    return f"(1+IRR({saving},{(1.0 + worth.irr) ** (1 / 12) - 1.0:.6f}))^12-1"


def _rate(value: float | None) -> float | str:
    return "none" if value is None else value


def _payback(label: str, unpaid: str, month: dt.date | None, r: Ranges, note: str) -> Result:
    formula = f'IF(MAX({unpaid})>={r.count},"{_NEVER}",INDEX({r.months},MAX({unpaid})+1))'
    return Result(label, "month", formula, (month - _EPOCH).days if month else _NEVER, note)
