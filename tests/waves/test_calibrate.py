from __future__ import annotations

import datetime as dt

from migrate.model.plan import PlannedTask, TaskPlan
from migrate.readers.actuals import Actual, Actuals
from migrate.waves.calibrate import calibrate
from tests.factories import make_plan, make_spec

START = dt.datetime.combine(dt.date(2027, 3, 1), dt.time(22))


def took(task: str, hours: float, number: int) -> Actual:
    return Actual(f"App {number}", task, START, START + dt.timedelta(hours=hours), f"actuals.csv:{number + 2}")


def test_lead_times_are_what_four_of_five_kept() -> None:
    rows = [took("replicate", 24.0 * days, number) for number, days in enumerate((4, 5, 9, 6, 7))]
    spec, findings = calibrate(make_spec(), Actuals(tuple(rows)), make_plan())
    assert spec.waves.replication_days == 7.0
    assert [finding.subject for finding in findings] == ["waves.replication_days"]


def test_two_measurements_change_nothing_and_a_running_task_is_none() -> None:
    running = Actual("App 3", "hypercare", START, None, "")
    rows = [took("hypercare", 240.0, 1), took("hypercare", 240.0, 2), running]
    assert calibrate(make_spec(), Actuals(tuple(rows)), make_plan()) == (make_spec(), [])


def test_tasks_of_a_night_are_scaled_by_measured_over_planned() -> None:
    night = dt.date(2027, 3, 6)

    def planned(number: int) -> PlannedTask:
        return PlannedTask(
            application=f"App {number}",
            wave=1,
            task="cutover",
            start=night,
            end=night,
            crew_h=1.0,
            float_days=0,
            critical=False,
            starts_h=0.0,
            duration_h=2.0,
        )

    tasks = TaskPlan(tasks=tuple(planned(number) for number in range(3)), waves=(), critical_path=(), end=night)
    rows = [took("cutover", hours, number) for number, hours in enumerate((2.0, 3.0, 4.0))]
    spec = make_spec()
    made, findings = calibrate(spec, Actuals(tuple(rows)), make_plan(tasks=tasks))
    assert made.durations.cutover_h == 2.0 * spec.durations.cutover_h
    assert made.durations.cutover_server_h == 2.0 * spec.durations.cutover_server_h
    assert made.durations.validate_h == spec.durations.validate_h
    assert {finding.code for finding in findings} == {"duration-measured"}
