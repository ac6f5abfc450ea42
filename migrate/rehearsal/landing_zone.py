"""Building the landing zone: networks, keys, roles, names and security groups that the wave's servers need."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from migrate.rehearsal.addresses import POOLS, Vpc
from migrate.rehearsal.groups import GroupKey, Rule, group_rules
from migrate.rehearsal.scope import Scope
from migrate.rehearsal.steps import Cloud, StepLog
from migrate.runbooks.controls import is_regulated

__all__ = ["LandingZone", "build_landing_zone"]

_PHASE = "landing zone"
_ROLE = "migrate-server"
_TRUST = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}
# What an agent needs for Systems Manager and CloudWatch; the actions of AmazonSSMManagedInstanceCore, shortened.
_POLICY = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Action": [
                "ssm:UpdateInstanceInformation",
                "ssmmessages:CreateControlChannel",
                "ssmmessages:CreateDataChannel",
                "ssmmessages:OpenControlChannel",
                "ssmmessages:OpenDataChannel",
                "cloudwatch:PutMetricData",
            ],
            "Resource": "*",
        }
    ],
}


@dataclass
class LandingZone:
    """Ids of what was built. They are those of one process, and appear in no journal."""

    subnets: dict[tuple[str, int], str] = field(default_factory=dict)  # VPC key and zone -> id
    vpcs: dict[str, str] = field(default_factory=dict)
    gateways: dict[str, str] = field(default_factory=dict)  # region -> transit gateway
    keys: dict[tuple[str, bool], str] = field(default_factory=dict)  # region, regulated -> ARN
    groups: dict[GroupKey, str] = field(default_factory=dict)
    rules: dict[GroupKey, tuple[Rule, ...]] = field(default_factory=dict)
    regulated: frozenset[str] = frozenset()  # applications
    zone_id: str = ""
    notes: tuple[str, ...] = ()

    @property
    def profile(self) -> str:
        """Name of the instance profile."""
        return _ROLE


def build_landing_zone(cloud: Cloud, scope: Scope, log: StepLog) -> LandingZone:
    """Build what the wave needs; for wave 0, what all waves need together.

    Raises
    ------
    StepFailedError
        A step was refused.
    """
    built = LandingZone(regulated=frozenset(a.application for a in scope.plan.applications if is_regulated(a)))
    moving = [server for servers in scope.arrived.values() for server in servers if scope.wave in (0, server.wave)]
    vpcs = scope.networks.of(moving)
    for region in sorted({vpc.region for vpc in vpcs}):
        _keys(cloud, region, scope, built, log)
        _gateway(cloud, region, built, log)
    if vpcs:
        _role(cloud, vpcs[0].region, log)
    for vpc in vpcs:
        log.do(_PHASE, "network", vpc.key, lambda vpc=vpc: _network(cloud, vpc, built, log))  # type: ignore[misc]
    if vpcs:
        log.do(_PHASE, "zone", scope.zone, lambda: _zone(cloud, scope, vpcs, built, log))
    rules, built.notes = group_rules(scope, vpcs)
    by_key = {vpc.key: vpc for vpc in vpcs}
    for key in rules:
        log.do(_PHASE, "security group", f"{key[1]} in {key[0]}", lambda key=key: _group(cloud, by_key[key[0]], key, built, log))  # type: ignore[misc]
    for key, wanted in rules.items():
        if wanted:
            text = f"{key[1]} in {key[0]}"
            log.do(_PHASE, "rules", text, lambda key=key, wanted=wanted: _allow(cloud, by_key[key[0]], key, wanted, built, log))  # type: ignore[misc]
    return built


def tags(kind: str, **values: str) -> list[dict[str, Any]]:
    """Tag specifications of one resource; values are cut to the 256 characters that AWS takes."""
    return [{"ResourceType": kind, "Tags": [{"Key": key, "Value": value[:256]} for key, value in values.items()]}]


def _keys(cloud: Cloud, region: str, scope: Scope, built: LandingZone, log: StepLog) -> None:
    arrived = set(scope.arrived) & built.regulated
    for regulated in (False, True) if arrived else (False,):
        name = "regulated" if regulated else "general"

        def create(name: str = name, regulated: bool = regulated) -> str:
            kms = cloud.client("kms", region)
            key = kms.create_key(Description=f"migrate {name}")["KeyMetadata"]
            kms.enable_key_rotation(KeyId=key["KeyId"])
            kms.create_alias(AliasName=f"alias/migrate-{name}", TargetKeyId=key["KeyId"])
            built.keys[region, regulated] = key["Arn"]
            log.created["key"] += 1
            return "key with yearly rotation and alias"

        log.do(_PHASE, "key", f"{region}/{name}", create)


def _role(cloud: Cloud, region: str, log: StepLog) -> None:
    def create() -> str:
        iam = cloud.client("iam", region)
        iam.create_role(RoleName=_ROLE, AssumeRolePolicyDocument=json.dumps(_TRUST))
        iam.put_role_policy(RoleName=_ROLE, PolicyName="agents", PolicyDocument=json.dumps(_POLICY))
        iam.create_instance_profile(InstanceProfileName=_ROLE)
        iam.add_role_to_instance_profile(InstanceProfileName=_ROLE, RoleName=_ROLE)
        log.created["role"] += 1
        return "role for servers with its instance profile"

    log.do(_PHASE, "role", _ROLE, create)


def _gateway(cloud: Cloud, region: str, built: LandingZone, log: StepLog) -> None:
    """The hub between the region's networks and the links to the sites."""

    def create() -> str:
        made = cloud.client("ec2", region).create_transit_gateway(Description="sites and networks")["TransitGateway"]
        built.gateways[region] = made["TransitGatewayId"]
        log.created["transit gateway"] += 1
        return "transit gateway"

    log.do(_PHASE, "gateway", region, create)


def _network(cloud: Cloud, vpc: Vpc, built: LandingZone, log: StepLog) -> str:
    ec2 = cloud.client("ec2", vpc.region)
    made = ec2.create_vpc(CidrBlock=str(vpc.cidr), TagSpecifications=tags("vpc", Name=vpc.key))["Vpc"]["VpcId"]
    zones = sorted(zone["ZoneName"] for zone in ec2.describe_availability_zones()["AvailabilityZones"])
    table = ec2.create_route_table(VpcId=made, TagSpecifications=tags("route-table", Name=vpc.key))["RouteTable"]
    built.vpcs[vpc.key] = made
    for number, cidr in enumerate(vpc.subnets):
        subnet = ec2.create_subnet(
            VpcId=made,
            CidrBlock=str(cidr),
            AvailabilityZone=zones[number % len(zones)],
            TagSpecifications=tags("subnet", Name=f"{vpc.key}/{number + 1}"),
        )["Subnet"]["SubnetId"]
        ec2.associate_route_table(RouteTableId=table["RouteTableId"], SubnetId=subnet)
        built.subnets[vpc.key, number] = subnet
    attachment = {
        "TransitGatewayId": built.gateways[vpc.region],
        "VpcId": made,
        "SubnetIds": [built.subnets[vpc.key, number] for number in range(len(vpc.subnets))],
    }
    ec2.create_transit_gateway_vpc_attachment(**attachment)
    for pool in POOLS:
        ec2.create_route(
            RouteTableId=table["RouteTableId"], DestinationCidrBlock=pool, TransitGatewayId=built.gateways[vpc.region]
        )
    cloud.client("rds", vpc.region).create_db_subnet_group(
        DBSubnetGroupName=subnet_group(vpc),
        DBSubnetGroupDescription=f"databases of {vpc.region} {vpc.number}",
        SubnetIds=[built.subnets[vpc.key, number] for number in range(len(vpc.subnets))],
    )
    log.created.update({"vpc": 1, "subnet": len(vpc.subnets), "route table": 1, "route": len(POOLS), "database subnet group": 1})
    return f"{vpc.cidr} with subnets {', '.join(str(cidr) for cidr in vpc.subnets)}"


def subnet_group(vpc: Vpc) -> str:
    """Name of the subnet group for databases of a VPC."""
    return f"migrate-{str(vpc.cidr.network_address).replace('.', '-')}"


def _zone(cloud: Cloud, scope: Scope, vpcs: tuple[Vpc, ...], built: LandingZone, log: StepLog) -> str:
    dns = cloud.client("route53", vpcs[0].region)
    made = dns.create_hosted_zone(
        Name=f"{scope.zone}.",
        CallerReference=f"migrate-{scope.wave}",
        VPC={"VPCRegion": vpcs[0].region, "VPCId": built.vpcs[vpcs[0].key]},
        HostedZoneConfig={"PrivateZone": True},
    )
    built.zone_id = made["HostedZone"]["Id"]
    for vpc in vpcs[1:]:
        dns.associate_vpc_with_hosted_zone(
            HostedZoneId=built.zone_id, VPC={"VPCRegion": vpc.region, "VPCId": built.vpcs[vpc.key]}
        )
    log.created["hosted zone"] += 1
    return f"private zone for {len(vpcs)} networks"


def _group(cloud: Cloud, vpc: Vpc, key: GroupKey, built: LandingZone, log: StepLog) -> str:
    made = cloud.client("ec2", vpc.region).create_security_group(
        GroupName=f"migrate-{len(built.groups) + 1:05d}",
        Description="servers of one application",
        VpcId=built.vpcs[vpc.key],
        TagSpecifications=tags("security-group", Name=key[1]),
    )
    built.groups[key] = made["GroupId"]
    log.created["security group"] += 1
    return "created"


def _allow(cloud: Cloud, vpc: Vpc, key: GroupKey, wanted: tuple[Rule, ...], built: LandingZone, log: StepLog) -> str:
    by_port: dict[tuple[str, int], list[Rule]] = defaultdict(list)
    for rule in wanted:
        by_port[rule.permission].append(rule)
    permissions = []
    for (protocol, port), rules in sorted(by_port.items()):
        permission: dict[str, Any] = {"IpProtocol": protocol, "FromPort": port, "ToPort": port}
        networks = [{"CidrIp": rule.source} for rule in rules if not rule.is_group]
        groups = [{"GroupId": built.groups[key[0], rule.source]} for rule in rules if rule.is_group]
        permission |= {"IpRanges": networks} if networks else {}
        permission |= {"UserIdGroupPairs": groups} if groups else {}
        permissions.append(permission)
    cloud.client("ec2", vpc.region).authorize_security_group_ingress(GroupId=built.groups[key], IpPermissions=permissions)
    built.rules[key] = wanted
    log.created["rule"] += len(wanted)
    return f"{len(wanted)} inbound rules on {len(by_port)} ports"
