"""Uncertainty, spending and alternatives as they are told: positions, sums and sentences."""

from __future__ import annotations

import datetime as dt
from functools import cache
from pathlib import Path

import pytest

from migrate import finance
from migrate.model.plan import Cloud, CloudComparison, CloudPart, OfferedRate, Plan
from migrate.reports import write_workbook
from migrate.reports.html import tell
from migrate.reports.html.alternatives import cloud_grid
from migrate.reports.html.chart import WIDTH
from migrate.reports.html.spending import bill_grid, commitment_grid, commitment_words, showback_grids
from migrate.reports.html.uncertainty import case_grid, histogram, tornado_bars
from migrate.reports.numerals import usd, usd_short
from migrate.reports.page import render_html
from tests.factories import DATES, make_applications, make_plan, make_servers, make_spec, make_wave
from tests.reports.office import sheets


@cache
def plan() -> Plan:
    """The small plan with its case and its spending computed."""
    spec = make_spec(costs={"landing_zone_usd": 2_000_000.0}, discounts={"edp_share": 0.1},
                     staff={"transfer_date": "2027-05-03", "partner": "Partner"},
                     case=[{"name": "Cheaper support", "set": ["costs.support_share = 0.01"]}])  # fmt: skip
    waves = tuple(make_wave(number) for number in DATES)
    rates = tuple(
        OfferedRate(service="ec2", region="us-east-2", item="m6i.large", engine=None, deployment=None, term=term, usd_h=price,
                    source="a price list", date=dt.date(2025, 4, 4))
        for term, price in (("on_demand", 0.096), ("reserved_1y", 0.0605), ("reserved_3y", 0.0414))
    )  # fmt: skip
    case, _ = finance.business_case(make_servers(), make_applications(), waves, spec, "a book", rates=rates)
    spent, _ = finance.spending(make_servers(), make_applications(), waves, spec, rates, case)
    return make_plan(spec=spec, business_case=case, rates=rates, spending=spent)


def test_bars_of_the_tornado_meet_at_the_present_value_and_stay_on_the_axis() -> None:
    bars, case = tornado_bars(plan()), plan().business_case
    assert bars is not None
    assert bars.mark is not None
    assert len(bars.stripes) == len(case.tornado)
    for stripe, each in zip(bars.stripes, case.tornado, strict=True):
        assert stripe.trace == f"tornado.{each.input}"
        for piece in stripe.segments:
            assert -0.01 <= piece.at <= piece.at + piece.width <= 100.01
            better = (each.npv_at_low_usd if piece.kind == "low" else each.npv_at_high_usd) > case.npv_usd
            meets = piece.at if better else piece.at + piece.width
            assert meets == pytest.approx(bars.mark.at, abs=0.01)


def test_the_tornado_says_what_each_end_does_where_only_one_does() -> None:
    bars, case = tornado_bars(plan()), plan().business_case
    assert bars is not None
    at = next(at for at, each in enumerate(case.tornado) if each.input == "failed_cutovers")
    loss = case.npv_usd - case.tornado[at].npv_at_high_usd
    assert loss > 0
    assert bars.stripes[at].value == f"$0 / −{usd_short(loss)}"
    assert [piece.kind for piece in bars.stripes[at].segments] == ["high"]


def test_the_histogram_covers_the_width_and_parts_gains_from_losses() -> None:
    chart, simulation = histogram(plan()), plan().business_case.simulation
    assert chart is not None
    assert simulation is not None
    assert sum(column.width for column in chart.columns) == pytest.approx(100.0, abs=0.1)
    drawn = sum(area.path.count("M") for area in chart.areas)
    assert drawn == len(simulation.histogram)
    assert f"L{WIDTH:.2f} " in " ".join(area.path for area in chart.areas)


def test_scenarios_begin_with_the_plan() -> None:
    grid = case_grid(plan())
    assert grid is not None
    assert grid.rows[0][0] == "As planned"
    assert grid.rows[1][0] == "Cheaper support"
    assert grid.traces[1] == "case.Cheaper support"
    assert len(grid.rows) == len(grid.traces) == len(plan().business_case.cases)


def test_the_bill_adds_up_to_what_is_paid() -> None:
    grid, spent = bill_grid(plan()), plan().spending
    assert grid is not None
    assert spent is not None
    assert grid.rows[-1][-1] == usd(sum(step.usd_month for step in spent.bill))
    assert any("−10.0 %" in row for row in grid.rows)


def test_every_table_of_the_showback_adds_up_to_the_same() -> None:
    grids = showback_grids(plan())
    assert {grid.rows[-1][-2] for grid in grids if "employer" not in grid.title} == {grids[0].rows[-1][-2]}
    assert all(len(grid.traces) == len(grid.rows) for grid in grids)


def test_commitments_are_told_with_what_too_early_costs() -> None:
    grid, spent = commitment_grid(plan()), plan().spending
    assert grid is not None
    assert spent is not None
    assert spent.commitments is not None
    assert grid.rows[-1][1] == usd(spent.commitments.optimal_usd)
    assert "before the load is there" in commitment_words(plan())


def test_clouds_are_compared_with_the_cheapest() -> None:
    def cloud(provider: str, usd_month: float) -> Cloud:
        part = CloudPart(part="compute", usd_month=usd_month, servers=9, priced=9)
        return Cloud(
            provider=provider, price_book="b", date=dt.date(2026, 1, 1), regions={"us-east-2": "x"}, subset="s", parts=(part,),
            compared_usd_month=usd_month, compared_with_storage_usd_month=None, types=(), type_of=(), compute_usd_month=(),
        )  # fmt: skip

    clouds = CloudComparison(term="on_demand", basis="alike", servers=10, compared=9, compared_with_storage=0,
                             clouds=(cloud("aws", 110.0), cloud("azure", 100.0)), server_ids=(), notes=("A note.",))  # fmt: skip
    grid = cloud_grid(make_plan(clouds=clouds))
    assert grid is not None
    assert [(row[0], row[3]) for row in grid.rows] == [("AWS", "+10.0 %"), ("Azure", "cheapest")]
    assert "A note." in grid.note


def test_page_and_workbook_show_all_of_it_and_a_plan_without_it_none(tmp_path: Path) -> None:
    page = render_html(plan())
    for heading in (
        "What moves the present value most",
        "Scenarios side by side",
        "From list price to the bill",
        "Who causes what",
    ):
        assert heading in page
    names = set(sheets(write_workbook(plan(), tmp_path)))
    assert {"Uncertainty", "Simulation", "Showback", "Commitments"} <= names
    assert tell(make_plan()).uncertainty.tornado is None
    assert 'id="spending"' not in render_html(make_plan())
