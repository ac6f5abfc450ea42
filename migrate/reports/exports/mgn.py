"""The inventory import of AWS Application Migration Service (MGN): one row per server, with its application and wave.

Columns: https://docs.aws.amazon.com/mgn/latest/ug/import-main.html. Only what MGN moves is told: servers in a wave whose target
is an EC2 instance and whose platform is Linux or Windows.
"""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl

from migrate.model.plan import Plan, PlannedServer, PlannedWave
from migrate.reports.exports.scope import Scope, left_out, unique_names, wave_name
from migrate.reports.table_files import write_table

__all__ = ["mgn_table", "write_mgn"]

_COLUMNS = (
    "mgn:account-id",
    "mgn:region",
    "mgn:wave:name",
    "mgn:wave:description",
    "mgn:wave:tag:migrate-plan",
    "mgn:app:name",
    "mgn:app:description",
    "mgn:app:tag:criticality",
    "mgn:server:user-provided-id",
    "mgn:server:platform",
    "mgn:server:fqdn-for-action-framework",
    "mgn:server:tag:migrate-server-id",
    "mgn:launch:instance-type",
    "mgn:launch:iam-instance-profile:name",
    "mgn:launch:placement:tenancy",
    "mgn:launch:placement:host-id",
    "mgn:launch:placement:operating-system-licensing",
)
_PLATFORMS = {"windows": "WINDOWS", "linux": "LINUX"}
_INSTANCE = re.compile(r"[a-z][a-z0-9-]*\.[a-z0-9-]+")
_FQDN = re.compile(r"[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)+")


def mgn_table(plan: Plan, scope: Scope) -> tuple[pl.DataFrame, tuple[str, ...]]:
    """The rows, by wave, application and server, and sentences about what is left out."""
    waves = {wave.wave: wave for wave in scope.waves_of(plan)}
    criticality = {item.application: item.criticality for item in plan.applications}
    names = unique_names(plan)
    rows, without = [], []
    for server in scope.servers_of(plan):
        if server.wave is None:
            continue
        why = _why_not(server)
        if why:
            without.append((server.name, why))
        else:
            application = server.application or ""
            rows.append(_row(server, waves[server.wave], names, criticality.get(application, ""), plan, scope))
    rows.sort(key=lambda row: (row["mgn:wave:name"], row["mgn:app:name"], row["mgn:server:user-provided-id"]))
    frame = pl.DataFrame(rows, schema=dict.fromkeys(_COLUMNS, pl.String), orient="row")
    return frame, left_out(without)


def write_mgn(plan: Plan, path: Path, scope: Scope) -> tuple[str, ...]:
    """Write the CSV file."""
    frame, notes = mgn_table(plan, scope)
    write_table(frame, path)
    return notes if scope.account else (*notes, "mgn:account-id is empty: give --account")


def _why_not(server: PlannedServer) -> str:
    if server.target is None or not _INSTANCE.fullmatch(server.target):
        return "because their target is no EC2 instance type"
    return "" if server.os_family in _PLATFORMS else "because MGN takes Linux and Windows only"


def _row(
    server: PlannedServer, wave: PlannedWave, names: dict[str, str], criticality: str, plan: Plan, scope: Scope
) -> dict[str, str | None]:
    windows = server.os_family == "windows"
    included = windows and bool(server.cost.licence)
    return {
        "mgn:account-id": scope.account or None,
        "mgn:region": server.region,
        "mgn:wave:name": wave_name(wave.wave),
        "mgn:wave:description": f"Cutover on {wave.date} at {wave.starts}",
        "mgn:wave:tag:migrate-plan": plan.spec.plan.name,
        "mgn:app:name": server.application,
        "mgn:app:description": None,
        "mgn:app:tag:criticality": criticality,
        "mgn:server:user-provided-id": names[server.server_id],
        "mgn:server:platform": _PLATFORMS[server.os_family or ""],
        "mgn:server:fqdn-for-action-framework": server.name if _FQDN.fullmatch(server.name) else None,
        "mgn:server:tag:migrate-server-id": server.server_id,
        "mgn:launch:instance-type": server.target,
        "mgn:launch:iam-instance-profile:name": None,
        "mgn:launch:placement:tenancy": None,
        "mgn:launch:placement:host-id": None,
        "mgn:launch:placement:operating-system-licensing": "LI" if included else None,
    }
