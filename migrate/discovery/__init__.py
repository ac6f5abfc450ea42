"""Who needs whom? Flow logs, names and declarations to applications, dependencies and move groups."""

from migrate.discovery.discover import discover
from migrate.discovery.graph import application_graph, server_graph
from migrate.discovery.listening import listening

__all__ = ["application_graph", "discover", "listening", "server_graph"]
