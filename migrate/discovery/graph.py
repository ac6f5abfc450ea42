"""The graphs of applications and of servers, for scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from migrate.model.plan import Plan
from migrate.model.stages import Discovery

if TYPE_CHECKING:
    import networkx as nx

__all__ = ["application_graph", "server_graph"]


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


def server_graph(discovery: Discovery) -> nx.MultiDiGraph[str]:
    """Servers as nodes, observed dependencies as edges from consumer to provider, one for each port.

    Returns
    -------
    Nodes are server ids; they carry ``name``, ``application`` and ``role_group`` (None where unknown). Edges have the port,
    such as ``tcp/443``, as key, and carry the columns of `ServerDependencies`. For estates of some ten thousand servers:
    networkx holds about a kilobyte an edge.

    Examples
    --------
    >>> graph = server_graph(migrate.discover_files(["flows/"]))  # doctest: +SKIP
    >>> [(consumer, port) for consumer, _, port in graph.in_edges("10.0.0.7", keys=True)]  # doctest: +SKIP
    """
    import networkx as nx  # noqa: PLC0415  (half a second to import: only scripts need it)

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    servers = (
        discovery.estate.servers.select("server_id", "name")
        .join(discovery.estate.memberships.select("server_id", "application"), on="server_id", how="left")
        .join(discovery.roles.select("server_id", "role_group"), on="server_id", how="left")
        .sort("server_id")
    )
    for server_id, name, application, role_group in servers.iter_rows():
        graph.add_node(server_id, name=name, application=application, role_group=role_group)
    for row in discovery.server_dependencies.iter_rows(named=True):
        consumer, provider = row.pop("consumer_id"), row.pop("provider_id")
        port = f"{row['protocol']}/{row['port']}" if row["port"] else row["protocol"]
        graph.add_edge(consumer, provider, key=port, **row)
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
