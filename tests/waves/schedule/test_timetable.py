"""Tasks keep their order and their resources, float says what it means, and simulated dates are ordered and repeatable."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from migrate.model.plan import Earlier, EarlierApplication, Outlook, Plan, TaskPlan
from migrate.spec.durations import TASKS
from migrate.waves import plan_waves
from migrate.waves.schedule import Timetable, timetable
from migrate.waves.schedule.make import Scheduled, schedule_tasks
from migrate.waves.schedule.outlook import default_runs
from tests.factories import make_application, make_spec
from tests.waves.builders import Records, random_records, records

NO_SHRINK = (Phase.explicit, Phase.reuse, Phase.generate)  # an example takes a tenth of a second
STILL = {"low": 1.0, "high": 1.0, "failure_factor": 0.0, "link_low": 1.0, "runs": 20}
CREWS = [{"skill": "linux", "hours_week": 80}, {"skill": "windows", "hours_week": 80}]
ROOM = [{"skill": "linux", "hours_week": 5_000}, {"skill": "windows", "hours_week": 5_000}]


def times_of(given_records: Records, **tighter: Any) -> tuple[Timetable, Scheduled]:
    """The timetable of what the planner makes of the records, and the arrays behind it.

    `tighter` are sections of the request that the planner has not seen: it keeps the rules that it knows.
    """
    result = plan_waves(*given_records, iterations=3_000)
    sections = {name: getattr(make_spec(**{name: value}), name) for name, value in tighter.items()}
    spec = result.spec.model_copy(update=sections)
    applications = tuple(
        item.model_copy(update={"wave": result.assignment.get(item.application)}) for item in given_records.applications
    )
    parts = (given_records.servers, applications, given_records.dependencies, result.candidates, result.waves, spec)
    scheduled = schedule_tasks(*parts)
    assert scheduled is not None
    return timetable(*parts), scheduled


def roomy(seed: int) -> Records:
    """Applications without rules, planned with crews that are large enough."""
    return random_records(seed, rule=[], waves={"max_servers": 60, "max_waves": 20, "pathfinders": 0}, crew=ROOM)


def both(found: Timetable) -> tuple[TaskPlan, Outlook]:
    assert found.tasks is not None
    assert found.outlook is not None
    return found.tasks, found.outlook


@settings(max_examples=12, deadline=None, phases=NO_SHRINK)
@given(st.integers(0, 10_000), st.sampled_from([20, 80, 2_000]), st.sampled_from([50, 2_000]))
def test_tasks_follow_each_other_and_take_no_more_than_there_is(seed: int, hours: int, mbit_s: int) -> None:
    crews = [{"skill": "linux", "hours_week": hours}, {"skill": "windows", "hours_week": hours}]
    links = [{"from": site, "bandwidth_mbit_s": mbit_s} for site in ("DC-North", "DC-South")]
    found, scheduled = times_of(roomy(seed), crew=crews, link=links)
    tasks, outlook = both(found)
    by_application: dict[str, dict[str, Any]] = {}
    for task in tasks.tasks:
        by_application.setdefault(task.application, {})[task.task] = task
    dates = {wave.wave: wave.date for wave in tasks.waves}
    for chain in by_application.values():
        assert tuple(chain) == TASKS
        assert all(task.start <= task.end for task in chain.values())
        assert chain["replicate"].end < chain["test"].start
        assert chain["cutover"].start == chain["cutover"].end == dates[chain["cutover"].wave] == chain["validate"].start
        assert chain["validate"].starts_h >= chain["cutover"].starts_h + chain["cutover"].duration_h - 1e-3
        assert chain["hypercare"].start > chain["cutover"].start or chain["hypercare"].start == chain["decommission"].start
        assert chain["decommission"].start >= chain["hypercare"].end
        assert chain["test"].float_days == (chain["cutover"].start - chain["test"].end).days - 1
        late = chain["test"].end >= chain["cutover"].start
        assert late == (chain["test"].float_days < 0)
    wanted = {wave.wave for wave in tasks.waves if wave.ready >= wave.date}
    assert {f"wave {wave}" for wave in wanted} == {f.subject for f in found.findings if f.code == "date-not-held"}
    assert tasks.end == max(task.end for task in tasks.tasks)
    for wave, ahead in zip(tasks.waves, outlook.waves, strict=True):
        for dates_of in (ahead.cutover, ahead.closed):
            assert dates_of.p50 <= dates_of.p80 <= dates_of.p95
        assert ahead.cutover.p50 >= wave.date
        assert ahead.whole <= ahead.on_time
        assert wave.night_h >= wave.night_bound_h
    assert outlook.end.p50 <= outlook.end.p80 <= outlook.end.p95
    assert list(outlook.end_by) == sorted(outlook.end_by)
    assert scheduled.placed.overload.min(initial=0.0) >= 0.0


def test_crews_never_work_more_on_a_day_than_they_have() -> None:
    _, scheduled = times_of(roomy(4), crew=CREWS)
    work, placed = scheduled.work, scheduled.placed
    spent = np.zeros((len(work.skills), work.days))
    share = 0.30
    for i in range(len(work.applications)):
        days = [d for d in range(placed.test_start[i], placed.test_end[i] + 1) if work.working[d]]
        # evenly is not how it was worked, but in all of its days together it cannot have been more than there was
        spent[:, days] += (share * work.hours[i] / len(days))[:, None]
    total, capacity = spent.sum(axis=1), 16.0 * work.working.sum()
    assert (total <= capacity).all()
    assert not spent[:, ~work.working].any()


@settings(max_examples=8, deadline=None, phases=NO_SHRINK)
@given(st.integers(0, 10_000))
def test_without_spread_the_simulated_dates_are_the_planned_ones(seed: int) -> None:
    found, _ = times_of(roomy(seed), simulation=STILL)
    tasks, outlook = both(found)
    assert {wave.float_days >= 0 for wave in tasks.waves} <= {True, False}
    assert outlook.end.p50 == outlook.end.p95 == outlook.planned_end == tasks.end
    for wave, ahead in zip(tasks.waves, outlook.waves, strict=True):
        assert ahead.cutover.p50 == ahead.cutover.p95 == wave.date
        assert ahead.closed.p50 == ahead.closed.p95 == wave.closed
        assert ahead.on_time == ahead.whole == 1.0
    assert set(outlook.causes.values()) == {0.0}


def test_the_same_seed_gives_the_same_bytes_and_another_one_does_not() -> None:
    one, two = (both(times_of(roomy(3))[0]) for _ in range(2))
    assert [part.model_dump_json() for part in one] == [part.model_dump_json() for part in two]
    other = both(times_of(roomy(3), plan={"name": "x", "start": "2027-01-04", "seed": 99})[0])
    assert other[1].causes != one[1].causes


def single(**sections: Any) -> Records:
    application = make_application(
        "Only", servers=4, moving_servers=4, data_gib=400.0, crew_h={"linux": 20.0}, failure_probability=0.0, wave=None
    )
    sections.setdefault("waves", {"pathfinders": 0, "first_after_days": 30, "max_waves": 10})
    return records([application], **sections)


def test_a_slow_link_makes_the_test_late_and_a_finding_says_so() -> None:
    slow = [{"from": site, "bandwidth_mbit_s": 4.4, "usable_share": 1.0} for site in ("DC-North", "DC-South")]
    found, _ = times_of(single(), link=slow)
    tasks, _ = both(found)
    assert tasks.waves[0].ready >= tasks.waves[0].date
    assert any(finding.code == "date-not-held" and "Only" in finding.message for finding in found.findings)
    assert not [f for f in times_of(single())[0].findings if f.code == "date-not-held"]


def test_a_crew_with_too_few_hours_is_told_with_its_week() -> None:
    found, _ = times_of(single(), crew=[{"skill": "linux", "hours_week": 5}])
    told = [finding for finding in found.findings if finding.code == "crew-overloaded"]
    assert [finding.subject for finding in told] == ["linux"]
    assert "of 5" in told[0].message
    more = [{"skill": "linux", "hours_week": 5, "overtime_hours_week": 95, "overtime_usd_hour": 40}]
    assert not [finding for finding in times_of(single(), crew=more)[0].findings if finding.code == "crew-overloaded"]


@pytest.mark.parametrize("days", [0.0, 10.0])
def test_without_crews_links_and_sites_nothing_holds_anything_up(days: float) -> None:
    limits = {"pathfinders": 0, "max_waves": 10, "hypercare_days": days}
    found, _ = times_of(single(crew=[], link=[], site=[], waves=limits))
    tasks, outlook = both(found)
    assert [finding.code for finding in found.findings] == []
    assert outlook.leases == ()
    assert {task.float_days >= 0 for task in tasks.tasks} == {True}


@pytest.mark.parametrize(
    "kind", [{"before": {"first": "A", "then": "B"}, "within_days": 30}, {"within": {"of": ["A", "B"], "days": 30}}]
)
def test_a_cutover_floats_no_further_than_rules_let_it_from_others(kind: dict[str, Any]) -> None:
    pins = [{"application": name, "wave": wave, "why": "agreed"} for name, wave in (("A", 2), ("B", 4), ("Z", 12))]
    three = [make_application(name) for name in "ABZ"]
    waves = {"pathfinders": 0, "max_waves": 12}
    free, bound = (
        both(times_of(records(three, window=[], freeze=[], pin=pins, waves=waves), pin=[], rule=rules)[0])[0].waves
        for rules in ([], [{"id": "r", **kind}])
    )
    assert [wave.float_days for wave in free] == [56, 49, 0]
    assert [wave.float_days for wave in bound] == [21, 14, 0]  # B to wave 6 and no further, A before it


def test_nothing_that_moves_has_no_timetable() -> None:
    empty = timetable((), (), (), (), (), make_spec())
    assert (empty.tasks, empty.outlook, empty.findings) == (None, None, [])


def test_a_night_that_is_longer_than_its_window_is_told() -> None:
    window = [{"id": "short", "days": ["sat"], "hours": "22:00-23:00"}]
    found, _ = times_of(single(window=window))
    assert [finding.subject for finding in found.findings if finding.code == "night-too-short"] == ["wave 1"]


def test_failures_put_off_and_only_them_when_nothing_else_varies() -> None:
    application = make_application("Only", servers=4, moving_servers=4, crew_h={"linux": 4.0}, failure_probability=0.3, wave=None)
    simulation = {**STILL, "failure_factor": 1.0, "runs": 4_000}
    found, _ = times_of(records([application], simulation=simulation, waves={"pathfinders": 0, "max_waves": 10}))
    _, outlook = both(found)
    assert outlook.waves[0].on_time == pytest.approx(0.7, abs=0.03)
    assert outlook.waves[0].cutover.p50 == outlook.waves[0].date
    assert outlook.waves[0].cutover.p80 >= outlook.waves[0].date + dt.timedelta(days=7)
    assert outlook.causes["failed cutovers"] > 0.0
    assert outlook.causes["durations"] == outlook.causes["link"] == outlook.causes["turnover"] == 0.0


def test_what_an_earlier_plan_has_cut_over_neither_fails_nor_varies() -> None:
    application = make_application("Only", servers=4, moving_servers=4, crew_h={"linux": 4.0}, failure_probability=0.5, wave=None)
    given_records = records([application], waves={"pathfinders": 0, "max_waves": 10})
    result = plan_waves(*given_records, iterations=100)
    placed = (application.model_copy(update={"wave": result.assignment["Only"]}),)
    date = result.dates[result.assignment["Only"]]
    earlier = Earlier(
        sha256="0" * 64,
        as_of=date + dt.timedelta(days=1),
        candidates=tuple(candidate.date for candidate in result.candidates),
        applications=(EarlierApplication(application="Only", date=date, state="done"),),
    )
    parts = (given_records.servers, placed, (), result.candidates, result.waves, result.spec)
    tasks, outlook = both(timetable(*parts, earlier))
    assert outlook.waves[0].on_time == outlook.waves[0].whole == 1.0
    assert outlook.end.p50 == outlook.end.p95 == tasks.end
    assert both(timetable(*parts))[1].waves[0].on_time < 0.7


def test_people_who_leave_make_tests_late() -> None:
    staff = {"transfer_date": "2027-01-20", "leaving_share": 0.9, "settling_weeks": 30}
    simulation = {**STILL, "runs": 500}
    crew = [{"skill": "linux", "hours_week": 400}]
    found, _ = times_of(single(staff=staff, simulation=simulation, crew=crew))
    calm, _ = times_of(single(simulation=simulation, crew=crew))
    assert both(found)[1].end.p80 > both(calm)[1].end.p80
    assert both(found)[1].causes["turnover"] > 0.0


def test_a_lease_that_four_fifths_of_the_runs_do_not_hold_is_told() -> None:
    sites = [{"name": "DC-North", "lease_end": "2027-02-20"}, {"name": "DC-South"}]
    found, _ = times_of(single(site=sites))
    tasks, outlook = both(found)
    assert [lease.site for lease in outlook.leases] == ["DC-North"]
    assert outlook.leases[0].held < 0.8
    assert {"lease-at-risk"} <= {finding.code for finding in found.findings}
    assert tasks.waves[0].date <= dt.date(2027, 2, 20)


def test_runs_get_fewer_where_there_are_very_many_applications() -> None:
    assert default_runs(100) == default_runs(500) == 10_000
    assert default_runs(5_000) == 1_000
    assert default_runs(1_000_000) == 500


def test_the_sample_has_a_path_from_its_first_replication_to_its_last_decommission(health12: Plan) -> None:
    tasks = health12.tasks
    assert tasks is not None
    path = tasks.critical_path
    assert path[0].task == "replicate"
    assert path[-1].task == "decommission"
    assert path[-1].end == tasks.end
    assert [step.start for step in path] == sorted(step.start for step in path)
    cutovers = [step.wave for step in path if step.task == "cutover"]
    assert cutovers == [wave.wave for wave in tasks.waves]
    critical = {(task.application, task.task) for task in tasks.tasks if task.critical}
    assert critical == {(step.application, step.task) for step in path}
    assert len(tasks.tasks) == 6 * sum(len(wave.applications) for wave in health12.waves)
    hours = sum(task.crew_h for task in tasks.tasks)
    assert hours == pytest.approx(sum(sum(wave.crew_h.values()) for wave in health12.waves), rel=1e-6)


def test_hours_of_a_night_are_those_of_the_runbooks(health12: Plan) -> None:
    from migrate.runbooks.durations import ApplicationHours

    assert health12.tasks is not None
    servers = {item.application: item.moving_servers for item in health12.applications}
    for task in health12.tasks.tasks:
        if task.task in ("cutover", "validate"):
            assert task.duration_h is not None
            hours = ApplicationHours(servers[task.application], 0, 0.0, None, 8.0)
            told = hours.validate.likely if task.task == "validate" else hours.cutover.likely - hours.validate.likely
            assert abs(task.duration_h - told) <= 1.0 / 12  # nights are planned in steps of five minutes
