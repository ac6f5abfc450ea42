"""Dependency diagrams as DOT text: the whole plan by wave, and each wave with stubs for what lies outside it.

What cannot be read is not drawn: of more than `LEGIBLE_NODES` applications the plan's diagram shows waves only, and of
more than `LEGIBLE_EDGES` lines the heaviest appear; the caption says so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import graphviz

from migrate.model.plan import Plan, PlannedApplication, PlannedWave
from migrate.reports.diagram_canvas import BOX, MUTED, blank, text_label
from migrate.reports.diagram_legend import LINE, domain_fills, legend
from migrate.reports.diagram_links import LEGIBLE_EDGES, add_edges, links_between, readable, shared_services
from migrate.reports.dot import dot_label
from migrate.reports.drawn_plan import DrawnPlan
from migrate.reports.numerals import count
from migrate.reports.wave_overview import wave_overview

__all__ = ["LEGIBLE_EDGES", "LEGIBLE_NODES", "plan_diagram", "wave_diagram"]

LEGIBLE_NODES = 90


def plan_diagram(plan: Plan) -> str:
    """DOT of the whole plan: a box per wave, applications (or their domains) within, dependencies between."""
    moving = [application for application in plan.applications if application.wave is not None]
    if len(moving) > LEGIBLE_NODES:
        return wave_overview(plan)
    fills = domain_fills(application.domain for application in plan.applications)
    node_of = {application.application: f"n{number}" for number, application in enumerate(moving)}
    waves: dict[int, list[PlannedApplication]] = {}
    for application in moving:
        waves.setdefault(application.wave or 0, []).append(application)
    graph = blank(f"{plan.spec.plan.name}: dependencies by wave", "LR" if len(waves) <= _SIDE_BY_SIDE else "TB")
    dates = {wave.wave: wave.date for wave in plan.waves}
    before = ""
    for wave, members in sorted(waves.items()):
        first = node_of[members[0].application]
        if before:  # the invisible chain puts the waves in order of time
            graph.edge(before, first, style="invis", weight="20")
        before = first
        with graph.subgraph(name=f"cluster_{wave}") as box:
            box.attr(label=text_label(f"Wave {wave}  {dates.get(wave, '')}"), rank="same", **BOX)
            for member in members:
                label = graphviz.nohtml(dot_label(member.application))
                box.node(node_of[member.application], label, fillcolor=fills[member.domain])
    dependencies, without = readable(plan.dependencies, shared_services(plan))
    left_out = add_edges(graph, links_between(dependencies, node_of, node_of), constraint="false")
    graph.attr(label=legend(fills, [application.domain for application in moving], (without, left_out)))
    return str(graph.source)


def wave_diagram(plan: DrawnPlan, wave: PlannedWave) -> str:
    """DOT of one wave: its applications, and one stub for each other wave or place that they exchange data with."""
    members, fills = plan.members(wave.wave), plan.fills
    by_domain = len(members) > LEGIBLE_NODES
    graph = blank(f"Wave {wave.wave}, {wave.date}")
    node_of: dict[str, str] = {}
    drawn: dict[str, str] = {}
    with graph.subgraph(name="cluster_wave") as box:
        box.attr(label=text_label(f"Wave {wave.wave}  {wave.date}  {count(wave.servers, 'server')}"), **BOX)
        for application in members:
            key = (application.domain or "no domain") if by_domain else application.application
            if key not in drawn:
                drawn[key] = f"n{len(drawn)}"
                box.node(drawn[key], graphviz.nohtml(dot_label(key)), fillcolor=fills[application.domain])
            node_of[application.application] = drawn[key]
    dependencies, without = readable(plan.touching(wave.wave), plan.services)
    consumers = _stubs(((d.consumer, d.gb_day) for d in dependencies if d.consumer not in node_of), plan.wave_of, "c")
    providers = _stubs(((d.provider, d.gb_day) for d in dependencies if d.provider not in node_of), plan.wave_of, "p")
    for side, rank in ((consumers, "source"), (providers, "sink")):
        with graph.subgraph() as column:
            column.attr(rank=rank)
            for place in sorted(set(side.values()), key=lambda name: (len(name), name)):
                label = _STUB_LABELS.get(place[1:], f"Wave {place[1:]}")
                column.node(place, label, style="rounded,dashed", fontcolor=MUTED, color=LINE)
    left_out = add_edges(graph, links_between(dependencies, {**node_of, **consumers}, {**node_of, **providers}))
    graph.attr(label=legend(fills, [application.domain for application in members], (without, left_out)))
    return str(graph.source)


_STUB_LABELS = {"outside": "Outside the estate", "stays": "Stays behind", "others": "Other waves"}
_MOST_STUBS = 12  # on each side; the lightest others become one
_SIDE_BY_SIDE = 8  # more waves stand below each other


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
