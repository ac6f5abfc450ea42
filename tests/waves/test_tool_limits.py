"""Limits of the target's tools hold unless they are switched off."""

from __future__ import annotations

from typing import Any

import numpy as np

from migrate.spec import WaveLimits
from migrate.waves import check_plan
from migrate.waves.tool_limits import TOOL_LIMITS, in_flight
from tests.factories import make_application
from tests.waves.builders import planned, records

WIDE: dict[str, Any] = {"pathfinders": 0, "max_servers": 5_000}


def broken(applications: list[Any], wave: int = 3, **waves: Any) -> list[tuple[str, float | None, float | None]]:
    given = records(applications, window=[], freeze=[], crew=[], link=[], waves={**WIDE, **waves})
    plan = planned(given, {item.application: wave for item in applications})
    return [(item.rule, item.amount, item.limit) for item in check_plan(plan)]


def test_a_wave_is_one_job() -> None:
    large = [make_application("A", moving_servers=201)]
    asked: dict[str, Any] = {"limits_off": ["mgn-servers-replicating"]}
    assert broken(large, **asked) == [("mgn-servers-a-job", 201.0, 200.0)]
    assert broken(large) == []  # several jobs are launched unless the request says otherwise
    assert broken([make_application("A", moving_servers=200)], **asked) == []


def test_only_rehosted_servers_count() -> None:
    given = records(
        [make_application("A", moving_servers=300)], window=[], freeze=[], crew=[], link=[], waves={**WIDE, "limits_off": []}
    )
    servers = tuple(item.model_copy(update={"disposition": "replatform"}) for item in given.servers)
    assert check_plan(planned(given._replace(servers=servers), {"A": 3})) == ()


def test_applications_of_a_wave() -> None:
    many = [make_application(f"A{number:04d}") for number in range(1_001)]
    assert broken(many, limits_off=["mgn-servers-a-job"])[0] == ("mgn-applications-a-wave", 1_001.0, 1_000.0)


def test_servers_that_replicate_at_a_time_are_shared_by_the_waves_in_flight() -> None:
    # Saturdays and 14 days of replication: two waves are replicated at any time
    one = [make_application("A", moving_servers=76)]
    assert broken(one, limits_off=[]) == [("mgn-servers-replicating", 76.0, 75.0)]
    assert broken(one, limits_off=[], min_days_between=14) == []


def test_waves_in_flight_are_counted_by_hand() -> None:
    assert in_flight(np.array([10.0, 17.0, 24.0, 60.0]), 14).tolist() == [2, 2, 2, 1]
    assert in_flight(np.array([10.0, 15.0, 20.0]), 14).tolist() == [3, 3, 3]
    assert in_flight(np.array([10.0, 24.0]), 14).tolist() == [1, 1]


def test_the_request_knows_every_limit() -> None:
    annotation = WaveLimits.model_json_schema()["properties"]["limits_off"]["items"]["enum"]
    assert sorted(annotation) == sorted(limit.id for limit in TOOL_LIMITS)
