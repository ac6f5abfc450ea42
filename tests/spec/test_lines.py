"""Every rule keeps the line that it stands on."""

from __future__ import annotations

import pytest

from migrate.errors import RequestError
from migrate.spec.lines import placed
from migrate.spec.load import parse_spec

TEXT = """[plan]
start = 2027-01-04

[waves]
pathfinders = 2
max_servers = 100

[[site]]
name = "North"
lease_end = 2028-01-01

[[link]]
from = "North"
bandwidth_mbit_s = 100

[[crew]]
skill = "linux"
hours_week = 40

[[freeze]]
id = "f"
from = 2027-05-01
to = 2027-05-02

[[rule]]
id = "r"
together = ["A", "B"]
[[pin]]
application = "A"
wave = 3
why = "agreed"
"""


def test_lines_stand_under_the_ids_that_checks_use() -> None:
    spec = parse_spec(TEXT)
    assert spec.lines == {
        "crew linux": 16,
        "f": 20,
        "link North": 12,
        "pin A": 28,
        "r": 25,
        "site North": 10,
        "waves.max_servers": 6,
        "waves.pathfinders": 5,
    }
    assert placed(spec, "pin A") == "pin A (plan.toml:28)"
    assert placed(spec, "waves.max_mission_critical") == "waves.max_mission_critical"


def test_nobody_may_write_them() -> None:
    with pytest.raises(RequestError, match="unknown key `lines`") as told:
        parse_spec("[plan]\nstart = 2027-01-04\n[lines]\nx = 1\n")
    assert told.value.where == "plan.toml:3"
