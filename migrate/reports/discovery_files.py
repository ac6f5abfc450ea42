"""What discovery found, in one folder: tables, graph and diagrams."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import polars as pl

from migrate.errors import RequestError
from migrate.files import replacing, write_bytes
from migrate.model.plan import Plan
from migrate.model.stages import Discovery
from migrate.reports.application_map import map_of
from migrate.reports.discovery_groups import discovered_applications_table, discovered_move_groups_table
from migrate.reports.discovery_tables import (
    application_dependencies_table,
    discovered_groups_table,
    discovered_outside_table,
    server_dependencies_table,
)
from migrate.reports.dot import render_svg
from migrate.reports.graphml import MOST_ELEMENTS, graphml_size, write_graphml
from migrate.reports.neighbourhood import neighbourhood_diagram
from migrate.reports.overview import overview_diagram
from migrate.reports.table_files import write_table
from migrate.reports.tables import findings_table

__all__ = ["DISCOVERY_FILES", "write_discovery_files", "write_neighbourhoods"]

#: What `write_discovery_files` may write; those of an earlier run that are not written again are stale.
DISCOVERY_FILES = (
    "application_dependencies.csv",
    "applications.csv",
    "applications.graphml",
    "dependencies.csv",
    "dependencies.parquet",
    "findings.csv",
    "groups.csv",
    "groups.parquet",
    "move_groups.csv",
    "neighbourhood-*.svg",
    "outside.csv",
    "overview.svg",
)

_SLUG = 60
_DIGITS = 6  # significant ones, of figures that people read


def write_discovery_files(discovery: Discovery, out: Path, progress: Callable[[str], None] | None = None) -> tuple[str, ...]:
    """Write every table, applications.graphml and overview.svg into `out`.

    Text in CSV files that a spreadsheet would run as a formula is neutralised (`migrate.reports.neutral`), and figures are
    rounded to six digits; the Parquet files hold both as they are.

    Returns
    -------
    Sentences about what was left out, because nobody could use it.

    Raises
    ------
    MigrateError
        A diagram could not be laid out.
    """
    tell = progress or (lambda _: None)
    tell("dependencies.csv")
    _both(server_dependencies_table(discovery), out, "dependencies")
    tell("groups.csv")
    _both(discovered_groups_table(discovery), out, "groups")
    tables = {
        "applications.csv": discovered_applications_table(discovery),
        "move_groups.csv": discovered_move_groups_table(discovery),
        "application_dependencies.csv": application_dependencies_table(discovery.application_dependencies),
        "outside.csv": discovered_outside_table(discovery.outside),
        "findings.csv": findings_table(discovery),
    }
    for name, table in tables.items():
        _rounded(table, out / name)
    tell("overview.svg")
    write_bytes(out / "overview.svg", render_svg(overview_diagram(map_of(discovery))))
    if graphml_size(discovery) > MOST_ELEMENTS:
        return (
            f"applications.graphml was not written: {graphml_size(discovery):,} applications and dependencies are more than the "
            f"{MOST_ELEMENTS:,} that tools for it can hold; use application_dependencies.csv.",
        )
    tell("applications.graphml")
    write_graphml(discovery, out / "applications.graphml")
    return ()


def write_neighbourhoods(
    source: Plan | Discovery, out: Path, *, applications: Sequence[str] = (), groups: Sequence[str] = (), told: Path | None = None
) -> tuple[Path, ...]:
    """Write ``neighbourhood-NAME.svg`` for each application and move group that is named.

    `told` is the folder whose groups.csv lists the names; without it, `out`.

    Raises
    ------
    RequestError
        A name is not there; the others were drawn.
    MigrateError
        A diagram could not be laid out.
    """
    drawn = map_of(source)
    known = drawn.applications["application"].to_list()
    there = set(known)
    written: list[Path] = []
    asked: list[tuple[str, tuple[str, ...]]] = [(name, (name,)) for name in dict.fromkeys(applications) if name in there]
    asked += [(name, members) for name in dict.fromkeys(groups) if (members := drawn.of_group(name))]
    for name, members in asked:
        slug = re.sub(r"[^\w]+", "-", name).strip("-")[:_SLUG].strip("-") or "unnamed"
        path, turn = out / f"neighbourhood-{slug}.svg", 2
        while path in written:
            path, turn = out / f"neighbourhood-{slug}-{turn}.svg", turn + 1
        written.append(write_bytes(path, render_svg(neighbourhood_diagram(drawn, members, name))))
    _refuse_unknown(applications, known, "application", told or out)
    _refuse_unknown(groups, drawn.applications["move_group"].unique().sort().to_list(), "move group", told or out)
    return tuple(written)


def _refuse_unknown(asked: Sequence[str], known: Sequence[str], what: str, folder: Path) -> None:
    """Name the first that is not there, and the nearest that are."""
    there = set(known)
    for name in asked:
        if name not in there:
            near = difflib.get_close_matches(name, known, n=3, cutoff=0.5)
            remedy = f"Did you mean {', '.join(near)}?" if near else f"See {folder / 'groups.csv'} for the names that there are."
            raise RequestError(f"there is no {what} {name[:60]!r}", where="the command line", remedy=remedy)


def _both(table: pl.DataFrame, out: Path, name: str) -> None:
    """A table as CSV for people, and as Parquet for scripts."""
    with replacing(out / f"{name}.parquet") as temporary:
        table.write_parquet(temporary)
    _rounded(table, out / f"{name}.csv")


def _rounded(table: pl.DataFrame, path: Path) -> None:
    """A table as CSV with the digits that people read."""
    write_table(table.with_columns(pl.col(pl.Float64).round_sig_figs(_DIGITS)), path)
