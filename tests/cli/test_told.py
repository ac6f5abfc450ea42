from __future__ import annotations

from pathlib import Path

import pytest

from migrate.cli.told import tell_rehearsal
from migrate.rehearsal import rehearse
from tests.factories import make_plan


def told(capsys: pytest.CaptureFixture[str], wave: int, fault: str | None = None) -> str:
    tell_rehearsal(rehearse(make_plan(), wave, fault=fault), Path("wave.jsonl"))
    return capsys.readouterr().out


def test_wave_0_is_the_landing_zone_of_all_waves(capsys: pytest.CaptureFixture[str]) -> None:
    out = told(capsys, 0)
    assert out.startswith("Wave 0: the landing zone of all waves was rehearsed")
    assert "0 of 0" not in out


def test_what_was_made_is_counted_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    out = told(capsys, 3)
    assert "Wave 3: 5 of 5 servers rehearsed." in out
    assert "1 database, 1 database subnet group, 1 hosted zone, 4 images, 4 instances" in out


@pytest.mark.parametrize(
    ("fault", "words"), [("launch:nth-clm-web-01", "InvalidAMIID"), ("stop:nth-rem-app-01", "expected running, found stopped")]
)
def test_a_fault_is_said_and_its_error_told_once(capsys: pytest.CaptureFixture[str], fault: str, words: str) -> None:
    out = told(capsys, 3, fault)
    assert f"Wave 3 with the fault {fault} injected: " in out
    assert f"The fault {fault} was injected and noticed: " in out
    assert out.count(words) == (1 if words == "InvalidAMIID" else 0)
