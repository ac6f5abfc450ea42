"""The application graph, for scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from migrate.model.plan import Plan
from migrate.model.stages import Discovery

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["application_graph"]


def application_graph(source: Plan | Discovery) -> nx.DiGraph[str]:
    """Applications as nodes, dependencies as edges from consumer to provider.

    Parameters
    ----------
    source
        A plan, or what `discover` returns.

    Returns
    -------
    Nodes carry ``servers``, ``shared_service``, ``move_group``, ``domain``, ``criticality``, ``declared`` and ``external``; from
    a plan also ``wave`` and ``risk_score``. Edges carry the fields of `PlannedDependency`. Unknown values are None.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = application_graph(plan)  # doctest: +SKIP
    >>> sorted(nx.descendants(graph, "Claims Clearinghouse"))  # doctest: +SKIP
    """
    import networkx as nx  # noqa: PLC0415  (half a second to import: only scripts need it)

    graph: nx.DiGraph[str] = nx.DiGraph()
    nodes = _of_plan(source) if isinstance(source, Plan) else _of_discovery(source)
    for name, attributes in sorted(nodes.items()):
        graph.add_node(name, **attributes, external=False)
    for dependency in source.dependencies:
        for name in (dependency.consumer, dependency.provider):
            if name not in graph:
                graph.add_node(name, external=True)
        graph.add_edge(dependency.consumer, dependency.provider, **dependency.model_dump(exclude={"consumer", "provider"}))
    return graph


def _of_plan(plan: Plan) -> dict[str, dict[str, Any]]:
    fields = ("servers", "shared_service", "move_group", "domain", "criticality", "declared", "wave", "risk_score")
    return {item.application: {field: getattr(item, field) for field in fields} for item in plan.applications}


def _of_discovery(discovery: Discovery) -> dict[str, dict[str, Any]]:
    counts = discovery.estate.memberships.group_by("application").agg(servers=pl.len())
    group_of = {name: group.move_group for group in discovery.move_groups for name in group.applications}
    rows = discovery.estate.applications.join(counts, on="application", how="left").iter_rows(named=True)
    return {
        row["application"]: {
            "servers": row["servers"] or 0,
            "shared_service": row["application"] in discovery.shared_services,
            "move_group": group_of[row["application"]],
            "domain": row["domain"],
            "criticality": row["criticality"],
            "declared": row["declared"],
        }
        for row in rows
    }
