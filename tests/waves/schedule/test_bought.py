"""What waves buy beyond the usual is used: data leaves the line, and tests are worked in overtime; figures by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.model.plan import PlannedTask
from migrate.waves import plan_waves
from migrate.waves.schedule import timetable
from migrate.waves.schedule.make import schedule_tasks
from tests.factories import make_application
from tests.waves.builders import PRICED, Records, random_records, records
from tests.waves.schedule.test_timetable import NO_SHRINK, STILL, both, times_of
from tests.waves.test_links import SHARED

#: 1,400 GiB of a wave's 14 days; each GiB is sent 1.7 times. No crew, so that nothing else holds anything up.
LINE: dict[str, Any] = {
    **SHARED,
    "link": [{**SHARED["link"][0], "overflow_usd_gib": 1.5}],
    "waves": {**SHARED["waves"], "max_waves": 1},
    "crew": [],
    "simulation": STILL,
}


def tasks_of(given_records: Records, task: str) -> dict[str, PlannedTask]:
    tasks, _ = both(times_of(given_records)[0])
    return {item.application: item for item in tasks.tasks if item.task == task}


def sized(**data_gib: float) -> Records:
    return records([make_application(name, data_gib=gib, failure_probability=0.0) for name, gib in data_gib.items()], **LINE)


def test_what_goes_another_way_leaves_the_line() -> None:
    # 1,700 + 680 + 340 GiB, of which 1,320 are bought: 340 of Small, 680 of Middle, 300 of Large; 1,400 stay on the line
    found, scheduled = times_of(sized(Large=1_000, Middle=400, Small=200))
    sent = dict(zip((item.application for item in scheduled.work.applications), scheduled.work.transfer_gib[:, 0], strict=True))
    assert sent == {"Large": pytest.approx(1_400, abs=0.01), "Middle": 0.0, "Small": 0.0}
    tasks, outlook = both(found)
    assert [(t.application, t.float_days >= 0) for t in tasks.tasks if t.task == "test"] == [
        ("Large", False),
        ("Middle", True),
        ("Small", True),
    ]
    assert max(task.end for task in tasks.tasks if task.task == "replicate") <= outlook.waves[0].date
    assert outlook.waves[0].on_time == pytest.approx(2 / 3, abs=1e-3)
    (late,) = (finding for finding in found.findings if finding.code == "date-not-held")
    assert "1 of 3 applications" in late.message
    assert late.message.endswith("by up to 4 days: Large")
    assert "send about 400 GiB more of DC-North by device or burst line, or pin them" in late.remedy


def test_what_waits_for_crews_asks_for_no_larger_device() -> None:
    given_records = sized(Large=1_000, Middle=400, Small=200)
    found, _ = times_of(given_records, crew=[{"skill": "linux", "hours_week": 1}])
    (late,) = (finding for finding in found.findings if finding.code == "date-not-held")
    assert "3 of 3 applications" in late.message
    assert "send about 400 GiB more of DC-North by device or burst line, or pin them" in late.remedy


def test_a_line_that_has_room_sends_what_it_did() -> None:
    dear, hard = (
        tasks_of(given_records, "replicate")
        for given_records in (
            sized(A=300, B=200),
            records(
                [make_application(name, data_gib=gib, failure_probability=0.0) for name, gib in (("A", 300), ("B", 200))],
                **{**LINE, "link": SHARED["link"]},
            ),
        )
    )
    assert dear == hard
    assert dear["A"].end - dear["A"].start == dt.timedelta(days=6)  # 510 GiB, and a day to prepare


@settings(max_examples=6, deadline=None, phases=NO_SHRINK)
@given(st.integers(0, 10_000))
def test_by_the_cutover_the_lines_have_sent_what_was_not_bought(seed: int) -> None:
    both_priced = [{**link, "overflow_usd_gib": 0.37} for link in PRICED["link"]]
    _, scheduled = times_of(random_records(seed, rule=[], **{**PRICED, "link": both_priced}))
    work, placed = scheduled.work, scheduled.placed
    data = work.footprint.data_gib * (1 + 0.03 * 14)
    for row in range(len(work.waves)):
        members = work.row == row
        left = np.maximum(data[members].sum(axis=0) - work.another_way_gib[row], 0.0)
        assert work.transfer_gib[members].sum(axis=0) == pytest.approx(left, abs=0.05)
    assert (work.transfer_gib <= data + 1e-9).all()
    assert (placed.replicated - 1.0 <= work.date[work.row] + 0.01).all()


CREW = {"skill": "linux", "hours_week": 2, "overtime_hours_week": 40, "overtime_usd_hour": 45.0}


def overtime(amount: float | None) -> tuple[Any, list[Any], Any]:
    """The test, findings and outlook of one application of 20 hours that finds 8 regular ones and buys 12, or is given less."""
    application = make_application("Only", data_gib=10.0, crew_h={"linux": 20.0}, failure_probability=0.0)
    limits = {"pathfinders": 0, "first_after_days": 30, "max_waves": 1}
    found = records([application], window=[], freeze=[], rule=[], crew=[CREW], waves=limits, simulation=STILL)
    result = plan_waves(*found, iterations=100)
    (wave,) = result.waves
    (item,) = wave.extra_capacity
    assert item.amount == 12.0
    if amount is not None:
        wave = wave.model_copy(update={"extra_capacity": (item.model_copy(update={"amount": amount}),) if amount else ()})
    placed = (application.model_copy(update={"wave": 1}),)
    times = timetable(found.servers, placed, (), result.candidates, (wave,), result.spec)
    tasks, outlook = both(times)
    (test,) = (task for task in tasks.tasks if task.task == "test")
    return test, times.findings, outlook


def test_a_test_is_worked_in_the_overtime_that_its_wave_has_bought() -> None:
    test, findings, outlook = overtime(None)
    assert test.float_days >= 0
    assert outlook.waves[0].on_time == 1.0
    assert "date-not-held" not in {finding.code for finding in findings}
    without, findings, outlook = overtime(0.0)
    assert without.float_days < 0
    assert outlook.waves[0].on_time == 0.0
    assert "overtime" not in next(finding.remedy for finding in findings if finding.code == "date-not-held")


def test_a_test_gets_no_more_overtime_than_cutover_and_hypercare_leave_of_what_was_bought() -> None:
    # cutover and validation: 7 hours in a week that has 2 regular ones; hypercare: 3 in a week that has 2
    ends = {amount: overtime(amount)[0].end for amount in (0.0, 6.0, 7.0, 8.0, 12.0)}
    assert ends[0.0] == ends[6.0] > ends[7.0] > ends[8.0] > ends[12.0]
    remedy = next(finding.remedy for finding in overtime(7.0)[1] if finding.code == "date-not-held")
    assert "let its linux crew work more than 7 hours of overtime, or pin" in remedy


def test_tests_that_are_in_time_without_overtime_stay_where_they_are() -> None:
    roomy = random_records(3, rule=[], crew=[{"skill": "linux", "hours_week": 4_000}], waves={"max_waves": 4, "pathfinders": 0})
    result = plan_waves(*roomy, iterations=1_000)
    placed = tuple(item.model_copy(update={"wave": result.assignment.get(item.application)}) for item in roomy.applications)
    parts = (roomy.servers, placed, roomy.dependencies, result.candidates)
    extra = [{"rule": "crew linux", "key": "", "what": "hours", "amount": 500.0, "usd_each": 1.0, "usd": 500.0}]
    bought = tuple(type(wave).model_validate({**wave.model_dump(), "extra_capacity": extra}) for wave in result.waves)
    one, two = (schedule_tasks(*parts, waves, result.spec) for waves in (result.waves, bought))
    assert one is not None
    assert two is not None
    assert one.plan == two.plan
