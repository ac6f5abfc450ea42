"""Comparing the mocked cloud with the plan: what runs, how it is built, where its name points, and what is gone again."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from migrate.model.plan import PlannedServer
from migrate.rehearsal.addresses import source_address
from migrate.rehearsal.landing_zone import LandingZone
from migrate.rehearsal.launch import Launched, database_identifier, key_for, storage_gib
from migrate.rehearsal.records import read_records
from migrate.rehearsal.report import Check
from migrate.rehearsal.scope import Scope, application_of, volume_sizes
from migrate.rehearsal.steps import Cloud, StepLog

__all__ = ["check_groups", "check_names", "check_return", "check_servers"]

_GONE = ("terminated", "shutting-down")


def check_servers(cloud: Cloud, scope: Scope, zone: LandingZone, launched: Launched, log: StepLog) -> bool:
    """Compare every server with the plan; True when all are as planned."""
    instances, volumes, databases = _instances(cloud, scope), _volumes(cloud, scope), _databases(cloud, scope)
    good = True
    for server in scope.servers:
        if server.server_id in scope.database_targets:
            checks = _database_checks(server, databases.get(database_identifier(server, scope)), scope, zone)
        else:
            found = instances.get(server.server_id)
            checks = _instance_checks(server, found, volumes[server.server_id], scope, zone)
        good &= log.compare("check", "server", server.name, checks)
    counts = [
        _check("the wave", "instances", len(launched.instances), sum(_state(found) not in _GONE for found in instances.values())),
        _check("the wave", "databases", len(launched.databases), len(databases)),
    ]
    return log.compare("check", "count", f"wave {scope.wave}", counts) and good


def check_groups(cloud: Cloud, scope: Scope, zone: LandingZone, log: StepLog) -> bool:
    """Compare the rules of every security group with those that follow from the dependencies."""
    good, regions = True, {vpc.key: vpc.region for vpc in scope.networks.vpcs}
    names = {group: key[1] for key, group in zone.groups.items()}
    found: dict[str, set[tuple[str, int, str]]] = {}
    for region in sorted({regions[key[0]] for key in zone.groups}):
        pages = cloud.client("ec2", region).get_paginator("describe_security_groups").paginate()
        found |= {group["GroupId"]: _permissions(group, names) for page in pages for group in page["SecurityGroups"]}
    for key, group in zone.groups.items():
        wanted = {(rule.protocol, rule.port, rule.source) for rule in zone.rules.get(key, ())}
        there = found.get(group, set())
        checks = [
            _check(key[1], "inbound rules that are missing", 0, len(wanted - there)),
            _check(key[1], "inbound rules that nobody needs", 0, len(there - wanted)),
        ]
        good &= log.compare("check", "rules", f"{key[1]} in {key[0]}", checks)
    return good


def check_names(cloud: Cloud, scope: Scope, zone: LandingZone, launched: Launched, log: StepLog) -> bool:
    """Whether the names of every application lead to what was launched."""
    there, good = read_records(cloud, scope, zone), True
    for turn in scope.turns:
        checks = []
        for server in (*scope.instances.get(turn.application, ()), *scope.databases.get(turn.application, ())):
            endpoint = launched.endpoints.get(server.server_id)
            wanted = endpoint or str(scope.networks.places[server.server_id].address)
            kind = "CNAME" if endpoint else "A"
            checks.append(_check(server.name, "name", wanted, there.get((scope.name(server), kind), "none")))
        good &= log.compare("verify", "names lead to the target", turn.application, checks)
    return good


def check_return(cloud: Cloud, scope: Scope, zone: LandingZone, log: StepLog) -> bool:
    """Whether nothing of the wave runs at the target and every name leads to the source again."""
    running = sum(_state(found) not in _GONE for found in _instances(cloud, scope).values())
    left = sum(len(found) for found in _volumes(cloud, scope).values())
    good = log.compare(
        "return",
        "nothing left",
        f"wave {scope.wave}",
        [
            _check("the wave", "instances running", 0, running),
            _check("the wave", "volumes left", 0, left),
            _check("the wave", "databases left", 0, len(_databases(cloud, scope))),
        ],
    )
    there = read_records(cloud, scope, zone) if zone.zone_id else {}
    for turn in scope.turns if zone.zone_id else ():
        servers = (*scope.instances.get(turn.application, ()), *scope.databases.get(turn.application, ()))
        checks = [
            _check(server.name, "name", source_address(server) or "none", _found_name(there, scope.name(server)))
            for server in servers
        ]
        good &= log.compare("return", "names lead to the source", turn.application, checks)
    return good


def _found_name(there: dict[tuple[str, str], str], name: str) -> str:
    return there.get((name, "CNAME")) or there.get((name, "A")) or "none"


def _check(subject: str, what: str, expected: object, found: object) -> Check:
    return Check(subject=subject, check=what, expected=str(expected), found=str(found), passed=expected == found)


def _regions(scope: Scope) -> list[str]:
    return sorted({scope.networks.places[server.server_id].vpc.region for server in scope.servers})


def _filter(scope: Scope) -> list[dict[str, Any]]:
    return [{"Name": "tag:migrate:wave", "Values": [str(scope.wave)]}]


def _tag(resource: dict[str, Any], key: str) -> str:
    return next((str(tag["Value"]) for tag in resource.get("Tags", []) if tag["Key"] == key), "")


def _instances(cloud: Cloud, scope: Scope) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for region in _regions(scope):
        pages = cloud.client("ec2", region).get_paginator("describe_instances").paginate(Filters=_filter(scope))
        for page in pages:
            for reservation in page["Reservations"]:
                found |= {_tag(instance, "migrate:server"): instance for instance in reservation["Instances"]}
    return found


def _volumes(cloud: Cloud, scope: Scope) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for region in _regions(scope):
        for page in cloud.client("ec2", region).get_paginator("describe_volumes").paginate(Filters=_filter(scope)):
            for volume in page["Volumes"]:
                found[_tag(volume, "migrate:server")].append(volume)
    return found


def _databases(cloud: Cloud, scope: Scope) -> dict[str, dict[str, Any]]:
    if not scope.database_targets:
        return {}
    found: dict[str, dict[str, Any]] = {}
    for region in _regions(scope):
        for page in cloud.client("rds", region).get_paginator("describe_db_instances").paginate():
            found |= {database["DBInstanceIdentifier"]: database for database in page["DBInstances"]}
    return found


def _state(instance: dict[str, Any]) -> str:
    return str(instance["State"]["Name"])


def _instance_checks(
    server: PlannedServer, found: dict[str, Any] | None, volumes: list[dict[str, Any]], scope: Scope, zone: LandingZone
) -> list[Check]:
    name = server.name
    if found is None:
        return [_check(name, "instance", "there", "missing")]
    place = scope.networks.places[server.server_id]
    sizes, key = volume_sizes(server), key_for(server, scope, zone)
    checks = [
        _check(name, "state", "running", _state(found)),
        _check(name, "type", server.target, found["InstanceType"]),
        _check(name, "address", str(place.address), found["PrivateIpAddress"]),
        _check(name, "network", place.vpc.key, _name_of(zone.vpcs, found["VpcId"])),
        _check(name, "security group", application_of(server), _groups(found["SecurityGroups"], "GroupId", zone)),
        _check(name, "instance profile", zone.profile, str(found["IamInstanceProfile"]["Arn"]).rpartition("/")[2]),
        _check(name, "metadata tokens", "required", found["MetadataOptions"]["HttpTokens"]),
    ]
    if sizes:
        checks += [
            _check(name, "volumes in GiB", sorted(sizes), sorted(volume["Size"] for volume in volumes)),
            _check(name, "volumes that are gp3", len(sizes), sum(volume["VolumeType"] == "gp3" for volume in volumes)),
            _check(
                name,
                "volumes encrypted with the planned key",
                len(sizes),
                sum(bool(volume["Encrypted"]) and volume.get("KmsKeyId") == key for volume in volumes),
            ),
        ]
    return checks


def _database_checks(server: PlannedServer, found: dict[str, Any] | None, scope: Scope, zone: LandingZone) -> list[Check]:
    name, target = server.name, scope.database_targets[server.server_id]
    if found is None:
        return [_check(name, "database", "there", "missing")]
    return [
        _check(name, "state", "available", found["DBInstanceStatus"]),
        _check(name, "class", target.instance_class, found["DBInstanceClass"]),
        _check(name, "engine", target.engine, found["Engine"]),
        _check(name, "storage in GiB", storage_gib(server), found["AllocatedStorage"]),
        _check(
            name,
            "encrypted with the planned key",
            True,
            found["StorageEncrypted"] and found["KmsKeyId"] == key_for(server, scope, zone),
        ),
        _check(name, "multi-AZ", target.multi_az, found["MultiAZ"]),
        _check(name, "security group", application_of(server), _groups(found["VpcSecurityGroups"], "VpcSecurityGroupId", zone)),
        _check(name, "reachable from outside", False, found["PubliclyAccessible"]),
    ]


def _name_of(ids: dict[str, str], wanted: str) -> str:
    return next((name for name, found in ids.items() if found == wanted), "another one")


def _groups(attached: list[dict[str, Any]], field: str, zone: LandingZone) -> str:
    """Applications whose groups are attached."""
    names = {group: key[1] for key, group in zone.groups.items()}
    return ", ".join(sorted(names.get(group[field], "another one") for group in attached))


def _permissions(group: dict[str, Any], names: dict[str, str]) -> set[tuple[str, int, str]]:
    found = set()
    for permission in group["IpPermissions"]:
        sources = [entry["CidrIp"] for entry in permission.get("IpRanges", [])]
        sources += [names.get(entry["GroupId"], "another one") for entry in permission.get("UserIdGroupPairs", [])]
        found |= {(permission["IpProtocol"], int(permission.get("FromPort", -1)), source) for source in sources}
    return found
