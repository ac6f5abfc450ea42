"""From ServiceNow's configuration items to servers, applications and databases."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from migrate.findings import Severity
from migrate.readers.cells import Column, normal_header, read_columns
from migrate.readers.criticality import criticality_of
from migrate.readers.environment import environment_of
from migrate.readers.ledger import Ledger
from migrate.readers.os_family import os_family
from migrate.readers.servicenow_classes import database_engine

__all__ = ["FIELDS", "applications_of", "databases_of", "servers_of"]

_SITE = ("u_data_center", "data_center", "u_datacenter", "datacenter", "u_site")
_OWNER = ("owned_by", "business_owner", "it_application_owner", "managed_by", "support_group", "assignment_group", "assigned_to")
_ENVIRONMENT = ("environment", "u_environment", "used_for", "classification")
_CRITICALITY = ("busines_criticality", "business_criticality", "u_criticality", "criticality", "u_business_criticality")
_DOMAIN = ("u_domain", "u_business_domain", "business_area", "business_unit", "department", "application_category")
_HOSPITAL = ("u_hospital", "u_facility")
_COST_CENTER = ("cost_center", "u_cost_center")
_DATA_CLASS = ("u_data_class", "data_classification", "u_data_classification", "information_classification")

#: Every field that is read of any record.
FIELDS = (
    *("sys_id", "sys_class_name", "name", "parent", "child", "type", "parent_descriptor", "child_descriptor", "full_name"),
    *("parent.sys_class_name", "child.sys_class_name"),  # fields of the ends, where the export asked for them
    *("host_name", "fqdn", "dns_domain", "ip_address", "os", "os_version", "os_service_pack", "ram", "cpu_count"),
    *("cpu_core_count", "cpu_core_thread", "disk_space", "virtual", "location", "serial_number", "uuid", "bios_uuid"),
    *("vm_inst_id", "cluster", "host", "server", "short_description", "comments", "install_status", "operational_status"),
    *("version", "edition", "size", "size_gb", "u_size_gb", "rto", "u_rto", "u_rto_h", "rpo", "u_rpo", "u_rpo_h"),
    *_SITE,
    *_OWNER,
    *_ENVIRONMENT,
    *_CRITICALITY,
    *_DOMAIN,
    *_DATA_CLASS,
    *_HOSPITAL,
    *_COST_CENTER,
)

# the headers are ours: `_flat` gives each what fields of the record say
_SERVER = (
    *(
        Column(name, (normal_header(name),))
        for name in ("name", "fqdn", "uuid", "other_uuid", "site", "place", "cluster", "owner")
    ),
    *(Column(name, (normal_header(name),)) for name in ("class", "virtual", "os_name", "environment", "words")),
    Column("annotation", ("annotation",), longest=1000),
    Column("ip", ("ip",), longest=1000),
    # the form labels say "RAM (MB)" and "Disk space (GB)"; Discovery fills both with binary units
    Column("memory_gib", ("ram",), "number", 1 / 1024.0, 0.001, 131_072.0),
    Column("disk_gib", ("disk space",), "number", 1.0, 0.0, 10_000_000.0),
    Column("processors", ("cpu count",), "number", 1.0, 0.01, 8_192.0),
    Column("cores", ("cpu core count",), "number", 1.0, 0.01, 8_192.0),
    Column("threads", ("cpu core thread",), "number", 1.0, 0.01, 64.0),
)
_APPLICATION = (
    *(Column(name, (name,)) for name in ("application", "domain", "owner", "words")),
    Column("data_class", ("data class",)),
    Column("hospital", ("hospital",)),
    Column("cost_center", ("cost center",)),
    Column("description", ("description",), longest=1000),
    Column("rto_h", ("rto",), "number", 1.0, 0.0, 100_000.0),
    Column("rpo_h", ("rpo",), "number", 1.0, 0.0, 100_000.0),
)
_DATABASE = (
    *(Column(name, (name,)) for name in ("name", "class", "text", "version", "host")),
    Column("size_gib", ("size",), "number", 1.0, 0.0, 10_000_000.0),
)


def servers_of(raw: pl.DataFrame, places: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    """Sightings (`reading.SIGHTINGS`) with ``sys_id`` and ``ip``."""
    named = _named(raw, "name", ledger)
    place = places.select(pl.col("sys_id").alias("location"), pl.coalesce("full_name", "name").alias("place"))
    named = named.join(
        place.unique("location", keep="first", maintain_order=True), on="location", how="left", maintain_order="left"
    )
    serial = pl.col("serial_number").str.extract(r"(?i)^vmware-([0-9a-f -]+)$").str.replace_all("[^0-9a-fA-F]", "")
    flat = named.select(
        _shown("name"),
        pl.coalesce(_shown("fqdn"), pl.concat_str(_shown("host_name"), _shown("dns_domain"), separator=".")).alias("fqdn"),
        pl.coalesce("uuid", "vm_inst_id", serial).alias("uuid"),
        pl.col("bios_uuid").alias("other_uuid"),
        pl.coalesce(*(_shown(name) for name in _SITE), "place", _shown("location")).alias("site"),
        pl.coalesce(*(_shown(name) for name in _SITE), "location").alias("place"),
        _shown("cluster"),
        pl.coalesce(_shown(name) for name in _OWNER).alias("owner"),
        pl.coalesce("sys_class_name", "sys_class_name.shown").str.to_lowercase().alias("class"),
        pl.coalesce("virtual", "virtual.shown").str.to_lowercase().alias("virtual"),
        _os_name().alias("os_name"),
        pl.coalesce(environment_of(_shown(name)) for name in _ENVIRONMENT).alias("environment"),
        pl.coalesce(_shown(name) for name in _ENVIRONMENT).alias("words"),
        pl.coalesce(_shown("short_description"), _shown("comments")).alias("annotation"),
        _shown("ip_address").alias("ip"),
        pl.col("ram", "disk_space", "cpu_count", "cpu_core_count", "cpu_core_thread"),
        "source",
    )
    read, _ = read_columns(flat, _SERVER, ledger)
    read = read.with_columns(
        named["sys_id"], _is_retired(named), pl.lit("servicenow").alias("reader"), pl.col("source").alias("ref")
    )
    _tell_of_servers(read, ledger)
    mainframe = pl.col("class").str.contains("mainframe") | (os_family(pl.col("os_name")) == "zos")
    machine = pl.col("virtual").is_in(["true", "1", "yes"]) | pl.col("class").str.contains(r"vm_?instance|vmware|virtual")
    serial_says = named["serial_number"].str.to_lowercase().str.starts_with("vmware-")
    return read.with_columns(
        pl.when(mainframe.fill_null(value=False))
        .then(pl.lit("mainframe"))
        .when(machine.fill_null(value=False) | serial_says.fill_null(value=False))
        .then(pl.lit("virtual"))
        .when(pl.col("virtual").is_in(["false", "0", "no"]))
        .then(pl.lit("physical"))
        .otherwise(None)
        .alias("kind"),
        # processors × cores each × threads each: what the hypervisor or the operating system schedules on
        (pl.col("processors") * pl.col("cores").fill_null(1.0) * pl.col("threads").fill_null(1.0)).alias("vcpu"),
        os_family(pl.col("os_name")).alias("os_family"),
    )


def applications_of(raw: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    """Applications (`reading.APPLICATIONS`) with ``sys_id``."""
    named = _named(raw, "application", ledger)
    flat = named.select(
        _shown("name").alias("application"),
        pl.coalesce(_shown(name) for name in _DOMAIN).alias("domain"),
        pl.coalesce(_shown(name) for name in _OWNER).alias("owner"),
        pl.coalesce(_shown(name) for name in _CRITICALITY).alias("words"),
        pl.coalesce(_shown(name) for name in _DATA_CLASS).alias("data class"),
        pl.coalesce(_shown(name) for name in _HOSPITAL).alias("hospital"),
        pl.coalesce(_shown(name) for name in _COST_CENTER).alias("cost center"),
        pl.coalesce(_shown("short_description"), _shown("comments")).alias("description"),
        pl.coalesce("u_rto_h", "u_rto", "rto").alias("rto"),
        pl.coalesce("u_rpo_h", "u_rpo", "rpo").alias("rpo"),
        "source",
    )
    read, _ = read_columns(flat, _APPLICATION, ledger)
    return read.with_columns(
        named["sys_id"], criticality_of(pl.col("words")).alias("criticality"), pl.lit("servicenow").alias("reader")
    )


def databases_of(raw: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    """Databases with ``sys_id``, ``database``, ``engine``, ``version``, ``size_gib`` and ``host``, the server's name if told."""
    named = _named(raw, "database", ledger)
    flat = named.select(
        _shown("name"),
        pl.coalesce("sys_class_name", "sys_class_name.shown").alias("class"),
        pl.concat_str(_shown("type"), _shown("edition"), _shown("version"), separator=" ", ignore_nulls=True).alias("text"),
        _shown("version"),
        # Discovery names instances SID@server
        pl.coalesce(_shown("host"), _shown("server"), _shown("name").str.extract(r"@([^@\s]+)$")).alias("host"),
        pl.coalesce("u_size_gb", "size_gb", "size").alias("size"),
        "source",
    )
    read, _ = read_columns(flat, _DATABASE, ledger)
    engine = database_engine(pl.col("class"), pl.col("text"), pl.col("name"))
    return read.with_columns(named["sys_id"], engine.alias("engine"), pl.col("name").alias("database"))


def _shown(field: str) -> pl.Expr:
    """What a person sees of a field; null for a reference without display value."""
    return pl.col(f"{field}.shown").alias(field)


def _os_name() -> pl.Expr:
    """Name and version, unless the name has the version in it or the version is words of its own."""
    version = _shown("os_version")
    repeats = _shown("os").str.contains(version, literal=True).fill_null(value=True)
    return pl.when(repeats).then(_shown("os")).otherwise(pl.concat_str(_shown("os"), version, separator=" "))


def _is_retired(raw: pl.DataFrame) -> pl.Series:
    """`install_status` 7 and `operational_status` 6 are "Retired" out of the box."""
    by_text = [pl.col(f"{field}.shown").str.to_lowercase().is_in(["retired", "decommissioned"]) for field in _STATUS]
    by_code = [pl.col("install_status") == "7", pl.col("operational_status") == "6"]
    return raw.select(pl.any_horizontal(*by_text, *by_code).fill_null(value=False).alias("retired")).to_series()


_STATUS: Sequence[str] = ("install_status", "operational_status")


def _named(raw: pl.DataFrame, what: str, ledger: Ledger) -> pl.DataFrame:
    nameless = pl.col("name.shown").str.strip_chars().fill_null("") == ""
    ledger.rows(
        raw.filter(nameless),
        "row-without-name",
        Severity.warning,
        subject=pl.coalesce("sys_id", "source"),
        message=f"A record ({what}) has no name, so it was left out",
        remedy="Name it in the CMDB, or remove it.",
    )
    return raw.filter(~nameless)


def _tell_of_servers(read: pl.DataFrame, ledger: Ledger) -> None:
    ledger.rows(
        read.filter(pl.col("retired")),
        "retired-in-cmdb",
        Severity.warning,
        subject=pl.col("name"),
        message="The CMDB says that the server is retired; it is planned like any other",
        remedy="Remove it from the inventory, or give it the disposition retire in plan.toml.",
        aside=False,
    )
    ledger.rows(
        read.filter(pl.col("environment").is_null() & pl.col("words").is_not_null()),
        "environment-unknown",
        Severity.info,
        subject=pl.col("name"),
        message=pl.format("No environment is known by the word {}", pl.col("words").str.slice(0, 60)),
        remedy="Use production, dr, test or development.",
        aside=False,
    )
