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
        ("vInfo", _info),
        ("vCPU", _cpu),
        ("vMemory", _memory),
        ("vDisk", _disk),
        ("vPartition", _partition),
        ("vNetwork", _network),
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


def _flag(column: str) -> pl.Expr:
    return pl.when(pl.col(column)).then(pl.lit("True")).otherwise(pl.lit("False"))


def _info(vms: pl.DataFrame) -> pl.DataFrame:
    on = pl.col("power_on")
    used = (pl.col("disk_mib") * pl.col("used")).round(0).cast(pl.Int64)
    return vms.with_columns(
        pl.when(on).then("fqdn").alias("DNS Name"),
        pl.when("orphaned").then(pl.lit("orphaned")).otherwise(pl.lit("connected")).alias("Connection state"),
        pl.when(on).then(pl.lit("running")).otherwise(pl.lit("notRunning")).alias("Guest state"),
        pl.when(on).then(pl.lit("green")).otherwise(pl.lit("gray")).alias("Heartbeat"),
        pl.col("started").alias("PowerOn"),
        pl.col("created").alias("Creation date"),
        pl.col("vcpu").alias("CPUs"),
        pl.col("memory_mib").alias("Memory"),
        pl.when(on).then((pl.col("memory_mib") * 0.12).cast(pl.Int64)).otherwise(0).alias("Active Memory"),
        (1 + pl.col("backup_ip").is_not_null().cast(pl.Int64)).alias("NICs"),
        (1 + pl.col("data_disks")).alias("Disks"),
        pl.col("disk_mib").alias("Total disk capacity MiB"),
        pl.when(on).then("ip").alias("Primary IP Address"),
        pl.col("network").alias("Network #1"),
        pl.when(pl.col("backup_ip").is_not_null()).then(pl.lit("dvpg-backup")).alias("Network #2"),
        pl.concat_str(pl.lit("/"), "datacenter", pl.lit("/"), "cluster", pl.lit("/Resources")).alias("Resource pool"),
        pl.when("template").then(pl.lit("False")).otherwise(pl.lit("True")).alias("DAS protection"),
        (pl.col("disk_mib") + pl.col("memory_mib")).alias("Provisioned MiB"),
        used.alias("In Use MiB"),
        used.alias("Unshared MiB"),
        pl.when(pl.col("os") == "W").then(pl.lit("efi")).otherwise(pl.lit("bios")).alias("Firmware"),
        pl.when(pl.col("system") % 3 == 0).then(pl.lit("vmx-13")).otherwise(pl.lit("vmx-19")).alias("HW version"),
        pl.concat_str("store", "VM", pl.lit("/"), "VM", pl.lit(".vmx")).alias("Path"),
        pl.col("bios").alias("SMBIOS UUID"),
    )


def _cpu(vms: pl.DataFrame) -> pl.DataFrame:
    speed = 2_600  # MHz of one core
    used = pl.col("vcpu") * speed * pl.col("cpu_mean").fill_null(0) / 100
    return vms.with_columns(
        pl.col("vcpu").alias("CPUs"),
        ((pl.col("vcpu") + 7) // 8).alias("Sockets"),
        (pl.col("vcpu") // ((pl.col("vcpu") + 7) // 8)).alias("Cores p/s"),
        pl.when("power_on").then(pl.col("vcpu") * speed).alias("Max"),
        pl.when("power_on").then(used.cast(pl.Int64)).alias("Overall"),
        (pl.col("vcpu") * 1000).alias("Shares"),
        pl.lit("True").alias("Hot Add"),
    )


def _memory(vms: pl.DataFrame) -> pl.DataFrame:
    used = (pl.col("memory_mib") * pl.col("memory_mean").fill_null(0) / 100).cast(pl.Int64)
    return vms.with_columns(
        pl.col("memory_mib").alias("Size MiB"),
        pl.lit("False").alias("Memory Reservation Locked To Max"),
        pl.when("power_on").then("memory_mib").alias("Max"),
        pl.when("power_on").then(used).alias("Consumed"),
        pl.when("power_on").then((used * 0.4).cast(pl.Int64)).alias("Active"),
        (pl.col("memory_mib") * 10).alias("Shares"),
        pl.lit("True").alias("Hot Add"),
    )


def _each_disk(vms: pl.DataFrame) -> pl.DataFrame:
    """One row per disk; column ``number`` is 0 for the disk of the system."""
    disks = vms.with_columns(number=pl.int_ranges(0, pl.col("data_disks") + 1)).explode(
        "number", empty_as_null=True, keep_nulls=False
    )
    return disks.with_columns(
        capacity=pl.when(pl.col("number") == 0).then("system_disk_mib").otherwise("data_disk_mib"),
        key=2000 + pl.col("number"),
    )


def _disk(vms: pl.DataFrame) -> pl.DataFrame:
    label = pl.concat_str(pl.lit("Hard disk "), (pl.col("number") + 1).cast(pl.String))
    suffix = (
        pl.when(pl.col("number") == 0).then(pl.lit("")).otherwise(pl.concat_str(pl.lit("_"), pl.col("number").cast(pl.String)))
    )
    path = pl.concat_str("store", "VM", pl.lit("/"), "VM", suffix, pl.lit(".vmdk"))
    return _each_disk(vms).with_columns(
        label.alias("Disk"),
        pl.col("key").alias("Disk Key"),
        path.alias("Disk Path"),
        pl.col("capacity").alias("Capacity MiB"),
        pl.when(pl.col("system") % 2 == 0).then(pl.lit("True")).otherwise(pl.lit("False")).alias("Thin"),
        pl.lit(1000).alias("Shares"),
        pl.lit("VMware paravirtual SCSI").alias("Controller"),
        label.alias("Label"),
        pl.col("number").alias("SCSI Unit #"),
        pl.col("number").alias("Unit #"),
        path.alias("Path"),
    )


def _partition(vms: pl.DataFrame) -> pl.DataFrame:
    """Only VMs whose tools run report their partitions."""
    letters = pl.concat_str(
        pl.col("number").replace_strict(dict(enumerate("CDEFGHIJ")), default="Z", return_dtype=pl.String), pl.lit(":\\")
    )
    mounts = (
        pl.when(pl.col("number") == 0)
        .then(pl.lit("/"))
        .otherwise(pl.concat_str(pl.lit("/data"), pl.col("number").cast(pl.String)))
    )
    capacity = pl.col("capacity") - 4
    consumed = (capacity * pl.col("used")).round(0).cast(pl.Int64)
    return _each_disk(vms.filter(pl.col("power_on") & (pl.col("uuid").str.slice(0, 1) != "0"))).with_columns(
        pl.col("key").alias("Disk Key"),
        pl.when(pl.col("os") == "W").then(letters).otherwise(mounts).alias("Disk"),
        capacity.alias("Capacity MiB"),
        consumed.alias("Consumed MiB"),
        (capacity - consumed).alias("Free MiB"),
        ((capacity - consumed) * 100 // capacity).alias("Free %"),
    )


def _network(vms: pl.DataFrame) -> pl.DataFrame:
    """One row per interface; an address only where the tools report it."""
    cards = vms.with_columns(card=pl.when(pl.col("backup_ip").is_null()).then(pl.lit([1])).otherwise(pl.lit([1, 2]))).explode(
        "card", empty_as_null=True, keep_nulls=False
    )
    first = pl.col("card") == 1
    on = pl.col("power_on")
    v6 = pl.when(pl.col("uuid").str.slice(1, 1) == "f").then(
        pl.concat_str(pl.lit("fe80::250:56ff:fe"), pl.col("uuid").str.slice(2, 2), pl.lit(":"), pl.col("uuid").str.slice(4, 4))
    )
    return cards.with_columns(
        pl.concat_str(pl.lit("Network adapter "), pl.col("card").cast(pl.String)).alias("NIC label"),
        pl.lit("Vmxnet3").alias("Adapter"),
        pl.when(first).then("network").otherwise(pl.lit("dvpg-backup")).alias("Network"),
        pl.concat_str(pl.lit("dvs-"), "cluster").alias("Switch"),
        _flag("power_on").alias("Connected"),
        pl.when(first)
        .then("mac")
        .otherwise(pl.col("mac").str.replace("00:50:56", "00:0c:29", literal=True))
        .alias("Mac Address"),
        pl.when(on & first).then("ip").when(on).then("backup_ip").alias("IPv4 Address"),
        pl.when(on & first).then(v6).alias("IPv6 Address"),
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
