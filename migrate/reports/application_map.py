"""What the diagrams of applications draw, whether it comes from a plan or from discovery alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from migrate.model.plan import Plan, PlannedDependency
from migrate.model.stages import Discovery

__all__ = ["ApplicationMap", "map_of"]

_APPLICATIONS = {
    "application": pl.String,
    "servers": pl.Int64,
    "domain": pl.String,
    "shared": pl.Boolean,
    "move_group": pl.String,
}
_LINKS: dict[str, pl.DataType | type[pl.DataType]] = {
    "consumer": pl.String,
    "provider": pl.String,
    "external": pl.Boolean,
    "gb_day": pl.Float64,
    "connections_day": pl.Float64,
    "hard": pl.Boolean,
    "ports": pl.List(pl.String),
}


@dataclass(frozen=True)
class ApplicationMap:
    """Applications and the dependencies between them, as columns.

    Attributes
    ----------
    name
        What the whole is called.
    applications
        ``application``, ``servers``, ``domain`` (null where unknown), ``shared`` (a shared service), ``move_group``.
    links
        ``consumer``, ``provider``, ``external`` (one end is outside the estate), ``gb_day``, ``connections_day``, ``hard`` and
        ``ports`` (most traffic first).
    """

    name: str
    applications: pl.DataFrame
    links: pl.DataFrame

    def of_group(self, move_group: str) -> tuple[str, ...]:
        """Applications of a move group, sorted; none if there is no such group."""
        return tuple(self.applications.filter(pl.col("move_group") == move_group)["application"].sort().to_list())


def map_of(source: Plan | Discovery) -> ApplicationMap:
    """The applications of a plan, or of what discovery returned."""
    return _of_plan(source) if isinstance(source, Plan) else _of_discovery(source)


def _of_plan(plan: Plan) -> ApplicationMap:
    rows = [(a.application, a.servers, a.domain, a.shared_service, a.move_group) for a in plan.applications]
    return ApplicationMap(
        plan.spec.plan.name, pl.DataFrame(rows, schema=_APPLICATIONS, orient="row"), _planned_links(plan.dependencies)
    )


def _of_discovery(discovery: Discovery) -> ApplicationMap:
    counts = discovery.estate.memberships.group_by("application").agg(servers=pl.len().cast(pl.Int64))
    groups = pl.DataFrame(
        [(name, group.move_group) for group in discovery.move_groups for name in group.applications],
        schema={"application": pl.String, "move_group": pl.String},
        orient="row",
    )
    applications = (
        discovery.estate.applications.select("application", "domain")
        .join(counts, on="application", how="left")
        .join(groups, on="application", how="left")
        .with_columns(pl.col("servers").fill_null(0), shared=pl.col("application").is_in(list(discovery.shared_services)))
        .select(list(_APPLICATIONS))
        .sort("application")
    )
    links = discovery.application_dependencies.with_columns(hard=pl.col("strength") == "hard").select(list(_LINKS))
    return ApplicationMap("discovered dependencies", applications, links)


def _planned_links(dependencies: Sequence[PlannedDependency]) -> pl.DataFrame:
    rows = [
        (d.consumer, d.provider, d.external, d.gb_day, d.connections_day, d.strength == "hard", list(d.ports))
        for d in dependencies
    ]
    return pl.DataFrame(rows, schema=_LINKS, orient="row")
