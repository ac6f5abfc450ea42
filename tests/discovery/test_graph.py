"""The application graph of a plan."""

from __future__ import annotations

from migrate.discovery import application_graph
from tests.factories import make_plan


def test_a_plan_gives_the_same_graph_with_waves_and_risk() -> None:
    made = make_plan()
    graph = application_graph(made)
    assert {name for name, data in graph.nodes.items() if not data["external"]} == {
        item.application for item in made.applications
    }
    assert set(graph.edges) == {(item.consumer, item.provider) for item in made.dependencies}
    first = made.applications[0]
    assert graph.nodes[first.application]["wave"] == first.wave
