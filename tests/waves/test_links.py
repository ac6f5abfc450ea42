"""Waves that are replicated at the same time share the line: figures by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from migrate.waves import check_plan, plan_waves
from migrate.waves.links import Links, link_room
from tests.factories import make_application
from tests.waves.builders import Records, planned, records

HUNDRED_GIB_DAY = 100 * 2**30 * 8 / 86_400 / 1e6  # Mbit/s
#: Saturdays, days 61, 68, 75, … from the start; each GiB is sent 1 + 0.05 × 14 = 1.7 times.
SHARED: dict[str, Any] = {
    "window": [],
    "freeze": [],
    "site": [{"name": "DC-North"}],
    "link": [{"from": "DC-North", "bandwidth_mbit_s": HUNDRED_GIB_DAY, "usable_share": 1.0}],
    "waves": {"replication_days": 14, "change_rate_day": 0.05, "pathfinders": 0, "max_waves": 6},
}


def loaded(**data_gib: float) -> Records:
    return records([make_application(name, data_gib=gib) for name, gib in data_gib.items()], **SHARED)


def over(given: Records, **waves: int) -> list[tuple[Any, Any, Any]]:
    found = check_plan(planned(given, dict(waves)))
    assert {item.rule for item in found} <= {"link DC-North"}
    return [(item.wave, item.amount, item.limit) for item in found]


def test_a_wave_may_use_what_the_waves_in_flight_leave() -> None:
    # wave 1: days 47 to 61, needs 8.5, done on day 55.5; wave 2: days 54 to 68, needs 11.9, from 55.5 to 67.4;
    # wave 3: days 61 to 75, from 67.4 on: 7.6 days are left, 760 GiB, which is 447 GiB of data
    assert over(loaded(A=500, B=700, C=447), A=1, B=2, C=3) == []
    assert over(loaded(A=500, B=700, C=450), A=1, B=2, C=3) == [(3, 765.0, pytest.approx(760.0, abs=0.01))]


def test_a_wave_alone_has_the_days_of_its_replication() -> None:
    assert over(loaded(A=823), A=3) == []  # 14 days × 100 GiB = 1,400 = 823.5 × 1.7
    assert over(loaded(A=824), A=3) == [(3, 1400.8, pytest.approx(1400.0, abs=0.01))]


def test_a_line_that_is_free_at_night_only_sends_in_those_hours() -> None:
    link = [{**SHARED["link"][0], "bandwidth_mbit_s": 3 * HUNDRED_GIB_DAY, "usable_share": 0.5, "hours_day": 8}]
    given = records([make_application("A", data_gib=412)], **{**SHARED, "link": link})  # 14 days × 50 GiB = 411.8 × 1.7
    assert over(given, A=3) == [(3, 700.4, pytest.approx(700.0, abs=0.01))]


def test_waves_that_do_not_overlap_do_not_wait() -> None:
    assert over(loaded(A=823, B=823, C=823), A=1, B=3, C=5) == []


def test_what_one_wave_could_not_send_is_not_counted_again() -> None:
    assert [wave for wave, _, _ in over(loaded(A=2_000, B=400), A=2, B=3)] == [2]
    assert [wave for wave, _, _ in over(loaded(A=2_000, B=420), A=2, B=3)] == [2, 3]


def test_the_solver_fills_the_line_as_far_as_it_goes() -> None:
    # until wave 6, on day 96, the line has 49 days, for 2,882 GiB
    given = loaded(**{f"A{number}": 400.0 for number in range(7)})  # 47.6 days in 6 waves
    result = plan_waves(*given, iterations=30_000)
    assert check_plan(planned(given, dict(result.assignment))) == ()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 9), st.integers(0, 30)), min_size=1, max_size=9), st.integers(1, 20))
def test_nothing_is_over_exactly_when_every_run_of_waves_fits(waves: list[tuple[int, int]], ahead: int) -> None:
    day = 20 + np.cumsum([gap for gap, _ in waves])
    used = np.array([[load] for _, load in waves])
    opens = np.maximum(day - ahead, 0)
    room = link_room(Links(np.array([0]), opens[:, None], day[:, None]), used)
    fits = all(used[i : j + 1].sum() <= day[j] - opens[i] for i in range(len(day)) for j in range(i, len(day)))
    assert bool((used <= room).all()) == fits
