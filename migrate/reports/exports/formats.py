"""The formats that a plan can be exported to, each with the name of its file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from migrate.errors import RequestError
from migrate.model.plan import Plan
from migrate.reports.exports.focus import write_focus
from migrate.reports.exports.ics import write_ics
from migrate.reports.exports.jira import write_jira
from migrate.reports.exports.mgn import write_mgn
from migrate.reports.exports.migration_factory import write_intake
from migrate.reports.exports.project_xml import write_project
from migrate.reports.exports.scope import Scope
from migrate.reports.exports.waves_to_edit import write_waves_csv, write_waves_xlsx

__all__ = ["FORMATS", "Exported", "Format", "export_plan"]


@dataclass(frozen=True)
class Format:
    """A format: what it is for, the name of its file where none is given, and what writes it and tells what is left out."""

    about: str
    file: str
    write: Callable[[Plan, Path, Scope], tuple[str, ...]]


@dataclass(frozen=True)
class Exported:
    """A file that was written, and sentences about what is not in it."""

    path: Path
    notes: tuple[str, ...]


def _whole(write: Callable[[Plan, Path], None]) -> Callable[[Plan, Path, Scope], tuple[str, ...]]:
    """Tables to edit are of the whole plan: an application that is not in them would be taken for one that stays."""

    def written(plan: Plan, path: Path, scope: Scope) -> tuple[str, ...]:
        if scope.waves:
            raise RequestError(
                "a table to edit is of all waves", where="--wave", remedy="Leave it away, and filter in the spreadsheet."
            )
        write(plan, path)
        return ()

    return written


FORMATS: Mapping[str, Format] = {
    "waves-csv": Format("applications and waves to edit, as CSV", "waves-to-edit.csv", _whole(write_waves_csv)),
    "waves-xlsx": Format("applications and waves to edit, as a workbook", "waves-to-edit.xlsx", _whole(write_waves_xlsx)),
    "mgn": Format("inventory import of AWS Application Migration Service", "mgn-import.csv", write_mgn),
    "cmf": Format("intake form of Cloud Migration Factory on AWS", "cmf-intake.xlsx", write_intake),
    "jira": Format("epics and issues for Jira's CSV importer", "jira.csv", write_jira),
    "project-xml": Format("Microsoft Project XML", "project.xml", write_project),
    "focus": Format("the projected bill as FOCUS 1.2, CSV or (FILE.parquet) Parquet", "focus.csv", write_focus),
    "ics": Format("the cutovers as a calendar", "cutovers.ics", write_ics),
}


def export_plan(plan: Plan, name: str, path: Path, scope: Scope | None = None) -> Exported:
    """Write a plan in one of `FORMATS`.

    Parameters
    ----------
    plan
        The plan.
    name
        Of the format.
    path
        A file, or a folder for a file of the format's own name.
    scope
        What to tell of; None: everything.

    Raises
    ------
    RequestError
        There is no such format or wave.
    """
    if name not in FORMATS:
        raise RequestError(f"there is no format {name!r}", where="--format", remedy=f"Formats are {', '.join(FORMATS)}.")
    chosen = FORMATS[name]
    file = path / chosen.file if path.is_dir() or not path.suffix else path
    return Exported(file, chosen.write(plan, file, scope or Scope()))
