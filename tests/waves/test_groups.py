from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from migrate.model.plan import MoveGroup
from migrate.waves.problem import build_problem
from tests.factories import make_application
from tests.waves.builders import records


def group_of(*names: str) -> MoveGroup:
    return MoveGroup(move_group=names[0], applications=names, servers=1, reason="", confidence=0.9)


def test_move_groups_and_together_rules_are_contracted_and_what_stays_is_left_out() -> None:
    applications = [make_application(name, moving_servers=int(name != "B")) for name in "ABCDE"]
    given = records(applications, rule=[{"id": "t", "together": ["C", "E"]}])
    problem = build_problem(given.servers, given.applications, (), (group_of("A", "B", "C"),), given.spec)
    assert [item.application for item in problem.applications] == ["A", "C", "D", "E"]
    assert problem.group.tolist() == [0, 0, 1, 0]


def test_a_move_group_too_large_for_any_wave_is_planned_apart() -> None:
    applications = [make_application(name, moving_servers=80) for name in "AB"]
    given = records(applications, waves={"max_servers": 150})
    problem = build_problem(given.servers, given.applications, (), (group_of("A", "B"),), given.spec)
    assert problem.groups == 2
    assert "do not fit into any one wave" in next(f for f in problem.findings if f.code == "move-group-apart").message


@pytest.mark.parametrize(
    "sections",
    [
        {"rule": [{"id": "r", "apart": ["A", "B"]}]},
        {"rule": [{"id": "r", "before": {"first": "A", "then": "B"}, "strictly": True}]},
        {"rule": [{"id": "r", "at_most": {"of": "*", "count": 1}}]},
        {"pin": [{"application": "A", "wave": 2, "why": "x"}, {"application": "B", "wave": 3, "why": "x"}]},
    ],
)
def test_a_move_group_gives_way_to_what_a_person_decided(sections: dict[str, Any]) -> None:
    given = records([make_application(name) for name in "AB"], **sections)
    problem = build_problem(given.servers, given.applications, (), (group_of("A", "B"),), given.spec)
    assert problem.groups == 2
    assert [f.subject for f in problem.findings if f.code == "move-group-apart"] == ["A"]


def test_groups_that_before_rules_need_on_both_sides_are_merged() -> None:
    applications = [make_application(name) for name in "ABC"]
    rules = [
        {"id": "one", "before": {"first": "A", "then": "B"}},
        {"id": "two", "before": {"first": "B", "then": "C"}},
    ]
    given = records(applications, rule=rules)
    problem = build_problem(given.servers, given.applications, (), (group_of("A", "C"), group_of("B")), given.spec)
    assert np.unique(problem.group).tolist() == [0]
    assert "move-groups-merged" in {finding.code for finding in problem.findings}
