"""The blank diagram: page, fonts and shapes that all diagrams share."""

from __future__ import annotations

import graphviz

from migrate.reports.diagram_legend import LINE, NO_DOMAIN
from migrate.reports.dot import dot_label

__all__ = ["BOX", "INK", "MUTED", "blank", "text_label"]

INK, MUTED = "#1c2733", "#5a6877"
BOX = {
    "style": "rounded,filled",
    "fillcolor": "#f6f8fa",
    "color": "#c9d2db",
    "fontcolor": INK,
    "fontsize": "12",
    "labelloc": "t",
    "margin": "10",
}


def blank(title: str, direction: str = "LR") -> graphviz.Digraph:
    """Start a diagram; `direction` is LR for from left to right, TB for downwards."""
    graph = graphviz.Digraph(name="plan", strict=False)
    graph.attr(
        rankdir=direction, fontname="Arial", fontsize="11", fontcolor=MUTED, labelloc="b", nodesep="0.15", ranksep="0.9",
        tooltip=text_label(title), bgcolor="white", newrank="true", outputorder="edgesfirst",
    )  # fmt: skip
    graph.attr(
        "node", shape="box", style="rounded,filled", fontname="Arial", fontsize="10", fontcolor=INK, color="#b6c1cc",
        fillcolor=NO_DOMAIN, height="0.3", margin="0.1,0.04",
    )  # fmt: skip
    graph.attr("edge", fontname="Arial", fontsize="8", fontcolor=MUTED, color=LINE, arrowsize="0.6")
    return graph


def text_label(text: str) -> str:
    """Inventory text as a label, whatever it holds."""
    return str(graphviz.nohtml(dot_label(text, 200)))
