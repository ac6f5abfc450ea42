"""Dependencies added up to lines between drawn nodes, the heaviest of which are drawn."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence, Set

import graphviz

from migrate.model.plan import Plan, PlannedDependency
from migrate.reports.diagram_legend import HARD
from migrate.reports.numerals import count, gb_day

__all__ = ["LEGIBLE_EDGES", "Traffic", "add_edges", "edge_style", "heaviest", "links_between", "readable", "shared_services"]

LEGIBLE_EDGES = 90

Edge = tuple[str, str]


class Traffic:
    """Dependencies added up between two drawn nodes."""

    def __init__(self) -> None:
        self.gb_day = 0.0
        self.dependencies = 0
        self.hard = False

    def add(self, dependency: PlannedDependency) -> None:
        """Count a dependency in."""
        self.gb_day += dependency.gb_day
        self.dependencies += 1
        self.hard = self.hard or dependency.strength == "hard"


def shared_services(plan: Plan) -> frozenset[str]:
    """Names of the applications on which the rest of the estate depends."""
    return frozenset(application.application for application in plan.applications if application.shared_service)


def readable(dependencies: Sequence[PlannedDependency], services: Set[str]) -> tuple[Sequence[PlannedDependency], str]:
    """Leave out dependencies on shared services where all would be too many, and say so."""
    if len(dependencies) <= LEGIBLE_EDGES:
        return dependencies, ""
    rest = [d for d in dependencies if d.consumer not in services and d.provider not in services]
    if len(rest) == len(dependencies):
        return dependencies, ""
    return rest, f"{count(len(dependencies) - len(rest), 'dependency')} on shared services not drawn."


def links_between(
    dependencies: Iterable[PlannedDependency], consumers: Mapping[str, str], providers: Mapping[str, str]
) -> dict[Edge, Traffic]:
    """Add dependencies up between the nodes that stand for their consumers and providers."""
    edges: dict[Edge, Traffic] = {}
    for dependency in dependencies:
        tail, head = consumers.get(dependency.consumer), providers.get(dependency.provider)
        if tail is not None and head is not None and tail != head:
            edges.setdefault((tail, head), Traffic()).add(dependency)
    return edges


def heaviest(edges: Mapping[Edge, Traffic], most: int) -> tuple[list[tuple[Edge, Traffic]], str]:
    """The `most` heaviest edges in order of their nodes, and the sentence that says what was left out."""
    chosen = sorted(edges.items(), key=lambda item: (-item[1].gb_day, item[0]))[:most]
    said = f"Shows the {len(chosen)} heaviest of {len(edges):,} links." if len(edges) > len(chosen) else ""
    return sorted(chosen, key=lambda item: item[0]), said


def edge_style(traffic: Traffic, width: float) -> dict[str, str]:
    """Attributes of a line: its width in points, red when a hard dependency is among it, and its figures as tooltip."""
    style = {"penwidth": f"{width:.2f}", "tooltip": f"{count(traffic.dependencies, 'dependency')}, {gb_day(traffic.gb_day)}"}
    return {**style, "color": HARD} if traffic.hard else style


def add_edges(graph: graphviz.Digraph, edges: Mapping[Edge, Traffic], **attributes: str) -> str:
    """Draw the heaviest edges and return the sentence that says what was left out."""
    chosen, left_out = heaviest(edges, LEGIBLE_EDGES)
    for (tail, head), traffic in chosen:
        graph.edge(tail, head, **edge_style(traffic, min(0.6 + traffic.gb_day**0.5 / 4, 4.0)), **attributes)
    return left_out
