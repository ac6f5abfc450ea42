"""The instance table, and the command that makes it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest

from migrate.targets import instances_refresh
from migrate.targets.instances import load_instances


def test_the_table_is_whole_and_dated() -> None:
    table = load_instances()
    assert table.types.height > 1200
    assert table.types["instance_type"].is_unique().all()
    assert (table.types.select("vcpu", "memory_gib", "network_gbit_s").min_horizontal() > 0).all()
    assert table.date > dt.date(2025, 1, 1)
    assert "DescribeInstanceTypes" in table.source


def test_usable_types_are_current_virtual_and_general() -> None:
    usable = load_instances().types.filter("usable")
    assert not usable.select(pl.any_horizontal("bare_metal", "accelerated", "cluster", ~pl.col("current")).any()).item()
    assert {"m6a.large", "t3.micro", "r7a.medium"} <= set(usable["instance_type"])
    assert not {"g4dn.xlarge", "m4.large", "hpc7a.12xlarge", "c6a.metal"} & set(usable["instance_type"])


def test_shared_cpus_give_their_baseline_for_good() -> None:
    types = {row["instance_type"]: row["sustained_vcpu"] for row in load_instances().types.iter_rows(named=True)}
    assert types["t3.large"] == pytest.approx(0.6)
    assert types["m7i-flex.large"] == pytest.approx(0.8)
    assert types["m6a.large"] == 2


def test_the_command_writes_the_table_that_the_package_carries(tmp_path: Path) -> None:
    kind = {
        "InstanceType": "m6a.large",
        "CurrentGeneration": True,
        "BareMetal": False,
        "BurstablePerformanceSupported": False,
        "VCpuInfo": {"DefaultVCpus": 2, "DefaultCores": 1},
        "MemoryInfo": {"SizeInMiB": 8192},
        "ProcessorInfo": {"SupportedArchitectures": ["x86_64"]},
        "NetworkInfo": {"NetworkCards": [{"BaselineBandwidthInGbps": 0.781}]},
        "EbsInfo": {"EbsOptimizedInfo": {"BaselineThroughputInMBps": 81.25, "BaselineIops": 3600}},
    }
    text = instances_refresh.table_text(
        instances_refresh.tabulate([kind, {**kind, "InstanceType": "a.b"}]), "x", dt.date(2026, 1, 2)
    )
    lines = text.splitlines()
    assert lines[0] == "# EC2 DescribeInstanceTypes, x, 2026-01-02"
    stored = (Path(instances_refresh.__file__).with_name("instances.csv")).read_text().splitlines()
    assert lines[1] == stored[1]
    row = dict(zip(lines[1].split(","), next(line for line in stored if line.startswith("m6a.large,")).split(","), strict=True))
    assert lines[3].split(",")[0] == "m6a.large"
    assert lines[3].split(",")[1] == row["vcpu"]


def test_the_recording_gives_the_table_of_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    path = instances_refresh.main(["--out", str(tmp_path / "types.csv"), "--date", str(load_instances().date)])
    made = pl.read_csv(path, comment_prefix="#", infer_schema_length=None)
    assert made.height > 1200
    assert {"m6a.large", "t3.micro"} <= set(made["instance_type"])
