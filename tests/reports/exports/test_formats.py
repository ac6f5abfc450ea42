"""What other tools are given: exact headers, what cannot go is told, hostile names stay text, same plan same bytes."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
import xml.etree.ElementTree as ET
from pathlib import Path

import fastexcel
import pytest
from icalendar import Calendar

from migrate.errors import RequestError
from migrate.model.plan import Plan, PlannedTask, TaskPlan
from migrate.reports.exports import FORMATS, Scope, export_plan
from tests.factories import make_plan
from tests.reports.hostile import NAMES, make_hostile_plan

SPACE = "{http://schemas.microsoft.com/project}"
ACCOUNT = "123456789012"


def hostile() -> Plan:
    """The hostile plan with its names in the second wave's row as well."""
    plan = make_hostile_plan()
    second = plan.waves[1].model_copy(update={"applications": (*NAMES, *plan.waves[1].applications)})
    return plan.model_copy(update={"waves": (plan.waves[0], second, *plan.waves[2:])})


def rows_of(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))


def tasks_of(path: Path) -> list[dict[str, str]]:
    root = ET.fromstring(path.read_bytes())
    return [{child.tag.removeprefix(SPACE): child.text or "" for child in task} for task in root.iter(f"{SPACE}Task")]


@pytest.mark.parametrize("name", FORMATS)
def test_the_same_plan_gives_the_same_bytes_into_a_file_or_a_folder(name: str, tmp_path: Path) -> None:
    plan = hostile()
    (tmp_path / "folder").mkdir()
    into = export_plan(plan, name, tmp_path / "folder").path
    named = export_plan(plan, name, tmp_path / f"x{Path(FORMATS[name].file).suffix}").path
    assert into.name == FORMATS[name].file
    assert into.read_bytes() == named.read_bytes()


@pytest.mark.parametrize("name", ["jira", "project-xml", "ics"])
def test_one_server_is_one_server(name: str, tmp_path: Path) -> None:
    plan = make_plan()
    single = tuple(item.model_copy(update={"moving_servers": 1}) for item in plan.applications)
    waves = tuple(wave.model_copy(update={"servers": 1}) for wave in plan.waves)
    text = export_plan(plan.model_copy(update={"applications": single, "waves": waves}), name, tmp_path).path.read_text()
    assert "1 server" in text
    assert "1 servers" not in text


@pytest.mark.parametrize("name", ["mgn", "jira", "waves-csv"])
def test_no_cell_of_a_csv_runs_as_a_formula(name: str, tmp_path: Path) -> None:
    path = export_plan(hostile(), name, tmp_path).path
    text = path.read_bytes().decode("utf-8-sig")
    for row in csv.reader(io.StringIO(text, newline="")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


def test_mgn_gets_linux_and_windows_servers_with_an_instance_type(tmp_path: Path) -> None:
    made = export_plan(make_plan(), "mgn", tmp_path, Scope(account=ACCOUNT))
    rows = rows_of(made.path)
    assert list(rows[0])[:4] == ["mgn:account-id", "mgn:region", "mgn:wave:name", "mgn:wave:description"]
    assert {row["mgn:account-id"] for row in rows} == {ACCOUNT}
    assert {row["mgn:server:platform"] for row in rows} == {"LINUX", "WINDOWS"}
    by_id = {row["mgn:server:user-provided-id"]: row for row in rows}
    assert by_id["nth-clm-app-01"]["mgn:launch:instance-type"] == "m6i.xlarge"
    assert by_id["nth-clm-app-01"]["mgn:wave:name"] == "Wave 003"
    assert by_id["nth-clm-app-01"]["mgn:app:name"] == "Claims Clearinghouse"
    assert "nth-rem-db-01" not in by_id  # its target is a managed database
    assert any("nth-rem-db-01" in note for note in made.notes)
    assert len({row["mgn:server:user-provided-id"] for row in rows}) == len(rows)


def test_the_intake_form_has_every_server_with_its_disposition(tmp_path: Path) -> None:
    made = export_plan(make_plan(), "cmf", tmp_path, Scope(account=ACCOUNT))
    frame = fastexcel.read_excel(made.path).load_sheet("mf_intake", dtypes="string").to_polars()
    rows = {row["server_name"]: row for row in frame.iter_rows(named=True)}
    assert rows["nth-clm-db-01"]["wave_name"] == "Wave 003"
    assert rows["sth-pay-old-01"]["r_type"] == "Retire"
    assert rows["sth-pay-old-01"]["wave_name"] is None
    assert rows["nth-rem-db-01"]["instanceType"] is None
    assert rows["nth-clm-db-01"]["tags"] == "migrate-plan=small;migrate-server-id=nth-clm-db-01"
    assert "nth-mf-01" not in rows
    assert rows["nth-clm-db-01"]["server_tier"] == "db"
    assert f"server_fqdn is a name without its domain in {len(rows):,} rows: no inventory tells it" in made.notes
    assert any("nth-mf-01" in note for note in made.notes)
    assert rows_of(export_plan(make_plan(), "cmf", tmp_path / "intake.csv").path)[0].keys() == set(frame.columns)


def test_the_intake_form_names_no_host_that_cannot_be_one(tmp_path: Path) -> None:
    plan = make_plan()
    odd = plan.servers[0].model_copy(update={"name": "Überwachung – alt"})
    made = export_plan(plan.model_copy(update={"servers": (odd, *plan.servers[1:])}), "cmf", tmp_path, Scope(account=ACCOUNT))
    rows = fastexcel.read_excel(made.path).load_sheet("mf_intake", dtypes="string").to_polars()
    assert rows.filter(rows["server_fqdn"].is_null()).height == 1
    assert "server_fqdn is empty in 1 rows, whose names no host can have" in made.notes


def test_jira_gets_epics_first_and_issues_that_name_their_epic(tmp_path: Path) -> None:
    rows = rows_of(export_plan(make_plan(), "jira", tmp_path).path)
    kinds = [row["Issue Type"] for row in rows]
    assert kinds == sorted(kinds)  # Epic before Task
    epics = {row["Issue ID"]: row for row in rows if row["Issue Type"] == "Epic"}
    claims = next(row for row in rows if row["Summary"] == "Migrate Claims Clearinghouse")
    assert epics[claims["Parent"]]["Summary"] == "Wave 003: cutover on 2027-04-10"
    assert (claims["Priority"], claims["Due date"]) == ("Highest", "2027-04-10")
    assert len({row["Issue ID"] for row in rows}) == len(rows)


def with_tasks(plan: Plan) -> Plan:
    def task(kind: str, start: dt.date, end: dt.date, **hours: float) -> PlannedTask:
        given = {"application": "Library", "wave": 1, "task": kind, "start": start, "end": end, "crew_h": 2.0, "float_days": 3}
        return PlannedTask.model_validate({**given, "critical": kind == "cutover", **hours})

    night = plan.waves[0].date
    tasks = (
        task("replicate", night - dt.timedelta(days=9), night - dt.timedelta(days=5)),
        task("cutover", night, night, starts_h=1.5, duration_h=2.0),
        task("hypercare", night + dt.timedelta(days=1), night + dt.timedelta(days=7)),
    )
    return plan.model_copy(update={"tasks": TaskPlan(tasks=tasks, waves=(), critical_path=(), end=night)})


def test_project_has_the_scheduled_tasks_of_each_application_in_their_order(tmp_path: Path) -> None:
    path = export_plan(with_tasks(make_plan()), "project-xml", tmp_path, Scope(waves=(1,))).path
    tasks = tasks_of(path)
    assert [(task["Name"], task["OutlineLevel"]) for task in tasks] == [
        ("Wave 001", "1"),
        ("Library", "2"),
        ("Replicate", "3"),
        ("Cutover", "3"),
        ("Hypercare", "3"),
    ]
    assert (tasks[3]["Start"], tasks[3]["Finish"], tasks[3]["Duration"]) == (
        "2027-03-06T23:30:00",
        "2027-03-07T01:30:00",
        "PT2H0M0S",
    )
    assert (tasks[2]["Start"], tasks[2]["Finish"]) == ("2027-02-25T00:00:00", "2027-03-02T00:00:00")
    assert tasks[3]["Critical"] == "1"
    root = ET.fromstring(path.read_bytes())
    links = [link.text for link in root.iter(f"{SPACE}PredecessorUID")]
    assert links == ["3", "4"]


def test_project_without_scheduled_tasks_has_the_dates_of_the_waves(tmp_path: Path) -> None:
    tasks = tasks_of(export_plan(hostile(), "project-xml", tmp_path).path)
    assert [task["UID"] for task in tasks] == [str(number) for number in range(1, len(tasks) + 1)]
    cutover = next(task for task in tasks if task["Name"] == "Cutover")
    assert (cutover["Start"], cutover["Duration"]) == ("2027-03-06T22:00:00", "PT8H0M0S")
    names = {task["Name"] for task in tasks}
    assert "<script>alert(1)</script>" in names
    for task in tasks:
        assert dt.datetime.fromisoformat(task["Start"]) <= dt.datetime.fromisoformat(task["Finish"])


def test_the_calendar_is_in_utc_escaped_and_folded(tmp_path: Path) -> None:
    plan = hostile()
    named = plan.spec.model_copy(update={"plan": plan.spec.plan.model_copy(update={"name": "two\nlines\x85"})})
    content = export_plan(plan.model_copy(update={"spec": named}), "ics", tmp_path).path.read_bytes()
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    assert b"\n" not in content.replace(b"\r\n", b"")
    lines = content.decode().replace("\r\n ", "").split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines.count("BEGIN:VEVENT") == 3
    assert "DTSTART:20270307T040000Z" in lines  # 22:00 in Chicago, before the clocks change
    assert "DTSTART:20270411T030000Z" in lines  # and after
    calendar = Calendar.from_ical(content)
    starts = [event.decoded("dtstart") for event in calendar.walk("VEVENT")]
    assert starts[0] == dt.datetime(2027, 3, 7, 4, tzinfo=dt.UTC)
    assert NAMES[0] in str(calendar.walk("VEVENT")[1]["description"])
    known = re.compile(
        r"(BEGIN|END|VERSION|PRODID|METHOD|X-WR-CALNAME|UID|DTSTAMP|SEQUENCE|DTSTART|DTEND|SUMMARY|DESCRIPTION|CATEGORIES|TRANSP):"
    )
    assert all(known.match(line) for line in lines if line)
    assert any(NAMES[0].replace(",", "\\,") in line for line in lines)


def test_scope_and_format_are_checked(tmp_path: Path) -> None:
    plan = make_plan()
    only = rows_of(export_plan(plan, "mgn", tmp_path, Scope(waves=(2,))).path)
    assert {row["mgn:wave:name"] for row in only} == {"Wave 002"}
    for name, scope, said in (
        ("mgn", Scope(waves=(9,)), "no wave 9"),
        ("msp", Scope(), "no format"),
        ("jira", Scope(waves=(9,)), "no wave 9"),
    ):
        with pytest.raises(RequestError, match=said):
            export_plan(plan, name, tmp_path, scope)
    with pytest.raises(RequestError, match="no AWS account"):
        Scope(account="12")
