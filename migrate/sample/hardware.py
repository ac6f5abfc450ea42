"""Sizes and load of servers."""

from __future__ import annotations

import numpy as np
import polars as pl

from migrate.sample.randomness import stream

__all__ = ["draw_hardware"]

_VCPU = np.array([[2, 2, 2, 4, 4], [2, 4, 4, 8, 8], [4, 8, 8, 16, 32], [1, 2, 2, 4, 4]])  # by tier
_GIB_PER_VCPU = np.array([[2, 2, 2, 4], [2, 2, 4, 4], [4, 4, 8, 8], [2, 2, 4, 4]])
_HEAVY = {
    "Image Archive": 6144,
    "PACS North": 4096,
    "PACS South": 4096,
    "File Shares": 2048,
    "Backup": 4096,
    "Genomics Pipeline": 2048,
}  # GiB of data on each server of the application tier


def draw_hardware(frame: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Add vcpu, memory_mib, system_disk_mib, data_disks, data_disk_mib (each), used shares and loads.

    Loads are percentages of what is allocated; most servers are far too large for what they do, as in real estates.
    """
    rng = stream(seed, "hardware")
    count, tier = frame.height, frame["tier"].to_numpy()
    vcpu = _VCPU[tier, rng.integers(0, 5, count)]
    memory = vcpu * _GIB_PER_VCPU[tier, rng.integers(0, 4, count)] * 1024
    kind = frame["kind"].to_numpy()
    vcpu = np.where(kind == 2, 24, np.where(kind == 1, np.maximum(vcpu, 16), vcpu))
    memory = np.where(kind == 2, 786_432, np.where(kind == 1, np.maximum(memory, 131_072), memory))
    windows = (frame["os"] == "W").to_numpy()
    system_disk = np.where(windows, rng.choice([80, 100, 120], count), rng.choice([40, 60, 80], count)) * 1024
    heavy = frame["application"].replace_strict(_HEAVY, default=0, return_dtype=pl.Int64).fill_null(0).to_numpy()
    lowest = np.array([20, 30, 130, 20])[tier]
    data = np.round(lowest * np.exp(rng.gamma(2.0, 0.4, count))) * 1024
    data = np.where((heavy > 0) & (tier == 1), heavy * 1024 * rng.choice([0.5, 1.0, 1.5], count), data)
    disks = np.where(tier == 2, rng.integers(2, 5, count), np.where(rng.random(count) < 0.65, 1, 0))
    disks = np.where(heavy > 0, 1, disks)
    cpu = np.clip(rng.gamma(2.0, 5.5, count), 0.5, 85)
    memory_used = np.clip(rng.normal(38, 16, count), 5, 94)
    return frame.with_columns(
        vcpu=pl.Series(vcpu.astype(np.int64)),
        memory_mib=pl.Series(memory.astype(np.int64)),
        system_disk_mib=pl.Series(system_disk.astype(np.int64)),
        data_disks=pl.Series(disks.astype(np.int64)),
        data_disk_mib=pl.Series((data // np.maximum(disks, 1)).astype(np.int64)),
        used=pl.Series(np.round(np.clip(rng.beta(3.2, 2.4, count), 0.06, 0.97), 4)),
        cpu_mean=pl.Series(np.round(cpu, 1)),
        cpu_p95=pl.Series(np.round(np.clip(cpu * rng.uniform(1.5, 3.2, count), 1, 100), 1)),
        memory_mean=pl.Series(np.round(memory_used, 1)),
        memory_p95=pl.Series(np.round(np.clip(memory_used * rng.uniform(1.05, 1.5, count), 2, 100), 1)),
        iops=pl.Series(np.round(np.array([40, 90, 600, 30])[tier] * np.exp(rng.normal(0, 0.9, count)), 0)),
        disk_rate=pl.Series(np.round(np.array([1, 3, 24, 1])[tier] * np.exp(rng.normal(0, 0.8, count)), 1)),
        network_rate=pl.Series(np.round(np.array([6, 10, 35, 2])[tier] * np.exp(rng.normal(0, 0.9, count)), 1)),
    )
