"""Diagrams as SVG files, laid out side by side because each layout is a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

from migrate.files import write_bytes
from migrate.model.plan import Plan
from migrate.reports.diagrams import plan_diagram, wave_diagram
from migrate.reports.dot import render_svg
from migrate.reports.drawn_plan import DrawnPlan

__all__ = ["start_diagrams", "write_diagrams"]

_WORKERS = 2


def write_diagrams(plan: Plan, out: Path) -> tuple[Path, ...]:
    """Write ``diagrams/applications-by-wave.svg`` and ``diagrams/wave-N.svg`` for each wave into `out`.

    Raises
    ------
    MigrateError
        There is no layout program.
    """
    with ThreadPoolExecutor(_WORKERS) as pool:
        started = start_diagrams(plan, out, pool)
        return tuple(future.result() for future in started)


def start_diagrams(plan: Plan, out: Path, pool: ThreadPoolExecutor) -> list[Future[Path]]:
    """Queue every diagram on `pool`; the results are the files written, in order."""
    folder, drawn = out / "diagrams", DrawnPlan(plan)
    drawing = [pool.submit(_draw, folder / "applications-by-wave.svg", partial(plan_diagram, plan))]
    return drawing + [
        pool.submit(_draw, folder / f"wave-{wave.wave}.svg", partial(wave_diagram, drawn, wave)) for wave in plan.waves
    ]


def _draw(path: Path, source: Callable[[], str]) -> Path:
    return write_bytes(path, render_svg(source()))
