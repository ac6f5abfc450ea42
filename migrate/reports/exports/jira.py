"""A CSV for Jira's importer: an epic for each wave, and under it an issue for each application with its dates and crews.

Columns as its wizard maps them by name. Epics come first and are the parents of issues by `Issue ID` and `Parent`, as
https://support.atlassian.com/jira/kb/keep-issue-parent-child-mapping-during-csv-import-to-jira-cloud has it. Dates are
``yyyy-MM-dd``, which the wizard asks for.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from migrate.model.plan import Plan, PlannedApplication, PlannedWave
from migrate.reports.exports.scope import Scope, wave_name
from migrate.reports.numerals import count
from migrate.reports.table_files import write_table

__all__ = ["jira_table", "write_jira"]

_COLUMNS = (
    "Issue Type",
    "Issue ID",
    "Parent",
    "Summary",
    "Description",
    "Priority",
    "Start date",
    "Due date",
    "Labels",
)
_PRIORITIES = {"mission-critical": "Highest", "high": "High", "medium": "Medium", "low": "Low"}
_LONGEST_SUMMARY = 255  # characters that Jira keeps


def jira_table(plan: Plan, scope: Scope) -> pl.DataFrame:
    """Epics by wave, then their issues by wave and application."""
    applications = {item.application: item for item in plan.applications}
    waves = scope.waves_of(plan)
    rows = [_epic(plan, wave, number) for number, wave in enumerate(waves, start=1)]
    for parent, wave in enumerate(waves, start=1):
        for name in wave.applications:
            rows.append(_issue(plan, wave, applications[name], len(rows) + 1, parent))
    return pl.DataFrame(rows, schema=dict.fromkeys(_COLUMNS, pl.String), orient="row")


def write_jira(plan: Plan, path: Path, scope: Scope) -> tuple[str, ...]:
    """Write the CSV file."""
    write_table(jira_table(plan, scope), path)
    return ()


def _epic(plan: Plan, wave: PlannedWave, number: int) -> dict[str, str | None]:
    name = wave_name(wave.wave)
    return {
        "Issue ID": str(number),
        "Parent": None,
        "Issue Type": "Epic",
        "Summary": _summary(f"{name}: cutover on {wave.date}"),
        "Description": (
            f"{count(len(wave.applications), 'application')} with {count(wave.servers, 'server')} and {wave.data_gib:,.0f} GiB. "
            f"Replication from {wave.replication_start}, cutover on {wave.date} from {wave.starts} for {wave.duration_h:g} h, "
            f"decommission on {wave.decommission_date}. Plan {plan.spec.plan.name}."
        ),
        "Priority": None,
        "Start date": str(wave.replication_start),
        "Due date": str(wave.decommission_date),
        "Labels": "pathfinder" if wave.pathfinder else None,
    }


def _issue(plan: Plan, wave: PlannedWave, item: PlannedApplication, number: int, parent: int) -> dict[str, str | None]:
    crew = ", ".join(f"{skill} {hours:g} h" for skill, hours in sorted(item.crew_h.items()))
    lines = [
        f"{count(item.moving_servers, 'server')}, {item.data_gib:,.0f} GiB, {item.disposition or 'undecided'}.",
        f"Cutover on {wave.date} from {wave.starts}; risk {item.risk_score:.0f} of 100.",
        f"Crew: {crew or 'none'}. Owner: {item.owner or 'unknown'}. Domain: {item.domain or 'unknown'}.",
        *(f"Risk: {hit.rule} ({hit.detail})" for hit in item.risks[:10]),
    ]
    return {
        "Issue ID": str(number),
        "Parent": str(parent),
        "Issue Type": "Task",
        "Summary": _summary(f"Migrate {item.application}"),
        "Description": "\n".join(lines),
        "Priority": _PRIORITIES.get(item.criticality),
        "Start date": str(wave.replication_start),
        "Due date": str(wave.date),
        "Labels": f"{plan.spec.plan.name} {item.disposition or 'undecided'}".replace(" ", "-").lower(),
    }


def _summary(text: str) -> str:
    return " ".join(text.split())[:_LONGEST_SUMMARY]
