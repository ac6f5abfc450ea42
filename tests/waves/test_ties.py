from __future__ import annotations

from migrate.model.plan import GroupEdge, MoveGroup
from migrate.waves import explain
from tests.factories import make_application, make_dependency
from tests.waves.builders import planned, records


def _edge(consumer: str, provider: str, usd_day: float | None) -> GroupEdge:
    return GroupEdge(
        consumer=consumer,
        provider=provider,
        because="they need each other in a cycle",
        reason="regular",
        usd_day=usd_day,
        round_trips_day=None,
    )


def test_what_holds_an_application_with_others_and_what_is_severed_is_told() -> None:
    given = records([make_application(name) for name in "ABCD"], window=[], freeze=[])
    group = MoveGroup(
        move_group="A + 2",
        applications=("A", "B", "C"),
        servers=3,
        reason="",
        confidence=1.0,
        edges=(_edge("A", "B", 3.0), _edge("B", "C", None)),
        held_by=2,
    )
    alone = next(item for item in given.move_groups if item.applications == ("D",))
    severed = make_dependency("D", "A", severed="a rule or pins keep them apart", split_usd_day=1.5, connections_day=20.0)
    given = given._replace(move_groups=(group, alone), dependencies=(severed, make_dependency("A", "D")))
    told = explain(planned(given, {"A": 2, "B": 2, "C": 2, "D": 3}), "A")
    assert told.moves_with == ("B", "C")
    assert [(tie.application, tie.through, tie.usd_day) for tie in told.together] == [("B", None, 3.0), ("C", "B", None)]
    assert told.together[0].because == "they need each other in a cycle (regular)"
    (parted,) = told.not_together
    assert (parted.application, parted.consumer, parted.usd_day, parted.round_trips_day) == ("D", "D", 1.5, 200.0)
    assert parted.because.startswith("a rule or pins keep them apart (")
    assert explain(planned(given, {}), "D").not_together[0].application == "A"
