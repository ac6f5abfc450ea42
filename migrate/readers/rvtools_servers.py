"""From RVTools' tabs to servers with their disks and addresses."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from migrate.findings import Severity
from migrate.model.provenance import JOINER
from migrate.readers.addresses import split_addresses
from migrate.readers.cells import read_columns
from migrate.readers.environment import environment_of
from migrate.readers.ledger import Ledger
from migrate.readers.os_family import os_family
from migrate.readers.rvtools_rows import rows_of_servers
from migrate.readers.rvtools_tabs import BLANKS, TABS

__all__ = ["read_export"]

_POWER = {"poweredon": "on", "poweredoff": "off", "suspended": "suspended"}
_LOST = ("orphaned", "inaccessible", "invalid", "disconnected")


def read_export(tabs: Mapping[str, pl.DataFrame], ledger: Ledger) -> dict[str, pl.DataFrame]:
    """The tables of one export.

    Parameters
    ----------
    tabs
        The tabs of `TABS` that there are, as texts with ``source``; vInfo is among them.
    """
    read = {tab: read_columns(frame, TABS[tab], ledger, blanks=BLANKS)[0] for tab, frame in tabs.items()}
    every = _named(read["vInfo"], ledger)
    servers = _without_templates(every, ledger)
    rows = {
        tab: rows_of_servers(read[tab], every, servers, tab, ledger)
        for tab in ("vCPU", "vMemory", "vDisk", "vPartition", "vNetwork")
        if tab in read
    }
    servers = _checked(servers, rows.get("vCPU"), "vcpu", "vCPU", ledger)
    servers = _checked(servers, rows.get("vMemory"), "memory_gib", "vMemory", ledger)
    if "vHost" in read:
        servers = _placed(servers, every, read["vHost"], ledger)
    disks = _disks(rows.get("vDisk"), rows.get("vPartition"))
    servers = _sized(servers, rows.get("vDisk"), rows.get("vPartition"))
    return {"servers": _sightings(servers), "disks": disks, "addresses": _addresses(servers, rows.get("vNetwork"), ledger)}


def _named(info: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    ledger.rows(
        info.filter(pl.col("name").is_null()),
        "row-without-name",
        Severity.warning,
        subject=pl.col("source"),
        message="A row of vInfo names no VM, so it was left out",
        remedy="Name the VM in its source, or remove the row.",
    )
    return info.filter(pl.col("name").is_not_null()).with_columns(pl.col("source").alias("ref"))


def _without_templates(info: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    def says(column: str) -> pl.Expr:
        return pl.col(column).str.to_lowercase().is_in(["true", "1", "yes", "-1"]).fill_null(value=False)

    template = says("template")
    placeholder = says("placeholder") & ~template
    ledger.rows(
        info.filter(template),
        "template-excluded",
        Severity.info,
        subject=pl.col("name"),
        message="A template is no server: it and its rows in other tabs were left out",
        remedy="Nothing to do; convert it to a VM if it is meant to move.",
    )
    ledger.rows(
        info.filter(placeholder),
        "placeholder-excluded",
        Severity.info,
        subject=pl.col("name"),
        message="A placeholder of Site Recovery Manager is no server: it and its rows in other tabs were left out",
        remedy="Nothing to do; the VM that it protects is planned where it runs.",
    )
    servers = info.filter(~template & ~placeholder)
    ledger.rows(
        servers.filter(pl.col("connection").str.to_lowercase().is_in(_LOST)),
        "vm-not-connected",
        Severity.warning,
        subject=pl.col("name"),
        message=pl.concat_str(pl.lit("vCenter lists the VM as "), pl.col("connection").str.to_lowercase()),
        remedy="Register it again or remove it; until then it cannot be replicated.",
        aside=False,
    )
    return servers


def _checked(servers: pl.DataFrame, rows: pl.DataFrame | None, column: str, tab: str, ledger: Ledger) -> pl.DataFrame:
    """Fill a value that vInfo lacks from the tab about it; where both speak and differ, vInfo counts."""
    if rows is None:
        return servers
    second = rows.filter(pl.col(column).is_not_null()).group_by("ref").agg(pl.col(column).first().alias("_second"))
    joined = servers.join(second, on="ref", how="left")
    ledger.rows(
        joined.filter(pl.col(column) != pl.col("_second")),
        "value-conflict",
        Severity.warning,
        subject=pl.col("name"),
        message=pl.format(f"{column} is {{}} in vInfo and {{}} in {tab}: vInfo counts", pl.col(column), pl.col("_second")),
        remedy="Export both tabs at the same time.",
        aside=False,
    )
    return joined.with_columns(pl.coalesce(column, "_second")).drop("_second")


def _placed(servers: pl.DataFrame, every: pl.DataFrame, hosts: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    """Fill the site, cluster and processor of VMs from their host; hosts that run nothing are told."""
    # one tab may write a host with its domain and the other without
    short = pl.col("hypervisor").str.to_lowercase().str.replace(r"^([^.]*[a-z][^.]*)\..*$", "$1").alias("_host")
    hosts = hosts.with_columns(short)
    ledger.rows(
        hosts.join(every.select(short), on="_host", how="anti"),
        "hypervisor-without-servers",
        Severity.info,
        subject=pl.col("hypervisor"),
        message="The hypervisor runs no VM of this export: it is not part of the plan",
        remedy="Check whether VMs are missing from the export.",
    )
    known = hosts.filter(pl.col("_host").is_not_null()).unique("_host", keep="first", maintain_order=True)
    joined = servers.with_columns(short).join(
        known.select("_host", "site", "cluster", "cpu_model"), on="_host", how="left", suffix="_host"
    )
    filled = joined.with_columns(pl.coalesce("site", "site_host"), pl.coalesce("cluster", "cluster_host"))
    return filled.drop("site_host", "cluster_host", "_host")


def _consumed() -> pl.Expr:
    return pl.coalesce(pl.col("consumed_gib"), pl.col("capacity_gib") - pl.col("free_gib"))


def _disks(disks: pl.DataFrame | None, partitions: pl.DataFrame | None) -> pl.DataFrame:
    """Virtual disks with what their partitions use; partitions where a VM has no virtual disks in the export."""
    found: list[pl.DataFrame] = []
    columns = ["ref", "disk", "capacity_gib", "used_gib", "source"]
    if disks is not None:
        found.append(_with_use(disks, partitions).select(columns))
    if partitions is not None:
        alone = partitions if disks is None else partitions.join(disks, on="ref", how="anti")
        found.append(alone.with_columns(_consumed().alias("used_gib")).select(columns))
    if not found:
        return pl.DataFrame()
    # a label that a VM has twice gets a number: disks are told apart by it
    label = pl.col("disk").fill_null("disk")
    turn = pl.int_range(pl.len()).over("ref", label)
    return pl.concat(found).with_columns(
        pl.when(turn > 0).then(pl.format("{} ({})", label, turn + 1)).otherwise(label).alias("disk")
    )


def _with_use(disks: pl.DataFrame, partitions: pl.DataFrame | None) -> pl.DataFrame:
    if partitions is None:
        return disks.with_columns(pl.lit(None, pl.Float64).alias("used_gib"))
    by_key = (
        partitions.filter(pl.col("disk_key").is_not_null())
        .group_by("ref", "disk_key")
        .agg(
            pl.when(_consumed().is_not_null().all()).then(_consumed().sum()).otherwise(None).alias("used_gib"),
            pl.col("source").sort().str.join(JOINER).alias("_parts"),
        )
    )
    joined = disks.join(by_key, on=["ref", "disk_key"], how="left", maintain_order="left")
    return joined.with_columns(pl.concat_str("source", "_parts", separator=JOINER, ignore_nulls=True).alias("source"))


def _sized(servers: pl.DataFrame, disks: pl.DataFrame | None, partitions: pl.DataFrame | None) -> pl.DataFrame:
    """Allocated and used GiB of each server.

    Allocated: the sum of its virtual disks; else vInfo's total; else what is provisioned on the datastore, which holds
    the swap file too and so is an upper bound. Used: what the guest's partitions say; else what is in use on the
    datastore, at most what is allocated (snapshots and swap files are not moved).
    """
    allocated, used = _whole_sum(disks, pl.col("capacity_gib")), _whole_sum(partitions, _consumed())
    joined = servers.join(allocated.rename({"_sum": "_disks"}), on="ref", how="left")
    joined = joined.join(used.rename({"_sum": "_used"}), on="ref", how="left")
    joined = joined.with_columns(pl.coalesce("_disks", "capacity_gib", "provisioned_gib").alias("disk_gib"))
    in_use = pl.min_horizontal("in_use_gib", pl.coalesce("disk_gib", "in_use_gib"))
    return joined.with_columns(
        pl.when(pl.col("_used").is_not_null())
        .then("_used")
        .when(pl.col("in_use_gib").is_not_null())
        .then(in_use)
        .otherwise(None)
        .alias("disk_used_gib")
    )


def _whole_sum(rows: pl.DataFrame | None, value: pl.Expr) -> pl.DataFrame:
    """The sum by server, null where a part of it is unknown."""
    if rows is None:
        return pl.DataFrame(schema={"ref": pl.String, "_sum": pl.Float64})
    return rows.group_by("ref").agg(pl.when(value.is_not_null().all()).then(value.sum()).otherwise(None).alias("_sum"))


def _addresses(servers: pl.DataFrame, network: pl.DataFrame | None, ledger: Ledger) -> pl.DataFrame:
    cells = [servers.filter(pl.col("ip").is_not_null()).select("ref", "name", pl.col("ip").alias("text"), "source")]
    for column in ("ipv4", "ipv6") if network is not None else ():
        assert network is not None
        cells.append(network.filter(pl.col(column).is_not_null()).select("ref", "name", pl.col(column).alias("text"), "source"))
    good, bad = split_addresses(pl.concat(cells), "text")
    ledger.rows(
        bad,
        "value-set-aside",
        Severity.warning,
        subject=pl.col("name"),
        message=pl.format("This is no IP address, so it counts as unknown: {}", pl.col("text").str.slice(0, 60)),
        remedy="Correct the cell in its source and run again.",
        aside=False,
    )
    return good.select("ref", "ip", "source").unique(["ref", "ip"], keep="first", maintain_order=True)


def _sightings(servers: pl.DataFrame) -> pl.DataFrame:
    """In the columns of `SIGHTINGS`. What VMware Tools saw running is believed before what was configured."""
    power = pl.col("power").str.to_lowercase().str.replace_all(r"[^a-z]", "")
    os_name = pl.coalesce("os_tools", "os_config")
    return servers.select(
        "ref",
        pl.lit("rvtools").alias("reader"),
        "name",
        "fqdn",
        "uuid",
        "other_uuid",
        "site",
        "cluster",
        "hypervisor",
        *(["cpu_model"] if "cpu_model" in servers.columns else []),
        "folder",
        "resource_pool",
        "annotation",
        pl.lit("virtual").alias("kind"),
        power.replace_strict(_POWER, default=None, return_dtype=pl.String).alias("power"),
        environment_of(pl.col("environment")).alias("environment"),
        os_name.alias("os_name"),
        os_family(os_name).alias("os_family"),
        "vcpu",
        "memory_gib",
        "disk_gib",
        "disk_used_gib",
        "owner",
        "source",
    )
