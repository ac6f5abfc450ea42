"""Edits become pins in plan.toml, where a person sees them; everything else in the file stays as it was."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from migrate.errors import RequestError
from migrate.model.plan import Earlier, EarlierApplication
from migrate.spec import Pin
from migrate.spec.load import load_spec, parse_spec
from migrate.waves.edits import Edit
from migrate.waves.pins import pins_of, with_pins, write_pins

TEXT = """# a comment that stays
[plan]
start = 2027-01-04   # and this one

[[pin]]
application = "Payroll"
wave = 3    # agreed
why = "payroll runs on the 5th"

[waves]
max_servers = 50
"""


def test_a_new_pin_is_added_and_an_old_one_changed_in_its_line(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(TEXT, encoding="utf-8")
    write_pins(path, [Pin(application="PAYROLL", wave=7, why="edited"), Pin(application="Library", wave=2, why='said "yes"')])
    text = path.read_text(encoding="utf-8")
    assert text.startswith(TEXT.replace("wave = 3    # agreed", "wave = 7    # agreed").rstrip("\n"))
    pins = {pin.application: (pin.wave, pin.why) for pin in load_spec(path).pin}
    assert pins == {"Payroll": (7, "payroll runs on the 5th"), "Library": (2, 'said "yes"')}


def test_line_ends_stay_as_they_are(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_bytes(TEXT.replace("\n", "\r\n").encode())
    write_pins(path, [Pin(application="Payroll", wave=4, why="x"), Pin(application="Library", wave=2, why="y")])
    content = path.read_bytes()
    assert content.count(b"\r\n") == content.count(b"\n")


@given(st.text(min_size=1, max_size=40).filter(lambda text: text.strip() == text), st.integers(1, 400))
def test_any_name_survives_being_written(name: str, wave: int) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "plan.toml"
        path.write_text("[plan]\nstart = 2027-01-04\n", encoding="utf-8")
        write_pins(path, [Pin(application=name, wave=wave, why="x")])
        assert [(pin.application, pin.wave) for pin in load_spec(path).pin] == [(name, wave)]


def test_a_pin_written_in_one_line_is_left_to_the_person(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    text = 'pin = [{ application = "Payroll", wave = 3, why = "x" }]\n[plan]\nstart = 2027-01-04\n'
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RequestError, match="Change its wave to 5 yourself"):
        write_pins(path, [Pin(application="Payroll", wave=5, why="y")])
    assert path.read_text(encoding="utf-8") == text


def test_edits_of_what_is_done_or_taken_away_are_told_and_are_no_pins() -> None:
    day = dt.date(2027, 3, 6)
    done = EarlierApplication(application="A", date=day, state="done")
    earlier = Earlier(sha256="", as_of=day, candidates=(day,), applications=(done,))
    edits = [
        Edit(application="A", before=1, after=4, why="", source="x.csv:2"),
        Edit(application="B", before=2, after=None, why="", source="x.csv:3"),
        Edit(application="C", before=2, after=5, why="", source="x.csv:4"),
    ]
    pins, findings = pins_of(edits, earlier, "x.csv")
    assert [(pin.application, pin.wave, pin.why) for pin in pins] == [("C", 5, "edited in x.csv")]
    assert [(finding.subject, finding.source) for finding in findings] == [("A", "x.csv:2"), ("B", "x.csv:3")]


def test_a_pin_takes_the_place_of_the_one_there_is() -> None:
    made = with_pins(parse_spec(TEXT), [Pin(application="payroll", wave=9, why="x")])
    assert [(pin.application, pin.wave) for pin in made.pin] == [("payroll", 9)]
