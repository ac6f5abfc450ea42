"""The neighbourhood of an application or of a move group: who needs it on the left, what it needs on the right."""

from __future__ import annotations

import graphviz
import polars as pl

from migrate.reports.application_map import ApplicationMap
from migrate.reports.diagram_canvas import BOX, MUTED, blank, text_label
from migrate.reports.diagram_legend import LINE, domain_fills, legend
from migrate.reports.diagram_links import Traffic, edge_style
from migrate.reports.dot import dot_label, plain_text
from migrate.reports.numerals import count

__all__ = ["MOST_MEMBERS", "MOST_NEIGHBOURS", "neighbourhood_diagram"]

MOST_NEIGHBOURS = 24  # on each side; the rest is one node
_MOST_OUTSIDE = 6  # of them, networks outside the estate
MOST_MEMBERS = 40  # of a group

_OTHERS = "\0others"  # no name of an inventory: it has a control character
_PORTS = 2  # on a line
_NOTE = "Left: who needs it. Right: what it needs. Dashed: outside the estate, or a shared service."


def neighbourhood_diagram(applications: ApplicationMap, members: tuple[str, ...], title: str) -> str:
    """DOT of `members` in a box, their consumers on the left and their providers on the right.

    Of more than `MOST_NEIGHBOURS` on a side those with most data are drawn, the others are one node.
    """
    known = applications.applications.filter(pl.col("application").is_in(members))
    drawn = known.sort("servers", "application", descending=[True, False])["application"].head(MOST_MEMBERS).to_list()
    place = {name: f"m{number}" for number, name in enumerate(sorted(drawn))}
    rest = len(members) - len(place)
    links = applications.links
    inner = links["consumer"].is_in(members), links["provider"].is_in(members)
    fills = domain_fills(applications.applications["domain"].unique().sort().to_list())
    facts = {row["application"]: row for row in applications.applications.iter_rows(named=True)} if len(links) else {}
    graph = blank(title)
    with graph.subgraph(name="cluster_members" if len(members) > 1 else "members") as box:
        if len(members) > 1:
            box.attr(label=text_label(f"{title}  {count(int(known['servers'].sum()), 'server')}"), **BOX)
        for row in known.sort("application").iter_rows(named=True):
            if row["application"] in place:
                box.node(place[row["application"]], _label(row["application"], row["servers"]), fillcolor=fills[row["domain"]])
        if rest:
            box.node("mrest", count(rest, "more application"), style="rounded,dashed", fontcolor=MUTED, color=LINE)
    seen = {row["domain"] for row in known.iter_rows(named=True)}
    notes = [_NOTE]
    for side, outer, rank in (
        ("c", links.filter(~inner[0] & inner[1]), "source"),
        ("p", links.filter(inner[0] & ~inner[1]), "sink"),
    ):
        column = "consumer" if side == "c" else "provider"
        nodes, folded = _neighbours(outer, column, side)
        with graph.subgraph() as neighbours:
            neighbours.attr(rank=rank)
            for name, node in nodes.items():
                fact = facts.get(name)
                if fact is not None:
                    seen.add(fact["domain"])
                style = {"style": "rounded,dashed,filled"} if fact is None or fact["shared"] else {}
                text = folded if name == _OTHERS else _label(name, fact["servers"] if fact else None)
                neighbours.node(node, text, fillcolor=fills[fact["domain"]] if fact else "#ffffff", **style)
        _draw(graph, outer, place, nodes, column)
    within = links.filter(inner[0] & inner[1] & (pl.col("consumer") != pl.col("provider")))
    _draw(graph, within, place, place, "consumer")
    graph.attr(label=legend(fills, seen if seen != {None} else (), notes))
    return str(graph.source)


def _label(name: str, servers: int | None) -> str:
    text = dot_label(name)
    return graphviz.nohtml(text) if servers is None else f"{text}\\n{count(servers, 'server')}"


def _neighbours(outer: pl.DataFrame, column: str, side: str) -> tuple[dict[str, str], str]:
    """Nodes of the busiest neighbours by name, the node of the others, and what those are."""
    busiest = (
        outer.group_by(column, "external", maintain_order=True)  # the same last digits each time
        .agg(pl.col("gb_day", "connections_day").sum())
        .sort("gb_day", "connections_day", column, descending=[True, True, False])
        .with_columns(crowded=pl.col("external") & (pl.int_range(pl.len()).over("external") >= _MOST_OUTSIDE))
    )
    chosen = busiest.filter(~pl.col("crowded"))[column].head(MOST_NEIGHBOURS).sort().to_list()
    nodes = {name: f"{side}{number}" for number, name in enumerate(chosen)}
    rest = busiest.filter(~pl.col(column).is_in(chosen))
    networks = int(rest["external"].sum())
    kinds = ((rest.height - networks, "more application"), (networks, "more network"))
    said = ", ".join(count(many, what) for many, what in kinds if many)
    return (nodes | {_OTHERS: f"{side}rest"} if said else nodes), said


def _draw(graph: graphviz.Digraph, links: pl.DataFrame, place: dict[str, str], outer: dict[str, str], column: str) -> None:
    """Lines between the drawn nodes; what belongs to the same two nodes is one line."""
    lines: dict[tuple[str, str], tuple[Traffic, list[str]]] = {}
    for row in links.sort("gb_day", "consumer", "provider", descending=[True, False, False]).iter_rows(named=True):
        inner = "provider" if column == "consumer" else "consumer"
        ends = {
            column: outer.get(row[column], outer.get(_OTHERS, "mrest")),
            inner: place.get(row[inner], "mrest"),
        }
        if ends["consumer"] == ends["provider"]:
            continue
        traffic, ports = lines.setdefault((ends["consumer"], ends["provider"]), (Traffic(), []))
        traffic.gb_day += row["gb_day"]
        traffic.dependencies += 1
        traffic.hard = traffic.hard or row["hard"]
        ports += [port for port in row["ports"] if port not in ports]
    for (tail, head), (traffic, ports) in sorted(lines.items()):
        more = f" +{len(ports) - _PORTS}" if len(ports) > _PORTS else ""
        label = plain_text(", ".join(ports[:_PORTS]) + more, 40) if ports else ""
        graph.edge(tail, head, label, **edge_style(traffic, min(0.6 + traffic.gb_day**0.5 / 4, 4.0)))
