"""LibreOffice calculates the workbook anew: every figure stays, and a changed assumption moves the answer as the model does."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

import polars as pl
import pytest
import pyxirr

from migrate.finance import business_case
from migrate.model.plan import BusinessCase, Plan, PlannedServer
from migrate.reports import write_workbook
from migrate.spec import Spec
from migrate.targets.source_cost import add_source_cost
from tests.factories import DATES, make_applications, make_plan, make_servers, make_spec, make_wave
from tests.reports.office import SOFFICE, Sheet, needs_office, recalculated, sheets

COSTS = {"partner_usd_month": 1_500.0, "support_share": 0.05, "landing_zone_usd": 9_000_000.0}
CHANGES = {
    "costs.target_operations_usd_month": 12.5,
    "costs.operations_usd_month": 71.3,
    "costs.support_share": 0.11,
    "costs.refresh_every_years": 7.0,
    "site[0].fixed_cost_usd_month": 150_000.0,
}
STAFF = {"transfer_date": "2027-05-03", "partner": "Partner"}


def spec_with(**costs: float) -> Spec:
    return make_spec(costs={**COSTS, **costs}, staff=STAFF)


def priced_servers(spec: Spec) -> list[PlannedServer]:
    """The servers of the small plan at the source costs of the request."""
    servers = make_servers()
    names = ("vcpu", "memory_gib", "disk_gib", "disk_used_gib", "os_family", "kind")
    facts = pl.DataFrame([{name: getattr(server, name) for name in names} | {"off": False} for server in servers])
    costs = add_source_cost(facts, spec.costs)["source_cost_usd_month"].to_list()
    return [server.model_copy(update={"source_cost_usd_month": cost}) for server, cost in zip(servers, costs, strict=True)]


def case_of(spec: Spec) -> BusinessCase:
    waves = tuple(make_wave(number) for number in DATES)
    case, _ = business_case(priced_servers(spec), make_applications(), waves, spec, "a book")
    return case


def plan_of(spec: Spec) -> Plan:
    return make_plan(spec=spec, business_case=case_of(spec))


def result(sheet: Sheet, label: str) -> str:
    return str(next(row[1] for row in sheet if row[0] == label))


def changed(path: Path, key: str, value: float, out: Path) -> Path:
    """A copy of a workbook with another figure in an input cell."""
    rows = sheets(path)["Assumptions"]
    row = next(at for at, cells in enumerate(rows, start=1) if cells[0] == key)
    with zipfile.ZipFile(path) as read, zipfile.ZipFile(out, "w") as write:
        for name in read.namelist():
            part = read.read(name)
            if name == "xl/worksheets/sheet2.xml":
                text, number = re.subn(rf'(<c r="B{row}"[^>]*><v>)[^<]+', partial(_put, value), part.decode())
                assert number == 1
                part = text.encode()
            write.writestr(name, part)
    return out


def _put(value: float, found: re.Match[str]) -> str:
    return f"{found[1]}{value!r}"


def request_with(key: str, value: float) -> Spec:
    """The request with another value for an assumption."""
    if not key.startswith("site"):
        return spec_with(**{key.removeprefix("costs."): int(value) if key.endswith("years") else value})
    spec = spec_with()
    first = spec.site[0].model_copy(update={"fixed_cost_usd_month": value})
    return spec.model_copy(update={"site": (first, *spec.site[1:])})


@dataclass(frozen=True)
class Workbooks:
    """As written, as calculated anew, and calculated anew after each of `CHANGES`."""

    written: dict[str, Sheet]
    again: dict[str, Sheet]
    changed: dict[str, dict[str, Sheet]]


@pytest.fixture(scope="module")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> Workbooks:
    folder = tmp_path_factory.mktemp("office")
    path = write_workbook(plan_of(spec_with()), folder)
    if SOFFICE is None:
        return Workbooks(sheets(path), {}, {})
    others = [changed(path, key, value, folder / f"changed-{at}.xlsx") for at, (key, value) in enumerate(CHANGES.items())]
    again, *differently = (sheets(each) for each in recalculated([path, *others], folder))
    return Workbooks(sheets(path), again, dict(zip(CHANGES, differently, strict=True)))


@needs_office
def test_no_figure_of_the_workbook_changes_when_it_is_calculated_anew(workbooks: Workbooks) -> None:
    ours, theirs = workbooks.written, workbooks.again
    assert list(ours) == list(theirs)
    for name, rows in ours.items():
        for at, row in enumerate(rows):
            for column, cell in enumerate(row):
                other = theirs[name][at][column] if at < len(theirs[name]) and column < len(theirs[name][at]) else None
                if (cell or None) != (other or None):
                    assert abs(float(str(cell)) - float(str(other))) <= 0.01, (name, at, column)


@needs_office
@pytest.mark.parametrize("key", CHANGES)
def test_a_changed_assumption_moves_the_present_value_as_the_model_computes_it(workbooks: Workbooks, key: str) -> None:
    wanted = case_of(request_with(key, CHANGES[key]))
    assert wanted.npv_usd != pytest.approx(case_of(spec_with()).npv_usd, abs=1.0)
    assert float(result(workbooks.changed[key]["Cash flow"], "Net present value")) == pytest.approx(wanted.npv_usd, abs=0.011)


def test_the_present_value_is_that_of_pyxirr() -> None:
    case, rate = case_of(spec_with()), 0.08
    savings = [month.stay_total - month.total for month in case.months]
    assert pyxirr.npv((1 + rate) ** (1 / 12) - 1, [0.0, *savings]) == pytest.approx(case.npv_usd, abs=0.01)
    assert case.months[0].month == date(2027, 1, 1)


def test_rates_of_return_are_those_of_pyxirr_and_of_the_workbook(workbooks: Workbooks) -> None:
    case = case_of(spec_with())
    savings, monthly = [month.stay_total - month.total for month in case.months], 1.08 ** (1 / 12) - 1
    irr, mirr = pyxirr.irr(savings), pyxirr.mirr(savings, monthly, monthly)
    assert irr is not None
    assert mirr is not None
    assert (1 + irr) ** 12 - 1 == pytest.approx(case.worth[0].irr, abs=1e-6)
    assert (1 + mirr) ** 12 - 1 == pytest.approx(case.worth[0].mirr, abs=1e-6)
    if SOFFICE:
        flow = workbooks.again["Cash flow"]
        assert float(result(flow, "Internal rate of return")) == pytest.approx(case.worth[0].irr, abs=1e-6)
        assert float(result(flow, "Modified internal rate of return")) == pytest.approx(case.worth[0].mirr, abs=1e-6)
        assert float(result(flow, "Return on investment")) == pytest.approx(case.worth[0].roi, abs=1e-6)
