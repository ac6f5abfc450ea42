"""The flat tables as CSV: RFC 4180 quoting, UTF-8, ``\\n`` line ends, ISO dates, full precision, empty for unknown."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from migrate.files import replacing
from migrate.model.plan import Plan
from migrate.reports.neutral import neutral
from migrate.reports.plan_tables import PlanTables
from migrate.reports.sizing_table import sizing_table
from migrate.reports.tables import groups_table, outside_table
from migrate.reports.task_tables import tasks_table

__all__ = ["write_table", "write_tables"]


def write_tables(plan: Plan, out: Path, made: PlanTables | None = None) -> tuple[Path, ...]:
    """Write servers.csv, applications.csv, dependencies.csv, waves.csv, tasks.csv, findings.csv, groups.csv, outside.csv and
    sizing.csv into `out`.

    Text that a spreadsheet would run as a formula is neutralised: see `migrate.reports.neutral`.
    """
    made = made or PlanTables(plan)
    tables = {
        "servers.csv": made.servers,
        "applications.csv": made.applications,
        "dependencies.csv": made.dependencies,
        "waves.csv": made.waves,
        "tasks.csv": tasks_table(plan),
        "findings.csv": made.findings,
        "groups.csv": groups_table(plan),
        "outside.csv": outside_table(plan),
        "sizing.csv": sizing_table(plan),
    }
    return tuple(write_table(table, out / name) for name, table in tables.items())


def write_table(table: pl.DataFrame, path: Path) -> Path:
    """Write one table as CSV, its text neutralised; times are UTC."""
    with replacing(path) as temporary:
        neutral(table).write_csv(temporary, datetime_format="%Y-%m-%dT%H:%M:%SZ")
    return path
