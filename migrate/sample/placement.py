"""Where VMs run and how administrators filed them: vCenter, cluster, physical machine, folder, pool, annotation."""

from __future__ import annotations

import numpy as np
import polars as pl

from migrate.sample.hospitals import ORGANISATION, SITES, hospital_names
from migrate.sample.randomness import stream, uuids
from migrate.sample.systems import SYSTEMS

__all__ = ["place_machines", "vcenters"]

_LARGEST_WORKBOOK = 50_000  # VMs
_VMS_PER_HOST = 28
_HOSTS_PER_CLUSTER = 12
_DOMAIN_FOLDERS = {
    "clinical": "Clinical",
    "revenue-cycle": "Revenue Cycle",
    "back-office": "Business",
    "patient-engagement": "Digital",
    "foundation": "Infrastructure",
    "research": "Research",
}
_NOTES = (
    "Built by ticket CHG00{}. Owner: see CMDB",
    "Veeam Backup: Time: [09/27/2026 02:{}], Job name: [Nightly-Gold]",
    "DO NOT REBOOT without calling the pharmacist on duty (x{})",
    "Vendor support contract ends 2027; serial {}",
    "Übergabe von «Sainte-Odile»: Größe geprüft, № {}",
    '=HYPERLINK("http://intranet.northmere.example/{}","runbook")',
    "@SUM(1+{})*cmd|' /C calc'!A0",
    "<b>Decommission?</b> asked & never answered, {}",
    "患者ポータル試験 {}",
)


def vcenters(servers: pl.DataFrame) -> list[tuple[str, int, pl.DataFrame]]:
    """The VMs of the sample by vCenter: its name, its site and its rows. Ghosts are in none of them."""
    found = []
    for site, name in enumerate(SITES):
        machines = servers.filter((pl.col("site") == site) & (pl.col("kind") == 0) & ~pl.col("ghost"))
        parts = max(1, -(-machines.height // _LARGEST_WORKBOOK))
        size = -(-machines.height // parts) if machines.height else 1
        for part in range(parts):
            suffix = f"-{part + 1:02d}" if parts > 1 else ""
            found.append((f"vc-{name.removeprefix('DC-').lower()}{suffix}", site, machines.slice(part * size, size)))
    return found


def place_machines(machines: pl.DataFrame, vcenter: str, site: int, seed: int) -> pl.DataFrame:
    """Add what vCenter knows beside the machine itself, and the templates that sit among the VMs."""
    machines = pl.concat([machines.with_columns(template=pl.lit(False)), _templates(machines, vcenter, seed)], how="diagonal")
    rng = stream(seed, "placement", vcenter)
    count = machines.height
    letter = "n" if site == 0 else "s"
    hosts = max(2, -(-count // _VMS_PER_HOST))
    host = rng.permutation(np.arange(count) % hosts)
    cluster = host // _HOSTS_PER_CLUSTER + 1
    names = np.array([*hospital_names(int(machines["hospital"].max() or 0) + 1), "Shared"])  # type: ignore[arg-type]
    style, annotated = rng.random(count), rng.random(count)
    note = rng.choice(len(_NOTES), count, p=[0.44, 0.3, 0.08, 0.12, 0.02, 0.01, 0.01, 0.01, 0.01])
    serial = pl.Series(rng.integers(10_000, 99_999, count)).cast(pl.String)
    notes = (
        pl.Series(np.array([text.split("{}")[0] for text in _NOTES])[note]),
        pl.Series(np.array([text.split("{}")[1] for text in _NOTES])[note]),
    )
    systems = [system.configured for system in SYSTEMS]
    filed = pl.concat_str(
        pl.lit("vm/"),
        pl.col("domain").replace_strict(_DOMAIN_FOLDERS, default="Unsorted", return_dtype=pl.String),
        pl.when(pl.Series(style < 0.45))
        .then(pl.concat_str(pl.lit("/"), pl.col("application").str.replace_all("/", "%2f", literal=True)))
        .when(pl.Series(style < 0.7) & (pl.col("hospital") >= 0))
        .then(pl.concat_str(pl.lit("/"), pl.Series(names[machines["hospital"].fill_null(-1).to_numpy()])))
        .otherwise(pl.lit("")),
        ignore_nulls=True,
    )
    configured = pl.col("system").replace_strict(dict(enumerate(systems)), return_dtype=pl.String)
    described = pl.when("os_unknown").then(pl.lit(None, dtype=pl.String)).otherwise(configured)
    return machines.with_columns(
        vcenter=pl.lit(f"{vcenter}.{ORGANISATION}"),
        datacenter=pl.lit(SITES[site]),
        host=pl.concat_str(pl.lit(f"esx-{letter}"), pl.Series(host + 1).cast(pl.String).str.zfill(3), pl.lit(f".{ORGANISATION}")),
        cluster=pl.concat_str(pl.lit(f"cl-{letter}-"), pl.Series(cluster).cast(pl.String).str.zfill(2)),
        folder=pl.concat_str(
            pl.lit(f"/{SITES[site]}/"),
            pl.when(pl.Series(style > 0.93) | pl.col("app").is_null() | (pl.col("app") < 0))
            .then(pl.lit("vm/Discovered virtual machine"))
            .otherwise(filed),
        ),
        annotation=pl.when(pl.Series(annotated < 0.06) & (pl.col("app") >= 0))
        .then(pl.concat_str(pl.lit("App: "), "application", pl.lit("; "), "env", ignore_nulls=True))
        .when(pl.Series(annotated < 0.32))
        .then(pl.concat_str(notes[0], serial, notes[1])),
        os_configured=described,
        os_tools=pl.when(pl.col("power_on")).then(described),
        vm_id=pl.concat_str(pl.lit("vm-"), (pl.int_range(pl.len()) + 1001).cast(pl.String)),
        created=pl.from_epoch(pl.Series(rng.integers(1_420_070_400, 1_780_000_000, count)), time_unit="s").dt.strftime(
            "%Y/%m/%d %H:%M:%S"
        ),
        started=pl.when(pl.col("power_on")).then(
            pl.from_epoch(pl.Series(rng.integers(1_777_000_000, 1_790_000_000, count)), time_unit="s").dt.strftime(
                "%Y/%m/%d %H:%M:%S"
            )
        ),
    )


def _templates(machines: pl.DataFrame, vcenter: str, seed: int) -> pl.DataFrame:
    """Golden images: one for each common system."""
    names = ["tmpl-win2019", "tmpl-win2022", "tmpl-rhel8", "tmpl-rhel9", "tmpl-ubuntu2204", "tmpl-win2016"]
    systems = [4, 5, 9, 10, 11, 3]
    rng = stream(seed, "templates", vcenter)
    frame = pl.DataFrame({"name": names, "system": systems}).with_columns(
        pl.col("system").cast(machines.schema["system"]),
        template=pl.lit(True),
        app=pl.lit(-1, dtype=pl.Int64),
        hospital=pl.lit(-1, dtype=pl.Int64),
        power_on=pl.lit(False),
        orphaned=pl.lit(False),
        os_unknown=pl.lit(False),
        vcpu=pl.lit(2, dtype=pl.Int64),
        memory_mib=pl.lit(4096, dtype=pl.Int64),
        system_disk_mib=pl.lit(61_440, dtype=pl.Int64),
        data_disks=pl.lit(0, dtype=pl.Int64),
        data_disk_mib=pl.lit(0, dtype=pl.Int64),
        used=pl.lit(0.3),
        os=pl.when(pl.col("name").str.contains("win")).then(pl.lit("W")).otherwise(pl.lit("L")),
    )
    return frame.with_columns(uuid=uuids(rng, frame.height), bios=uuids(rng, frame.height))
