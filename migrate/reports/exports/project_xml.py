"""Microsoft Project XML (MSPDI): a summary task for each wave, in it one for each application, in that its tasks.

A plan that was made before tasks were scheduled has the wave's dates instead: replication, cutover, hypercare, decommission.

Elements and their order: "Project Elements and XML Structure" and "Task Elements and XML Structure" of Microsoft's Project 2007
XML Data Interchange Schema, which later versions read. All tasks are of fixed duration with the constraint "must start on": the
planner has decided the dates. Days are days of the calendar.
"""

from __future__ import annotations

import datetime as dt
import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

from migrate.files import write_bytes
from migrate.model.plan import Plan, PlannedTask, PlannedWave
from migrate.reports.exports.scope import Scope, wave_name
from migrate.reports.numerals import count

__all__ = ["project_xml", "write_project"]

_SPACE = "http://schemas.microsoft.com/project"
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")  # what XML 1.0 cannot hold
_LONGEST_NAME = 512
_ELAPSED_DAYS, _ELAPSED_HOURS = "8", "6"  # DurationFormat
_MUST_START_ON = "2"
_FINISH_TO_START = "1"


@dataclass(frozen=True)
class _Task:
    name: str
    level: int
    start: dt.datetime
    finish: dt.datetime
    notes: str = ""
    summary: bool = False
    milestone: bool = False
    critical: bool = False
    after: tuple[int, ...] = ()  # UIDs


def write_project(plan: Plan, path: Path, scope: Scope) -> tuple[str, ...]:
    """Write the XML file."""
    write_bytes(path, project_xml(plan, scope))
    return ()


def project_xml(plan: Plan, scope: Scope) -> bytes:
    """The document, as UTF-8."""
    tasks: list[_Task] = []
    planned = _by_application(plan)
    for wave in scope.waves_of(plan):
        if planned:
            _add_tasks(tasks, plan, wave, planned)
        else:
            _add_wave(tasks, plan, wave)
    start = min([task.start for task in tasks], default=dt.datetime.combine(plan.spec.plan.start, dt.time()))
    root = ET.Element("Project", xmlns=_SPACE)
    for name, text in (
        ("SaveVersion", "12"),
        ("Name", plan.spec.plan.name),
        ("Title", f"{plan.spec.plan.name}: migration waves"),
        ("Author", plan.made_by),
        ("CreationDate", _moment(dt.datetime.combine(plan.spec.plan.start, dt.time()))),
        ("ScheduleFromStart", "1"),
        ("StartDate", _moment(start)),
        ("CalendarUID", "1"),
        ("MinutesPerDay", "1440"),
        ("MinutesPerWeek", "10080"),
        ("DaysPerMonth", "30"),
    ):
        ET.SubElement(root, name).text = _legal(text)
    root.append(_calendar())
    parent = ET.SubElement(root, "Tasks")
    for uid, task in enumerate(tasks, start=1):
        parent.append(_element(uid, task))
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"


def _by_application(plan: Plan) -> dict[str, list[PlannedTask]]:
    """The tasks of each application in order of work; empty where none were scheduled."""
    found: dict[str, list[PlannedTask]] = {}
    for task in plan.tasks.tasks if plan.tasks is not None else ():
        found.setdefault(task.application, []).append(task)
    return found


def _add_tasks(tasks: list[_Task], plan: Plan, wave: PlannedWave, planned: dict[str, list[PlannedTask]]) -> None:
    """The wave with its applications and their tasks."""
    window = _window(wave)
    owners = {item.application: item for item in plan.applications}
    inside = [name for name in wave.applications if name in planned]
    spans = {name: [_span(task, window) for task in planned[name]] for name in inside}
    every = [span for name in inside for span in spans[name]]
    begin, end = min((span[0] for span in every), default=window), max((span[1] for span in every), default=window)
    tasks.append(_Task(wave_name(wave.wave), 1, begin, end, notes=_about(wave), summary=True))
    for name in inside:
        item = owners[name]
        notes = f"{count(item.moving_servers, 'server')}; {item.disposition or 'undecided'}; owner {item.owner or 'unknown'}"
        first, last = min(span[0] for span in spans[name]), max(span[1] for span in spans[name])
        tasks.append(_Task(name, 2, first, last, notes=notes, summary=True))
        for number, (task, span) in enumerate(zip(planned[name], spans[name], strict=True)):
            after = (len(tasks),) if number else ()  # the task before it, whose UID is the number of tasks so far
            told = f"{task.crew_h:g} crew hours; {task.float_days} days of float"
            tasks.append(_Task(task.task.capitalize(), 3, *span, notes=told, critical=task.critical, after=after))


def _span(task: PlannedTask, window: dt.datetime) -> tuple[dt.datetime, dt.datetime]:
    """From when to when: by the hour in the night of a cutover, else whole days."""
    if task.starts_h is not None and task.duration_h is not None:
        night = dt.datetime.combine(task.start, window.time()) + dt.timedelta(minutes=round(task.starts_h * 60))
        return night, night + dt.timedelta(minutes=round(task.duration_h * 60))
    return dt.datetime.combine(task.start, dt.time()), dt.datetime.combine(task.end, dt.time()) + dt.timedelta(days=1)


def _window(wave: PlannedWave) -> dt.datetime:
    """The start of the cutover, local time."""
    return dt.datetime.combine(wave.date, dt.time.fromisoformat(wave.starts.partition(" ")[0]))


def _about(wave: PlannedWave) -> str:
    zone = wave.starts.partition(" ")[2] or "UTC"
    inside = f"{count(len(wave.applications), 'application')}, {count(wave.servers, 'server')}"
    return f"{inside}, {wave.data_gib:,.0f} GiB. Times are of {zone}."


def _add_wave(tasks: list[_Task], plan: Plan, wave: PlannedWave) -> None:
    cutover = _window(wave)
    ended = cutover + dt.timedelta(hours=wave.duration_h)
    begin = dt.datetime.combine(wave.replication_start, dt.time())
    end = max(dt.datetime.combine(wave.decommission_date, dt.time()), ended)
    first = len(tasks) + 1  # UID of the summary
    tasks.append(_Task(wave_name(wave.wave), 1, begin, end, notes=_about(wave), summary=True))
    tasks.append(_Task("Replication and test launches", 2, begin, cutover))
    tasks.append(_Task("Cutover", 2, cutover, ended, summary=bool(wave.applications)))
    owners = {item.application: item for item in plan.applications}
    for name in wave.applications:
        item = owners[name]
        notes = f"{count(item.moving_servers, 'server')}; {item.disposition or 'undecided'}; owner {item.owner or 'unknown'}"
        tasks.append(_Task(name, 3, cutover, ended, notes=notes, after=(first + 1,)))
    tasks.append(_Task("Hypercare", 2, ended, end))
    tasks.append(_Task("Decommission", 2, end, end, milestone=True, after=(len(tasks),)))


def _element(uid: int, task: _Task) -> ET.Element:
    element = ET.Element("Task")
    hours = (task.finish - task.start).total_seconds() / 3600
    values = [
        ("UID", str(uid)),
        ("ID", str(uid)),
        ("Name", _legal(task.name)[:_LONGEST_NAME]),
        ("Type", "1"),
        ("IsNull", "0"),
        ("OutlineLevel", str(task.level)),
        ("Start", _moment(task.start)),
        ("Finish", _moment(task.finish)),
        ("Duration", f"PT{int(hours)}H{round(hours % 1 * 60)}M0S"),
        ("DurationFormat", _ELAPSED_HOURS if hours < 48 else _ELAPSED_DAYS),
        ("Estimated", "0"),
        ("Milestone", str(int(task.milestone))),
        ("Summary", str(int(task.summary))),
        ("Critical", str(int(task.critical))),
    ]
    if not task.summary:
        values += [("ConstraintType", _MUST_START_ON), ("ConstraintDate", _moment(task.start))]
    if task.notes:
        values.append(("Notes", _legal(task.notes)))
    for name, text in values:
        ET.SubElement(element, name).text = text
    for before in () if task.summary else task.after:
        link = ET.SubElement(element, "PredecessorLink")
        ET.SubElement(link, "PredecessorUID").text = str(before)
        ET.SubElement(link, "Type").text = _FINISH_TO_START
    return element


def _calendar() -> ET.Element:
    """A calendar in which every hour of every day is open: cutovers are at night, and replication never sleeps."""
    calendars = ET.Element("Calendars")
    calendar = ET.SubElement(calendars, "Calendar")
    for name, text in (("UID", "1"), ("Name", "24 Hours"), ("IsBaseCalendar", "1"), ("BaseCalendarUID", "-1")):
        ET.SubElement(calendar, name).text = text
    days = ET.SubElement(calendar, "WeekDays")
    for number in range(1, 8):
        day = ET.SubElement(days, "WeekDay")
        ET.SubElement(day, "DayType").text = str(number)
        ET.SubElement(day, "DayWorking").text = "1"
        time = ET.SubElement(ET.SubElement(day, "WorkingTimes"), "WorkingTime")
        ET.SubElement(time, "FromTime").text = "00:00:00"
        ET.SubElement(time, "ToTime").text = "00:00:00"
    return calendars


def _moment(moment: dt.datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S")


def _legal(text: str) -> str:
    return _ILLEGAL.sub("", text)
