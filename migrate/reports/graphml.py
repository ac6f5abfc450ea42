"""The application graph as GraphML, for tools that draw and analyse graphs (http://graphml.graphdrawing.org)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from migrate.discovery import application_graph
from migrate.files import replacing
from migrate.model.plan import Plan
from migrate.model.stages import Discovery
from migrate.reports.tables import JOINER

__all__ = ["MOST_ELEMENTS", "graphml_size", "write_graphml"]

#: Applications and dependencies together: tools that read GraphML hold all of it in memory, and choke on more.
MOST_ELEMENTS = 50_000

#: What XML 1.0 cannot hold (https://www.w3.org/TR/xml/#charsets), and what changes the direction of text.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")


def graphml_size(source: Plan | Discovery) -> int:
    """Applications and dependencies that the file would hold."""
    if isinstance(source, Plan):
        return len(source.applications) + len(source.dependencies)
    return source.estate.applications.height + source.application_dependencies.height


def write_graphml(source: Plan | Discovery, path: Path) -> Path:
    """Write `migrate.discovery.application_graph` as GraphML.

    Unknown values are left out, lists become text joined with ``; ``. Characters that XML cannot hold become ``\ufffd``; of
    names that are the same then, the later ones get a number.
    """
    import networkx as nx  # noqa: PLC0415  (half a second to import, for this file alone)

    graph = application_graph(source)
    written: nx.DiGraph[str] = nx.DiGraph()
    key_of: dict[str, str] = {}
    taken: set[str] = set()
    for name in graph:
        key, turn = _writable(name), 2
        while key in taken:
            key, turn = f"{_writable(name)} ({turn})", turn + 1
        taken.add(key)
        key_of[name] = key
        written.add_node(key, label=key, **_attributes(graph.nodes[name]))
    for consumer, provider, facts in graph.edges(data=True):
        written.add_edge(key_of[consumer], key_of[provider], **_attributes(facts))
    with replacing(path) as temporary:
        nx.write_graphml_xml(written, temporary, named_key_ids=True)
    return path


def _attributes(facts: dict[str, Any]) -> dict[str, Any]:
    """What GraphML has a type for."""
    found: dict[str, Any] = {}
    for name, value in facts.items():
        if value is None:
            continue
        if isinstance(value, tuple | list):
            found[name] = _writable(JOINER.join(map(str, value)))
        else:
            found[name] = value if isinstance(value, bool | int | float) else _writable(str(value))
    return found


def _writable(text: str) -> str:
    return _UNWRITABLE.sub("\ufffd", text)
