"""Make the instance table anew: ``python -m migrate.targets.instances_refresh``.

It asks EC2's DescribeInstanceTypes through boto3 and writes ``instances.csv`` beside this file, or where ``--out`` says.
Without ``--account`` the answer comes from moto, which carries a recording of it and needs neither network nor
credentials; with ``--account`` the account of the environment is asked, in the region that ``--region`` names.
"""

from __future__ import annotations

import argparse
import datetime as dt
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import boto3
import polars as pl
from moto import mock_aws

from migrate.files import write_text

__all__ = ["describe", "main", "table_text", "tabulate"]

_ACCELERATORS = ("GpuInfo", "FpgaInfo", "InferenceAcceleratorInfo", "NeuronInfo", "MediaAcceleratorInfo")


def describe(region: str) -> pl.DataFrame:
    """All instance types of the region, sorted by name. Columns: see `migrate.targets.instances`."""
    client = boto3.client("ec2", region_name=region)
    pages = client.get_paginator("describe_instance_types").paginate()
    return tabulate([kind for page in pages for kind in page["InstanceTypes"]])


def tabulate(kinds: Sequence[Any]) -> pl.DataFrame:
    """The table for instance types as DescribeInstanceTypes describes them."""
    return pl.DataFrame([row for kind in kinds for row in _rows(kind)], infer_schema_length=None).sort("instance_type")


def _rows(kind: Any) -> Iterator[dict[str, object]]:
    architectures = [name for name in kind["ProcessorInfo"]["SupportedArchitectures"] if name in ("x86_64", "arm64")]
    if not architectures:  # 32 bits only, or a Macintosh
        return
    cards = kind["NetworkInfo"].get("NetworkCards", [])
    network = [card["BaselineBandwidthInGbps"] for card in cards if card.get("BaselineBandwidthInGbps")]
    ebs = kind.get("EbsInfo", {}).get("EbsOptimizedInfo", {})
    yield {
        "instance_type": kind["InstanceType"],
        "vcpu": kind["VCpuInfo"]["DefaultVCpus"],
        "cores": kind["VCpuInfo"].get("DefaultCores"),
        "memory_gib": kind["MemoryInfo"]["SizeInMiB"] / 1024,
        "architecture": architectures[0],
        "network_gbit_s": round(sum(network), 4) if network else None,
        "ebs_mbyte_s": ebs.get("BaselineThroughputInMBps"),
        "ebs_iops": ebs.get("BaselineIops"),
        "current": int(kind["CurrentGeneration"]),
        "burstable": int(kind["BurstablePerformanceSupported"]),
        "accelerated": int(any(name in kind for name in _ACCELERATORS)),
        "bare_metal": int(kind["BareMetal"]),
    }


def table_text(types: pl.DataFrame, source: str, date: dt.date) -> str:
    """The table as it is stored: a comment that says where it is from, then CSV."""
    return f"# EC2 DescribeInstanceTypes, {source}, {date}\n{types.write_csv(float_precision=None)}"


def main(arguments: Sequence[str] | None = None) -> Path:
    """Read the command line, ask, write; gives the path written."""
    parser = argparse.ArgumentParser(prog="python -m migrate.targets.instances_refresh", description=__doc__)
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("instances.csv"), help="file to write")
    parser.add_argument("--region", default="us-east-1", help="region that is asked (%(default)s)")
    parser.add_argument("--date", type=dt.date.fromisoformat, required=True, help="day of the answer, YYYY-MM-DD")
    parser.add_argument("--account", action="store_true", help="ask the AWS account of the environment, not the recording")
    options = parser.parse_args(arguments)
    if options.account:
        types, source = describe(options.region), f"{options.region}"
    else:
        with mock_aws():
            types, source = describe(options.region), f"{options.region}, as recorded in moto {version('moto')}"
    return write_text(options.out, table_text(types, source, options.date))


if __name__ == "__main__":
    main()
