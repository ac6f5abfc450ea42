"""From tables to the records that waves are made of: planned servers and applications, still without a wave.

This is where an application's load is computed: its crew hours by skill and the data that must be replicated.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl
import polars.selectors as cs
from pydantic import TypeAdapter

from migrate.findings import Finding, Severity
from migrate.model.names import MOVING
from migrate.model.plan import PlannedApplication, PlannedServer
from migrate.model.stages import Discovery, RiskAssessment, TargetChoice
from migrate.spec import Effort, Spec

__all__ = ["Draft", "draft"]

_DECIMALS = 4  # of every figure in the plan: finer than any input is known, so that sums agree wherever they are made
_COSTS = ("compute", "licence", "storage", "backup", "transfer")
_SERVERS = TypeAdapter(tuple[PlannedServer, ...])
_APPLICATIONS = TypeAdapter(tuple[PlannedApplication, ...])


@dataclass(frozen=True)
class Draft:
    """Servers sorted by id and applications sorted by name, none of them in a wave yet."""

    servers: tuple[PlannedServer, ...]
    applications: tuple[PlannedApplication, ...]
    findings: list[Finding]


def draft(discovery: Discovery, targets: TargetChoice, risk: RiskAssessment, spec: Spec) -> Draft:
    """Join what is known of every server and application into records.

    Parameters
    ----------
    discovery, targets, risk
        Results of the stages before.
    spec
        The request; ``effort`` gives the crew hours.
    """
    frame = _joined(discovery, targets).with_columns(moving=pl.col("disposition").is_in(MOVING).fill_null(value=False))
    loads = _loads(frame, spec.effort)
    applications = _applications(discovery, risk, loads)
    findings = [_without_servers(str(row["application"]), str(row["source"])) for row in applications if row["servers"] == 0]
    return Draft(
        servers=_SERVERS.validate_python(_server_rows(frame)),
        applications=_APPLICATIONS.validate_python(applications),
        findings=findings,
    )


def _joined(discovery: Discovery, targets: TargetChoice) -> pl.DataFrame:
    estate = discovery.estate
    members = (
        estate.memberships.sort("server_id", "confidence", "application", descending=[False, True, False])
        .unique("server_id", keep="first", maintain_order=True)
        .select("server_id", "application", membership_confidence="confidence")
    )
    addresses = estate.addresses.group_by("server_id").agg(addresses=pl.col("ip").sort())
    engines = estate.databases.group_by("server_id").agg(database_engine=pl.col("engine").drop_nulls().sort().first())
    return (
        estate.servers.join(members, on="server_id", how="left")
        .join(addresses, on="server_id", how="left")
        .join(engines, on="server_id", how="left")
        .join(discovery.roles.select("server_id", "role_group"), on="server_id", how="left")
        .join(targets.servers, on="server_id", how="left")
        .with_columns(pl.col("addresses").fill_null([]), pl.col("volumes_gib").fill_null([]))
        .with_columns(cs.float().round(_DECIMALS), pl.col("volumes_gib").list.eval(pl.element().round(_DECIMALS)))
        .sort("server_id")
    )


def _loads(frame: pl.DataFrame, effort: Effort) -> pl.DataFrame:
    """Add the crew hours and the data of every server; zero for servers that do not move.

    Hours of the operating-system crew are ``effort.server_h`` × the factor of the disposition; a repurchased server
    needs none of them, because nothing of it is rebuilt.
    """
    factor = (
        pl.when(pl.col("disposition") == "replatform")
        .then(effort.replatform_factor)
        .when(pl.col("disposition") == "refactor")
        .then(effort.refactor_factor)
        .when(pl.col("disposition") == "repurchase")
        .then(0.0)
        .otherwise(1.0)
    )
    moving, windows = pl.col("moving"), pl.col("os_family").eq_missing("windows")
    server_h = pl.lit(effort.server_h) * factor
    return frame.with_columns(
        windows_h=pl.when(moving & windows).then(server_h).otherwise(0.0),
        linux_h=pl.when(moving & ~windows).then(server_h).otherwise(0.0),
        database_h=pl.when(moving & pl.col("database_engine").is_not_null()).then(effort.database_h).otherwise(0.0),
        data=pl.when(moving).then(pl.coalesce("disk_used_gib", "disk_gib", pl.lit(0.0))).otherwise(0.0),
        network_h=pl.lit(effort.network_h),
        application_h=pl.lit(effort.application_h),
    )


def _server_rows(frame: pl.DataFrame) -> list[dict[str, object]]:
    frame = frame.with_columns(
        cost=pl.struct([pl.col(f"{part}_usd_month").alias(part) for part in _COSTS]),
        disposition_reason=pl.col("disposition_reason").fill_null("no disposition was found"),
        disposition_confidence=pl.col("disposition_confidence").fill_null(0.0),
        target_reason=pl.col("target_reason").fill_null(""),
        wave=pl.lit(None, pl.Int64),
        cutover_date=pl.lit(None, pl.Date),
    )
    return frame.select(list(PlannedServer.model_fields)).to_dicts()


def _applications(discovery: Discovery, risk: RiskAssessment, loads: pl.DataFrame) -> list[dict[str, object]]:
    groups = {name: group.move_group for group in discovery.move_groups for name in group.applications}
    risks: dict[str, list[dict[str, object]]] = {}
    for hit in risk.hits.sort("points", "rule", descending=[True, False], maintain_order=True).iter_rows(named=True):
        shown = {key: hit[key] for key in ("rule", "points", "detail")}
        risks.setdefault(str(hit["application"]), []).append(shown)
    frame = (
        discovery.estate.applications.join(_by_application(loads), on="application", how="left")
        .join(risk.scores, on="application", how="left")
        .with_columns(cs.float().round(_DECIMALS))
        .sort("application")
    )
    shared = set(discovery.shared_services)
    rows = []
    for row in frame.iter_rows(named=True):
        name = row["application"]
        crew = {skill: row[f"{skill}_h"] for skill in ("application", "database", "linux", "network", "windows")}
        rows.append(
            {
                **{key: row[key] for key in ("application", "declared", "domain", "owner", "data_class", "rto_h", "rpo_h")},
                **{key: row[key] for key in ("site", "disposition", "cost_usd_month", "source_cost_usd_month", "source")},
                **{key: row[key] for key in ("hospital", "cost_center")},
                **{key: row[key] or 0 for key in ("servers", "moving_servers", "priced_servers")},
                "criticality": row["criticality"] or "medium",
                "shared_service": name in shared,
                "move_group": groups.get(name, name),
                "data_gib": row["data"] or 0.0,
                "crew_h": {skill: hours for skill, hours in crew.items() if hours},
                "risk_score": row["score"] or 0.0,
                "risk_maximum": row["maximum"] or 0.0,
                "confidence": row["confidence"] or 0.0,
                "failure_probability": row["failure_probability"] or 0.0,
                "outage_usd_h": row["outage_usd_h"] or 0.0,
                "risks": risks.get(name, ()),
                "wave": None,
                "cutover_date": None,
            }
        )
    return rows


def _by_application(loads: pl.DataFrame) -> pl.DataFrame:
    """Sum up servers by application. Costs are null only where no server's cost is known."""
    moving = pl.col("moving")
    any_moving = moving.any()

    def total(column: str) -> pl.Expr:
        return pl.when(pl.col(column).is_not_null().any()).then(pl.col(column).sum())

    def most_common(column: str) -> pl.Expr:
        return pl.col(column).drop_nulls().mode().sort().first().alias(column)

    def most_common_moving(column: str) -> pl.Expr:
        kept = pl.col(column).filter(moving).drop_nulls().mode().sort().first()
        return pl.coalesce(kept, pl.col(column).drop_nulls().mode().sort().first()).alias(column)

    return (
        loads.filter(pl.col("application").is_not_null())
        .with_columns(pl.col("disposition").cast(pl.String))
        .group_by("application")
        .agg(
            servers=pl.len(),
            moving_servers=moving.sum(),
            priced_servers=(moving & pl.col("cost_usd_month").is_not_null()).sum(),
            site=most_common_moving("site"),
            disposition=most_common_moving("disposition"),
            data=pl.col("data").sum(),
            windows_h=pl.col("windows_h").sum(),
            linux_h=pl.col("linux_h").sum(),
            database_h=pl.col("database_h").sum(),
            network_h=pl.when(any_moving).then(pl.col("network_h").first()).otherwise(0.0),
            application_h=pl.when(any_moving).then(pl.col("application_h").first()).otherwise(0.0),
            cost_usd_month=total("cost_usd_month"),
            source_cost_usd_month=total("source_cost_usd_month"),
        )
    )


def _without_servers(name: str, source: str) -> Finding:
    return Finding(
        code="application-without-servers",
        severity=Severity.warning,
        subject=name,
        source=source,
        message="No server is known to work for this application, so it is in no wave",
        remedy="Add its servers to an inventory, or mark it as retired or bought as a service in [[disposition]].",
    )
