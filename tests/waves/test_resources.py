"""What each wave has: figures by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from migrate.waves import check_plan, plan_waves
from migrate.waves.resources import crew_weeks, ramp
from tests.factories import make_application, make_spec
from tests.waves.builders import planned, records

PLAIN: dict[str, Any] = {"window": [], "freeze": []}


def test_the_ramp_grows_by_its_factor_up_to_the_limit() -> None:
    spec = make_spec(waves={"ramp_start_servers": 20, "ramp_factor": 2, "max_servers": 100})
    assert ramp(5, spec).tolist() == [20, 40, 80, 100, 100]
    assert ramp(400, spec)[-1] == 100
    assert ramp(2, make_spec()).tolist() == [150, 150]
    assert ramp(1, make_spec(waves={"ramp_start_servers": 500, "max_servers": 100})).tolist() == [100]


def test_the_ramp_begins_after_the_pathfinders() -> None:
    waves = {"ramp_start_servers": 10, "ramp_factor": 2, "max_servers": 40, "pathfinders": 1, "max_waves": 8}
    small = [make_application(f"P{number}", criticality="low") for number in range(2)]
    large = [make_application(f"L{number}", criticality="high", moving_servers=10) for number in range(7)]
    given = records([*small, *large], **PLAIN, waves=waves)
    assignment: dict[str, int | None] = dict(plan_waves(*given, iterations=20_000).assignment)
    held = [sum(10 for name, wave in assignment.items() if wave == number and name[0] == "L") for number in range(1, 5)]
    assert held[0] == 0
    assert held[1] <= 10
    assert held[2] <= 20
    moved = {**assignment, "L0": 2, "L1": 2}
    assert "waves.ramp_start_servers" in {item.rule for item in check_plan(planned(given, moved))}


def test_hypercare_keeps_a_share_of_the_crews_from_the_next_cutover() -> None:
    spec = make_spec(waves={"hypercare_days": 7, "hypercare_crew_share": 0.5})
    # 10 weeks before the first, of which 4 count; then 2 weeks less half of one; then 8 weeks: its hypercare was before those
    assert crew_weeks(np.array([70.0, 84.0, 140.0]), spec).tolist() == [4.0, 1.5, 4.0]
    # 31 days, of which the last 28 count: 4 of the 7 watched days are among them
    assert crew_weeks(np.array([0.0, 31.0]), spec)[1] == pytest.approx(4 - 0.5 * 4 / 7)
    long = make_spec(waves={"hypercare_days": 30, "hypercare_crew_share": 0.5})
    assert crew_weeks(np.array([0.0, 7.0, 14.0]), long).tolist() == [0.0, 0.5, 0.5]
    crew = [{"skill": "linux", "hours_week": 10}]
    waves = {"pathfinders": 0, "hypercare_days": 7, "hypercare_crew_share": 0.2}
    given = records([make_application(n, crew_h={"linux": 8.5}) for n in "AB"], **PLAIN, crew=crew, waves=waves)
    found = check_plan(planned(given, {"A": 1, "B": 2}))
    assert [(item.rule, item.wave, item.amount, item.limit) for item in found] == [("crew linux", 2, 8.5, 8.0)]


@pytest.mark.parametrize(
    ("limits", "first"),
    [
        ({}, False),
        ({"pathfinder_criticalities": ["high"]}, True),
        ({"pathfinder_never": ["data:PHI"]}, True),
        ({"pathfinder_never": ["data:payment"]}, False),
    ],
)
def test_the_profile_of_pathfinders_is_the_requests(limits: dict[str, Any], first: bool) -> None:
    pair = [make_application("Low", criticality="low", data_class="PHI"), make_application("High", criticality="high")]
    if "pathfinder_never" in limits:
        pair[1] = make_application("High", criticality="medium")
    given = records(pair, **PLAIN, waves={"pathfinders": 1, **limits})
    assignment = plan_waves(*given, iterations=2_000).assignment
    assert (assignment["High"] < assignment["Low"]) == first
