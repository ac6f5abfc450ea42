"""Everything the page shows, in the order in which it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from migrate.model.names import CRITICALITIES
from migrate.model.plan import Plan, PlannedApplication
from migrate.reports.html.bubble import Chart, Year, bubble, cumulated, years
from migrate.reports.html.costs import CostTable, TypeRow, cost_tables, type_rows
from migrate.reports.html.gantt import Gantt, gantt
from migrate.reports.html.heat import Risk, risk
from migrate.reports.html.links import DependencyMap, dependency_map
from migrate.reports.html.lists import FindingGroup, Term, finding_groups, objective_terms, shown_applications
from migrate.reports.html.outside import Outside, outside
from migrate.reports.html.summary import Figure, headline, key_figures, sentences
from migrate.reports.html.timetable import Timetable, timetable
from migrate.reports.tables import servers_table

__all__ = ["Story", "tell"]


@dataclass(frozen=True)
class Story:
    """The page's content."""

    headline: str
    figures: tuple[Figure, ...]
    sentences: tuple[str, ...]
    gantt: Gantt | None
    timetable: Timetable | None
    wave_applications: int
    crew_h: float
    waves_cost: float | None  # None when no wave has a known cost
    expected_loss: float
    terms: tuple[Term, ...]
    bubble: Chart | None
    cumulated: Chart | None
    years: tuple[Year, ...]
    costs: tuple[CostTable, ...]
    types: tuple[TypeRow, ...]
    risk: Risk
    map: DependencyMap | None
    outside: Outside | None
    applications: tuple[PlannedApplication, ...]
    applications_left: int
    domains: tuple[str, ...]
    criticality_rank: Mapping[str, int]
    findings: tuple[FindingGroup, ...]


def tell(plan: Plan) -> Story:
    """Compute every section of the page from a plan."""
    servers = servers_table(plan)
    costs = [wave.cost_usd_month for wave in plan.waves if wave.cost_usd_month is not None]
    applications, left = shown_applications(plan)
    return Story(
        headline=headline(plan),
        figures=key_figures(plan),
        sentences=sentences(plan),
        gantt=gantt(plan),
        timetable=timetable(plan),
        wave_applications=sum(len(wave.applications) for wave in plan.waves),
        crew_h=sum(sum(wave.crew_h.values()) for wave in plan.waves),
        waves_cost=sum(costs) if costs else None,
        expected_loss=sum(wave.expected_loss_usd.likely for wave in plan.waves),
        terms=objective_terms(plan) if plan.waves else (),
        bubble=bubble(plan),
        cumulated=cumulated(plan),
        years=years(plan),
        costs=cost_tables(plan, servers) if plan.servers else (),
        types=type_rows(plan, servers),
        risk=risk(plan),
        map=dependency_map(plan),
        outside=outside(plan),
        applications=applications,
        applications_left=left,
        domains=tuple(sorted({a.domain for a in applications if a.domain})),
        criticality_rank={name: rank for rank, name in enumerate(CRITICALITIES)},
        findings=finding_groups(plan.findings),
    )
