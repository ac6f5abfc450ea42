"""Dependency diagrams as DOT text: the whole plan by wave, and each wave with stubs for what lies outside it.

What cannot be read is not drawn: above `LEGIBLE_NODES` applications are drawn as business domains, and only the
`LEGIBLE_EDGES` heaviest dependencies appear; the caption says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import graphviz

from migrate.model.plan import Plan, PlannedApplication, PlannedDependency, PlannedWave
from migrate.reports.dot import dot_label
from migrate.reports.numerals import count, gb_day

__all__ = ["LEGIBLE_EDGES", "LEGIBLE_NODES", "plan_diagram", "wave_diagram"]

LEGIBLE_NODES = 90
LEGIBLE_EDGES = 90

_INK, _MUTED, _LINE, _HARD = "#1c2733", "#5a6877", "#9aa7b4", "#b4512f"
_FILLS = ("#dbe9f4", "#fbe3c9", "#d5ede6", "#eadff0", "#f6dad3", "#e4e8d2", "#dfe3ea", "#f5ecc4")

Edge = tuple[str, str]


class _Traffic:
    """Dependencies added up between two drawn nodes."""

    def __init__(self) -> None:
        self.gb_day = 0.0
        self.dependencies = 0
        self.hard = False

    def add(self, dependency: PlannedDependency) -> None:
        self.gb_day += dependency.gb_day
        self.dependencies += 1
        self.hard = self.hard or dependency.strength == "hard"


def plan_diagram(plan: Plan) -> str:
    """DOT of the whole plan: a box per wave, applications (or their domains) within, dependencies between."""
    moving = [application for application in plan.applications if application.wave is not None]
    by_domain = len(moving) > LEGIBLE_NODES
    fills = _fills(moving)
    node_of: dict[str, str] = {}
    waves: dict[int, dict[str, list[PlannedApplication]]] = {wave.wave: {} for wave in plan.waves}
    for application in moving:
        key = (application.domain or "no domain") if by_domain else application.application
        waves.setdefault(application.wave or 0, {}).setdefault(key, []).append(application)
    used = [number for number, nodes in waves.items() if nodes]
    graph = _graph(f"{plan.spec.plan.name}: dependencies by wave", "LR" if len(used) <= _SIDE_BY_SIDE else "TB")
    dates = {wave.wave: wave.date for wave in plan.waves}
    number, before = 0, ""
    for wave, nodes in sorted(waves.items()):
        if not nodes:
            continue
        if before:  # the invisible chain puts the waves in order of time
            graph.edge(before, f"n{number + 1}", style="invis", weight="20")
        before = f"n{number + 1}"
        with graph.subgraph(name=f"cluster_{wave}") as box:
            box.attr(label=_text(f"Wave {wave}  {dates.get(wave, '')}"), rank="same", **_BOX)
            for key, members in sorted(nodes.items()):
                number += 1
                node_of.update({member.application: f"n{number}" for member in members})
                tail = f"\\n{count(len(members), 'application')}" if by_domain else ""
                box.node(f"n{number}", graphviz.nohtml(dot_label(key) + tail), fillcolor=fills[members[0].domain])
    dependencies, without = _readable(plan, plan.dependencies)
    left_out = _add_edges(graph, _between(dependencies, node_of, node_of), constraint="false")
    notes = ["Boxes within waves are business domains." if by_domain else "", without, left_out, _KEY]
    graph.attr(label=_text(" ".join(note for note in notes if note)))
    return str(graph.source)


def wave_diagram(plan: Plan, wave: PlannedWave, wave_of: Mapping[str, int | None], touching: Iterable[PlannedDependency]) -> str:
    """DOT of one wave: its applications, and one stub for each other wave or place that they exchange data with.

    Parameters
    ----------
    wave_of
        Wave by application, for all of the plan; None stays.
    touching
        Dependencies with at least one end in the wave.
    """
    members = [application for application in plan.applications if application.wave == wave.wave]
    by_domain = len(members) > LEGIBLE_NODES
    fills = _fills(members)
    graph = _graph(f"Wave {wave.wave}, {wave.date}")
    node_of: dict[str, str] = {}
    drawn: dict[str, str] = {}
    with graph.subgraph(name="cluster_wave") as box:
        box.attr(label=_text(f"Wave {wave.wave}  {wave.date}  {count(wave.servers, 'server')}"), **_BOX)
        for application in members:
            key = (application.domain or "no domain") if by_domain else application.application
            if key not in drawn:
                drawn[key] = f"n{len(drawn)}"
                box.node(drawn[key], graphviz.nohtml(dot_label(key)), fillcolor=fills[application.domain])
            node_of[application.application] = drawn[key]
    dependencies, without = _readable(plan, list(touching))
    consumers = _stubs(((d.consumer, d.gb_day) for d in dependencies if d.consumer not in node_of), wave_of, "c")
    providers = _stubs(((d.provider, d.gb_day) for d in dependencies if d.provider not in node_of), wave_of, "p")
    for side, rank in ((consumers, "source"), (providers, "sink")):
        with graph.subgraph() as column:
            column.attr(rank=rank)
            for place in sorted(set(side.values()), key=lambda name: (len(name), name)):
                label = _STUB_LABELS.get(place[1:], f"Wave {place[1:]}")
                column.node(place, label, style="rounded,dashed", fontcolor=_MUTED, color=_LINE)
    left_out = _add_edges(graph, _between(dependencies, {**node_of, **consumers}, {**node_of, **providers}))
    graph.attr(label=_text(" ".join(note for note in (without, left_out, _KEY) if note)))
    return str(graph.source)


_KEY = "An arrow points from the consumer to what it needs; thicker is more data, red is a hard dependency."
_BOX = {
    "style": "rounded,filled",
    "fillcolor": "#f6f8fa",
    "color": "#c9d2db",
    "fontcolor": _INK,
    "fontsize": "12",
    "labelloc": "t",
    "margin": "10",
}
_STUB_LABELS = {"outside": "Outside the estate", "stays": "Stays behind", "others": "Other waves"}
_MOST_STUBS = 12  # on each side; the lightest others become one
_SIDE_BY_SIDE = 8  # more waves stand below each other


def _readable(plan: Plan, dependencies: Sequence[PlannedDependency]) -> tuple[Sequence[PlannedDependency], str]:
    """Leave out dependencies on shared services where all would be too many, and say so."""
    services = {application.application for application in plan.applications if application.shared_service}
    rest = [d for d in dependencies if d.consumer not in services and d.provider not in services]
    if len(dependencies) <= LEGIBLE_EDGES or len(rest) == len(dependencies):
        return dependencies, ""
    return rest, f"{count(len(dependencies) - len(rest), 'dependency')} on shared services not drawn."


def _stubs(ends: Iterable[tuple[str, float]], wave_of: Mapping[str, int | None], side: str) -> dict[str, str]:
    """Stub node for each name outside the wave; the waves with least traffic share one."""
    places: dict[str, str] = {}
    traffic: dict[str, float] = {}
    for name, gb in ends:
        places[name] = _stub(name, wave_of, side)
        traffic[places[name]] = traffic.get(places[name], 0.0) + gb
    waves = sorted((place for place in traffic if place[1:] not in _STUB_LABELS), key=lambda place: (-traffic[place], place))
    lightest = set(waves[_MOST_STUBS - 1 :]) if len(waves) > _MOST_STUBS else set()
    return {name: f"{side}others" if place in lightest else place for name, place in places.items()}


def _stub(name: str, wave_of: Mapping[str, int | None], side: str) -> str:
    """Name the stub node on the consumers' or providers' side that stands for where `name` is."""
    if name not in wave_of:
        return f"{side}outside"
    wave = wave_of[name]
    return f"{side}stays" if wave is None else f"{side}{wave}"


def _graph(title: str, direction: str = "LR") -> graphviz.Digraph:
    graph = graphviz.Digraph(name="plan", strict=False)
    graph.attr(
        rankdir=direction, fontname="Arial", fontsize="11", fontcolor=_MUTED, labelloc="b", nodesep="0.15", ranksep="0.9",
        tooltip=_text(title), bgcolor="white", newrank="true", outputorder="edgesfirst",
    )  # fmt: skip
    graph.attr(
        "node", shape="box", style="rounded,filled", fontname="Arial", fontsize="10", fontcolor=_INK, color="#b6c1cc",
        fillcolor="#eef2f6", height="0.3", margin="0.1,0.04",
    )  # fmt: skip
    graph.attr("edge", fontname="Arial", fontsize="8", fontcolor=_MUTED, color=_LINE, arrowsize="0.6")
    return graph


def _text(text: str) -> str:
    return str(graphviz.nohtml(dot_label(text, 200)))


def _fills(applications: Iterable[PlannedApplication]) -> dict[str | None, str]:
    domains = sorted({application.domain for application in applications if application.domain is not None})
    return {None: "#eef2f6", **{domain: _FILLS[at % len(_FILLS)] for at, domain in enumerate(domains)}}


def _between(
    dependencies: Iterable[PlannedDependency], consumers: Mapping[str, str], providers: Mapping[str, str]
) -> dict[Edge, _Traffic]:
    """Add dependencies up between the nodes that stand for their consumers and providers."""
    edges: dict[Edge, _Traffic] = {}
    for dependency in dependencies:
        tail, head = consumers.get(dependency.consumer), providers.get(dependency.provider)
        if tail is not None and head is not None and tail != head:
            edges.setdefault((tail, head), _Traffic()).add(dependency)
    return edges


def _add_edges(graph: graphviz.Digraph, edges: Mapping[Edge, _Traffic], **attributes: str) -> str:
    """Draw the heaviest edges and return the sentence that says what was left out."""
    heaviest = sorted(edges.items(), key=lambda item: (-item[1].gb_day, item[0]))[:LEGIBLE_EDGES]
    for (tail, head), traffic in sorted(heaviest, key=lambda item: item[0]):
        style = {"penwidth": f"{min(0.6 + traffic.gb_day**0.5 / 4, 4.0):.2f}"}
        if traffic.hard:
            style["color"] = _HARD
        said = f"{count(traffic.dependencies, 'dependency')}, {gb_day(traffic.gb_day)}"
        graph.edge(tail, head, tooltip=said, **style, **attributes)
    return f"The {len(heaviest)} heaviest of {len(edges):,} links are drawn." if len(edges) > len(heaviest) else ""
