"""What the case is worth against both ways of staying, and what each way costs to own."""

from __future__ import annotations

import datetime as dt

from migrate.model.plan import Plan, Worth
from migrate.reports.html.grid import Grid
from migrate.reports.numerals import UNKNOWN, month, percent, usd, usd_short

__all__ = ["ownership_grid", "worth_grid", "worth_words"]


def worth_words(plan: Plan) -> str:
    """The present value as planned, and beside it what the simulation makes of it: the first counts no failed cutover."""
    simulation, value = plan.business_case.simulation, usd_short(plan.business_case.npv_usd)
    if simulation is None:
        return value
    return (
        f"{value} if no cutover fails, {usd_short(simulation.p50_usd)} in the middle of {simulation.runs:,} simulated runs "
        f"({usd_short(simulation.p10_usd)} to {usd_short(simulation.p90_usd)})"
    )


def worth_grid(plan: Plan) -> Grid | None:
    """A row a measure, a column a way of staying; None for plans made before there was more than the NPV."""
    case = plan.business_case
    if not case.worth:
        return None
    measures = (
        ("Net present value", "npv", [usd(w.npv_usd) for w in case.worth]),
        ("Internal rate of return", "irr", [_rate(w.irr) for w in case.worth]),
        ("Modified rate of return", "mirr", [_rate(w.mirr) for w in case.worth]),
        ("Return on investment", "roi", [_rate(w.roi) for w in case.worth]),
        ("Saving, not discounted", "", [usd(w.saving_usd) for w in case.worth]),
        ("Paid back", "payback", [_month(w.payback_month) for w in case.worth]),
        ("Paid back, discounted", "discounted_payback", [_month(w.discounted_payback_month) for w in case.worth]),
    )
    return Grid(
        title="What moving is worth, against two ways of staying",
        head=("", *(_head(w.label) for w in case.worth)),
        rows=tuple((label, *values) for label, _, values in measures),
        widths=(2.2, *[1.6] * len(case.worth)),
        right=tuple(range(1, 1 + len(case.worth))),
        note="Rates are yearly; the return on investment is the saving over the horizon by what is paid once. "
        + " ".join(dict.fromkeys(reason for worth in case.worth for reason in _reasons(worth))),
        traces=tuple(trace for _, trace, _ in measures),
    )


def ownership_grid(plan: Plan) -> Grid | None:
    """Total cost of ownership by category, a column a way to go on; None where it was not computed."""
    owned = plan.business_case.ownership
    if not owned:
        return None
    names = sorted(
        {name for own in owned for name in own.by_category}, key=lambda name: (-owned[0].by_category.get(name, 0.0), name)
    )
    rows = [(name.capitalize(), *(usd(own.by_category.get(name)) for own in owned)) for name in names]
    rows.append(("In all", *(usd(own.total_usd) for own in owned)))
    return Grid(
        title="Total cost of ownership over the horizon, USD, not discounted",
        head=("", *(own.label for own in owned)),
        rows=tuple(rows),
        widths=(1.4, *[1.4] * len(owned)),
        right=tuple(range(1, 1 + len(owned))),
        total=True,
        note="Present value: " + ", ".join(f"{own.label.lower()} {usd(own.present_usd)}" for own in owned) + ".",
        traces=(*[""] * len(names), f"tco.{owned[0].way}"),
    )


def _head(label: str) -> str:
    short = label.removeprefix("Staying, ")
    return short[:1].upper() + short[1:]


def _rate(value: float | None) -> str:
    return "none" if value is None else percent(value, 1)


def _month(date: dt.date | None) -> str:
    return "not within the horizon" if date is None else month(date) or UNKNOWN


def _reasons(worth: Worth) -> list[str]:
    return [f"{reason}." for reason in (worth.irr_reason, worth.mirr_reason) if reason]
