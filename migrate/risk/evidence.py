"""The frame that risk rules look at: one row per application, everything known of it side by side.

Server columns are counts over the servers that are cut over, or over all of an application's servers when none is.
Dependency columns are counts over `Discovery.dependencies`. Counts are 0 only where something was looked at:
`servers` and `dependencies_known` say whether it was.
"""

from __future__ import annotations

import polars as pl

from migrate.model.stages import Discovery, TargetChoice
from migrate.model.support import end_of_support_expr
from migrate.risk.neighbours import neighbours
from migrate.risk.request import request_columns
from migrate.spec import Spec

__all__ = ["evidence"]

#: Engines that Amazon RDS runs (Amazon RDS User Guide, "Amazon RDS DB instances": its engines).
MANAGED_ENGINES = ("oracle", "sqlserver", "mysql", "mariadb", "postgresql", "db2")
LICENSED_ENGINES = ("oracle", "sqlserver", "db2")


def evidence(discovery: Discovery, targets: TargetChoice, spec: Spec) -> pl.DataFrame:
    """Build the frame, sorted by application.

    Parameters
    ----------
    discovery
        Estate, dependencies, move groups.
    targets
        Disposition and target by server.
    spec
        The request: sites, links, windows, crews, effort.
    """
    members = _members(discovery, targets, spec)
    sites = _main_sites(members)
    frame = discovery.estate.applications.select(
        "application", "domain", "owner", "criticality", "rto_h", "rpo_h", "data_class", "declared", "source"
    )
    frame = (
        frame.join(_by_application(members), on="application", how="left")
        .join(sites, on="application", how="left")
        .join(_groups(discovery), on="application", how="left")
        .with_columns(
            pl.col("servers", "all_servers").fill_null(0),
            pl.coalesce("move_group", "application").alias("move_group"),
            shared_service=pl.col("application").is_in(list(discovery.shared_services)),
            databases_known=pl.lit(not discovery.estate.databases.is_empty()),
            utilisation_known=pl.lit(not discovery.estate.utilisation.is_empty()),
        )
    )
    frame = frame.join(neighbours(discovery, frame), on="application", how="left")
    return request_columns(frame, spec).sort("application")


def _members(discovery: Discovery, targets: TargetChoice, spec: Spec) -> pl.DataFrame:
    """One row per server and application, with everything known of the server."""
    estate = discovery.estate
    measured = (
        estate.utilisation.filter(pl.any_horizontal(pl.col("cpu_p95_pct", "cpu_mean_pct", "memory_p95_pct").is_not_null()))
        .select("server_id")
        .with_columns(measured=pl.lit(value=True))
    )
    engine = pl.col("engine")
    databases = estate.databases.group_by("server_id").agg(
        databases=pl.len(),
        unmanaged=(~engine.is_in(MANAGED_ENGINES)).fill_null(value=False).any(),
        licensed=engine.is_in(LICENSED_ENGINES).fill_null(value=False).any(),
        engine_known=engine.is_not_null().any(),
    )
    chosen = targets.servers.select("server_id", pl.col("disposition").cast(pl.String), "target")
    cut_over = ~pl.col("disposition").is_in(["retire", "retain"]).fill_null(value=False)
    return (
        estate.memberships.select("server_id", "application", "confidence")
        .join(estate.servers.drop("source", "owner"), on="server_id")
        .join(chosen, on="server_id", how="left")
        .join(measured, on="server_id", how="left")
        .join(databases, on="server_id", how="left")
        .with_columns(
            cut_over=cut_over,
            as_it_is=cut_over & ~pl.col("disposition").is_in(["repurchase", "refactor"]).fill_null(value=False),
            support_ends=end_of_support_expr("os_name"),
            start=pl.lit(spec.plan.start),
            data_gib=pl.coalesce("disk_used_gib", "disk_gib"),
        )
        .with_columns(looked_at=pl.col("cut_over") | ~pl.col("cut_over").any().over("application"))
        .sort("application", "server_id")  # sums of floats depend on their order
    )


def _main_sites(members: pl.DataFrame) -> pl.DataFrame:
    """Where most of an application's servers stand; the first by name when two sites have as many."""
    return (
        members.filter(pl.col("looked_at") & pl.col("site").is_not_null())
        .group_by("application", "site")
        .len()
        .sort("application", "len", "site", descending=[False, True, False])
        .group_by("application", maintain_order=True)
        .agg(main_site=pl.col("site").first(), sites=pl.len())
    )


def _groups(discovery: Discovery) -> pl.DataFrame:
    pairs = [(name, group.move_group) for group in discovery.move_groups for name in group.applications]
    return pl.DataFrame(pairs, schema={"application": pl.String, "move_group": pl.String}, orient="row")


def _by_application(members: pl.DataFrame) -> pl.DataFrame:
    def count(condition: pl.Expr) -> pl.Expr:
        return condition.fill_null(value=False).sum().cast(pl.Int64)

    looked_at = members.filter("looked_at")
    known = pl.col
    whole = members.group_by("application", maintain_order=True).agg(
        all_servers=pl.len().cast(pl.Int64),
        cut_over=count(known("cut_over")),
        mainframes=count(known("kind") == "mainframe") + count((known("kind") != "mainframe") & (known("os_family") == "zos")),
        stays=(known("disposition") == "retain").fill_null(value=False).all(),
    )
    return (
        looked_at.group_by("application")
        .agg(
            servers=pl.len().cast(pl.Int64),
            os_known=count(known("os_name").is_not_null() | known("os_family").is_not_null()),
            support_known=count(known("support_ends").is_not_null()),
            unsupported=count(known("support_ends") < known("start")),
            family_known=count(known("os_family").is_not_null()),
            other_processors=count(known("os_family").is_in(["unix", "zos"]) & known("as_it_is")),
            windows=count(known("os_family") == "windows"),
            kind_known=count(known("kind").is_not_null()),
            physical=count(known("kind").is_in(["physical", "appliance"])),
            power_known=count(known("power").is_not_null()),
            powered_off=count(known("power") != "on"),
            size_known=count(known("vcpu").is_not_null() & known("memory_gib").is_not_null()),
            largest_vcpu=known("vcpu").max(),
            largest_memory_gib=known("memory_gib").max(),
            data_known=count(known("data_gib").is_not_null()),
            data_gib=pl.when(known("data_gib").is_not_null().any()).then(known("data_gib").sum()),
            databases=known("databases").sum().cast(pl.Int64),
            database_servers=count(known("databases") > 0),
            engines_known=count(known("engine_known")),
            unmanaged=count(known("unmanaged")),
            licensed=count(known("licensed")),
            measured=count(known("measured")),
            membership_confidence=known("confidence").mean(),
            disposition_known=count(known("disposition").is_not_null()),
            changed=count(known("disposition").is_in(["replatform", "refactor", "repurchase"])),
            without_target=count(known("target").is_null() & ~known("disposition").is_in(["repurchase", "retire", "retain"])),
        )
        .join(whole, on="application")
    )
