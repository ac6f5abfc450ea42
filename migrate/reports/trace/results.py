"""Figures of the whole case: what stands at the top of the report."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from migrate.finance.basis import read_basis
from migrate.finance.spread import npv_steps
from migrate.reports.trace.ledger import Ledger
from migrate.reports.trace.months import discount, line_total, month_field, year_field
from migrate.reports.trace.node import Node, apart
from migrate.reports.trace.returns import ownership_figure, returns
from migrate.reports.trace.things import site_figure, wave_figure

__all__ = ["results"]

_NO_MONTHS: tuple[Node, ...] = ()


def results(ledger: Ledger) -> Mapping[str, Callable[[], Node]]:
    """Every figure of this kind that the plan has, by id."""
    found: dict[str, Callable[[], Node]] = {
        "npv": lambda: _npv(ledger),
        "npv.low": lambda: _range(ledger, "low"),
        "npv.high": lambda: _range(ledger, "high"),
        "payback": lambda: _payback(ledger),
        "one_off": lambda: _one_off(ledger),
        "bubble": lambda: _bubble(ledger),
        "run_cost.before": lambda: _before(ledger),
        "run_cost.after": lambda: _after(ledger),
        "servers.moving": lambda: _over_waves(ledger, "servers", "Servers that move"),
        "applications.moving": lambda: _over_waves(ledger, "applications", "Applications that move"),
        "data_gib": lambda: _over_waves(ledger, "data_gib", "Data that is replicated"),
        "expected_loss": lambda: _losses(ledger),
        "waves": lambda: _waves(ledger),
        "coverage": lambda: _coverage(ledger),
        "site_exits": lambda: _exits(ledger),
    }
    for worth, suffix in zip(ledger.case.worth, ("", ".kept"), strict=False):
        found |= returns(ledger, worth, suffix, lambda: _npv(ledger), lambda: _one_off(ledger))
    for own in ledger.case.ownership:
        found[f"tco.{own.way}"] = lambda own=own: ownership_figure(ledger, own)  # type: ignore[misc]  # bound now
    return found


def _npv(ledger: Ledger) -> Node:
    return Node(
        "npv",
        "Net present value of moving against staying",
        ledger.case.npv_usd,
        "USD",
        "Σ saving of month k ÷ (1 + rate)^(k/12)",
        "docs/business-case.md",
        "",
        lambda: [*(year_field(ledger, year, "present") for year in ledger.years), discount(ledger)],
    )


def _range(ledger: Ledger, end: str) -> Node:
    spread = ledger.case.npv_range
    value = float(getattr(spread, end))

    def inputs() -> list[Node]:
        plan = ledger.plan
        basis = read_basis(plan.servers, plan.applications, plan.waves, plan.spec, dependencies=plan.dependencies,
                           rates=plan.rates, outlook=plan.outlook)  # fmt: skip
        steps = [Node("", label, usd, role="+") for label, usd in npv_steps(basis, end)]
        left = round(value - ledger.case.npv_usd - sum(float(str(step.value)) for step in steps), 2)
        if left:
            steps.append(Node("", "not explained: the plan was changed since, or made by another version", left, role="+"))
        return [replace(_npv(ledger), role="+"), *steps]

    return Node(
        f"npv.{end}",
        f"Net present value, {end}",
        value,
        "USD",
        f"as planned + what each change does to it, made one after another. {spread.reason}",
        "docs/business-case.md",
        "",
        inputs,
    )


def _payback(ledger: Ledger) -> Node:
    months, paid = ledger.case.months, ledger.case.payback_month
    at = next((k for k, month in enumerate(months) if month.month == paid), None)
    around = [k for k in (at - 1, at) if k >= 0] if at is not None else [len(months) - 1] if months else []
    return Node(
        "payback",
        "Paid back in",
        paid,
        "",
        "first month from which the saving so far, not discounted, stays above zero",
        "docs/business-case.md",
        "",
        lambda: [apart(month_field(ledger, k, "cumulated")) for k in around],
    )


def _one_off(ledger: Ledger) -> Node:
    lines = [line for line in ledger.case.lines if line.group == "one_off"]

    def inputs() -> Sequence[Node]:
        return [line_total(ledger, line) for line in lines] if lines else [year_field(ledger, y, "one_off") for y in ledger.years]

    return Node(
        "one_off", "One-off costs", ledger.case.one_off_usd, "USD", "Σ of cost lines", "docs/business-case.md", "+", inputs
    )


def _bubble(ledger: Ledger) -> Node:
    peak = ledger.case.peak_bubble_month
    at = next((k for k, month in enumerate(ledger.case.months) if month.month == peak), None)
    inputs = [] if at is None else [at]
    return Node(
        "bubble",
        "Paid twice, at most",
        ledger.case.peak_bubble_usd_month,
        "USD a month",
        "largest month",
        "",
        "",
        lambda: [apart(month_field(ledger, k, "double_run")) for k in inputs],
    )


def _before(ledger: Ledger) -> Node:
    first = [0] if ledger.case.months else []
    return Node(
        "run_cost.before",
        "Run cost a month, today",
        ledger.case.run_cost_before_usd_month,
        "USD a month",
        "servers and sites in the first month of staying",
        "",
        "+",
        lambda: [month_field(ledger, k, name) for k in first for name in ("stay_run", "stay_site_fixed")],
    )


def _after(ledger: Ledger) -> Node:
    fields = ("source_run", "site_fixed", "target_run", "target_operations")
    case = ledger.case
    last = len(case.months) - 1
    same = case.months and abs(sum(getattr(case.months[-1], name) for name in fields) - case.run_cost_after_usd_month) < 0.03
    formula = "servers, sites, AWS and operations when everything planned has been done, at the prices of the first month"
    if not same:
        formula += "; below, the last month at the prices of then"
    nodes = [month_field(ledger, last, name) for name in fields if getattr(case.months[-1], name)] if case.months else []
    return Node(
        "run_cost.after",
        "Run cost a month, after",
        case.run_cost_after_usd_month,
        "USD a month",
        formula,
        "",
        "",
        lambda: nodes if same else [apart(node) for node in nodes],
    )


def _over_waves(ledger: Ledger, field: str, label: str) -> Node:
    waves = ledger.plan.waves
    nodes = [wave_figure(ledger, wave, field) for wave in waves]
    total = sum(float(node.value) for node in nodes if isinstance(node.value, int | float))
    figure = "data_gib" if field == "data_gib" else f"{field}.moving"
    unit = {"data_gib": "GiB"}.get(field, field)
    return Node(
        figure, label, total if field == "data_gib" else int(total), unit, "Σ of the waves", role="+", inputs=lambda: nodes
    )


def _losses(ledger: Ledger) -> Node:
    nodes = [wave_figure(ledger, wave, "loss") for wave in ledger.plan.waves]
    total = sum(wave.expected_loss_usd.likely for wave in ledger.plan.waves)
    return Node(
        "expected_loss",
        "Expected loss of failed cutovers",
        total,
        "USD",
        "Σ of the likely estimates of the waves",
        "docs/risk-rules.md",
        "+",
        lambda: nodes,
    )


def _waves(ledger: Ledger) -> Node:
    return Node(
        "waves",
        "Waves",
        len(ledger.plan.waves),
        "waves",
        "candidate dates that the planner uses",
        "",
        "",
        lambda: [apart(wave_figure(ledger, wave, "servers")) for wave in ledger.plan.waves],
    )


def _coverage(ledger: Ledger) -> Node:
    case = ledger.case
    share = case.priced_servers / case.moving_servers if case.moving_servers else None
    return Node(
        "coverage",
        "Moving servers whose cost is known",
        share,
        "share",
        "known ÷ moving; the rest is left out of both sides",
        "",
        "",
        lambda: [
            Node("", "Known", case.priced_servers, "servers"),
            Node("servers.moving", "Moving", case.moving_servers, "servers"),
        ],
    )


def _exits(ledger: Ledger) -> Node:
    exits = ledger.case.site_exits
    return Node(
        "site_exits",
        "Sites that are emptied",
        sum(x.exit_date is not None for x in exits),
        f"of {len(exits)}",
        "counted",
        "",
        "",
        lambda: [apart(site_figure(ledger, each, field)) for each in exits for field in ("exit", "saved")],
    )
