"""DNS: names point to the source, are switched to the target per application, and are switched back."""

from __future__ import annotations

from typing import Any

from migrate.model.plan import PlannedServer
from migrate.rehearsal.addresses import source_address
from migrate.rehearsal.faults import Fault, FaultKind
from migrate.rehearsal.landing_zone import LandingZone
from migrate.rehearsal.launch import Launched
from migrate.rehearsal.scope import Scope
from migrate.rehearsal.steps import Cloud, StepLog

__all__ = ["point_back", "point_to_source", "point_to_target", "read_records"]

_BATCH = 100  # changes of one request; Route 53 takes up to 1,000 values
_TTL_S = 60


def point_to_source(cloud: Cloud, scope: Scope, zone: LandingZone, application: str, log: StepLog) -> None:
    """Make the records that there are before the cutover: names of servers whose source address is known."""

    def change() -> str:
        records = [_record(scope.name(s), address) for s in _servers(scope, application) if (address := source_address(s))]
        _send(cloud, scope, zone, [("UPSERT", record) for record in records])
        log.created["record"] += len(records)
        return f"{len(records)} names at the source"

    log.do("before", "names", application, change)


def point_to_target(
    cloud: Cloud, scope: Scope, zone: LandingZone, launched: Launched, application: str, fault: Fault | None, log: StepLog
) -> None:
    """Switch the names of an application to what was launched.

    Raises
    ------
    StepFailedError
        Route 53 refused.
    """

    def change() -> str:
        changes: list[tuple[str, dict[str, Any]]] = []
        if fault is not None and fault.hits(FaultKind.dns, application):
            changes.append(("UPSERT", _record("somewhere.else.invalid.", "192.0.2.1")))
        for server in _servers(scope, application):
            changes += _to_target(server, scope, launched)
        _send(cloud, scope, zone, changes)
        return f"{len(_servers(scope, application))} names at the target"

    log.do("switch", "names", application, change)


def point_back(
    cloud: Cloud, scope: Scope, zone: LandingZone, there: dict[tuple[str, str], str], application: str, log: StepLog
) -> None:
    """Switch the names of an application back to the source; those that had no record lose it again.

    Parameters
    ----------
    there
        What `read_records` found when the way back began.
    """

    def change() -> str:
        changes: list[tuple[str, dict[str, Any]]] = []
        for server in _servers(scope, application):
            address, name = source_address(server), scope.name(server)
            for kind in ("A", "CNAME"):
                value = there.get((name, kind))
                if value is not None and (kind == "CNAME" or address is None):
                    changes.append(("DELETE", _record(name, value, kind)))
            if address is not None:
                changes.append(("UPSERT", _record(name, address)))
        _send(cloud, scope, zone, changes)
        return f"{len(_servers(scope, application))} names back at the source"

    log.do("return", "names", application, change)


def read_records(cloud: Cloud, scope: Scope, zone: LandingZone) -> dict[tuple[str, str], str]:
    """Values of the zone by name and type."""
    dns = cloud.client("route53", scope.networks.vpcs[0].region)
    return {
        (record["Name"], record["Type"]): record["ResourceRecords"][0]["Value"]
        for page in dns.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone.zone_id)
        for record in page["ResourceRecordSets"]
    }


def _servers(scope: Scope, application: str) -> tuple[PlannedServer, ...]:
    return (*scope.instances.get(application, ()), *scope.databases.get(application, ()))


def _to_target(server: PlannedServer, scope: Scope, launched: Launched) -> list[tuple[str, dict[str, Any]]]:
    """A database's name becomes an alias of its endpoint, for which the address record must go first."""
    name, address = scope.name(server), source_address(server)
    endpoint = launched.endpoints.get(server.server_id)
    if endpoint is None:
        return [("UPSERT", _record(name, str(scope.networks.places[server.server_id].address)))]
    gone = [("DELETE", _record(name, address))] if address is not None else []
    return [*gone, ("UPSERT", _record(name, endpoint, "CNAME"))]


def _record(name: str, value: str, kind: str = "A") -> dict[str, Any]:
    return {"Name": name, "Type": kind, "TTL": _TTL_S, "ResourceRecords": [{"Value": value}]}


def _send(cloud: Cloud, scope: Scope, zone: LandingZone, changes: list[tuple[str, dict[str, Any]]]) -> None:
    dns = cloud.client("route53", scope.networks.vpcs[0].region)
    for at in range(0, len(changes), _BATCH):
        batch = [{"Action": action, "ResourceRecordSet": record} for action, record in changes[at : at + _BATCH]]
        dns.change_resource_record_sets(HostedZoneId=zone.zone_id, ChangeBatch={"Changes": batch})
