"""Many applications as one box a wave, with the heaviest links between waves beside them."""

from __future__ import annotations

import html
from collections import Counter

from migrate.model.plan import Plan
from migrate.reports.diagram_canvas import blank
from migrate.reports.diagram_legend import domain_fills, legend
from migrate.reports.diagram_links import edge_style, heaviest, links_between, readable, shared_services
from migrate.reports.dot import plain_text
from migrate.reports.numerals import count

__all__ = ["LEGIBLE_WAVE_EDGES", "wave_overview"]

LEGIBLE_WAVE_EDGES = 24

_MOST_DOMAINS = 8  # in one box; the smallest others are counted
_NOTE = "A box is a wave with its applications by business domain; a line adds up all dependencies between two waves."


def wave_overview(plan: Plan) -> str:
    """DOT of the waves of a plan from top to bottom, and the heaviest links between them."""
    moving = {a.application: a for a in plan.applications if a.wave is not None}
    fills = domain_fills(application.domain for application in plan.applications)
    dates = {wave.wave: wave.date for wave in plan.waves}
    graph = blank(f"{plan.spec.plan.name}: dependencies by wave", "TB")
    graph.attr(ranksep="0.3")
    graph.attr("node", fillcolor="#f6f8fa", color="#c9d2db", margin="0.02,0.02")
    sizes: dict[int, Counter[str | None]] = {}
    for application in moving.values():
        sizes.setdefault(application.wave or 0, Counter())[application.domain] += 1
    waves = sorted(sizes)
    for at, wave in enumerate(waves):
        # the same group keeps the boxes in one column, and the invisible chain in order of time
        graph.node(f"w{wave}", _box(f"Wave {wave}  {dates.get(wave, '')}", sizes[wave], fills), group="waves")
        if at:
            graph.edge(f"w{waves[at - 1]}", f"w{wave}", style="invis", weight="1000")
    dependencies, without = readable(plan.dependencies, shared_services(plan))
    node_of = {name: f"w{application.wave}" for name, application in moving.items()}
    drawn, left_out = heaviest(links_between(dependencies, node_of, node_of), LEGIBLE_WAVE_EDGES)
    most = max((traffic.gb_day for _, traffic in drawn), default=0.0)
    for (tail, head), traffic in drawn:
        style = edge_style(traffic, 0.7 + 2.8 * (traffic.gb_day / most) ** 0.5 if most > 0.0 else 0.7)
        # all lines run downwards in time, which gives each a lane of its own beside the boxes
        if int(tail[1:]) < int(head[1:]):
            graph.edge(tail, head, weight="0", **style)
        else:
            graph.edge(head, tail, weight="0", dir="back", **style)
    graph.attr(label=legend(fills, [application.domain for application in moving.values()], (_NOTE, without, left_out)))
    return str(graph.source)


def _box(title: str, sizes: Counter[str | None], fills: dict[str | None, str]) -> str:
    """HTML-like label: the wave, and a coloured field for each domain with its applications."""
    shown = sorted(sizes, key=lambda domain: (-sizes[domain], domain is None, domain or ""))[:_MOST_DOMAINS]
    fields = [
        (fills[domain], plain_text(domain, 20) if domain is not None else "no domain", count(sizes[domain], "application"))
        for domain in sorted(shown, key=lambda domain: (domain is None, domain or ""))
    ]
    if len(sizes) > len(shown):
        rest = sum(number for domain, number in sizes.items() if domain not in shown)
        fields.append(("#ffffff", count(len(sizes) - len(shown), "more domain"), count(rest, "application")))
    cells = "".join(
        f'<TD BGCOLOR="{fill}" BORDER="1" COLOR="#b6c1cc" STYLE="ROUNDED">{html.escape(name)}<BR/>{said}</TD>'
        for fill, name, said in fields
    )
    return (
        f'<<TABLE BORDER="0" CELLBORDER="0" CELLSPACING="6" CELLPADDING="3"><TR><TD COLSPAN="{len(fields)}">{title}</TD></TR>'
        f"<TR>{cells}</TR></TABLE>>"
    )
