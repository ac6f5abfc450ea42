"""What the charts of the page show, as positions and sums."""

from __future__ import annotations

import datetime as dt

import pytest

from migrate.reports.html.bubble import bubble, cumulated, years
from migrate.reports.html.costs import cost_tables
from migrate.reports.html.gantt import gantt
from migrate.reports.html.heat import risk
from migrate.reports.html.links import dependency_map
from migrate.reports.html.lists import finding_groups
from migrate.reports.tables import servers_table
from tests.factories import make_application, make_plan, make_server, make_spec


def test_gantt_places_each_wave_in_order_and_shades_freezes() -> None:
    chart = gantt(make_plan())
    assert chart is not None
    assert [row.wave for row in chart.rows] == [1, 2, 3]
    for row in chart.rows:
        assert 0.0 <= row.replication.at < row.cutover <= 100.0
        assert row.replication.at + row.replication.width == pytest.approx(row.cutover, abs=0.01)
        assert row.hypercare.at == row.cutover
    assert len(chart.freezes[0].bars) >= 3  # every month end until the last decommission
    assert [lease.at for lease in chart.leases] == [None, None]  # both end long after the last wave


def test_a_yearly_freeze_across_new_year_is_drawn_in_each_year() -> None:
    freeze = {"id": "flu", "from": dt.date(2026, 12, 1), "to": dt.date(2027, 2, 28), "yearly": True}
    wave = make_plan().waves[2]
    late = wave.model_copy(update={"date": dt.date(2028, 3, 4), "decommission_date": dt.date(2028, 3, 11)})
    chart = gantt(make_plan(spec=make_spec(freeze=[freeze]), waves=(*make_plan().waves[:2], late)))
    assert chart is not None
    assert [bar.tip for bar in chart.freezes[0].bars] == [
        "Freeze flu: 1 Jan 2027 to 28 Feb 2027",
        "Freeze flu: 1 Dec 2027 to 28 Feb 2028",
    ]


def test_years_add_up_to_the_months() -> None:
    plan = make_plan()
    rows = years(plan)
    assert [row.year for row in rows] == [2027, 2028, 2029]
    assert sum(row.total for row in rows) == pytest.approx(sum(month.total for month in plan.business_case.months))
    assert rows[-1].cumulated == pytest.approx(sum(row.saving for row in rows))


def test_bubble_ends_some_months_after_the_last_exit_and_marks_the_peak() -> None:
    chart = bubble(make_plan())
    assert chart is not None
    assert len(chart.columns) == 21  # twelve months until the exit of DC-North, nine more
    assert chart.mark is not None
    assert chart.mark.label == "$384 paid twice"
    assert "both" in {area.key for area in chart.areas}


def test_cumulated_saving_starts_below_zero_and_marks_payback() -> None:
    chart = cumulated(make_plan())
    assert chart is not None
    assert 0.0 < chart.zero < 100.0
    assert [area.key for area in chart.areas] == ["saving", "loss"]
    assert chart.mark is not None
    assert chart.mark.label == "Paid back Jan 2028"


def test_cost_shows_its_coverage_and_never_counts_unknown_as_zero() -> None:
    unknown = make_server("nth-u-01", application="Library", wave=1, cost_usd_month=None, cost={"compute": None})
    plan = make_plan(servers=(*make_plan().servers, unknown))
    by_domain, by_site, by_disposition = cost_tables(plan, servers_table(plan))
    research = next(row for row in by_domain.rows if row.label == "research")
    assert (research.servers, research.moving, research.priced) == (3, 3, 2)
    assert research.total == pytest.approx(2 * 96.08)
    retained = next(row for row in by_disposition.rows if row.label == "retain")
    assert (retained.total, retained.parts["compute"]) == (None, None)
    assert sum(row.servers for row in by_site.rows) == by_site.total.servers == len(plan.servers)


def test_heat_map_shows_the_worst_of_each_domain_and_wave() -> None:
    found = risk(make_plan())
    assert found.waves == (1, 2, 3)
    row = next(row for row in found.by_domain if row.label == "revenue-cycle")
    assert [cell.text for cell in row.cells] == ["", "", "64"]
    assert sum(int(cell.text or 0) for line in found.by_criticality for cell in line.cells) == 5


def test_dependency_map_adds_up_by_wave_and_counts_what_moves_together() -> None:
    chart = dependency_map(make_plan())
    assert chart is not None
    assert [place.label for place in chart.places] == ["1", "2", "3", "stay", "out"]
    assert chart.total == 9
    assert chart.within == 3  # Library with the directory in wave 1, Claims and Remittance both ways in wave 3
    pair = next(arc for arc in chart.arcs if (arc.consumer, arc.provider) == ("3", "1"))
    assert (pair.dependencies, pair.days_apart) == (2, 35)
    assert pair.shared  # the directory: hidden until asked for
    assert chart.services == ("Active Directory",)
    assert chart.shared == 4
    assert not next(arc for arc in chart.arcs if (arc.consumer, arc.provider) == ("3", "stays")).shared


def test_findings_are_grouped_with_examples_and_the_rest_counted() -> None:
    finding = make_plan().findings[0]
    groups = finding_groups([finding.model_copy(update={"subject": f"tpl-{at}"}) for at in range(30)])
    assert [(group.number, len(group.examples), group.more) for group in groups] == [(30, 12, 18)]


def test_scores_beyond_the_last_band_do_not_break_the_matrix() -> None:
    top = make_application("Top", risk_score=100.0, wave=1, cutover_date=dt.date(2027, 3, 6))
    found = risk(make_plan(applications=(top,), servers=(), dependencies=(), waves=make_plan().waves[:1]))
    assert [cell.text for cell in found.by_criticality[2].cells] == ["", "", "", "", "1"]
