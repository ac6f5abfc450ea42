"""What all readers handed back, as one estate."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from migrate.findings import Severity
from migrate.model.estate import Estate, build_estate
from migrate.model.provenance import JOINER
from migrate.readers.attach import attach
from migrate.readers.ledger import Ledger
from migrate.readers.merge import Merged, merge_servers
from migrate.readers.merge_addresses import believed_addresses
from migrate.readers.merge_applications import (
    dependencies_of_servers,
    merge_applications,
    merge_dependencies,
    merge_memberships,
    spelled,
)
from migrate.readers.merge_leases import merge_leases
from migrate.readers.reading import TABLES, Reading
from migrate.spec import Site

__all__ = ["assemble"]


def assemble(readings: Sequence[Reading], sites: Sequence[Site], ledger: Ledger) -> Estate:
    """Merge servers and applications, and join the rows that name them. What cannot be joined is told.

    Parameters
    ----------
    readings
        One per reader that had files.
    sites
        Of plan.toml.
    """
    tables = {name: pl.concat([reading.table(name) for reading in readings]) for name in TABLES}
    merged = merge_servers(tables["servers"], tables["addresses"], sites, ledger)
    applications, memberships, dependencies = _applications(tables, merged, sites, ledger)
    databases = attach(tables["databases"], "databases", merged, sites, ledger).drop("ip")
    load = attach(tables["utilisation"], "utilisation", merged, sites, ledger).drop("ip")
    estate, findings = build_estate(
        {
            "servers": merged.servers,
            "disks": _of_servers(tables["disks"], merged, "disk"),
            "leases": merge_leases(tables["leases"], merged, sites, ledger),
            "addresses": _of_servers(believed_addresses(tables, merged, ledger), merged, "ip"),
            "utilisation": _once(load, ["server_id"], "utilisation", ledger),
            "applications": applications.drop("key"),
            "memberships": memberships,
            "databases": _joined_sources(databases, ["server_id", "database"]),
            "declared_dependencies": dependencies,
        }
    )
    ledger.add(findings)
    return estate


def _applications(
    tables: dict[str, pl.DataFrame], merged: Merged, sites: Sequence[Site], ledger: Ledger
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    members = attach(tables["memberships"], "memberships", merged, sites, ledger, aside=False)
    server_of = merged.server_of
    needs = tables["needs"].join(
        server_of.rename({"ref": "consumer_ref", "server_id": "consumer_id"}), on="consumer_ref", how="left"
    )
    needs = needs.join(server_of.rename({"ref": "provider_ref", "server_id": "provider_id"}), on="provider_ref", how="left")
    certain = tables["dependencies"].filter(pl.col("certain"))
    links = pl.concat([certain, needs.select("consumer", "source")], how="diagonal")
    applications = merge_applications(tables["applications"], tables["memberships"], links, ledger)
    members = spelled(members, "application", applications)
    needs = spelled(needs, "consumer", applications).with_columns(pl.col("consumer").alias("name"))
    more, new = dependencies_of_servers(needs, members, ledger)
    declared = _between_known(tables["dependencies"], applications, ledger)
    memberships = merge_memberships(pl.concat([members.select(new.columns), new]))
    return applications, memberships, merge_dependencies(pl.concat([declared, more]))


def _between_known(rows: pl.DataFrame, applications: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    """Dependencies between applications that any source knows; the others are told."""
    joined = spelled(
        spelled(rows.with_columns(pl.col("consumer", "provider").name.suffix("_given")), "consumer", applications),
        "provider",
        applications,
    )
    unknown = pl.col("consumer").is_null() | pl.col("provider").is_null()
    ledger.rows(
        joined.filter(unknown),
        "relation-dangling",
        Severity.info,
        subject=pl.col("consumer_given"),
        message=pl.format(
            "The relation to {} joins something that no source knows, so it was not used", pl.col("provider_given")
        ),
        remedy="Export the classes of both ends, or list the application.",
    )
    return joined.filter(~unknown).select("consumer", "provider", "source")


def _of_servers(rows: pl.DataFrame, merged: Merged, sign: str) -> pl.DataFrame:
    """Rows of servers by ``ref``, once per server and `sign`: what two sources list is one."""
    return _joined_sources(rows.join(merged.server_of, on="ref", maintain_order="left").drop("ref"), ["server_id", sign])


def _joined_sources(rows: pl.DataFrame, key: list[str]) -> pl.DataFrame:
    rest = [name for name in rows.columns if name not in (*key, "source")]
    return rows.group_by(key, maintain_order=True).agg(
        *(pl.col(name).drop_nulls().first() for name in rest), pl.col("source").unique(maintain_order=True).str.join(JOINER)
    )


def _once(rows: pl.DataFrame, key: list[str], what: str, ledger: Ledger) -> pl.DataFrame:
    first = pl.struct(key).is_first_distinct()
    ledger.rows(
        rows.filter(~first),
        "row-repeated",
        Severity.warning,
        subject=pl.col("server_id"),
        message=f"Another row of {what} is about the same server: the first counts",
        remedy="Remove the rows that are out of date.",
    )
    return rows.filter(first)
