"""plan.xlsx: the plan for people who work in spreadsheets, with live formulas from the assumptions to the present value.

Inventory text is written as text and nothing else: no cell of it becomes a formula, a number or a link. Every formula
carries its computed value, so viewers that do not recalculate show the right figures. No clock is read: the creation
date is the plan's start, so the same plan gives the same bytes.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from migrate.files import replacing
from migrate.model.plan import Plan
from migrate.reports.assumptions_sheet import write_assumptions
from migrate.reports.cash_flow_sheet import write_cash_flow
from migrate.reports.cost_line_sheets import LineColumns, write_amounts, write_quantities
from migrate.reports.costs_sheet import write_costs
from migrate.reports.estimate_sheets import write_estimates
from migrate.reports.html import Story, tell
from migrate.reports.packing import Book
from migrate.reports.sheet import Sheets
from migrate.reports.sources_sheet import write_sources
from migrate.reports.summary_sheet import write_summary
from migrate.reports.tables import (
    outside_table,
    risks_table,
)
from migrate.reports.task_tables import outlook_table, tasks_table

__all__ = ["write_workbook"]


def write_workbook(plan: Plan, out: Path, story: Story | None = None) -> Path:
    """Write ``plan.xlsx`` into `out`. `story` is what `migrate.reports.html.tell` makes of the plan, where somebody has it."""
    path = out / "plan.xlsx"
    with replacing(path) as temporary:
        book = Book(
            str(temporary),
            {
                "constant_memory": True,
                "strings_to_formulas": False,
                "strings_to_urls": False,
                "strings_to_numbers": False,
                "nan_inf_to_errors": True,
            },
        )
        book.set_properties(
            {
                "title": f"{plan.spec.plan.name}: migration plan",
                "created": dt.datetime.combine(plan.spec.plan.start, dt.time()),
                "comments": plan.made_by,
            }
        )
        _fill(Sheets(book), plan, story or tell(plan))
        book.close()
    return path


# What fits across a page; the other columns stand to the right of these and are not printed.
_WAVES = (
    "wave", "date", "starts", "duration_h", "pathfinder", "applications", "servers", "data_gib", "replication_start",
    "decommission_date", "risk_score", "confidence", "cost_usd_month", "expected_loss_likely_usd",
)  # fmt: skip
_APPLICATIONS = (
    "application", "domain", "owner", "criticality", "disposition", "wave", "cutover_date", "moving_servers",
    "cost_usd_month", "source_cost_usd_month", "risk_score", "confidence",
)  # fmt: skip
_SERVERS = (
    "name", "site", "application", "disposition", "target", "wave", "cutover_date", "cost_usd_month",
    "environment", "vcpu", "memory_gib", "disk_gib",
)  # fmt: skip


def _fill(sheets: Sheets, plan: Plan, story: Story) -> None:
    write_summary(sheets, plan)
    inputs, columns = write_assumptions(sheets, plan), LineColumns(plan)
    write_cash_flow(sheets, plan, columns, inputs)
    if columns.lines:
        write_amounts(sheets, columns, inputs)
        write_quantities(sheets, columns)
    write_estimates(sheets, plan, story)
    write_costs(sheets, plan, story.tables.servers)
    sheets.table("Waves", story.tables.waves, bars=("risk_score",), printed=_WAVES)
    sheets.table("Applications", story.tables.applications, bars=("risk_score",), printed=_APPLICATIONS)
    sheets.table("Servers", story.tables.servers, printed=_SERVERS)
    if plan.tasks:
        sheets.table("Dates", outlook_table(plan), bars=("on_time",))
        sheets.table("Tasks", tasks_table(plan))
    sheets.table("Risks", risks_table(plan), bars=("points",))
    sheets.table("Dependencies", story.tables.dependencies)
    if plan.outside:
        sheets.table("Outside", outside_table(plan))
    sheets.table("Findings", story.tables.findings)
    write_sources(sheets, plan)
