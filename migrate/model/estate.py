"""The estate: what there is, as tables whose columns, units and keys are declared once.

Tables are Polars frames checked by dataframely. A null is "unknown", never zero. Every row has a `source`
(`migrate.model.provenance`). `build_estate` is the only way to make an `Estate`: rows that break a rule are
quarantined into findings, and rows of child tables whose server is not there likewise.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import dataframely as dy
import polars as pl

from migrate.findings import Finding, Severity
from migrate.model.graph import estate_graph
from migrate.model.names import CRITICALITIES, ENVIRONMENTS, KINDS, OS_FAMILIES, POWER_STATES

if TYPE_CHECKING:
    import networkx as nx

__all__ = [
    "Addresses",
    "Applications",
    "Databases",
    "DeclaredDependencies",
    "Disks",
    "Estate",
    "Leases",
    "Memberships",
    "Servers",
    "Utilisation",
    "build_estate",
]

_LARGEST = 1e9  # no server has a billion GiB or vCPUs: a value beyond it is a fault of the file


class Servers(dy.Schema):
    """One row per server known from any source. `server_id` is unique; `name` is as written in the source."""

    server_id = dy.String(primary_key=True, min_length=1)
    name = dy.String(min_length=1)
    fqdn = dy.String(nullable=True)
    uuid = dy.String(nullable=True)
    site = dy.String(nullable=True)  # data center
    cluster = dy.String(nullable=True)
    hypervisor = dy.String(nullable=True)  # the physical machine a VM runs on
    cpu_model = dy.String(nullable=True)  # of the physical machine, as its maker writes it
    folder = dy.String(nullable=True)
    resource_pool = dy.String(nullable=True)
    annotation = dy.String(nullable=True)
    kind = dy.Enum(KINDS, nullable=True)
    power = dy.Enum(POWER_STATES, nullable=True)
    environment = dy.Enum(ENVIRONMENTS, nullable=True)
    os_name = dy.String(nullable=True)  # as written in the source
    os_family = dy.Enum(OS_FAMILIES, nullable=True)
    vcpu = dy.Float64(nullable=True, min=0, max=_LARGEST)
    memory_gib = dy.Float64(nullable=True, min=0, max=_LARGEST)
    disk_gib = dy.Float64(nullable=True, min=0, max=_LARGEST)  # allocated
    disk_used_gib = dy.Float64(nullable=True, min=0, max=_LARGEST)
    owner = dy.String(nullable=True)
    source = dy.String()


class Disks(dy.Schema):
    """Virtual disks or partitions of a server; capacities in GiB."""

    server_id = dy.String(primary_key=True)
    disk = dy.String(primary_key=True)
    capacity_gib = dy.Float64(min=0, max=_LARGEST)
    used_gib = dy.Float64(nullable=True, min=0, max=_LARGEST)
    source = dy.String()


class Addresses(dy.Schema):
    """IP addresses of servers, in canonical text form (`ipaddress`)."""

    server_id = dy.String(primary_key=True)
    ip = dy.String(primary_key=True)
    source = dy.String()


class Leases(dy.Schema):
    """Addresses that servers had for a time, UTC. Within it the address is that server's, whatever `Addresses` says.

    Leases of one address may overlap: a new lease ends the one before.
    """

    server_id = dy.String(primary_key=True)
    ip = dy.String(primary_key=True)  # as in `Addresses`
    valid_from = dy.Datetime(primary_key=True)
    valid_to = dy.Datetime(nullable=True)  # not part of it; null: still valid
    source = dy.String()

    @dy.rule()
    def ends_after_it_begins(cls) -> pl.Expr:  # noqa: N805 -- dataframely binds it to the class
        """A lease that ends before it begins is a fault of the file."""
        return pl.col("valid_to").is_null() | (pl.col("valid_to") > pl.col("valid_from"))


class Utilisation(dy.Schema):
    """Measured load: percentages 0 to 100 of what is allocated; the 95th percentile where `p95`, the highest where `max`."""

    server_id = dy.String(primary_key=True)
    cpu_mean_pct = dy.Float64(nullable=True, min=0, max=100)
    cpu_p90_pct = dy.Float64(nullable=True, min=0, max=100)
    cpu_p95_pct = dy.Float64(nullable=True, min=0, max=100)
    cpu_p99_pct = dy.Float64(nullable=True, min=0, max=100)
    cpu_max_pct = dy.Float64(nullable=True, min=0, max=100)
    memory_mean_pct = dy.Float64(nullable=True, min=0, max=100)
    memory_p90_pct = dy.Float64(nullable=True, min=0, max=100)
    memory_p95_pct = dy.Float64(nullable=True, min=0, max=100)
    memory_p99_pct = dy.Float64(nullable=True, min=0, max=100)
    memory_max_pct = dy.Float64(nullable=True, min=0, max=100)
    disk_iops_p95 = dy.Float64(nullable=True, min=0, max=_LARGEST)
    disk_mib_s_p95 = dy.Float64(nullable=True, min=0, max=_LARGEST)
    network_mbit_s_p95 = dy.Float64(nullable=True, min=0, max=_LARGEST)
    observed_days = dy.Float64(nullable=True, min=0, max=_LARGEST)
    source = dy.String()


class Applications(dy.Schema):
    """What the business names. `declared` is false for applications that were inferred."""

    application = dy.String(primary_key=True, min_length=1)
    domain = dy.String(nullable=True)
    owner = dy.String(nullable=True)
    criticality = dy.Enum(CRITICALITIES, nullable=True)
    rto_h = dy.Float64(nullable=True, min=0, max=_LARGEST)
    rpo_h = dy.Float64(nullable=True, min=0, max=_LARGEST)
    data_class = dy.String(nullable=True)  # such as PHI, PCI, internal, public
    disposition_hint = dy.String(nullable=True)  # what the list itself says will become of it
    description = dy.String(nullable=True)
    hospital = dy.String(nullable=True)  # or other facility that it works for; null also where it works for all
    cost_center = dy.String(nullable=True)
    declared = dy.Bool()
    source = dy.String()


class Memberships(dy.Schema):
    """Which server works for which application. One row per pair."""

    server_id = dy.String(primary_key=True)
    application = dy.String(primary_key=True)
    origin = dy.Enum(["declared", "inferred"])
    confidence = dy.Float64(min=0, max=1)
    evidence = dy.String()  # why, in words
    source = dy.String()


class Databases(dy.Schema):
    """Database instances known to run on servers."""

    server_id = dy.String(primary_key=True)
    database = dy.String(primary_key=True)
    engine = dy.String(nullable=True)  # oracle, sqlserver, mysql, postgresql, db2, cache, mongodb
    version = dy.String(nullable=True)
    size_gib = dy.Float64(nullable=True, min=0, max=_LARGEST)
    source = dy.String()


class DeclaredDependencies(dy.Schema):
    """Dependencies that a CMDB states between applications: `consumer` needs `provider`."""

    consumer = dy.String(primary_key=True)
    provider = dy.String(primary_key=True)
    source = dy.String()


class Estate(dy.Collection):
    """All tables together. Frames are eager; treat them as immutable."""

    servers: dy.DataFrame[Servers]
    disks: dy.DataFrame[Disks]
    addresses: dy.DataFrame[Addresses]
    leases: dy.DataFrame[Leases]
    utilisation: dy.DataFrame[Utilisation]
    applications: dy.DataFrame[Applications]
    memberships: dy.DataFrame[Memberships]
    databases: dy.DataFrame[Databases]
    declared_dependencies: dy.DataFrame[DeclaredDependencies]

    def graph(self) -> "nx.DiGraph[str]":
        """Servers and applications as nodes, memberships and declared dependencies as edges: `migrate.model.graph`."""
        return estate_graph(self)


_CHILDREN = ("disks", "addresses", "leases", "utilisation", "memberships", "databases")


def build_estate(tables: Mapping[str, pl.DataFrame]) -> tuple[Estate, list[Finding]]:
    """Check tables against their schemas and each other.

    Parameters
    ----------
    tables
        Frames by the member names of `Estate`; a missing table is empty, a missing nullable column is null.

    Returns
    -------
    The estate, sorted by primary key, and one finding (code ``row-quarantined``) per row that was left out.
    """
    findings: list[Finding] = []
    checked: dict[str, pl.DataFrame] = {}
    for member, info in Estate.members().items():
        schema = info.schema
        frame = _complete(tables.get(member, pl.DataFrame()), schema)
        good, failure = schema.filter(frame, cast=True)
        findings += _quarantined(member, failure.details())
        checked[member] = good.sort(schema.primary_key())
    for member in _CHILDREN:
        orphans = checked[member].join(checked["servers"], on="server_id", how="anti")
        findings += [_orphan(member, row) for row in orphans.iter_rows(named=True)]
        checked[member] = checked[member].join(checked["servers"].select("server_id"), on="server_id", how="semi")
    return Estate.cast(checked), findings


def _complete(frame: pl.DataFrame, schema: type[dy.Schema]) -> pl.DataFrame:
    """Add the columns that are missing, as nulls, and drop those the schema does not know."""
    wanted = schema.columns()
    if not frame.width:
        return schema.create_empty()
    missing = [pl.lit(None, dtype=column.dtype).alias(name) for name, column in wanted.items() if name not in frame.columns]
    return frame.with_columns(missing).select(list(wanted))


def _quarantined(member: str, failures: pl.DataFrame) -> list[Finding]:
    """One finding per row that broke a rule, naming the rules."""
    if failures.is_empty():
        return []
    rules = [name for name, dtype in failures.schema.items() if dtype == pl.Enum(["valid", "invalid", "unknown"])]
    found = []
    for row in failures.iter_rows(named=True):
        broken = ", ".join(sorted(rule for rule in rules if row[rule] == "invalid"))
        subject = next((str(row[key]) for key in ("name", "application", "server_id", "consumer") if row.get(key)), member)
        found.append(
            Finding(
                code="row-quarantined",
                severity=Severity.warning,
                subject=subject,
                source=row.get("source") or "",
                message=f"A row of {member} was set aside because it breaks: {broken}",
                remedy="Correct the row in its source and run again.",
            )
        )
    return found


def _orphan(member: str, row: dict[str, object]) -> Finding:
    return Finding(
        code="row-without-server",
        severity=Severity.warning,
        subject=str(row["server_id"]),
        source=str(row["source"]),
        message=f"A row of {member} names a server that is in no server table",
        remedy="Add the server to an inventory, or remove the row.",
    )
