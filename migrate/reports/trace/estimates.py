"""Figures that are estimated or compared: simulation, sensitivities, cases, commitments, showback, carbon, sizes, clouds."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from migrate.model.plan import Alternative, CaseResult, Cloud, Sensitivity, ShowbackRow
from migrate.reports.trace.ledger import Ledger
from migrate.reports.trace.node import Node

__all__ = ["estimates"]

Made = Callable[[], Node]


def estimates(ledger: Ledger) -> Mapping[str, Made]:
    """Every figure of this kind that the plan has, by id."""
    plan, case = ledger.plan, ledger.case
    found: dict[str, Made] = {}
    if case.simulation is not None:
        for name in ("p10", "p50", "p90"):
            found[f"npv.{name}"] = partial(_simulated, ledger, name)
    found |= {f"tornado.{each.input}": partial(_sensitivity, each) for each in case.tornado}
    found |= {f"case.{each.name}": partial(_case, each) for each in case.cases}
    if plan.spending is not None:
        found |= {f"showback.{each.dimension}.{each.name}": partial(_showback, each) for each in plan.spending.showback}
        if plan.spending.bill:
            found["bill"] = partial(_bill, ledger)
        if plan.spending.commitments is not None:
            found |= {f"commitments.{name}": partial(_commitments, ledger, name) for name in _POLICIES}
        if plan.spending.carbon is not None:
            found |= {f"carbon.{side}": partial(_carbon, ledger, side) for side in ("moving", "staying")}
    if plan.sizing is not None:
        found |= {f"sizing.{each.key}": partial(_alternative, each) for each in plan.sizing.alternatives}
    if plan.clouds is not None:
        found |= {f"cloud.{each.provider}": partial(_cloud, ledger, each) for each in plan.clouds.clouds}
    return found


def _simulated(ledger: Ledger, name: str) -> Node:
    simulation = ledger.case.simulation
    assert simulation is not None
    shares = sorted(simulation.shares.items(), key=lambda pair: (-pair[1], pair[0]))
    return Node(
        f"npv.{name}",
        f"Net present value, {name.upper()} of {simulation.runs:,} runs",
        getattr(simulation, f"{name}_usd"),
        "USD",
        simulation.method,
        "docs/business-case.md",
        inputs=lambda: [Node(f"tornado.{key}", key, share, "share of the spread") for key, share in shares],
    )


def _sensitivity(each: Sensitivity) -> Node:
    return Node(
        f"tornado.{each.input}",
        f"{each.label}: how far it moves the net present value",
        each.swing_usd,
        "USD",
        "greatest − least of the present value at low, as planned and at high; all else as planned",
        each.why,
        inputs=lambda: [
            Node("", f"at {each.low:g} {each.unit}", each.npv_at_low_usd),
            Node("", f"at {each.high:g} {each.unit}", each.npv_at_high_usd),
        ],
    )


def _case(each: CaseResult) -> Node:
    return Node(
        f"case.{each.name}",
        f"Net present value, {each.name}",
        each.npv_usd,
        "USD",
        "; ".join(each.changes) or "as planned",
        each.why,
        inputs=lambda: [
            Node("npv", "As planned", round(each.npv_usd - each.difference_usd, 2), role="+"),
            Node("", "What the changes do", each.difference_usd, role="+"),
        ],
    )


def _showback(row: ShowbackRow) -> Node:
    kinds = (
        ("At the source", row.source_usd),
        ("AWS as paid", row.target_usd),
        ("Operations in the cloud", row.target_operations_usd),
    )

    def year(label: str, values: tuple[float, ...]) -> list[Node]:
        return [Node("", f"{label}, {y}", value, role="+") for y, value in zip(row.years, values, strict=True)]

    return Node(
        f"showback.{row.dimension}.{row.name}",
        f"{row.name} ({row.dimension})",
        round(sum(sum(values) for _, values in kinds), 2),
        "USD",
        f"Σ over the horizon; {row.servers:,} servers",
        "docs/spending.md",
        inputs=lambda: [
            Node("", label, round(sum(values), 2), role="+", formula="Σ of its years", inputs=partial(year, label, values))
            for label, values in kinds
        ],
    )


def _bill(ledger: Ledger) -> Node:
    assert ledger.plan.spending is not None
    steps = ledger.plan.spending.bill
    return Node(
        "bill",
        "AWS bill a month, as paid",
        round(sum(step.usd_month for step in steps), 2),
        "USD a month",
        "list price, less discounts, with support and tax, when everything planned has been done",
        "docs/spending.md",
        inputs=lambda: [
            Node(
                f"assumption.{step.key}",
                step.label,
                step.usd_month,
                "USD a month",
                "" if step.share is None else f"{step.share:g} × {step.base_usd_month:,.2f}",
                role="+",
            )
            for step in steps
        ],
    )


_POLICIES = ("on_demand", "reserved_1y", "reserved_3y", "at_start", "optimal", "saving", "too_early")


def _commitments(ledger: Ledger, name: str) -> Node:
    assert ledger.plan.spending is not None
    found = ledger.plan.spending.commitments
    assert found is not None
    label = name.replace("_", " ")
    pools = found.pools if name in ("on_demand", "optimal") else ()
    return Node(
        f"commitments.{name}",
        f"Commitments: {label}",
        getattr(found, f"{name}_usd"),
        "USD",
        found.method,
        "docs/spending.md",
        inputs=lambda: [
            Node(
                "",
                f"{pool.service} {pool.pool}, {pool.region}",
                getattr(pool, f"{name}_usd"),
                role="+" if name == "on_demand" else "",
            )
            for pool in pools
        ],
    )


def _carbon(ledger: Ledger, side: str) -> Node:
    assert ledger.plan.spending is not None
    carbon = ledger.plan.spending.carbon
    assert carbon is not None
    total = carbon.total_t if side == "moving" else carbon.stay_total_t
    return Node(
        f"carbon.{side}",
        f"Carbon over the horizon, {side}",
        total.likely,
        "t CO2e",
        f"{carbon.method} Between {total.low:,.0f} and {total.high:,.0f}: {total.reason}",
        f"{carbon.servers:,} of {carbon.all_servers:,} servers",
        "",
        lambda: [Node("", figure.key, figure.value, figure.unit, figure.basis, figure.source) for figure in carbon.figures],
    )


def _alternative(each: Alternative) -> Node:
    parts = [(name, value) for name, value in each.cost if value is not None]
    return Node(
        f"sizing.{each.key}",
        f"{each.label}, AWS a month",
        each.cost_usd_month,
        "USD a month",
        each.method,
        f"{each.priced:,} of {each.servers:,} servers",
        "",
        lambda: [Node("", name, value, "USD a month") for name, value in parts],
    )


def _cloud(ledger: Ledger, each: Cloud) -> Node:
    assert ledger.plan.clouds is not None
    return Node(
        f"cloud.{each.provider}",
        f"{each.provider}, compute a month",
        each.compared_usd_month,
        "USD a month",
        f"{ledger.plan.clouds.basis}; {each.subset}",
        f"{each.price_book}; {ledger.plan.clouds.compared:,} servers that every cloud prices",
        "",
        lambda: [
            Node("", part.part, part.usd_month, "USD a month", f"{part.priced:,} of {part.servers:,} servers")
            for part in each.parts
        ],
    )
