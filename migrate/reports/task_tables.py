"""Tasks and dates as flat tables, for CSV files and the workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from operator import attrgetter

import polars as pl

from migrate.model.plan import Plan

__all__ = ["outlook_table", "tasks_table"]

_TASKS: Mapping[str, type[pl.DataType]] = {
    "wave": pl.Int64,
    "application": pl.String,
    "task": pl.String,
    "start": pl.Date,
    "end": pl.Date,
    "starts_h": pl.Float64,
    "duration_h": pl.Float64,
    "crew_h": pl.Float64,
    "float_days": pl.Int64,
    "critical": pl.Boolean,
}

_TIMINGS: Mapping[str, type[pl.DataType]] = {
    "wave": pl.Int64,
    "date": pl.Date,
    "ready": pl.Date,
    "closed": pl.Date,
    "float_days": pl.Int64,
    "night_h": pl.Float64,
    "night_bound_h": pl.Float64,
    "window_h": pl.Float64,
}


def tasks_table(plan: Plan) -> pl.DataFrame:
    """One row per task of every application, by wave, application and order of work; empty where none is scheduled."""
    return _frame(plan.tasks.tasks if plan.tasks else (), _TASKS)


def outlook_table(plan: Plan) -> pl.DataFrame:
    """One row per wave: dates, float and what the simulation says; empty where none is scheduled."""
    timings, ahead = (plan.tasks.waves, plan.outlook.waves) if plan.tasks and plan.outlook else ((), ())
    cutover, closed = [item.cutover for item in ahead], [item.closed for item in ahead]
    columns = [
        *(_column(name, ahead, name, pl.Float64) for name in ("on_time", "whole")),
        *(_column(f"cutover_{part}", cutover, part, pl.Date) for part in ("p50", "p80", "p95")),
        *(_column(f"closed_{part}", closed, part, pl.Date) for part in ("p50", "p80", "p95")),
    ]
    return _frame(timings, _TIMINGS).hstack(columns)


def _frame(records: Sequence[object], columns: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    return pl.DataFrame([_column(name, records, name, dtype) for name, dtype in columns.items()])


def _column(name: str, records: Sequence[object], attribute: str, dtype: type[pl.DataType]) -> pl.Series:
    return pl.Series(name, list(map(attrgetter(attribute), records)), dtype=dtype)
