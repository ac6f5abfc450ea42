"""The estate as a networkx graph, for scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import networkx as nx

    from migrate.model.estate import Estate

__all__ = ["estate_graph"]


def estate_graph(estate: Estate) -> nx.DiGraph[str]:
    """Servers and applications as nodes, memberships and declared dependencies as edges.

    Returns
    -------
    Node keys are ``server:<server_id>`` and ``application:<name>``; nodes carry ``kind`` (``server`` or ``application``) and
    the columns of their table, None where unknown. Edges carry ``kind``: ``member_of``, from a server to its application,
    with ``origin``, ``confidence`` and ``evidence``; or ``depends_on``, from the consumer to the provider that the CMDB
    declares. Names that only memberships or dependencies mention are application nodes with no more than ``kind`` and
    ``application``. Nodes and edges are in the order of the tables.

    Examples
    --------
    >>> import migrate
    >>> estate = migrate.read_inventory(files, ()).estate  # doctest: +SKIP
    >>> graph = estate.graph()  # doctest: +SKIP
    >>> sorted(graph.predecessors("application:Payroll"))  # doctest: +SKIP
    """
    import networkx as nx  # noqa: PLC0415  (half a second to import: only scripts need it)

    graph: nx.DiGraph[str] = nx.DiGraph()
    # a server's own `kind` (virtual, physical) goes by another name: here, kind says what the node is
    for row in estate.servers.rename({"kind": "server_kind"}).iter_rows(named=True):
        graph.add_node(f"server:{row['server_id']}", **row, kind="server")
    for row in estate.applications.iter_rows(named=True):
        graph.add_node(f"application:{row['application']}", **row, kind="application")
    for row in estate.memberships.iter_rows(named=True):
        home = _application(graph, row["application"])
        facts = {name: row[name] for name in ("origin", "confidence", "evidence", "source")}
        graph.add_edge(f"server:{row['server_id']}", home, **facts, kind="member_of")
    for row in estate.declared_dependencies.iter_rows(named=True):
        ends = _application(graph, row["consumer"]), _application(graph, row["provider"])
        graph.add_edge(*ends, source=row["source"], kind="depends_on")
    return graph


def _application(graph: nx.DiGraph[str], name: str) -> str:
    """The key of an application's node, made if it is not there."""
    key = f"application:{name}"
    if key not in graph:
        graph.add_node(key, application=name, kind="application")
    return key
