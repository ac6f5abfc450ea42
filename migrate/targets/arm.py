"""Can a server move to arm64 (Graviton)? By its operating system and the databases that are known to run on it."""

from __future__ import annotations

import polars as pl

__all__ = ["CANDIDATE", "SUPPORTED", "arm64"]

#: Everything known of the server runs on arm64.
SUPPORTED = "supported"
#: Its operating system does; what else runs on it is not known, and its makers have to be asked.
CANDIDATE = "candidate"

#: Engines without a release for Linux on arm64 on EC2, as their makers' lists of platforms say: Oracle (certified on no EC2
#: arm64 type), Db2, SQL Server, SAP ASE and HANA, Informix, and Caché before IRIS.
_X86_ENGINES = ("cache", "db2", "hana", "informix", "oracle", "sqlserver", "sybase")
#: Engines whose makers ship arm64 builds.
_ARM_ENGINES = ("cassandra", "mongodb", "mysql", "postgresql")

#: Releases of Linux that are older than their first arm64 image on EC2, or 32 bits: pattern, lower case. Makers' release
#: notes: RHEL and its rebuilds from 8, SLES from 12 SP5 (15 counted), Ubuntu from 18.04, Debian from 10, Amazon Linux from 2.
_TOO_OLD = (
    r"(?:red ?hat|rhel|centos|oracle linux|rocky|alma)[^\d]*[2-7](?:\.\d+)?(?:$|[^\d./])",
    r"(?:sles|suse)[^\d]*(?:9|1[0-4])(?:\.\d+)?(?:$|[^\d./])",
    r"ubuntu[^\d]*(?:[4-9]|1[0-7])\.\d+",
    r"debian[^\d]*[3-9](?:\.\d+)?(?:$|[^\d./])",
    r"amazon linux (?:ami|1|201\d)",
    r"32[- ]?bit",
)


def arm64() -> pl.Expr:
    """`SUPPORTED`, `CANDIDATE`, or the reason why not; wants os_family, os_name, kind and engines."""
    name = pl.col("os_name").str.to_lowercase()
    barred = pl.col("engines").list.set_intersection(pl.lit(list(_X86_ENGINES)))
    known = (pl.col("engines").list.len() > 0) & (
        pl.col("engines").list.set_difference(pl.lit(list(_ARM_ENGINES))).list.len() == 0
    )
    return (
        pl.when(pl.col("os_family").cast(pl.String).ne_missing("linux"))
        .then(pl.lit("no: not Linux"))
        .when(pl.any_horizontal([name.str.contains(pattern) for pattern in _TOO_OLD]))
        .then(pl.lit("no: its release of Linux has no arm64 image"))
        .when(barred.list.len() > 0)
        .then(pl.format("no: {} has no arm64 release there", barred.list.first()))
        .when(known)
        .then(pl.lit(SUPPORTED))
        .otherwise(pl.lit(CANDIDATE))
    )
