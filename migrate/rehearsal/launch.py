"""Launching what the servers become: an image and an instance with its volumes, or a managed database."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from migrate.model.plan import PlannedServer
from migrate.rehearsal.faults import Fault, FaultKind
from migrate.rehearsal.landing_zone import LandingZone, subnet_group, tags
from migrate.rehearsal.scope import Scope, application_of, volume_sizes
from migrate.rehearsal.steps import Cloud, StepLog

__all__ = ["Launched", "launch_all"]

_PHASE = "target"
_NO_IMAGE = "ami-00000000000000000"
_LICENCES = {"sqlserver-se": "license-included", "oracle-se2": "license-included"}


@dataclass
class Launched:
    """Ids of what runs, by server id; database addresses likewise."""

    instances: dict[str, str] = field(default_factory=dict)
    databases: dict[str, str] = field(default_factory=dict)
    endpoints: dict[str, str] = field(default_factory=dict)


def launch_all(cloud: Cloud, scope: Scope, zone: LandingZone, fault: Fault | None, log: StepLog, launched: Launched) -> None:
    """Launch the wave in cutover order; `launched` fills as it goes, so that what ran before a failure is known.

    Raises
    ------
    StepFailedError
        A launch was refused.
    """
    for turn in scope.turns:
        for server in scope.instances.get(turn.application, ()):
            log.do(
                _PHASE,
                "launch",
                server.name,
                lambda server=server: _instance(cloud, server, scope, zone, fault, log, launched),  # type: ignore[misc]
            )
            if fault is not None and fault.hits(FaultKind.stop, server.name):
                region = scope.networks.places[server.server_id].vpc.region
                cloud.client("ec2", region).stop_instances(InstanceIds=[launched.instances[server.server_id]])
        for server in scope.databases.get(turn.application, ()):
            log.do(
                _PHASE,
                "database",
                server.name,
                lambda server=server: _database(cloud, server, scope, zone, fault, log, launched),  # type: ignore[misc]
            )


def key_for(server: PlannedServer, scope: Scope, zone: LandingZone) -> str:
    """ARN of the key that encrypts the server's data."""
    region = scope.networks.places[server.server_id].vpc.region
    return zone.keys[region, application_of(server) in zone.regulated]


def device_names(count: int) -> list[str]:
    """Names of block devices: the root, then /dev/sdf … /dev/sdp, then /dev/xvdba … as the EC2 guide recommends."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    more = [f"/dev/sd{letter}" for letter in letters[5:16]]
    more += [f"/dev/xvd{first}{second}" for first in letters[1:4] for second in letters]
    return ["/dev/sda1", *more][:count]


def _instance(
    cloud: Cloud, server: PlannedServer, scope: Scope, zone: LandingZone, fault: Fault | None, log: StepLog, launched: Launched
) -> str:
    place = scope.networks.places[server.server_id]
    ec2 = cloud.client("ec2", place.vpc.region)
    image = ec2.register_image(
        Name=f"migrate-{scope.labels[server.server_id]}", RootDeviceName="/dev/sda1", VirtualizationType="hvm"
    )["ImageId"]
    log.created["image"] += 1
    if fault is not None and fault.hits(FaultKind.launch, server.name):
        image = _NO_IMAGE
    sizes = volume_sizes(server)
    encrypted = fault is None or not fault.hits(FaultKind.volume, server.name)
    request: dict[str, Any] = {
        "ImageId": image,
        "InstanceType": server.target,
        "MinCount": 1,
        "MaxCount": 1,
        "SubnetId": zone.subnets[place.vpc.key, place.zone],
        "PrivateIpAddress": str(place.address),
        "SecurityGroupIds": [zone.groups[place.vpc.key, application_of(server)]],
        "IamInstanceProfile": {"Name": zone.profile},
        "MetadataOptions": {"HttpTokens": "required", "HttpEndpoint": "enabled"},
        "TagSpecifications": [
            *tags("instance", **_labels(server, scope)),
            *tags("volume", **_labels(server, scope)),
        ],
    }
    if sizes:
        security = {"Encrypted": True, "KmsKeyId": key_for(server, scope, zone)} if encrypted else {"Encrypted": False}
        request["BlockDeviceMappings"] = [
            {"DeviceName": name, "Ebs": {"VolumeSize": size, "VolumeType": "gp3", "DeleteOnTermination": True, **security}}
            for name, size in zip(device_names(len(sizes)), sizes, strict=True)
        ]
    made = ec2.run_instances(**request)["Instances"][0]
    launched.instances[server.server_id] = made["InstanceId"]
    log.created.update({"instance": 1, "volume": max(len(sizes), 1)})
    return f"{server.target} at {made['PrivateIpAddress']} with {len(sizes)} volumes, {sum(sizes)} GiB"


def _database(
    cloud: Cloud, server: PlannedServer, scope: Scope, zone: LandingZone, fault: Fault | None, log: StepLog, launched: Launched
) -> str:
    place, target = scope.networks.places[server.server_id], scope.database_targets[server.server_id]
    engine = "no-such-engine" if fault is not None and fault.hits(FaultKind.database, server.name) else target.engine
    request: dict[str, Any] = {
        "DBInstanceIdentifier": database_identifier(server, scope),
        "DBInstanceClass": target.instance_class,
        "Engine": engine,
        "AllocatedStorage": storage_gib(server),
        "StorageType": "gp3",
        "StorageEncrypted": True,
        "KmsKeyId": key_for(server, scope, zone),
        "MultiAZ": target.multi_az,
        "DBSubnetGroupName": subnet_group(place.vpc),
        "VpcSecurityGroupIds": [zone.groups[place.vpc.key, application_of(server)]],
        "MasterUsername": "rehearsal",
        "MasterUserPassword": "rehearsal-only",
        "PubliclyAccessible": False,
        "DeletionProtection": False,
        "Tags": [{"Key": key, "Value": value[:256]} for key, value in _labels(server, scope).items()],
    }
    if target.engine in _LICENCES:
        request["LicenseModel"] = _LICENCES[target.engine]
    made = cloud.client("rds", place.vpc.region).create_db_instance(**request)["DBInstance"]
    launched.databases[server.server_id] = made["DBInstanceIdentifier"]
    launched.endpoints[server.server_id] = made["Endpoint"]["Address"]
    log.created["database"] += 1
    return f"{target.instance_class} with {target.engine}, {storage_gib(server)} GiB{', multi-AZ' if target.multi_az else ''}"


def storage_gib(server: PlannedServer) -> int:
    """Storage of a managed database: its volumes together, at least the 20 GiB that RDS asks for."""
    return max(20, sum(volume_sizes(server)))


def database_identifier(server: PlannedServer, scope: Scope) -> str:
    """Identifier in RDS: letters, digits and hyphens, beginning with a letter, at most 63 characters."""
    return f"db-{scope.labels[server.server_id]}"[:63].rstrip("-")


def _labels(server: PlannedServer, scope: Scope) -> dict[str, str]:
    return {
        "Name": server.name,
        "migrate:server": server.server_id,
        "migrate:application": application_of(server),
        "migrate:wave": str(scope.wave),
    }
