"""What stands behind a figure adds up to it, down to servers, rows and prices."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from typer.testing import CliRunner

from migrate.cli.app import app
from migrate.errors import RequestError
from migrate.finance import business_case
from migrate.model.plan import ExtraCapacity, OfferedRate, Plan
from migrate.reports.html.summary import key_figures
from migrate.reports.trace import Traced, figure_names, list_figures, trace
from migrate.reports.trace.ledger import Ledger
from migrate.reports.trace.quantities import spread_of
from tests.factories import DATES, make_applications, make_plan, make_servers, make_spec, make_wave
from tests.reports.hostile import NAMES, make_hostile_plan

_ALL = 10_000


@cache
def plan() -> Plan:
    """The small plan with its case computed, and the price of one of its targets."""
    spec = make_spec(costs={"partner_usd_month": 1_500.0, "people_growth_share_year": 0.02},
                     staff={"transfer_date": "2027-05-03", "partner": "Partner"},
                     discounts={"edp_share": 0.05})  # fmt: skip
    overtime = ExtraCapacity(rule="crew linux", key="crew[linux].overtime_usd_hour", what="linux hours of overtime",
                             amount=5.5, usd_each=40.0, usd=220.0)  # fmt: skip
    waves = tuple(make_wave(number, extra_capacity=(overtime,)) for number in DATES)
    case, _ = business_case(make_servers(), make_applications(), waves, spec, "a book")
    rate = OfferedRate(service="ec2", region="us-east-2", item="m6i.large", engine=None, deployment=None, term="reserved_3y",
                       usd_h=0.096, source="a price list", date="2025-04-04")  # fmt: skip
    return make_plan(spec=spec, business_case=case, rates=(rate,), waves=waves)


def every(traced: Traced) -> Iterator[Traced]:
    yield traced
    for each in traced.inputs:
        yield from every(each)


def added(traced: Traced) -> float | None:
    """The sum of what is added and taken away; None where nothing is."""
    parts = [each for each in traced.inputs if each.role]
    if not parts:
        return None
    return traced.more_sum + sum(
        (-1 if each.role == "-" else 1) * float(str(each.value)) for each in parts if each.value is not None
    )


FIGURES = (
    "npv", "npv.low", "npv.high", "one_off", "run_cost.before", "tco.moving", "tco.staying", "year.2028.saving",
    "month.2027-04.total", "month.2027-03.target_run", "month.2027-03.line.target.support", "servers.moving", "wave.3.servers",
    "application.Payroll.source_cost", "server.nth-lib-db-01.cost", "site.DC-North.saved",
)  # fmt: skip


@pytest.mark.parametrize("figure", FIGURES)
def test_what_is_added_up_gives_the_figure(figure: str) -> None:
    found = list(every(trace(plan(), figure, depth=9, width=4, opened=3)))
    sums = [(each, total) for each in found if (total := added(each)) is not None]
    assert sums
    for each, total in sums:
        assert total == pytest.approx(float(str(each.value)), abs=0.06), each.figure or each.label


def test_servers_behind_every_quantity_add_up_to_it() -> None:
    ledger, followed = Ledger(plan()), 0
    for line in plan().business_case.lines:
        spread = spread_of(ledger, line)
        if spread is None or line.of:
            continue
        followed += 1
        for k in range(0, len(line.quantity), 7):
            assert spread.in_month(ledger.axis.edges, k).sum() == pytest.approx(line.quantity[k], abs=1e-6), (line.key, k)
    assert followed > 12


def test_the_present_value_is_followed_to_a_row_of_an_inventory() -> None:
    found = list(every(trace(plan(), "npv", depth=20, width=3, opened=3)))
    rows = {each.value for each in found if each.label == "Row of the inventory"}
    assert rows & {server.source for server in plan().servers}
    assert {"plan.discount_rate"} <= {each.label for each in found}


def test_a_server_is_followed_to_its_price_with_region_term_source_and_date() -> None:
    name = next(server.name for server in plan().servers if server.target == "m6i.large" and server.wave)
    found = list(every(trace(plan(), f"server.{name}.compute")))
    price = next(each for each in found if each.unit == "USD an hour")
    assert price.label == "m6i.large in us-east-2, reserved 3y"
    assert price.value == 0.096
    assert price.source.endswith("a price list, 2025-04-04")


def test_labour_is_followed_to_applications() -> None:
    line = next(line for line in plan().business_case.lines if line.key.startswith("one-off.labour.rehost."))
    k = next(k for k, quantity in enumerate(line.quantity) if quantity)
    tag = f"{plan().business_case.months[k].month:%Y-%m}"
    found = trace(plan(), f"month.{tag}.quantity.{line.key}", width=_ALL)
    assert found.inputs
    assert added(found) == pytest.approx(line.quantity[k])


def test_overtime_is_followed_to_waves() -> None:
    line = next(line for line in plan().business_case.lines if line.key == "one-off.extra.0")
    k = next(k for k, quantity in enumerate(line.quantity) if quantity)
    tag = f"{plan().business_case.months[k].month:%Y-%m}"
    found = trace(plan(), f"month.{tag}.quantity.{line.key}", width=_ALL)
    assert {each.source for each in found.inputs} == {"crew linux"}
    assert added(found) == pytest.approx(line.quantity[k])


def test_depth_and_width_are_kept_and_what_is_left_out_is_said() -> None:
    whole, cut = trace(plan(), "npv", depth=1, width=_ALL), trace(plan(), "npv", depth=1, width=2)
    years = [each for each in whole.inputs if each.role]
    assert len([each for each in cut.inputs if each.role]) == 2
    assert cut.more == len(years) - 2
    assert added(cut) == pytest.approx(added(whole), abs=0.01)
    assert trace(plan(), "npv", depth=0).inputs == ()


def test_every_name_that_is_listed_can_be_traced() -> None:
    names = figure_names(plan())
    assert len(set(names)) == len(names)
    for name in names:
        assert trace(plan(), name, depth=1, width=2).figure == name
    assert {each.figure for each in list_figures(plan())} <= set(names)


def test_every_key_figure_of_the_report_has_its_trace() -> None:
    for figure in key_figures(plan()):
        assert trace(plan(), figure.trace, depth=1).figure == figure.trace


def test_hostile_names_are_found_by_their_names() -> None:
    hostile = make_hostile_plan()
    for name in NAMES:
        assert trace(hostile, f"application.{name}.cost").label.startswith(name)


def test_an_unknown_figure_names_the_nearest() -> None:
    with pytest.raises(RequestError, match="npv") as caught:
        trace(plan(), "npvv")
    assert caught.value.exit_code == 2


@pytest.mark.parametrize("figure", ["extra_capacity", "objective.extra_capacity"])
def test_what_is_bought_beyond_the_usual_is_told_by_its_lines(figure: str) -> None:
    with pytest.raises(RequestError) as caught:
        trace(plan(), figure)
    assert caught.value.remedy == "What waves buy beyond the usual capacity is line.one-off.extra.0."
    with pytest.raises(RequestError) as caught:
        trace(make_plan(), figure)
    assert caught.value.remedy == "No wave buys capacity beyond the usual, so there is nothing to trace."


def test_the_verb_prints_the_tree_and_lists_figures(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    path.write_text(plan().model_dump_json())
    told = CliRunner().invoke(app, ["trace", str(path), "npv"])
    assert told.exit_code == 0
    assert "Net present value" in told.stdout
    assert "└──" in told.stdout
    listed = CliRunner().invoke(app, ["trace", str(path)])
    assert "run_cost.after" in listed.stdout
    asked = CliRunner().invoke(app, ["trace", str(path), "one_off", "--json"])
    assert json.loads(asked.stdout)["figure"] == "one_off"


@pytest.mark.parametrize(("end", "changes"), [("low", 4), ("high", 2)])
def test_the_range_is_the_present_value_and_what_each_change_does(end: str, changes: int) -> None:
    spec, waves = make_spec(), tuple(make_wave(number) for number in DATES)
    servers, applications = make_servers(), make_applications()
    case, _ = business_case(servers, applications, waves, spec, "a book")
    same = make_plan(spec=spec, business_case=case, servers=servers, applications=applications, waves=waves, dependencies=())
    found = trace(same, f"npv.{end}", depth=1, width=_ALL)
    labels = [each.label for each in found.inputs]
    assert len(labels) == 1 + changes
    assert not any("not explained" in label for label in labels)
    assert found.inputs[0].value == case.npv_usd
    assert sum(float(str(each.value)) for each in found.inputs) == pytest.approx(found.value, abs=0.005)
