"""A price list of two regions, with what AWS lists beside the rates that a book can use."""

from __future__ import annotations

from tests.targets.prices.offer_files import Price, Product, database, instance, usage

REGION, OTHER = "us-east-1", "eu-west-1"


def ec2() -> list[Product]:
    """Instances under Linux and Windows, gp3 and snapshots, and much that is none of them."""
    products = []
    for region, factor in ((REGION, 1.0), (OTHER, 1.115)):
        for name, vcpu, plain in (("m5.large", 2, 0.096), ("m5.xlarge", 4, 0.192), ("t3.large", 2, 0.0832)):
            usd = plain * factor
            terms = [
                Price(f"{usd:.10f}"),
                Price(f"{usd * 0.63:.4f}", lease="1yr"),
                Price(f"{usd * 0.43:.4f}", lease="3yr"),
                Price("0.0000000000", lease="3yr", purchase="All Upfront"),
                Price("1234", unit="Quantity", lease="3yr", purchase="All Upfront"),
                Price(f"{usd * 0.7:.4f}", lease="1yr", offering="convertible"),
            ]
            products.append(instance(name, region, vcpu, terms))
            licence = 0.0276 if name.startswith("t3") else 0.046 * vcpu
            products.append(instance(name, region, vcpu, [Price(f"{usd + licence:.10f}")], operatingSystem="Windows"))
        short = "" if region == REGION else "EU-"
        products += [
            usage("Storage", f"{short}EBS:VolumeUsage.gp3", region, [Price("0.08", "GB-Mo")]),
            usage("System Operation", f"{short}EBS:VolumeP-IOPS.gp3", region, [Price("0.005", "IOPS-Mo")]),
            usage("Provisioned Throughput", f"{short}EBS:VolumeP-Throughput.gp3", region, [Price("40.96", "GiBps-mo")]),
            usage("Storage", f"{short}EBS:VolumeUsage.io2", region, [Price("0.125", "GB-Mo")]),
            usage("System Operation", f"{short}EBS:VolumeP-IOPS.io2", region, [Price("0.065", "IOPS-Mo")]),
            usage("System Operation", f"{short}EBS:VolumeP-IOPS.io2.tier2", region, [Price("0.0455", "IOPS-Mo")]),
            usage("Dedicated Host", f"{short}HostUsage:m5", region, [Price("5.069"), Price("3.2", lease="1yr")], tenancy="Host"),
            usage("Storage Snapshot", f"{short}EBS:SnapshotUsage", region, [Price("0.05", "GB-Mo")]),
            usage("Storage", f"{short}EBS:VolumeUsage.gp2", region, [Price("0.10", "GB-Mo")]),
        ]
    return products + _not_wanted()


def _not_wanted() -> list[Product]:
    dear = [Price("99.0")]
    return [
        instance("m5.large", REGION, 2, dear, tenancy="Dedicated"),
        instance("m5.large", REGION, 2, dear, capacitystatus="UnusedCapacityReservation"),
        instance("m5.large", REGION, 2, dear, preInstalledSw="SQL Std", operatingSystem="Windows"),
        instance("m5.large", REGION, 2, dear, licenseModel="Bring your own license", operatingSystem="Windows"),
        instance("m5.large", REGION, 2, dear, operatingSystem="RHEL"),
        instance("m5.large", REGION, 2, dear, locationType="AWS Local Zone"),
        instance("m5.2xlarge", REGION, 8, [Price("0.0000000000")]),
        instance("c5.large", REGION, 2, [Price("0.085")]),
        instance("c5.large", REGION, 2, [Price("0.086")], usagetype="BoxUsage:c5.large-again"),
        instance("m5.large", REGION, 2, [Price("0.0000000000")], tenancy="Host"),
        Product("Dedicated Host", {"regionCode": REGION, "instanceType": "m5.large"}, dear),
    ]


def rds() -> list[Product]:
    """Databases of two engines in one zone and two, their storage and backups."""
    products = []
    for engine, usd in (("MySQL", 0.171), ("PostgreSQL", 0.178), ("Oracle", 0.4)):
        one = [Price(f"{usd}"), Price(f"{usd * 0.65:.4f}", lease="1yr")]
        products.append(database("db.m5.large", REGION, one, databaseEngine=engine))
        products.append(
            database("db.m5.large", REGION, [Price(f"{2 * usd}")], databaseEngine=engine, deploymentOption="Multi-AZ")
        )
    readable = "Multi-AZ (readable standbys)"
    products.append(database("db.m5.large", REGION, [Price("9")], deploymentOption=readable))
    kinds = (("RDS:GP3-Storage", "0.115"), ("RDS:Multi-AZ-GP3-Storage", "0.23"), ("RDS:ChargedBackupUsage", "0.095"))
    for kind, usd_gib in kinds:
        products += [
            usage("Database Storage", kind, REGION, [Price(usd_gib, "GB-Mo")], databaseEngine=engine)
            for engine in ("MySQL", "Any")
        ]
    return products


def transfer() -> list[Product]:
    """Traffic out of one region, to the internet in tiers and to three others."""
    tiers = [("0", "10240", "0.09"), ("10240", "51200", "0.085"), ("51200", "153600", "0.07"), ("153600", "Inf", "0.05")]
    out = {"transferType": "AWS Outbound", "fromRegionCode": REGION, "toLocation": "External", "toLocationType": "Other"}
    apart = {"transferType": "InterRegion Outbound", "fromRegionCode": REGION, "toLocationType": "AWS Region"}
    prices = [Price(usd, "GB", begin=begin, end=end) for begin, end, usd in tiers]
    products = [usage("Data Transfer", "DataTransfer-Out-Bytes", REGION, prices, **out)]
    for place, usd in (("US East (Ohio)", "0.01"), ("Europe (Ireland)", "0.02"), ("Asia Pacific (Tokyo)", "0.02")):
        products.append(
            usage("Data Transfer", f"USE1-{place[:2]}-AWS-Out-Bytes", REGION, [Price(usd, "GB")], **apart, toLocation=place)
        )
    return products
