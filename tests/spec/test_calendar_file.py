"""Blackouts from a calendar, as mail programs export it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.errors import RequestError
from migrate.spec.calendar_file import read_periods
from migrate.spec.load import load_spec
from migrate.waves.freezes import frozen_days

YEARS = (dt.date(2027, 1, 1), dt.date(2028, 12, 31))
CHICAGO = "TZID=America/Chicago:"


def calendar(folder: Path, *events: str) -> Path:
    path = folder / "blackouts.ics"
    inside = "".join(f"BEGIN:VEVENT\r\n{event}\r\nEND:VEVENT\r\n" for event in events)
    text = f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y//EN\r\n{inside}END:VCALENDAR\r\n"
    path.write_bytes(text.replace("\r\n", "\n").replace("\n", "\r\n").encode())
    return path


def spans(path: Path) -> list[tuple[str, str]]:
    return [(str(period.from_), str(period.to)) for period in read_periods(path, "plan.toml:7", *YEARS)]


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        ("DTSTART;VALUE=DATE:20270607\nDTEND;VALUE=DATE:20270610", [("2027-06-07", "2027-06-09")]),
        ("DTSTART;VALUE=DATE:20270607", [("2027-06-07", "2027-06-07")]),
        ("DTSTART;VALUE=DATE:20270607\nDURATION:P2D", [("2027-06-07", "2027-06-08")]),
        (f"DTSTART;{CHICAGO}20270115T220000\nDTEND;{CHICAGO}20270116T060000", [("2027-01-15", "2027-01-16")]),
        (f"DTSTART;{CHICAGO}20270115T220000\nDTEND;{CHICAGO}20270116T000000", [("2027-01-15", "2027-01-15")]),
        ("DTSTART:20270115T220000Z\nDURATION:PT1H", [("2027-01-15", "2027-01-15")]),
        ("DTSTART;VALUE=DATE:20270101\nRRULE:FREQ=YEARLY", [("2027-01-01", "2027-01-01"), ("2028-01-01", "2028-01-01")]),
        ("DTSTART;VALUE=DATE:20200229\nRRULE:FREQ=YEARLY", [("2028-02-29", "2028-02-29")]),
        (
            f"DTSTART;{CHICAGO}20270104T220000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;UNTIL=20270119T040000Z",
            [("2027-01-04", "2027-01-04"), ("2027-01-11", "2027-01-11"), ("2027-01-18", "2027-01-18")],
        ),
        (
            "DTSTART;VALUE=DATE:20270104\nRRULE:FREQ=DAILY;COUNT=3\nEXDATE;VALUE=DATE:20270105\nRDATE;VALUE=DATE:20270301",
            [("2027-01-04", "2027-01-04"), ("2027-01-06", "2027-01-06"), ("2027-03-01", "2027-03-01")],
        ),
        ("STATUS:CANCELLED\nDTSTART;VALUE=DATE:20270607", []),
        ("DTSTART;VALUE=DATE:20200101", []),
        ("DTSTART;VALUE=DATE:00010101\nDTEND;VALUE=DATE:99991231", [(str(YEARS[0]), str(YEARS[1]))]),
    ],
)
def test_days_that_events_touch(tmp_path: Path, event: str, expected: list[tuple[str, str]]) -> None:
    assert spans(calendar(tmp_path, f"UID:1\nSUMMARY:s\n{event}")) == expected


def test_one_of_a_series_can_be_moved(tmp_path: Path) -> None:
    series = "UID:1\nDTSTART;VALUE=DATE:20270601\nRRULE:FREQ=MONTHLY;COUNT=2"
    moved = "UID:1\nRECURRENCE-ID;VALUE=DATE:20270701\nDTSTART;VALUE=DATE:20270705"
    assert spans(calendar(tmp_path, series, moved)) == [("2027-06-01", "2027-06-01"), ("2027-07-05", "2027-07-05")]


@pytest.mark.parametrize(
    ("event", "words"),
    [
        ("UID:1\nSUMMARY:tick\nDTSTART:20270101T000000Z\nRRULE:FREQ=SECONDLY", "'tick' of blackouts.ics"),
        ("UID:1\nSUMMARY:never\nDTSTART;VALUE=DATE:20270607\nDTEND;VALUE=DATE:20270601", "ends before it begins"),
        ("UID:7", "'7' of blackouts.ics"),
        ("UID:1\nDTSTART:20270101T000000Z\nRRULE:FREQ=DAILY;INTERVAL=0", "INTERVAL is not a number of 1 or more"),
    ],
)
def test_what_cannot_be_understood_names_the_event(tmp_path: Path, event: str, words: str) -> None:
    with pytest.raises(RequestError, match=words) as told:
        spans(calendar(tmp_path, event))
    assert told.value.where == "plan.toml:7"


def test_events_that_repeat_without_end_are_told_when_they_are_too_many(tmp_path: Path) -> None:
    endless = [f"UID:{number}\nDTSTART:20270101T000000Z\nRRULE:FREQ=DAILY" for number in range(100)]
    with pytest.raises(RequestError, match=r"repeat over 50,000 times in all"):
        spans(calendar(tmp_path, *endless))


def test_no_file_and_no_calendar_are_told(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match="cannot be read"):
        spans(tmp_path / "absent.ics")
    with pytest.raises(RequestError, match="not a regular file"):
        spans(tmp_path)
    for content in (b"", b"name,day\n", b"\xff\x00" * 50):
        (tmp_path / "x.ics").write_bytes(content)
        with pytest.raises(RequestError, match="is no calendar"):
            spans(tmp_path / "x.ics")


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("BEGIN:VNTCALDRUS;=\n20270101TZ,FQOY-"), max_size=200))
def test_any_text_is_a_calendar_or_a_told_mistake(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = calendar(tmp_path_factory.mktemp("ics"), f"UID:1\n{text}")
    try:
        read_periods(path, "plan.toml", *YEARS)
    except RequestError as error:
        assert error.remedy


def test_a_freeze_takes_its_days_from_the_file_beside_the_request(tmp_path: Path) -> None:
    calendar(tmp_path, "UID:1\nSUMMARY:Go-live\nDTSTART;VALUE=DATE:20270607\nDTEND;VALUE=DATE:20270609")
    request = tmp_path / "plan.toml"
    request.write_text('[plan]\nstart = 2027-01-04\n[[freeze]]\nid = "f"\ncalendar = "blackouts.ics"\n')
    freeze = load_spec(request).freeze[0]
    assert [period.what for period in freeze.periods] == ["Go-live"]
    assert sorted(frozen_days(freeze, *YEARS)) == [dt.date(2027, 6, 7), dt.date(2027, 6, 8)]
    request.write_text('[plan]\nstart = 2027-01-04\n[[freeze]]\nid = "f"\ncalendar = "other.ics"\n')
    with pytest.raises(RequestError, match=r"other\.ics cannot be read") as told:
        load_spec(request)
    assert told.value.where == f"{request}:3"
