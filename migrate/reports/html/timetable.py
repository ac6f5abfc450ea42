"""The timetable of the page: tasks of every wave on a time axis, how far their ends scatter, and the critical path."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from dataclasses import dataclass

from migrate.model.plan import DatePercentiles, Outlook, Plan, PlannedTask, TaskPlan
from migrate.reports.html.axes import Tick, TimeAxis
from migrate.reports.html.gantt import Bar
from migrate.reports.numerals import count, day, percent

__all__ = ["Stretch", "Timetable", "WaveRow", "timetable"]

_KINDS = (
    ("replicate", "replication", "Replication"),
    ("test", "testing", "Test launches"),
    ("hypercare", "hyper", "Hypercare"),
    ("decommission", "leaving", "Decommission"),
)
_CAUSES = {
    "durations": "tasks that take longer than likely",
    "failed cutovers": "failed cutovers",
    "link": "a slower link",
    "turnover": "people who leave",
}


@dataclass(frozen=True)
class Stretch:
    """A bar of one kind."""

    kind: str
    bar: Bar


@dataclass(frozen=True)
class WaveRow:
    """One wave: its tasks, its cutover, and between which dates its end falls."""

    wave: int
    date: str
    stretches: tuple[Stretch, ...]
    cutover: float
    scatter: Bar | None  # from the median to the 95th percentile of its end
    likely: float | None  # 80th percentile
    critical: bool
    tip: str


@dataclass(frozen=True)
class Timetable:
    """All of the section."""

    ticks: tuple[Tick, ...]
    rows: tuple[WaveRow, ...]
    sentences: tuple[str, ...]
    end: Bar | None  # the programme's, from its earliest to its latest simulated twentieth
    end_marks: tuple[Tick, ...]


def timetable(plan: Plan) -> Timetable | None:
    """Place the tasks of a plan; None when the plan has none."""
    tasks, outlook = plan.tasks, plan.outlook
    if tasks is None or not tasks.waves:
        return None
    by_wave: dict[int, list[PlannedTask]] = defaultdict(list)
    for task in tasks.tasks:
        by_wave[task.wave].append(task)
    first = min(task.start for task in tasks.tasks).replace(day=1)
    last = max([tasks.end, *([ahead.closed.p95 for ahead in outlook.waves] if outlook else [])])
    axis = TimeAxis(first, last + dt.timedelta(days=14))
    rows = tuple(_row(tasks, row, by_wave[tasks.waves[row].wave], outlook, axis) for row in range(len(tasks.waves)))
    end = None
    if outlook:
        low, high = outlook.end_by[1], outlook.end_by[-2]
        end = _bar(axis, low, high, f"Nine tenths of {outlook.runs:,} simulated runs end in this time")
    marks = (
        tuple(
            Tick(axis.at(date), f"{share} of the runs have ended by {day(date)}")
            for share, date in (("Half", outlook.end.p50), ("Four fifths", outlook.end.p80))
        )
        if outlook
        else ()
    )
    return Timetable(axis.ticks(), rows, tuple(_sentences(tasks, outlook)), end, marks)


def _row(tasks: TaskPlan, row: int, own: list[PlannedTask], outlook: Outlook | None, axis: TimeAxis) -> WaveRow:
    timing = tasks.waves[row]
    stretches = []
    for task, kind, label in _KINDS:
        spans = [(item.start, item.end) for item in own if item.task == task]
        begin, end = min(start for start, _ in spans), max(end for _, end in spans)
        stretches.append(Stretch(kind, _bar(axis, begin, end, label)))
    closed = None if outlook is None else outlook.waves[row].closed
    told = "" if outlook is None else _told(outlook.waves[row].on_time, outlook.waves[row].cutover, closed)
    return WaveRow(
        wave=timing.wave,
        date=day(timing.date),
        stretches=tuple(stretches),
        cutover=axis.at(timing.date),
        scatter=None if closed is None else _bar(axis, closed.p50, closed.p95, "Half to nineteen twentieths of the runs close"),
        likely=None if closed is None else axis.at(closed.p80 + dt.timedelta(days=1)),
        critical=timing.float_days <= 0,
        tip=f"Wave {timing.wave}: cutover {day(timing.date)}, {timing.night_h:.1f} of {timing.window_h:g} hours\n"
        f"Last test ends {day(timing.ready)}, last decommission {day(timing.closed)}\n"
        f"Float of the cutover: {count(timing.float_days, 'day')}{told}",
    )


def _told(on_time: float, cutover: DatePercentiles, closed: DatePercentiles | None) -> str:
    text = f"\n{percent(on_time)} of its applications are on time; its last one is cut over by {day(cutover.p80)} (P80)"
    return (
        text if closed is None else f"{text}\nClosed by {day(closed.p50)} (P50), {day(closed.p80)} (P80), {day(closed.p95)} (P95)"
    )


def _bar(axis: TimeAxis, first: dt.date, last: dt.date, label: str) -> Bar:
    at = axis.at(first)
    return Bar(at, round(max(axis.at(last + dt.timedelta(days=1)) - at, 0.0), 3), f"{label}: {day(first)} to {day(last)}")


def _sentences(tasks: TaskPlan, outlook: Outlook | None) -> list[str]:
    said = [f"As planned the last decommission ends on {day(tasks.end)}."]
    if outlook is None:
        return said
    said.append(
        f"Of {outlook.runs:,} simulated runs half have ended by {day(outlook.end.p50)}, four fifths by {day(outlook.end.p80)} "
        f"and nineteen twentieths by {day(outlook.end.p95)}."
    )
    worst = sorted(((days, name) for name, days in outlook.causes.items() if days >= 0.5), reverse=True)
    if worst:
        alone = ", ".join(f"{_CAUSES.get(name, name)} {days:.0f} days" for days, name in worst)
        said.append(f"What alone would move the end, on average: {alone}.")
    return said
