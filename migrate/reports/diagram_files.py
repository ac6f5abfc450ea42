"""Diagrams as SVG files, laid out side by side because each layout is a process of its own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path

from migrate.files import write_bytes
from migrate.model.plan import Plan, PlannedDependency
from migrate.reports.diagrams import plan_diagram, wave_diagram
from migrate.reports.dot import render_svg

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
    wave_of = {application.application: application.wave for application in plan.applications}
    touching: dict[int, list[PlannedDependency]] = {wave.wave: [] for wave in plan.waves}
    for dependency in plan.dependencies:
        for number in {wave_of.get(dependency.consumer), wave_of.get(dependency.provider)}:
            if number in touching:
                touching[number].append(dependency)
    folder = out / "diagrams"
    drawing = [pool.submit(_draw, folder / "applications-by-wave.svg", partial(plan_diagram, plan))]
    for wave in plan.waves:
        source = partial(wave_diagram, plan, wave, wave_of, touching[wave.wave])
        drawing.append(pool.submit(_draw, folder / f"wave-{wave.wave}.svg", source))
    return drawing


def _draw(path: Path, source: Callable[[], str]) -> Path:
    return write_bytes(path, render_svg(source()))
