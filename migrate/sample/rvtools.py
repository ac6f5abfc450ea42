"""RVTools workbooks: what a vCenter knows about its VMs, in the MiB layout of version 4."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import polars as pl

from migrate.sample.hospitals import ORGANISATION
from migrate.sample.placement import place_machines
from migrate.sample.randomness import stream
from migrate.sample.rvtools_columns import COLUMNS
from migrate.sample.rvtools_rows import cpu_rows, disk_rows, info_rows, memory_rows, network_rows, partition_rows
from migrate.sample.workbook import write_workbook

__all__ = ["write_rvtools"]

_TAKEN = "2026/10/02 06:15:00"  # when the export was made
_VI_SDK = "4d1f5c1e-0000-4000-8000-00000000000"

_SMALL = 10_000  # VMs up to which a workbook is packed tightly rather than fast

#: What stands in every row of a VM tab where nothing else is said.
_ALWAYS: dict[str, dict[str, str | int]] = {
    "vInfo": {
        "Config status": "green",
        "Consolidation Needed": "False",
        "Suspended To Memory": "False",
        "Fixed Passthru HotPlug": "False",
        "Latency Sensitivity": "normal",
        "EnableUUID": "True",
        "CBT": "True",
        "Num Monitors": 1,
        "Video Ram KiB": 8192,
        "FT State": "notConfigured",
        "Vm Failover In Progress": "False",
        "HA Restart Priority": "clusterRestartPriority",
        "HA Isolation Response": "clusterIsolationResponse",
        "Boot delay": 0,
        "Boot retry enabled": "False",
        "Boot BIOS setup": "False",
        "HW upgrade status": "none",
        "HW upgrade policy": "never",
        "VI SDK Server type": "VMware vCenter Server",
        "VI SDK API Version": "8.0.2.0",
    },
    "vCPU": {"Level": "normal", "Reservation": 0, "Limit": -1, "Hot Remove": "False"},
    "vMemory": {"Swapped": 0, "Ballooned": 0, "Level": "normal", "Reservation": 0, "Limit": -1},
    "vDisk": {
        "Raw": "False",
        "Disk Mode": "persistent",
        "Sharing mode": "sharingNone",
        "Eagerly Scrub": "False",
        "Split": "False",
        "Write Through": "False",
        "Level": "normal",
        "Reservation": 0,
        "Limit": -1,
        "Shared Bus": "noSharing",
    },
    "vPartition": {},
    "vNetwork": {"Starts Connected": "True", "Type": "assigned", "Direct Path IO": "False"},
}


def write_rvtools(path: Path, machines: pl.DataFrame, vcenter: str, site: int, seed: int) -> int:
    """Write the workbook of one vCenter; returns how many templates it has beside the VMs."""
    placed = _common(place_machines(machines, vcenter, site, seed), site)
    tabs: list[tuple[str, Callable[[pl.DataFrame], pl.DataFrame]]] = [
        ("vInfo", info_rows),
        ("vCPU", cpu_rows),
        ("vMemory", memory_rows),
        ("vDisk", disk_rows),
        ("vPartition", partition_rows),
        ("vNetwork", network_rows),
    ]

    def sheets() -> Iterator[tuple[str, Iterator[pl.DataFrame]]]:
        for tab, rows in tabs:
            yield tab, _frames(tab, rows, placed)
        yield "vSource", iter([_lay_out("vSource", _source(vcenter))])
        yield "vHost", iter([_lay_out("vHost", _hosts(placed, seed))])
        yield "vMetaData", iter([_lay_out("vMetaData", _meta(vcenter))])

    write_workbook(path, sheets(), packing=6 if machines.height <= _SMALL else 1)
    return placed.height - machines.height


def _frames(tab: str, rows: Callable[[pl.DataFrame], pl.DataFrame], placed: pl.DataFrame) -> Iterator[pl.DataFrame]:
    """The rows of a tab in pieces of bounded size."""
    for piece in placed.iter_slices(10_000):
        yield _lay_out(tab, rows(piece))


def _lay_out(tab: str, frame: pl.DataFrame) -> pl.DataFrame:
    """All columns of the tab in RVTools' order; those not in `frame` are constant or empty."""
    always = _ALWAYS.get(tab, {})
    return frame.select(pl.col(name) if name in frame.columns else pl.lit(always.get(name)).alias(name) for name in COLUMNS[tab])


def _common(frame: pl.DataFrame, site: int) -> pl.DataFrame:
    """Add the columns that every VM tab repeats, under RVTools' names."""
    return frame.with_columns(
        pl.col("name").alias("VM"),
        pl.when("power_on").then(pl.lit("poweredOn")).otherwise(pl.lit("poweredOff")).alias("Powerstate"),
        pl.when("template").then(pl.lit("True")).otherwise(pl.lit("False")).alias("Template"),
        pl.lit("False").alias("SRM Placeholder"),
        pl.col("annotation").alias("Annotation"),
        pl.col("datacenter").alias("Datacenter"),
        pl.col("cluster").alias("Cluster"),
        pl.col("host").alias("Host"),
        pl.col("folder").alias("Folder"),
        pl.col("os_configured").alias("OS according to the configuration file"),
        pl.col("os_tools").alias("OS according to the VMware Tools"),
        pl.col("vm_id").alias("VM ID"),
        pl.col("uuid").alias("VM UUID"),
        pl.col("vcenter").alias("VI SDK Server"),
        pl.lit(f"{_VI_SDK}{site + 1}").alias("VI SDK UUID"),
        disk_mib=pl.col("system_disk_mib") + pl.col("data_disks") * pl.col("data_disk_mib"),
        store=pl.concat_str(
            pl.lit("[ds-"), pl.col("cluster"), pl.lit("-0"), (pl.int_range(pl.len()) % 7 + 1).cast(pl.String), pl.lit("] ")
        ),
    )


def _hosts(placed: pl.DataFrame, seed: int) -> pl.DataFrame:
    hosts = (
        placed.group_by("Host", "Datacenter", "Cluster", "VI SDK Server", "VI SDK UUID")
        .agg(
            pl.len().alias("# VMs total"),
            pl.col("power_on").sum().alias("# VMs"),
            pl.col("vcpu").sum().alias("# vCPUs"),
            pl.col("memory_mib").sum().alias("vRAM"),
        )
        .sort("Host")
    )
    rng = stream(seed, "hosts", str(placed["vcenter"][0]))
    count = hosts.height
    new = rng.random(count) < 0.6
    return hosts.with_columns(
        pl.lit("green").alias("Config status"),
        pl.lit("False").alias("in Maintenance Mode"),
        pl.Series(np.where(new, "Intel(R) Xeon(R) Gold 6338 CPU @ 2.00GHz", "Intel(R) Xeon(R) CPU E5-2690 v4 @ 2.60GHz")).alias(
            "CPU Model"
        ),
        pl.Series(np.where(new, 2000, 2600)).alias("Speed"),
        pl.lit("True").alias("HT Available"),
        pl.lit("True").alias("HT Active"),
        pl.lit(2).alias("# CPU"),
        pl.Series(np.where(new, 32, 14)).alias("Cores per CPU"),
        pl.Series(np.where(new, 64, 28)).alias("# Cores"),
        pl.Series(rng.integers(8, 46, count)).alias("CPU usage %"),
        pl.Series(np.where(new, 1_047_998, 524_160)).alias("# Memory"),
        pl.Series(rng.integers(35, 92, count)).alias("Memory usage %"),
        pl.lit(4).alias("# NICs"),
        pl.lit(2).alias("# HBAs"),
        pl.lit("VMware ESXi 8.0.2 build-22380479").alias("ESX Version"),
        pl.lit("10.16.0.2, 10.96.0.2").alias("DNS Servers"),
        pl.lit("False").alias("DHCP"),
        pl.lit(ORGANISATION).alias("Domain"),
        pl.lit("HPE").alias("Vendor"),
        pl.Series(np.where(new, "ProLiant DL380 Gen10 Plus", "ProLiant DL380 Gen9")).alias("Model"),
        pl.lit("America/Chicago").alias("Time Zone Name"),
    )


def _source(vcenter: str) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "Name": ["VMware vCenter Server"],
            "OS type": ["linux-x64"],
            "API type": ["VirtualCenter"],
            "API version": ["8.0.2.0"],
            "Version": ["8.0.2"],
            "Build": ["22617221"],
            "Fullname": ["VMware vCenter Server 8.0.2 build-22617221"],
            "Product name": ["VMware VirtualCenter Server"],
            "Product version": ["8.0"],
            "Product line": ["vpx"],
            "Vendor": ["VMware, Inc."],
            "VI SDK Server": [f"{vcenter}.{ORGANISATION}"],
        }
    )


def _meta(vcenter: str) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "RVTools major version": ["4.7"],
            "RVTools version": ["4.7.1.4"],
            "xlsx creation datetime": [_TAKEN],
            "Server": [f"{vcenter}.{ORGANISATION}"],
        }
    )
