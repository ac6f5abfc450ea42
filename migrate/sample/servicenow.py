"""ServiceNow Table API dumps: what the CMDB believes, which is incomplete and partly wrong.

Shapes: `cmdb_ci_server` and `cmdb_ci_db_instance` as the Table API returns them by default (every value a string, a
reference an object with link and value, or ``""``); `cmdb_rel_ci` with ``sysparm_display_value=all`` (every field an object
with display_value and value), so that names can be read without the tables they point to.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from migrate.sample.connections import DATABASE_PORTS
from migrate.sample.hospitals import ORGANISATION, SITES
from migrate.sample.randomness import hex_ids, stream
from migrate.sample.systems import SYSTEMS
from migrate.sample.table_api import records, write_result

__all__ = ["SERVER_CLASSES", "write_databases", "write_locations", "write_servers"]

SERVER_CLASSES = {"W": "cmdb_ci_win_server", "L": "cmdb_ci_linux_server", "U": "cmdb_ci_aix_server", "Z": "cmdb_ci_mainframe"}
_ENGINES = {
    "mssql": ("cmdb_ci_db_mssql_instance", ("13.0.6300", "14.0.3456", "15.0.4322", "11.0.7001")),
    "oracle": ("cmdb_ci_db_ora_instance", ("19.0.0.0.0", "12.2.0.1.0", "11.2.0.4.0", "19.0.0.0.0")),
    "postgresql": ("cmdb_ci_db_postgresql_instance", ("13.14", "14.11", "11.22", "15.6")),
    "mysql": ("cmdb_ci_db_mysql_instance", ("8.0.36", "5.7.44", "8.0.36", "8.0.28")),
    "db2": ("cmdb_ci_db_db2_instance", ("12.1", "12.1", "12.1", "12.1")),
    "mongodb": ("cmdb_ci_db_mongodb_instance", ("4.4.29", "5.0.26", "4.4.29", "6.0.14")),
}


def write_servers(path: Path, servers: pl.DataFrame, seed: int) -> int:
    """Write ``cmdb_ci_server``; returns its records. A few ESX hosts stand in it, as their class is a kind of server."""
    known = servers.filter("in_cmdb")
    rng = stream(seed, "cmdb")
    count = known.height
    draw = {name: pl.Series(rng.random(count)) for name in ("name", "address", "ram", "owner", "retired")}
    systems = [(system.cmdb_os, system.cmdb_version) for system in SYSTEMS]
    name = (
        pl.when(draw["name"] < 0.2)
        .then(pl.col("name").str.to_uppercase())
        .when(draw["name"] < 0.25)
        .then("fqdn")
        .otherwise("name")
    )
    unknown = pl.col("os_unknown")
    disk = (pl.col("system_disk_mib") + pl.col("data_disks") * pl.col("data_disk_mib")) // 1024
    plain = {
        "sys_id": pl.col("ci"),
        "sys_class_name": pl.col("os").replace_strict(SERVER_CLASSES, default="cmdb_ci_server", return_dtype=pl.String),
        "name": name,
        "host_name": pl.col("host_name"),
        "fqdn": pl.when(draw["name"] < 0.8).then("fqdn").otherwise(pl.lit("")),
        "dns_domain": pl.lit(ORGANISATION),
        "ip_address": pl.when(draw["address"] < 0.1)
        .then(pl.lit(""))
        .when((draw["address"] < 0.13) & (pl.col("kind") == 0))
        .then(pl.col("ip").shift(7).fill_null(""))
        .otherwise("ip"),
        "mac_address": pl.col("mac"),
        "os": pl.when(unknown)
        .then(pl.lit(""))
        .otherwise(pl.col("system").replace_strict({i: o for i, (o, _) in enumerate(systems)})),
        "os_version": pl.when(unknown)
        .then(pl.lit(""))
        .otherwise(pl.col("system").replace_strict({i: v for i, (_, v) in enumerate(systems)})),
        "cpu_count": pl.when(pl.col("kind") == 0).then(1).otherwise(2).cast(pl.String),
        "cpu_core_count": pl.when(pl.col("kind") == 0).then("vcpu").otherwise(pl.col("vcpu") // 2).cast(pl.String),
        "ram": pl.when(draw["ram"] < 0.04).then(pl.lit("-1")).otherwise(pl.col("memory_mib").cast(pl.String)),
        "disk_space": disk.cast(pl.String),
        "virtual": pl.when(pl.col("kind") == 0).then(pl.lit("true")).otherwise(pl.lit("false")),
        "serial_number": pl.when(pl.col("kind") == 0)
        .then(pl.concat_str(pl.lit("VMware-"), _spaced("bios")))
        .otherwise(pl.concat_str(pl.lit("CZ"), pl.col("ci").str.slice(0, 8).str.to_uppercase())),
        "classification": _environment(),
        "used_for": pl.when(draw["owner"] < 0.85).then(_environment()).otherwise(pl.lit("")),
        "install_status": pl.when(pl.col("ghost") & (draw["retired"] < 0.4)).then(pl.lit("7")).otherwise(pl.lit("1")),
        "operational_status": pl.when(pl.col("power_on")).then(pl.lit("1")).otherwise(pl.lit("2")),
        "short_description": pl.when(draw["owner"] < 0.3)
        .then(pl.concat_str("application", pl.lit(" "), "env", ignore_nulls=True))
        .otherwise(pl.lit("")),
        "discovery_source": pl.when(draw["name"] < 0.7).then(pl.lit("ServiceNow")).otherwise(pl.lit("Manual Entry")),
        "last_discovered": pl.when(pl.col("ghost")).then(pl.lit("2024-11-17 03:12:44")).otherwise(pl.lit("2026-10-01 03:20:10")),
    }
    owner = pl.when((pl.col("app") >= 0) & (draw["owner"] < 0.7)).then(_reference_id("user", pl.col("app") % 90))
    references = {
        "location": ("cmn_location", _reference_id("location", pl.col("site"))),
        "owned_by": ("sys_user", owner),
        "support_group": ("sys_user_group", pl.when(draw["owner"] < 0.8).then(_reference_id("group", pl.col("system") % 7))),
    }
    rows = known.with_columns(**plain, **{key: value for key, (_, value) in references.items()}).sort("sys_id")
    tables = {key: table for key, (table, _) in references.items()}
    hosts = _hypervisors(servers, list(plain), seed)
    return write_result(path, records([rows, hosts], list(plain), tables))


def _environment() -> pl.Expr:
    words = {"production": "Production", "test": "Test", "development": "Development", "dr": "Disaster recovery"}
    return pl.col("env").replace_strict(words, default="", return_dtype=pl.String).fill_null("")


def _spaced(column: str) -> pl.Expr:
    """A BIOS id as VMware prints serial numbers: ``42 1a 3f …-9c …``."""
    digits = pl.col(column).str.replace_all("-", "", literal=True)
    pairs = [digits.str.slice(2 * index, 2) for index in range(16)]
    return pl.concat_str(pl.concat_str(pairs[:8], separator=" "), pl.lit("-"), pl.concat_str(pairs[8:], separator=" "))


def _reference_id(purpose: str, number: pl.Expr) -> pl.Expr:
    """The sys_id of a referenced record."""
    prefix = f"{sum(map(ord, purpose)):04x}"
    return pl.concat_str(pl.lit(prefix + "c0a8016900a5d7f291ac"), number.cast(pl.String).str.zfill(8))


def write_locations(path: Path) -> int:
    """Write ``cmn_location``, to which the servers refer: the two data centers."""
    plain = {
        "sys_id": _reference_id("location", pl.int_range(pl.len())),
        "name": pl.col("name"),
        "full_name": pl.col("name"),
        "street": pl.lit("1 Data Center Drive"),
        "city": pl.when(pl.col("name") == SITES[0]).then(pl.lit("Northmere")).otherwise(pl.lit("Winterset")),
        "state": pl.lit(""),
        "country": pl.lit("USA"),
        "time_zone": pl.lit("America/Chicago"),
    }
    return write_result(path, records([pl.DataFrame({"name": SITES}).with_columns(**plain)], list(plain), {}))


def _hypervisors(servers: pl.DataFrame, columns: list[str], seed: int) -> pl.DataFrame:
    count = max(2, servers.height // 300)
    rng = stream(seed, "hypervisors")
    filled = {
        "sys_id": hex_ids(rng, count),
        "sys_class_name": pl.Series(["cmdb_ci_esx_server"] * count),
        "name": pl.Series([f"esx-n{number + 1:03d}.{ORGANISATION}" for number in range(count)]),
        "os": pl.Series(["ESX"] * count),
        "os_version": pl.Series(["8.0.2"] * count),
        "virtual": pl.Series(["false"] * count),
        "ram": pl.Series(["1047998"] * count),
        "install_status": pl.Series(["1"] * count),
    }
    return pl.DataFrame({name: filled.get(name, pl.Series([""] * count)) for name in columns})


def write_databases(path: Path, servers: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Write ``cmdb_ci_db_instance`` and return its sys_id, name and server."""
    known = servers.filter((pl.col("tier") == 2) & pl.col("in_cmdb") & pl.col("engine").is_in(list(_ENGINES)))
    rng = stream(seed, "databases")
    known = known.filter(pl.Series(rng.random(known.height) < 0.88))
    versions = {f"{engine}{number}": version for engine, (_, all_) in _ENGINES.items() for number, version in enumerate(all_)}
    drawn = pl.Series(rng.integers(0, 4, known.height)).cast(pl.String)
    named = pl.when(pl.col("engine") == "mssql").then(pl.concat_str(pl.lit("MSSQLSERVER@"), "name"))
    plain: dict[str, pl.Expr | pl.Series] = {
        "sys_id": hex_ids(rng, known.height),
        "sys_class_name": pl.col("engine").replace_strict({engine: name for engine, (name, _) in _ENGINES.items()}),
        "name": named.otherwise(pl.concat_str(pl.col("code").str.to_uppercase(), pl.lit("1@"), "name")),
        "version": pl.concat_str("engine", drawn).replace_strict(versions),
        "tcp_port": pl.col("engine").replace_strict(DATABASE_PORTS).cast(pl.String),
        "ip_address": pl.col("ip"),
        "operational_status": pl.lit("1"),
        "short_description": pl.lit(""),
    }
    rows = known.select("server", "ci", server_name="name").with_columns(known.select(**plain)).sort("sys_id")
    write_result(path, records([rows], list(plain), {}))
    return rows.select("sys_id", "name", "ci", "server_name", "sys_class_name")
