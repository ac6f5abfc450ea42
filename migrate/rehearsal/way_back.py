"""The way back: the target is stopped, names go to the source, and only when they lead there the target is taken down.

It is the short return of the runbook: nobody has written at the target. What the full return carries back is data, and
data are not rehearsed.
"""

from __future__ import annotations

from migrate.rehearsal.landing_zone import LandingZone
from migrate.rehearsal.launch import Launched
from migrate.rehearsal.records import point_back, read_records
from migrate.rehearsal.scope import Scope
from migrate.rehearsal.steps import Cloud, StepLog

__all__ = ["take_back"]

_BATCH = 100


def take_back(cloud: Cloud, scope: Scope, zone: LandingZone, launched: Launched, named: list[str], log: StepLog) -> None:
    """Undo what was done for a wave; the landing zone stays.

    Parameters
    ----------
    launched
        What runs.
    named
        Applications whose names exist, in cutover order. They are taken back in the opposite one.

    Raises
    ------
    StepFailedError
        AWS refused: the return itself has failed.
    """
    there = read_records(cloud, scope, zone) if named else {}
    by_region: dict[str, list[str]] = {}
    for server_id, instance in launched.instances.items():
        by_region.setdefault(scope.networks.places[server_id].vpc.region, []).append(instance)
    batches = [
        (region, f"{region} {at + 1} to {at + len(instances[at : at + _BATCH])}", instances[at : at + _BATCH])
        for region, instances in sorted(by_region.items())
        for at in range(0, len(instances), _BATCH)
    ]
    for region, text, batch in batches:
        log.do("return", "stop", text, lambda r=region, b=batch: _stop(cloud, r, b))  # type: ignore[misc]
    for application in reversed(named):
        point_back(cloud, scope, zone, there, application, log)
    for region, text, batch in batches:
        log.do("return", "terminate", text, lambda r=region, b=batch: _end(cloud, r, b))  # type: ignore[misc]
    for server_id, database in launched.databases.items():
        region = scope.networks.places[server_id].vpc.region
        log.do("return", "delete database", database, lambda r=region, d=database: _delete(cloud, r, d))  # type: ignore[misc]


def _stop(cloud: Cloud, region: str, instances: list[str]) -> str:
    cloud.client("ec2", region).stop_instances(InstanceIds=instances)
    return f"{len(instances)} instances, their volumes kept"


def _end(cloud: Cloud, region: str, instances: list[str]) -> str:
    cloud.client("ec2", region).terminate_instances(InstanceIds=instances)
    return f"{len(instances)} instances with their volumes"


def _delete(cloud: Cloud, region: str, database: str) -> str:
    cloud.client("rds", region).delete_db_instance(DBInstanceIdentifier=database, SkipFinalSnapshot=True)
    return "deleted without a final snapshot: the source is complete"
