"""Everything the page shows, in the order in which it is told."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from migrate.model.names import CRITICALITIES
from migrate.model.plan import Plan, PlannedApplication
from migrate.reports.html.alternatives import (
    cloud_grid,
    hosts_grid,
    licence_grid,
    sizing_grid,
    storage_grid,
    waste_grid,
)
from migrate.reports.html.bubble import Year, bubble, cumulated, years
from migrate.reports.html.chart import Chart
from migrate.reports.html.costs import CostTable, TypeRow, cost_tables, type_rows
from migrate.reports.html.gantt import Gantt, gantt
from migrate.reports.html.grid import Bars, Grid
from migrate.reports.html.heat import Risk, risk
from migrate.reports.html.links import DependencyMap, dependency_map
from migrate.reports.html.lists import FindingGroup, Term, finding_groups, objective_terms, shown_applications
from migrate.reports.html.outside import Outside, outside
from migrate.reports.html.spending import (
    bill_grid,
    carbon_chart,
    carbon_grid,
    commitment_chart,
    commitment_grid,
    commitment_words,
    purchase_grid,
    showback_grids,
)
from migrate.reports.html.summary import Figure, headline, key_figures, sentences
from migrate.reports.html.timetable import Timetable, timetable
from migrate.reports.html.uncertainty import case_grid, histogram, simulation_words, tornado_bars
from migrate.reports.html.worth import ownership_grid, worth_grid
from migrate.reports.plan_tables import PlanTables

__all__ = ["SpendingStory", "Story", "Uncertainty", "tell"]


@dataclass(frozen=True)
class Uncertainty:
    """How sure the present value is."""

    tornado: Bars | None
    histogram: Chart | None
    words: str
    cases: Grid | None


@dataclass(frozen=True)
class SpendingStory:
    """How the money is spent."""

    bill: Grid | None
    commitments: Grid | None
    commitment_words: str
    commitment_chart: Chart | None
    purchases: Grid | None
    showback: tuple[Grid, ...]
    carbon: Grid | None
    carbon_chart: Chart | None


@dataclass(frozen=True)
class Story:
    """The page's content."""

    tables: PlanTables
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
    worth: tuple[Grid, ...]
    uncertainty: Uncertainty
    spending: SpendingStory
    alternatives: tuple[Grid, ...]
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


_ALTERNATIVES = (sizing_grid, waste_grid, cloud_grid, licence_grid, hosts_grid, storage_grid)


def _there(*grids: Grid | None) -> tuple[Grid, ...]:
    return tuple(grid for grid in grids if grid is not None)


def tell(plan: Plan, tables: PlanTables | None = None) -> Story:
    """Compute every section of the page from a plan; `tables` are its tables, where somebody has made them."""
    tables = tables or PlanTables(plan)
    servers = tables.servers
    costs = [wave.cost_usd_month for wave in plan.waves if wave.cost_usd_month is not None]
    applications, left = shown_applications(plan)
    return Story(
        tables=tables,
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
        worth=_there(worth_grid(plan), ownership_grid(plan)),
        uncertainty=Uncertainty(tornado_bars(plan), histogram(plan), simulation_words(plan), case_grid(plan)),
        spending=SpendingStory(
            bill=bill_grid(plan),
            commitments=commitment_grid(plan),
            commitment_words=commitment_words(plan),
            commitment_chart=commitment_chart(plan),
            purchases=purchase_grid(plan),
            showback=showback_grids(plan),
            carbon=carbon_grid(plan),
            carbon_chart=carbon_chart(plan),
        ),
        alternatives=_there(*(make(plan) for make in _ALTERNATIVES)),
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
