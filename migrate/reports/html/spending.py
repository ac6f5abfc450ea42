"""How the money is spent: from list price to bill, commitments, who bears what, and carbon beside it."""

from __future__ import annotations

from collections.abc import Sequence

from migrate.model.plan import Carbon, Commitments, Plan, ShowbackRow
from migrate.reports.html.chart import Chart, Layer, stacked
from migrate.reports.html.grid import Grid
from migrate.reports.in_currency import in_currency
from migrate.reports.numerals import UNKNOWN, decimal, month, percent, share, usd, usd_short, whole

__all__ = [
    "DIMENSIONS",
    "bill_grid",
    "carbon_chart",
    "carbon_grid",
    "commitment_chart",
    "commitment_grid",
    "commitment_words",
    "purchase_grid",
    "showback_grids",
]

#: Dimensions of the showback with what a row of each is called.
DIMENSIONS = {
    "domain": "business domain",
    "hospital": "hospital",
    "owner": "owner",
    "cost_center": "cost center",
    "employer": "employer of the operators",
}
_MOST, _MOST_PURCHASES = 15, 12


def bill_grid(plan: Plan) -> Grid | None:
    """From list price to what is paid a month, step by step."""
    if plan.spending is None or not plan.spending.bill:
        return None
    steps = plan.spending.bill
    rows = [
        (step.label, "" if step.share is None else f"{step.share * 100:+.1f} %".replace("-", "−"), usd(step.usd_month))
        for step in steps
    ]
    rows.append(("Paid", "", usd(sum(step.usd_month for step in steps))))
    return Grid(
        title="From list price to the bill, USD a month",
        head=("Step", "Share", "USD a month"),
        rows=tuple(rows),
        widths=(3, 1, 1.2),
        right=(1, 2),
        total=True,
        note=" ".join(filter(None, ["When everything planned has been done, at today's prices.", in_currency(plan)])),
        traces=(*[""] * len(steps), "bill"),
    )


def _commitments(plan: Plan) -> Commitments | None:
    return plan.spending.commitments if plan.spending else None


def commitment_grid(plan: Plan) -> Grid | None:
    """What compute and databases cost over the horizon under each policy."""
    found = _commitments(plan)
    if found is None:
        return None
    policies = (
        ("Nothing committed: on demand", found.on_demand_usd, "on_demand"),
        ("As settled, for one year, renewed", found.reserved_1y_usd, "reserved_1y"),
        ("As settled, for three years", found.reserved_3y_usd, "reserved_3y"),
        ("Everything for three years at the start", found.at_start_usd, "at_start"),
        ("Cheapest mix", found.optimal_usd, "optimal"),
    )
    return Grid(
        title="Commitments: hours of compute and databases over the horizon, USD",
        head=("Policy", "USD", "Against the cheapest mix"),
        rows=tuple(
            (label, usd(value), usd(value - found.optimal_usd) if name != "optimal" else UNKNOWN)
            for label, value, name in policies
        ),
        widths=(3, 1.3, 1.5),
        right=(1, 2),
        note=found.method,
        traces=tuple(f"commitments.{name}" for _, _, name in policies),
    )


def commitment_words(plan: Plan) -> str:
    """What committing saves, and what committing too early costs."""
    found = _commitments(plan)
    if found is None:
        return ""
    saved, early = usd_short(found.saving_usd), usd_short(found.too_early_usd)
    return (
        f"The cheapest mix saves {saved} against paying on demand ({percent(share(found.saving_usd, found.on_demand_usd))}). "
        f"Committing everything at the start, before the load is there, costs {early} more. Priced: {found.servers:,} of "
        f"{found.moving_servers:,} running servers; {usd_short(found.after_horizon_usd)} of fees are owed after the horizon."
    )


def commitment_chart(plan: Plan) -> Chart | None:
    """The cheapest mix by month, against everything on demand."""
    found = _commitments(plan)
    if found is None:
        return None
    layers = (
        Layer("source", "on demand", [entry.optimal_on_demand for entry in found.months]),
        Layer("target", "reserved", [entry.optimal_reserved for entry in found.months]),
        Layer("once", "savings plans", [entry.optimal_savings for entry in found.months]),
    )
    tips = [
        f"{month(entry.month)}: {usd(entry.optimal)}\nOn demand it would be {usd(entry.on_demand)}\n"
        f"{percent(entry.committed_share)} committed"
        for entry in found.months
    ]
    return stacked([entry.month for entry in found.months], layers, [entry.on_demand for entry in found.months], tips)


def purchase_grid(plan: Plan) -> Grid | None:
    """What to buy when, the largest first purchases by fee; renewals are counted, not listed."""
    found = _commitments(plan)
    if found is None or not found.purchases:
        return None
    fresh = sorted((each for each in found.purchases if not each.renewal), key=lambda each: (-each.usd_h, each.month, each.pool))
    shown = sorted(fresh[:_MOST_PURCHASES], key=lambda each: (each.month, -each.usd_h, each.pool))
    rows = tuple(
        (
            month(each.month),
            each.term.replace("_", " "),
            each.service,
            each.pool,
            each.region or "all regions",
            f"${each.usd_h:,.2f}",
            f"${each.covers_usd_h:,.2f}",
            percent(each.break_even_share),
            month(each.break_even_month),
        )
        for each in shown
    )
    left, renewals = len(fresh) - len(shown), sum(each.renewal for each in found.purchases)
    return Grid(
        title="The largest commitments to buy",
        head=("From", "Term", "Service", "Pool", "Region", "Fee an hour", "Covers an hour", "Pays above", "Pays from"),
        rows=rows,
        widths=(1, 1.2, 0.8, 1, 1.1, 1, 1, 0.9, 1),
        right=(5, 6, 7, 8),
        note=f"{left:,} smaller ones and {renewals:,} renewals are in plan.xlsx.",
    )


def showback_grids(plan: Plan) -> tuple[Grid, ...]:
    """Who causes what over the horizon, a table a dimension."""
    if plan.spending is None:
        return ()
    return tuple(
        _showback(name, [row for row in plan.spending.showback if row.dimension == name])
        for name in DIMENSIONS
        if any(row.dimension == name for row in plan.spending.showback)
    )


def _showback(dimension: str, rows: Sequence[ShowbackRow]) -> Grid:
    ranked = sorted(rows, key=lambda row: (row.kind != "group", -_total(row), row.name))
    groups = [row for row in ranked if row.kind == "group"]
    shown, left = [*groups[:_MOST], *(row for row in ranked if row.kind != "group")], groups[_MOST:]
    whole_sum = sum(_total(row) for row in rows)
    cells = [_showback_row(row, whole_sum) for row in shown]
    name = DIMENSIONS[dimension]
    if left:
        said = (f"{len(left):,} more", "", *(usd(sum(sum(getattr(row, part)) for row in left)) for part in _PARTS))
        cells.insert(_MOST, (*said, usd(sum(map(_total, left))), percent(share(sum(map(_total, left)), whole_sum))))
    sums = (usd(sum(sum(getattr(row, part)) for row in rows)) for part in _PARTS)
    cells.append(("All", "", *sums, usd(whole_sum), "100 %"))
    traces = [f"showback.{dimension}.{row.name}" for row in shown]
    if left:
        traces.insert(_MOST, "")
    return Grid(
        title=f"By {name}, over the horizon",
        head=(
            name.capitalize(),
            "Servers",
            "At the source",
            "AWS as paid",
            "Cloud operations",
            "of it people",
            "In all",
            "Share",
        ),
        rows=tuple(cells),
        widths=(2.2, 0.8, 1.1, 1.1, 1.1, 1.1, 1.1, 0.7),
        right=tuple(range(1, 8)),
        total=True,
        traces=(*traces, ""),
    )


_PARTS = ("source_usd", "target_usd", "target_operations_usd", "people_usd")


def _total(row: ShowbackRow) -> float:
    return sum(row.source_usd) + sum(row.target_usd) + sum(row.target_operations_usd)


def _showback_row(row: ShowbackRow, whole_sum: float) -> tuple[str, ...]:
    parts = (usd(sum(getattr(row, part))) for part in _PARTS)
    return (row.name, whole(row.servers), *parts, usd(_total(row)), percent(share(_total(row), whole_sum)))


def _carbon(plan: Plan) -> Carbon | None:
    return plan.spending.carbon if plan.spending else None


def carbon_chart(plan: Plan) -> Chart | None:
    """Tonnes of CO2 equivalent a month, against staying."""
    found = _carbon(plan)
    if found is None:
        return None
    layers = (Layer("source", "servers at the source", found.source_t), Layer("target", "in the cloud", found.target_t))
    tips = [
        f"{month(date)}: {decimal(source + target)} t\nStaying: {decimal(stay)} t"
        for date, source, target, stay in zip(found.months, found.source_t, found.target_t, found.stay_t, strict=True)
    ]
    return stacked(found.months, layers, found.stay_t, tips, money=False)


def carbon_grid(plan: Plan) -> Grid | None:
    """Carbon over the horizon, with its range and its method."""
    found = _carbon(plan)
    if found is None:
        return None
    rows = tuple(
        (label, whole(total.low), whole(total.likely), whole(total.high), whole(kwh))
        for label, total, kwh in (
            ("Moving", found.total_t, found.target_kwh_month),
            ("Staying", found.stay_total_t, found.source_kwh_month),
        )
    )
    return Grid(
        title="Carbon beside cost: tonnes of CO2 equivalent over the horizon",
        head=("", "Low", "Likely", "High", "kWh a month, after and today"),
        rows=rows,
        widths=(1.4, 1, 1, 1, 1.6),
        right=(1, 2, 3, 4),
        note=f"{found.servers:,} of {found.all_servers:,} servers. {found.method} {found.total_t.reason}",
        traces=("carbon.moving", "carbon.staying"),
    )
