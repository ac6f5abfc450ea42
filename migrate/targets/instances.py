"""The instance types that there are: their size and ceilings, and which of them a server may be put on.

``instances.csv`` is EC2's own answer to DescribeInstanceTypes (``python -m migrate.targets.instances_refresh``).
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import polars as pl

__all__ = ["BASELINE_SHARE", "FLEX_SHARE", "InstanceTypes", "load_instances"]

_T3 = {"nano": 0.05, "micro": 0.1, "small": 0.2, "medium": 0.2, "large": 0.3, "xlarge": 0.4, "2xlarge": 0.4}

#: Share of each vCPU that burstable types give for good: AWS, EC2 User Guide, "Key concepts for burstable performance
#: instances", https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html
BASELINE_SHARE: dict[str, dict[str, float]] = {
    "t2": {"nano": 0.05, "micro": 0.1, "small": 0.2, "medium": 0.2, "large": 0.3, "xlarge": 0.225, "2xlarge": 0.17},
    "t3": _T3,
    "t3a": _T3,
    "t4g": _T3,
}

#: The same for "flex" types: AWS, EC2 User Guide, "Flexible instances": a baseline of 40 %, full performance 95 % of the time.
FLEX_SHARE = 0.4

_CLUSTER = r"^hpc"  # made for tightly coupled clusters in one zone, with little EBS bandwidth


@dataclass(frozen=True)
class InstanceTypes:
    """The table and where it is from.

    Attributes
    ----------
    types
        Sorted by name. instance_type, vcpu, cores, memory_gib, architecture (x86_64, arm64), network_gbit_s (baseline),
        ebs_mbyte_s and ebs_iops (baseline, null: not known), current, burstable, accelerated, bare_metal, flex,
        sustained_vcpu (vCPUs that it gives for good; null where the baseline is not known) and usable: of the current
        generation, virtual, not accelerated, not made for clusters.
    source
        What was asked, and when.
    """

    types: pl.DataFrame
    source: str
    date: dt.date


@lru_cache(maxsize=1)
def load_instances() -> InstanceTypes:
    """Read the table of the package."""
    text = (files("migrate.targets") / "instances.csv").read_text(encoding="utf-8")
    head = text.partition("\n")[0].lstrip("# ")
    flags = [pl.col(name).cast(pl.Boolean) for name in ("current", "burstable", "accelerated", "bare_metal")]
    table = pl.read_csv(text.encode(), comment_prefix="#", infer_schema_length=None).with_columns(
        pl.col("vcpu", "cores", "ebs_iops", "network_gbit_s", "ebs_mbyte_s").cast(pl.Float64), *flags
    )
    name = pl.col("instance_type")
    table = table.with_columns(flex=name.str.contains("-flex.", literal=True), cluster=name.str.contains(_CLUSTER))
    table = table.with_columns(
        sustained_vcpu=pl.when("burstable").then(pl.col("vcpu") * _baseline()).when("flex").then(FLEX_SHARE * pl.col("vcpu"))
        .otherwise("vcpu"),
        usable=pl.col("current") & ~pl.any_horizontal("bare_metal", "accelerated", "cluster"),
    )  # fmt: skip
    return InstanceTypes(table.sort("instance_type"), head, dt.date.fromisoformat(head.rpartition(", ")[2]))


def _baseline() -> pl.Expr:
    shares = {f"{family}.{size}": share for family, sizes in BASELINE_SHARE.items() for size, share in sizes.items()}
    return pl.col("instance_type").replace_strict(shares, default=None, return_dtype=pl.Float64)
