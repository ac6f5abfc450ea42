"""The flat tables as CSV: RFC 4180 quoting, UTF-8, ``\\n`` line ends, ISO dates, full precision, empty for unknown."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from migrate.files import replacing
from migrate.model.plan import Plan
from migrate.reports.neutral import neutral
from migrate.reports.sizing_table import sizing_table
from migrate.reports.tables import (
    applications_table,
    dependencies_table,
    findings_table,
    groups_table,
    outside_table,
    servers_table,
    waves_table,
)
from migrate.reports.task_tables import tasks_table

__all__ = ["write_table", "write_tables"]


def write_tables(plan: Plan, out: Path) -> tuple[Path, ...]:
    """Write servers.csv, applications.csv, dependencies.csv, waves.csv, tasks.csv, findings.csv, groups.csv, outside.csv and
    sizing.csv into `out`.

    Text that a spreadsheet would run as a formula is neutralised: see `migrate.reports.neutral`.
    """
    tables = {
        "servers.csv": servers_table(plan),
        "applications.csv": applications_table(plan),
        "dependencies.csv": dependencies_table(plan),
        "waves.csv": waves_table(plan),
        "tasks.csv": tasks_table(plan),
        "findings.csv": findings_table(plan),
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
