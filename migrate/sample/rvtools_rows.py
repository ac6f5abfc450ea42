"""The rows of the tabs that list VMs, from VMs that `migrate.sample.rvtools` gave the columns of every tab."""

from __future__ import annotations

import polars as pl

__all__ = ["cpu_rows", "disk_rows", "info_rows", "memory_rows", "network_rows", "partition_rows"]


def _flag(column: str) -> pl.Expr:
    return pl.when(pl.col(column)).then(pl.lit("True")).otherwise(pl.lit("False"))


def info_rows(vms: pl.DataFrame) -> pl.DataFrame:
    """One row per VM: what it is and where it stands."""
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


def cpu_rows(vms: pl.DataFrame) -> pl.DataFrame:
    """One row per VM: processors."""
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


def memory_rows(vms: pl.DataFrame) -> pl.DataFrame:
    """One row per VM: memory."""
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


def disk_rows(vms: pl.DataFrame) -> pl.DataFrame:
    """One row per virtual disk."""
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


def partition_rows(vms: pl.DataFrame) -> pl.DataFrame:
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


def network_rows(vms: pl.DataFrame) -> pl.DataFrame:
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
