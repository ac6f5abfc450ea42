"""Runbooks as Markdown files: the landing zone as wave 00, then one per wave."""

from __future__ import annotations

from pathlib import Path

from migrate.files import write_text
from migrate.model.plan import Plan
from migrate.reports.runbook_markdown import render_markdown
from migrate.runbooks import build_runbooks

__all__ = ["write_runbooks"]


def write_runbooks(plan: Plan, out: Path) -> tuple[Path, ...]:
    """Write ``runbooks/wave-NN.md`` into `out` for the landing zone and each wave of the plan."""
    folder = out / "runbooks"
    return tuple(write_text(folder / f"wave-{book.wave:02d}.md", render_markdown(book)) for book in build_runbooks(plan))
