"""What the command line says on stderr while it works: the stage, how far it is, and how long each took."""

from __future__ import annotations

import sys
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from migrate.model.plan import Plan, load_plan
from migrate.pipeline import Stages, renew

__all__ = ["Talk", "open_plan"]

_WORDS = {
    "read": "Reading inventories",
    "discover": "Discovering dependencies",
    "target": "Choosing targets",
    "assess": "Assessing risk",
    "draft": "Drafting",
    "schedule": "Planning waves",
    "finance": "Computing the business case",
    "scenarios": "Planning scenarios",
    "write": "Writing",
    "rehearse": "Rehearsing",
}


def open_plan(path: Path, *, quiet: bool = False) -> Plan:
    """Load a plan for a verb that tells or does what it says; figures of a hand-edited one are made anew, and that is said."""
    plan = load_plan(path)
    renewed = renew(plan)
    if renewed == plan:
        return plan
    Talk(quiet=quiet).say("The plan was edited: dates, waves, objective and business case were made anew from its applications.")
    return renewed


class Talk:
    """Shows a run on stderr: a moving bar on a terminal, one line per stage elsewhere, nothing when quiet."""

    def __init__(self, *, quiet: bool) -> None:
        self._console = Console(stderr=True)
        self._quiet = quiet
        self._progress: Progress | None = None
        self._task: TaskID | None = None
        if not quiet and sys.stderr.isatty():
            columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
            self._progress = Progress(*columns, console=self._console, transient=True)

    def stages(self) -> Stages:
        """Callbacks for `migrate.pipeline`."""
        return Stages(began=self.began, ended=self.ended, broken=self.broken, advanced=self.advanced)

    def began(self, name: str) -> None:
        """A stage begins."""
        if self._progress is not None:
            self._progress.start()
            self._task = self._progress.add_task(_WORDS.get(name, name), total=None)

    def advanced(self, text: str, share: float) -> None:
        """A stage says how far it is; a share of 0 only changes the text."""
        if self._progress is not None and self._task is not None:
            total = 1.0 if share > 0 else None
            self._progress.update(self._task, description=text[:60] or None, completed=share, total=total)

    def ended(self, name: str, seconds: float) -> None:
        """A stage has ended."""
        self.broken(name)
        self.say(f"{_WORDS.get(name, name):<28} {seconds:6.1f} s")

    def broken(self, _name: str) -> None:
        """Take the bar off the terminal, so that an error is told on a line of its own."""
        if self._progress is not None and self._task is not None:
            self._progress.remove_task(self._task)
            self._progress.stop()
            self._task = None

    def say(self, text: str) -> None:
        """One line, unless quiet."""
        if not self._quiet:
            self._console.print(text, markup=False, highlight=False, soft_wrap=True)
