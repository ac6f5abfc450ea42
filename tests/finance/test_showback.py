"""Showback: whoever bears what, the rows add up to the cash flow to the cent."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from migrate.finance import business_case, spending
from migrate.finance.grouped import in_cents
from migrate.model.plan import BusinessCase, PlannedApplication, PlannedServer, ShowbackRow
from tests.factories import make_application, make_server, make_spec
from tests.finance.builders import WAVES, moving, server_lists

APPLICATIONS = (
    make_application("Directory", shared_service=True),
    make_application("Payroll", domain="back-office", owner="Pat", hospital="St. Ansgar", cost_center="4711"),
    make_application("Unknown", domain=None, owner=None),
)


def _shown(
    servers: list[PlannedServer], applications: tuple[PlannedApplication, ...] = APPLICATIONS, **sections: Any
) -> tuple[BusinessCase, tuple[ShowbackRow, ...]]:
    spec = make_spec(**sections)
    case = business_case(servers, applications, WAVES, spec, "book")[0]
    return case, spending(servers, applications, WAVES, spec, (), case)[0].showback


def _exact(values: tuple[float, ...]) -> Decimal:
    return sum((Decimal(str(value)) for value in values), Decimal(0))


@settings(max_examples=30, deadline=None)
@given(servers=server_lists, edp=st.sampled_from([0.0, 0.07]), plan=st.sampled_from(["share", "enterprise"]))
def test_rows_of_every_dimension_add_up_to_the_cash_flow_to_the_cent(servers: list[PlannedServer], edp: float, plan: str) -> None:
    case, rows = _shown(
        servers,
        plan={"start": dt.date(2027, 1, 4), "horizon_years": 2},
        discounts={"edp_share": edp},
        support={"plan": plan},
        staff={"transfer_date": dt.date(2027, 5, 3), "partner": "Ridgeline"},
    )
    fields = {"source_usd": "source_run", "target_usd": "target_run", "target_operations_usd": "target_operations"}
    for dimension in ("domain", "hospital", "owner", "cost_center", "employer"):
        own = [row for row in rows if row.dimension == dimension]
        assert own
        for series, month in fields.items():
            wanted: dict[int, Decimal] = defaultdict(Decimal)
            for each in case.months:
                wanted[each.month.year] += Decimal(str(getattr(each, month)))
            for at, year in enumerate(own[0].years):
                assert sum(Decimal(str(getattr(row, series)[at])) for row in own) == wanted[year]
        if dimension != "employer":
            assert sum(row.servers for row in own) == len(servers)
            assert own[-1].kind == "unallocated"
    people = {
        dimension: sum(_exact(row.people_usd) for row in rows if row.dimension == dimension) for dimension in ("domain", "owner")
    }
    assert people["domain"] == people["owner"]


def test_servers_go_to_their_applications_group_and_shared_services_stand_apart() -> None:
    servers = [
        moving("a", application="Payroll"),
        moving("b", application="Directory"),
        moving("c", application="Unknown"),
        make_server("d"),
    ]
    _, rows = _shown(servers)
    told = {(row.dimension, row.name): (row.kind, row.servers) for row in rows}
    assert told["hospital", "St. Ansgar"] == ("group", 1)
    assert told["cost_center", "4711"] == ("group", 1)
    assert told["domain", "back-office"] == ("group", 1)
    assert told["domain", "Shared services"] == ("shared", 1)
    assert told["domain", "Unallocated"] == ("unallocated", 2)
    by_name = {row.name: row for row in rows if row.dimension == "domain"}
    paid = [by_name[name].target_usd[-1] for name in ("back-office", "Shared services", "Unallocated")]
    assert max(paid) - min(paid) <= 0.125


def test_private_rates_are_for_those_whose_servers_have_them() -> None:
    servers = [moving("a", application="Payroll"), moving("b", application="Unknown", target="r6i.large")]
    _, rows = _shown(servers, private_rate=[{"id": "r", "service": "ec2", "family": "r6i", "share": 0.5}])
    by_name = {row.name: row.target_usd[-1] for row in rows if row.dimension == "owner"}
    assert by_name["Pat"] / by_name["Unallocated"] == pytest.approx(96.08 / (96.08 - 70.08 / 2), rel=1e-4)


def test_operators_change_their_employer_on_the_day_of_the_transfer() -> None:
    staff = {"transfer_date": dt.date(2027, 4, 16), "partner": "Ridgeline"}
    case, rows = _shown([make_server("a")], plan={"start": dt.date(2027, 1, 4), "horizon_years": 1}, staff=staff)
    before, after = (row for row in rows if row.dimension == "employer")
    assert (before.name, after.name) == ("Own staff, until 2027-04-16", "Ridgeline, from 2027-04-16")
    month = case.months[0].source_run
    assert before.source_usd[0] == pytest.approx(3.5 * month, abs=0.05)
    assert after.source_usd[0] == pytest.approx(8.5 * month, abs=0.05)
    assert before.people_usd[0] == pytest.approx(3.5 * 65.0, abs=0.05)
    _, alone = _shown([make_server("a")])
    assert [row.name for row in alone if row.dimension == "employer"] == ["Own staff"]


@given(
    shares=arrays(np.float64, (4, 3), elements=st.floats(0, 1e9)),
    totals=arrays(np.float64, 3, elements=st.floats(0, 1e9).map(lambda usd: round(usd, 2))),
)
def test_cents_are_neither_lost_nor_made(shares: np.ndarray, totals: np.ndarray) -> None:
    parts = in_cents(shares, totals)
    assert (np.round(parts.sum(axis=0) * 100) == np.round(totals * 100)).all()
    assert (parts >= 0.0).all()
