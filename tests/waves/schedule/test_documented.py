"""docs/schedule.md names every key that the schedule and its simulation have."""

from __future__ import annotations

from pathlib import Path

from migrate.spec import Durations, Simulation

TEXT = (Path(__file__).parents[3] / "docs" / "schedule.md").read_text(encoding="utf-8")


def test_every_duration_and_chance_is_documented() -> None:
    keys = [*Durations.model_fields, *(f"`{name}`" for name in Simulation.model_fields if name != "runs"), "simulation.runs"]
    assert [key for key in keys if key not in TEXT] == []
