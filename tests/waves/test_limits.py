"""Limits that the request leaves open are settled from what must move, and widened while nothing fits."""

from __future__ import annotations

from migrate.waves.limits import MOST_WAVES, settle, widening
from tests.factories import make_application, make_spec

MANY = [make_application(f"A{number:03d}", moving_servers=10, criticality="mission-critical") for number in range(60)]
OPEN = make_spec(crew=[], waves={"max_servers": 100, "pathfinders": 0})


def test_twice_the_fewest_waves_and_a_few_are_considered() -> None:
    assert settle(MANY, OPEN).waves.max_waves == 2 * 6 + 4


def test_a_crew_can_be_what_takes_longest() -> None:
    crew = [{"skill": "linux", "hours_week": 8.0}]  # 60 × 4 hours at 8 a week
    spec = make_spec(crew=crew, waves={"max_servers": 100, "pathfinders": 0})
    assert settle(MANY, spec).waves.max_waves == 2 * 30 + 4


def test_mission_critical_ones_share_a_wave_only_when_dates_are_few() -> None:
    assert settle(MANY, OPEN).waves.max_mission_critical == 8  # 60 over half of 16 dates
    assert settle(MANY[:3], OPEN).waves.max_mission_critical == 1


def test_what_the_request_says_is_kept() -> None:
    spec = make_spec(waves={"max_waves": 5, "max_mission_critical": 3})
    assert settle(MANY, spec) == spec
    assert list(widening(MANY, spec)) == [spec]


def test_more_and_more_dates_are_tried() -> None:
    tried = [spec.waves.max_waves or 0 for spec in widening(MANY, OPEN)]
    assert tried == sorted(set(tried))
    assert tried[-1] == MOST_WAVES
