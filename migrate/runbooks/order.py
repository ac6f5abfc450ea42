"""The order in which the applications of a wave are cut over: providers before their consumers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

import networkx as nx

from migrate.model.plan import PlannedApplication, PlannedDependency
from migrate.spec import Rule
from migrate.waves.selectors import Selectors

__all__ = ["Turn", "cutover_order", "declared_order"]


@dataclass(frozen=True)
class Turn:
    """When an application is cut over within its wave.

    Attributes
    ----------
    application
        Its name.
    order
        Counts from 1. Applications with the same number are cut over at the same time.
    waits_for
        Providers in the wave that come before it.
    """

    application: str
    order: int
    waits_for: tuple[str, ...]


def cutover_order(
    applications: Collection[str], dependencies: Iterable[PlannedDependency], before: Iterable[tuple[str, str]] = ()
) -> tuple[Turn, ...]:
    """Order applications so that hard providers come first; a cycle is cut over as one.

    Parameters
    ----------
    applications
        Names of the wave's applications.
    dependencies
        Of the whole plan; those that are hard and have both ends in the wave are used.
    before
        Further pairs (first, then), such as declared rules. Pairs that would close a cycle make their
        applications go together.

    Returns
    -------
    Sorted by order, then name.
    """
    graph: nx.DiGraph[str] = nx.DiGraph()
    graph.add_nodes_from(sorted(applications))
    names = set(applications)  # most dependencies have one end elsewhere
    needed = ((d.provider, d.consumer) for d in dependencies if d.consumer in names and d.strength == "hard" and not d.external)
    graph.add_edges_from(sorted({(a, b) for a, b in (*needed, *before) if a in names and b in names and a != b}))
    together = nx.condensation(graph)
    turns: list[Turn] = []
    for level, nodes in enumerate(nx.topological_generations(together), start=1):
        for node in nodes:
            members = together.nodes[node]["members"]
            waits = tuple(sorted({p for name in members for p in graph.predecessors(name)} - members))
            turns += [Turn(name, level, waits) for name in sorted(members)]
    return tuple(sorted(turns, key=lambda turn: (turn.order, turn.application)))


def declared_order(applications: Sequence[PlannedApplication], rules: Iterable[Rule]) -> tuple[tuple[str, str], ...]:
    """Pairs (first, then) that `before` rules of the request state for applications of one wave."""
    selectors = Selectors(applications)
    names = [application.application for application in applications]
    pairs: set[tuple[str, str]] = set()
    for rule in rules:
        if rule.before is not None:
            firsts = selectors.find(rule.before.first)
            thens = set(selectors.find(rule.before.then)) - set(firsts)
            pairs |= {(names[first], names[then]) for first in firsts for then in thens}
    return tuple(sorted(pairs))
