"""The instance table, and the command that makes it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import pytest
from moto.ec2.models.instance_types import InstanceTypeBackend

from migrate.targets import instances_refresh
from migrate.targets.instances import load_instances

_FEW = ("g4dn.xlarge", "m6a.large", "m6g.large", "t3.micro")


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


def test_the_command_makes_the_table_that_the_package_carries(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    few = [kind for kind in InstanceTypeBackend.instance_types if kind["InstanceType"] in _FEW]
    monkeypatch.setattr(InstanceTypeBackend, "instance_types", few)  # all of them take seconds
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name, raising=False)
    path = instances_refresh.main(["--out", str(tmp_path / "types.csv"), "--date", "2026-01-02"])
    made = path.read_text(encoding="utf-8").splitlines()
    stored = Path(instances_refresh.__file__).with_name("instances.csv").read_text(encoding="utf-8").splitlines()
    assert made[0].startswith("# EC2 DescribeInstanceTypes, us-east-1, as recorded in moto")
    assert made[0].endswith(", 2026-01-02")
    assert made[1] == stored[1]
    assert [line.split(",")[0] for line in made[2:]] == sorted(_FEW)
    sizes = [line.split(",")[:5] for line in stored]
    assert all(line.split(",")[:5] in sizes for line in made[2:])
