"""Capacity at a price: figures by hand, and that a plan buys it exactly where that is cheaper."""

from __future__ import annotations

from typing import Any

import pytest

from migrate.cli.told_living import tell_edits
from migrate.errors import RequestError
from migrate.readers.wave_table import WaveRow, WaveTable
from migrate.spec.load import parse_spec
from migrate.waves import check_plan, explain, plan_waves, price_extra_capacity, score_plan
from migrate.waves.edits import score_edits
from tests.factories import make_application
from tests.waves.builders import PRICED, Records, planned, random_records, records
from tests.waves.test_links import SHARED, loaded

#: Saturdays from day 61 on: the first date has four weeks of work before it, the others one each.
QUIET: dict[str, Any] = {
    "window": [],
    "freeze": [],
    "site": [{"name": "DC-North"}],
    "link": [],
    "rule": [],
    "costs": {"programme_usd_month": 0},
    "weights": {"split": 0, "double_run": 0, "site_exit": 0, "risk": 0, "wave_usd": 1_000},
}
CREW = {"skill": "linux", "hours_week": 10, "overtime_hours_week": 5, "overtime_usd_hour": 30.0}


def crewed(crew: list[dict[str, Any]], **linux_h: float) -> Records:
    applications = [make_application(name, crew_h={"linux": hours}) for name, hours in linux_h.items()]
    return records(applications, **QUIET, crew=crew, waves={"pathfinders": 0, "max_waves": 4})


def sized(price: float, **servers: int) -> Records:
    applications = [make_application(name, moving_servers=number, crew_h={}) for name, number in servers.items()]
    waves = {"pathfinders": 0, "max_servers": 20, "usual_servers": 12, "over_usual_usd_server": price}
    return records(applications, **QUIET, crew=[], waves={**waves, "max_waves": 4})


def solved(given: Records) -> tuple[dict[str, int], Any]:
    result = plan_waves(*given, iterations=20_000)
    return dict(result.assignment), result


@pytest.mark.parametrize(("price", "waves", "usd"), [(99.0, 1, 990.0), (101.0, 2, 0.0)])
def test_overtime_is_worked_exactly_when_it_is_cheaper_than_another_wave(price: float, waves: int, usd: float) -> None:
    # 40 regular hours on the first date and 10 on each other; another wave costs 1,000 USD, ten hours of overtime do not
    given = crewed([{**CREW, "overtime_usd_hour": price}], A=40, B=10)
    assignment, result = solved(given)
    assert len(set(assignment.values())) == waves
    terms = result.solution.objective
    assert (terms.extra_capacity, terms.total) == (usd, usd + 1_000 * waves)
    assert [sum(item.usd for item in row.extra_capacity) for row in result.waves] == [usd, 0.0][:waves]
    assert check_plan(planned(given, dict(assignment))) == ()


@pytest.mark.parametrize(("price", "waves"), [(124.0, 1), (126.0, 2)])
def test_a_wave_is_larger_than_usual_exactly_when_it_is_cheaper_than_another_wave(price: float, waves: int) -> None:
    assignment, result = solved(sized(price, A=11, B=9))  # eight servers too many
    assert len(set(assignment.values())) == waves
    assert result.solution.objective.extra_capacity == (8 * price if waves == 1 else 0.0)


def test_one_unit_is_told_in_the_singular() -> None:
    (cost,) = price_extra_capacity(planned(sized(99.0, A=13), {"A": 1}))
    assert cost.message == "Wave 1 needs 1 server beyond the usual 12: 99 USD (waves.usual_servers)"
    hour = price_extra_capacity(planned(crewed([CREW], A=41), {"A": 1}))[0]
    assert hour.message == "Wave 1 needs 1 linux hour of overtime: 30 USD (crew linux)"
    (over,) = check_plan(planned(sized(99.0, A=21), {"A": 1}))
    assert "needs 21 servers and has 20 servers" in over.message


def test_of_two_crews_the_cheaper_overtime_comes_first_and_its_end_is_a_hard_limit() -> None:
    other = {"skill": "linux", "hours_week": 5, "overtime_hours_week": 2, "overtime_usd_hour": 20.0}
    given = crewed([CREW, other], A=60, B=11, C=18)
    # four weeks: 60 regular hours, then 8 at 20 USD, then 20 at 30 USD
    assert score_plan(planned(given, {"A": 1, "B": 1, "C": 2})).extra_capacity == 8 * 20 + 3 * 30 + 2 * 20 + 1 * 30
    (first, second) = price_extra_capacity(planned(given, {"A": 1, "B": 1, "C": 2}))
    assert first.message == "Wave 1 needs 11 linux hours of overtime: 250 USD (crew linux)"
    assert (second.rule, second.wave, second.amount, second.usd) == ("crew linux", 2, 3.0, 70.0)
    over = check_plan(planned(given, {"A": 1, "B": 1, "C": 1}))
    assert [(item.rule, item.amount, item.limit) for item in over] == [("crew linux", 89.0, 88.0)]


def soft(price: float, **data_gib: float) -> Records:
    given = loaded(**data_gib)
    link = given.spec.link[0].model_copy(update={"overflow_usd_gib": price})
    return given._replace(spec=given.spec.model_copy(update={"link": (link,)}))


def test_what_a_line_cannot_carry_goes_another_way() -> None:
    # as with a hard line (test_links): 765 GiB of which 760 fit, after what the waves in flight have left
    given = soft(2.0, A=500, B=700, C=450)
    plan = planned(given, {"A": 1, "B": 2, "C": 3})
    assert check_plan(plan) == ()
    assert score_plan(plan).extra_capacity == pytest.approx(10.0, abs=0.01)
    (cost,) = price_extra_capacity(plan)
    assert (cost.rule, cost.wave) == ("link DC-North", 3)
    assert cost.amount == pytest.approx(5.0, abs=0.01)
    assert cost.message == "Wave 3 needs 5 GiB more than the link of DC-North can have replicated: 10 USD (link DC-North)"
    # an application larger than the line ever carries: 14 days × 100 GiB, and 2,000 that go another way
    assert score_plan(planned(soft(2.0, A=2_000), {"A": 3})).extra_capacity == pytest.approx(2 * 2_000, abs=0.01)


@pytest.mark.parametrize(("price", "waves"), [(0.1, 1), (10.0, 2)])
def test_a_line_is_overfilled_exactly_when_it_is_cheaper_than_a_later_wave(price: float, waves: int) -> None:
    applications = [make_application(name, data_gib=800.0) for name in "AB"]  # 1,360 GiB each; the line has 1,400 a wave
    link = [{**SHARED["link"][0], "overflow_usd_gib": price}]
    assignment, result = solved(records(applications, **{**SHARED, **QUIET, "link": link}))
    assert len(set(assignment.values())) == waves
    assert result.solution.objective.extra_capacity == pytest.approx(1_320 * price if waves == 1 else 0.0, abs=0.01)


def test_explain_says_which_capacity_another_wave_would_need() -> None:
    given = crewed([CREW], A=40, B=10)
    given = given._replace(spec=given.spec.model_copy(update={"lines": {"crew linux": 12}}))
    told = explain(planned(given, {"A": 1, "B": 2}), "B")
    assert [cost.message for cost in told.alternatives[0].extra] == [
        "Wave 1 needs 10 linux hours of overtime: 300 USD (crew linux)"
    ]
    assert told.alternatives[0].extra[0].line == 12
    assert told.alternatives[0].difference.extra_capacity == 300.0
    assert told.alternatives[1].extra == ()


def test_an_edit_is_scored_with_what_its_waves_then_buy(capsys: pytest.CaptureFixture[str]) -> None:
    plan = planned(crewed([CREW], A=40, B=10), {"A": 1, "B": 2})
    row = WaveRow(source="t.csv:2", application_id=None, application="B", wave=1, dates=(), why="")
    scored = score_edits(plan, WaveTable(label="t.csv", rows=(row,), findings=()))
    assert [cost.message for cost in scored.extra] == ["Wave 1 needs 10 linux hours of overtime: 300 USD (crew linux)"]
    assert scored.difference.extra_capacity == 300.0
    tell_edits(scored)
    assert "10 linux hours of overtime" in " ".join(capsys.readouterr().out.split())


def test_costs_of_waves_add_up_to_the_term() -> None:
    given = random_records(4, **PRICED)
    plan = planned(given, dict(plan_waves(*given, iterations=5_000).assignment))
    costs = price_extra_capacity(plan)
    assert {cost.rule for cost in costs} >= {"crew linux"}
    assert sum(cost.usd for cost in costs) == pytest.approx(score_plan(plan).extra_capacity, abs=0.01 * len(costs))


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[crew]]\nskill = "linux"\nhours_week = 9\novertime_hours_week = 3', "`overtime_usd_hour`: give both or neither"),
        ('[[crew]]\nskill = "linux"\nhours_week = 9\novertime_usd_hour = 3', "`overtime_hours_week` and"),
        ("[waves]\nusual_servers = 9", "`over_usual_usd_server`: give both or neither"),
        ("[waves]\nusual_servers = 150\nover_usual_usd_server = 9", "must be below max_servers 150"),
        ('[[link]]\nfrom = "X"\nbandwidth_mbit_s = 1\noverflow_usd_gib = 0', "overflow_usd_gib"),
    ],
)
def test_a_price_without_an_amount_is_refused(text: str, told: str) -> None:
    with pytest.raises(RequestError, match=told) as error:
        parse_spec(f"[plan]\nstart = 2027-01-04\n{text}")
    assert str(error.value).startswith("plan.toml:")
