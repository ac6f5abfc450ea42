"""The whole estate at application level, as far as it can be read: the busiest applications and their heaviest links."""

from __future__ import annotations

import graphviz
import polars as pl

from migrate.reports.application_map import ApplicationMap
from migrate.reports.diagram_canvas import BOX, MUTED, blank, text_label
from migrate.reports.diagram_legend import domain_fills, legend
from migrate.reports.diagram_links import Traffic, add_edges
from migrate.reports.dot import dot_label
from migrate.reports.numerals import count

__all__ = ["MOST_NODES", "overview_diagram"]

MOST_NODES = 60  # what one can read
_MOST_SHARED = 24
_OUTSIDE = "⇄ outside"
_MARKED = 0.8  # share of the nodes up to which that mark tells them apart


def overview_diagram(applications: ApplicationMap) -> str:
    """DOT of the applications that exchange most data, a box around those that move together, shared services apart.

    Lines to shared services are not drawn: nearly everybody has them. Applications that exchange data with the outside are
    marked. What is left out is said in the caption.
    """
    table = applications.applications
    own, shared = table.filter(~pl.col("shared")), table.filter("shared")
    inside = applications.links.filter(~pl.col("external"))
    inside = inside.filter(
        pl.col("consumer").is_in(own["application"].implode()) & pl.col("provider").is_in(own["application"].implode())
    )
    ranked = _ranked(own, inside)
    drawn = ranked.head(MOST_NODES)
    left = ranked.height - drawn.height
    node_of = drawn.sort("application").select("application", node=pl.format("n{}", pl.int_range(pl.len())))
    drawn = drawn.join(node_of, on="application").join(_outward(applications.links), on="application", how="left")
    marked = 0 < int(drawn["outward"].is_not_null().sum()) <= drawn.height * _MARKED
    if not marked:
        drawn = drawn.with_columns(outward=pl.lit(value=None, dtype=pl.Boolean))
    fills = domain_fills(table["domain"].unique().sort().to_list())
    graph = blank(applications.name)
    graph.attr(ranksep="0.6")
    _add_nodes(graph, drawn, table, fills)
    left_out = add_edges(graph, _lines(inside, node_of))
    notes = [
        f"{count(table.height, 'application')}. A box is a move group of several."
        + (f" {_OUTSIDE}: exchanges data with it." if marked else ""),
        f"The {drawn.height} that exchange most data with others are drawn; {left:,} more are not." if left else "",
        left_out,
        _services(shared),
    ]
    domains = set(drawn["domain"].to_list())
    graph.attr(label=legend(fills, domains if domains != {None} else (), notes))
    return str(graph.source)


def _ranked(own: pl.DataFrame, inside: pl.DataFrame) -> pl.DataFrame:
    """Applications by what they exchange with others, most first."""
    ends = [inside.select("gb_day", "connections_day", application=end) for end in ("consumer", "provider")]
    by_name = pl.concat(ends).group_by("application", maintain_order=True)  # the same last digits each time
    totals = by_name.agg(pl.col("gb_day", "connections_day").sum(), links=pl.len())
    return (
        own.join(totals, on="application", how="left")
        .with_columns(pl.col("gb_day", "connections_day", "links").fill_null(0))
        .sort("gb_day", "connections_day", "links", "servers", "application", descending=[True, True, True, True, False])
    )


def _add_nodes(graph: graphviz.Digraph, drawn: pl.DataFrame, table: pl.DataFrame, fills: dict[str | None, str]) -> None:
    """Draw the nodes, those of a move group of several in a box that says how many of it are not drawn."""
    sizes = dict(table.group_by("move_group").len().iter_rows())
    groups = drawn.sort("move_group", "application").group_by("move_group", maintain_order=True)
    for number, ((title,), members) in enumerate(groups):
        rows = members.iter_rows(named=True)
        if sizes[title] == 1:
            _node(graph, next(rows), fills)
            continue
        with graph.subgraph(name=f"cluster_{number}") as box:
            box.attr(label=text_label(str(title)), **BOX)
            for row in rows:
                _node(box, row, fills)
            if (undrawn := sizes[title] - members.height) > 0:
                box.node(f"more_{number}", f"{undrawn:,} more", style="rounded,dashed", fontcolor=MUTED)


def _node(graph: graphviz.Digraph, row: dict[str, object], fills: dict[str | None, str]) -> None:
    domain = row["domain"]
    outward = f"  {_OUTSIDE}" if row["outward"] else ""
    label = f"{dot_label(str(row['application']), 26)}\\n{count(int(str(row['servers'])), 'server')}{outward}"
    graph.node(str(row["node"]), label, fillcolor=fills[str(domain) if domain is not None else None])


def _outward(links: pl.DataFrame) -> pl.DataFrame:
    """Applications with a dependency from or to the outside; the names of outside parties among them match nothing."""
    external = links.filter("external")
    ends = pl.concat([external["consumer"], external["provider"]]).unique().sort()
    return pl.DataFrame({"application": ends}).with_columns(outward=pl.lit(value=True))


def _lines(inside: pl.DataFrame, node_of: pl.DataFrame) -> dict[tuple[str, str], Traffic]:
    """Dependencies between drawn nodes."""
    frame = inside
    for end in ("consumer", "provider"):
        frame = frame.join(node_of.rename({"application": end, "node": f"{end}_node"}), on=end)
    found = frame.select("consumer_node", "provider_node", "gb_day", "hard").sort("consumer_node", "provider_node")
    lines = {}
    for tail, head, gb_day, hard in found.iter_rows():
        line = lines[tail, head] = Traffic()
        line.gb_day, line.hard, line.dependencies = gb_day, hard, 1
    return lines


def _services(shared: pl.DataFrame) -> str:
    if shared.is_empty():
        return ""
    names = shared.sort("servers", "application", descending=[True, False])["application"]
    more = f" and {len(names) - _MOST_SHARED:,} more" if len(names) > _MOST_SHARED else ""
    return f"Not drawn, because nearly everybody uses them: {', '.join(names.head(_MOST_SHARED).to_list())}{more}."
