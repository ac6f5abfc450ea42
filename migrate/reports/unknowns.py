"""What is not known and what that does to the answer, in sentences, most money first: for the slides and the paper."""

from __future__ import annotations

from collections.abc import Iterator

from migrate.findings import Severity
from migrate.model.plan import Plan
from migrate.reports.html.lists import FindingGroup, finding_groups
from migrate.reports.html.worth import worth_words
from migrate.reports.numerals import day, percent, share, usd_short
from migrate.reports.visible import shortened

__all__ = ["unknowns"]

_LONGEST = 190  # characters of an example
_MOST_KINDS = 40

#: Findings that say which money is missing or doubtful, the most first.
_MONEY = (
    "database-licence-not-priced",
    "price-book-old",
    "target-cost-unknown",
    "service-not-priced",
    "npv-uncertain",
    "commitments-dearer-than-priced",
    "commitments-without-price",
    "support-plan-ends",
    "source-cost-unknown",
    "books-without-use",
)
#: Findings about cells of the inventories: they change a server at a time.
_CELLS = (
    "criticality-unknown",
    "membership-doubted",
    "server-unassigned",
    "application-without-servers",
    "vm-not-connected",
    "retired-in-cmdb",
    "value-set-aside",
    "row-quarantined",
    "address-claimed-twice",
    "address-conflict",
)
#: Told by sentences of their own, or known and to be decided.
_TOLD = ("target-cost-unknown", "failures-not-in-npv", "refresh-before-leaving", "term-penalty")


def unknowns(plan: Plan) -> tuple[str, ...]:
    """What is not known, and what that does to the answer: missing prices, the value's range, dates, then the inventories."""
    groups = [group for group in finding_groups(plan.findings) if group.severity == Severity.warning.value]
    groups = sorted(groups[:_MOST_KINDS], key=lambda group: _rank(group.code))
    first = [group for group in groups if group.code in _MONEY[:2]]
    return (
        *(_of_group(group, plan) for group in first),
        *_coverage(plan),
        *(_of_group(group, plan) for group in groups if group.code in _MONEY[2:] and group.code not in _TOLD),
        *_range(plan),
        *_end(plan),
        *(_of_group(group, plan) for group in groups if group.code not in (*_MONEY, *_TOLD)),
    )


def _rank(code: str) -> int:
    if code in _MONEY:
        return _MONEY.index(code)
    return 1000 + _CELLS.index(code) if code in _CELLS else 500


def _of_group(group: FindingGroup, plan: Plan) -> str:
    example = group.examples[0]
    of_all = example.subject in (plan.spec.plan.name, plan.price_book) or example.subject in example.message
    said = shortened(example.message if of_all else f"{example.subject}: {example.message}", _LONGEST)
    more = f" ({group.number - 1:,} more such {'warning' if group.number == 2 else 'warnings'})" if group.number > 1 else ""
    return f"{said}{more}" if said.endswith("…") and not more else f"{said}{more}."


def _coverage(plan: Plan) -> Iterator[str]:
    case = plan.business_case
    if case.moving_servers:
        covered = percent(share(case.priced_servers, case.moving_servers))
        yield (
            f"The cost of {case.priced_servers:,} of {case.moving_servers:,} moving servers is known ({covered}); "
            "the others are left out of both sides, not counted as free."
        )


def _range(plan: Plan) -> Iterator[str]:
    spread = plan.business_case.npv_range
    if plan.business_case.simulation is not None:
        yield f"How many cutovers fail: the present value is {worth_words(plan)}."
    yield f"Present value {usd_short(spread.low)} to {usd_short(spread.high)}: {spread.reason}"


def _end(plan: Plan) -> Iterator[str]:
    if plan.outlook and plan.tasks:
        yield (
            f"Planned end {day(plan.tasks.end)}; in four of five simulated runs the last server is decommissioned by "
            f"{day(plan.outlook.end.p80)}."
        )
