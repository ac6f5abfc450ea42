"""What really happened: a table of tasks that were begun and ended.

Columns: ``application``, ``task``, ``start`` and ``end`` (a day, or a day and a time), as a CSV or a workbook. A task is one of
`TASKS`; other rows are told and left out. An empty end means: still running.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from migrate.findings import Finding, Severity
from migrate.readers.cells import Column, read_columns
from migrate.readers.days import moment_of
from migrate.readers.ledger import Ledger
from migrate.readers.peek import peek_at
from migrate.readers.wave_table import read_table

__all__ = ["TASKS", "Actual", "Actuals", "read_actuals"]

#: Tasks that are understood, with other words for them.
TASKS = {
    "replicate": ("replicate", "replication", "initial sync"),
    "test": ("test", "test launch", "rehearsal"),
    "cutover": ("cutover", "cut over", "go live"),
    "validate": ("validate", "validation"),
    "hypercare": ("hypercare",),
    "decommission": ("decommission", "decommissioning"),
}
_TASK = {word: task for task, words in TASKS.items() for word in words}
_COLUMNS = (
    Column("application", ("application", "application name", "app name", "app"), longest=1000),
    Column("task", ("task", "step", "phase"), longest=60),
    Column("start", ("start", "began", "actual start"), longest=60),
    Column("end", ("end", "ended", "finish", "actual end", "actual finish"), longest=60),
)


@dataclass(frozen=True)
class Actual:
    """One task that was begun. `end` None: it is still running."""

    application: str
    task: str
    start: dt.datetime
    end: dt.datetime | None
    source: str

    @property
    def days(self) -> float | None:
        """Days that it took; None while it runs."""
        return None if self.end is None else (self.end - self.start).total_seconds() / 86_400


@dataclass(frozen=True)
class Actuals:
    """The rows that were understood, in order, and what was said of the others."""

    rows: tuple[Actual, ...] = ()
    findings: tuple[Finding, ...] = ()


def read_actuals(path: Path) -> Actuals:
    """Read a table of actual tasks.

    Raises
    ------
    InputError
        It is neither a table of text nor a workbook, or lacks a column.
    """
    ledger = Ledger()
    peek = peek_at([path])[0]
    needed = tuple(column.headers for column in _COLUMNS[:3])
    frame, _ = read_columns(
        read_table(peek, ledger, needed, "a table of actual tasks", "Name a CSV or .xlsx file that has them."), _COLUMNS, ledger
    )
    rows = []
    for cells in frame.iter_rows(named=True):
        wrong, actual = _understood(cells)
        if actual is not None:
            rows.append(actual)
        else:
            source = cells["source"]
            ledger.tell(
                "actual-set-aside",
                Severity.warning,
                cells["application"] or source,
                source,
                f"The row was left out: {wrong}",
                f"Tasks are {', '.join(TASKS)}; write moments as YYYY-MM-DD HH:MM.",
            )
    return Actuals(tuple(rows), tuple(ledger.findings))


def _understood(cells: dict[str, str | None]) -> tuple[str, Actual | None]:
    task = _TASK.get(" ".join((cells["task"] or "").casefold().replace("-", " ").replace("_", " ").split()))
    start, end = (moment_of(cells[name] or "") for name in ("start", "end"))
    if cells["application"] is None:
        return "it names no application", None
    if task is None:
        return f"it names no task that is known ({(cells['task'] or 'none')[:40]})", None
    if start is None:
        return f"its start is no moment, or can be read as two ({(cells['start'] or 'none')[:40]})", None
    if cells["end"] is not None and end is None:
        return f"its end is no moment, or can be read as two ({cells['end'][:40]})", None
    if end is not None and end < start:
        return "it ends before it starts", None
    return "", Actual(cells["application"], task, start, end, cells["source"] or "")
