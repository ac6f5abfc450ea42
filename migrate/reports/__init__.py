"""How is it told? A plan as flat tables, a workbook, diagrams, runbooks and one self-contained page.

Everything here reads a `migrate.model.plan.Plan` and nothing else, so any report can be made again from plan.json.
"""

from migrate.reports.diagram_files import write_diagrams
from migrate.reports.page import write_html
from migrate.reports.runbook_files import write_runbooks
from migrate.reports.table_files import write_tables
from migrate.reports.workbook import write_workbook
from migrate.reports.write import write_reports

__all__ = ["write_diagrams", "write_html", "write_reports", "write_runbooks", "write_tables", "write_workbook"]
