"""What must be decided: leases, commitments, penalties, and servers by name."""

from __future__ import annotations

import datetime as dt

from migrate import finance
from migrate.findings import Finding, Severity
from migrate.model.plan import OfferedRate, Plan
from migrate.reports.board import decisions
from migrate.reports.numerals import usd_short
from migrate.units import HOURS_PER_MONTH
from tests.factories import DATES, make_applications, make_plan, make_servers, make_spec, make_wave


def _plan() -> Plan:
    """The small plan with commitments, and an array that is given back too early."""
    array = {"name": "array", "usd_month": 1_000, "ends": dt.date(2030, 1, 1), "owed_share": 0.5}
    spec, waves = make_spec(contract=[array]), tuple(make_wave(number) for number in DATES)
    rates = tuple(
        OfferedRate(service="ec2", region="us-east-2", item="m6i.large", engine=None, deployment=None, term=term, usd_h=price,
                    source="a price list", date=dt.date(2025, 4, 4))
        for term, price in (("on_demand", 0.096), ("reserved_3y", 0.0414))
    )  # fmt: skip
    case, _ = finance.business_case(make_servers(), make_applications(), waves, spec, "a book", rates=rates)
    spent, _ = finance.spending(make_servers(), make_applications(), waves, spec, rates, case)
    unsized = tuple(
        Finding(
            code="server-not-sized", severity=Severity.error, subject=f"db-{at}", message="The memory is not known", remedy="Add."
        )
        for at in range(5)
    )
    return make_plan(spec=spec, business_case=case, spending=spent, findings=unsized)


def test_first_purchases_are_asked_for_with_their_month_and_amount() -> None:
    plan = _plan()
    assert plan.spending is not None
    assert plan.spending.commitments is not None
    bought = [p for p in plan.spending.commitments.purchases if not p.renewal]
    first = min(p.month for p in bought)
    amount = sum(p.usd_h for p in bought if p.month == first) * HOURS_PER_MONTH
    asked = next(said for said in decisions(plan) if said.startswith("Commit compute"))
    assert f"{usd_short(amount)} a month from {first:%b %Y}" in asked


def test_penalties_and_servers_are_named() -> None:
    asked = decisions(_plan())
    penalty = next(line for line in _plan().business_case.lines if line.category == "penalties")
    assert any(penalty.label in said and usd_short(sum(penalty.amount_usd)) in said for said in asked)
    assert "The memory is not known (db-0, db-1, db-2 and 2 more). Add." in asked


def test_notice_is_given_where_a_site_is_empty_before_its_lease_ends() -> None:
    exits = make_plan().business_case.site_exits
    early = [x for x in exits if x.exit_date and x.lease_end and x.exit_date <= x.lease_end]
    assert early
    assert sum("give notice" in said for said in decisions(make_plan())) == len(early)
