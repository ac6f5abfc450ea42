"""All reports of a plan, in one folder."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from migrate.model.plan import Plan
from migrate.reports.diagram_files import start_diagrams
from migrate.reports.html import tell
from migrate.reports.page import write_html
from migrate.reports.plan_tables import PlanTables
from migrate.reports.runbook_files import write_runbooks
from migrate.reports.stale import remove_stale
from migrate.reports.table_files import write_tables
from migrate.reports.workbook import write_workbook

__all__ = ["write_reports"]

_LAYOUTS = 2  # processes that lay out diagrams while this one writes the rest


def write_reports(plan: Plan, out: Path, progress: Callable[[str], None] | None = None) -> tuple[Path, ...]:
    """Write tables, report.html, plan.xlsx, board.pptx, business-case.pdf, diagrams and runbooks into `out`.

    Runbooks and diagrams of waves that the plan no longer has are removed; files that are not ours stay.

    Parameters
    ----------
    progress
        Called with what is being written, such as ``"diagrams"``.

    Returns
    -------
    tuple of Path
        The files written.

    Raises
    ------
    MigrateError
        A diagram could not be laid out.
    """
    from migrate.reports.deck import write_deck  # noqa: PLC0415 - python-pptx and Typst are not for verbs that only read
    from migrate.reports.paper import write_paper  # noqa: PLC0415 - likewise

    now = progress or (lambda _: None)
    written: list[Path] = []
    with ThreadPoolExecutor(_LAYOUTS) as pool, ThreadPoolExecutor(1) as beside:  # packing the workbook leaves others their turn
        drawing = start_diagrams(plan, out, pool)
        try:
            now("tables")
            tables = PlanTables(plan)
            written += write_tables(plan, out, tables)
            now("report.html")
            story = tell(plan, tables)
            book = beside.submit(write_workbook, plan, out, story)
            written.append(write_html(plan, out, story))
            now("board.pptx, business-case.pdf")
            written += [write_deck(plan, story, out), write_paper(plan, story, out)]
            now("runbooks")
            written += write_runbooks(plan, out)
            now("plan.xlsx")
            written.append(book.result())
            now("diagrams")
            written += [future.result() for future in drawing]
        finally:
            for future in drawing:
                future.cancel()
    remove_stale(out, written)
    return tuple(written)
