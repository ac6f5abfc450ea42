"""From ServiceNow's relations to memberships, dependencies and the servers of databases."""

from __future__ import annotations

import polars as pl

from migrate.findings import Severity
from migrate.readers.addresses import split_addresses
from migrate.readers.cells import clean_text
from migrate.readers.ledger import Ledger
from migrate.readers.reading import Reading
from migrate.readers.servicenow_ends import Items, joined_ends, with_verbs

__all__ = ["relate"]


def relate(raw: pl.DataFrame, types: pl.DataFrame, items: Items, ledger: Ledger) -> Reading:
    """Put items and relations together."""
    joined = joined_ends(with_verbs(raw, types), items)
    joined = _known(joined, ledger)
    pair = pl.concat_str("verb", "parent_kind", "child_kind", separator="/", ignore_nulls=False)
    joined = joined.with_columns(pair.alias("pair"))
    memberships, needs = _memberships(joined), _needs(joined, items, ledger)
    databases = _databases(joined, items, ledger)
    servers = _on_hypervisors(joined, items.servers)
    dependencies = joined.filter(pl.col("pair").is_in(_BETWEEN_APPLICATIONS))
    used = pl.col("pair").is_in(_USED)
    _tell_of_unused(joined.filter(~used.fill_null(value=False)), ledger)
    good, bad = split_addresses(items.servers.filter(pl.col("ip").is_not_null()), "ip")
    ledger.rows(
        bad,
        "value-set-aside",
        Severity.warning,
        subject=pl.col("name"),
        message=pl.format("This is no IP address, so it counts as unknown: {}", pl.col("ip").str.slice(0, 60)),
        remedy="Correct the value in the CMDB and run again.",
        aside=False,
    )
    return Reading(
        {
            "servers": servers,
            "addresses": good.unique(["ref", "ip"], keep="first", maintain_order=True),
            "applications": items.applications,
            "memberships": memberships,
            "databases": databases,
            "dependencies": dependencies.select(
                pl.col("parent_name").alias("consumer"),
                pl.col("child_name").alias("provider"),
                ((pl.col("parent_kind") != "named") & (pl.col("child_kind") != "named")).alias("certain"),
                "source",
            ),
            "needs": needs,
        }
    )


# an end that is only "named" is an application if anything else says so: that is seen when all sources are read
_BETWEEN_APPLICATIONS = (
    "need/application/application",
    "need/application/named",
    "need/named/application",
    "need/named/named",
    "place/application/application",
)
_USED = (
    *_BETWEEN_APPLICATIONS,
    "place/application/server",
    "place/server/application",
    "place/database/server",
    "place/server/database",
    "place/database/database",
    "place/server/hypervisor",
    "place/application/database",
    "need/application/server",
    "need/application/database",
    "need/server/server",
    "need/database/server",
)


def _known(joined: pl.DataFrame, ledger: Ledger) -> pl.DataFrame:
    with_named = (pl.col("parent_kind") == "named") & ~pl.col("child_kind").is_in(["application", "named"])
    with_named |= (pl.col("child_kind") == "named") & ~pl.col("parent_kind").is_in(["application", "named"])
    dangling = pl.col("parent_kind").is_null() | pl.col("child_kind").is_null() | with_named
    shown = [pl.coalesce(f"{end}_name", f"{end}.shown", end, pl.lit("?")).str.slice(0, 80) for end in ("parent", "child")]
    ledger.rows(
        joined.filter(dangling),
        "relation-dangling",
        Severity.info,
        subject=shown[0],
        message=pl.format("The relation to {} joins something that is in no dump, so it was not used", shown[1]),
        remedy="Export the classes of both ends, with sysparm_display_value=all.",
    )
    return joined.filter(~dangling)


def _memberships(joined: pl.DataFrame) -> pl.DataFrame:
    ends = []
    for pair, app, server in (("place/application/server", "parent", "child"), ("place/server/application", "child", "parent")):
        ends.append(
            joined.filter(pl.col("pair") == pair).select(
                pl.col(f"{server}_ref").alias("ref"),
                pl.col(f"{server}_name").alias("server"),
                pl.col(f"{app}_name").alias("application"),
                pl.lit(1.0).alias("confidence"),
                pl.concat_str(pl.lit("CMDB relation "), pl.col("type_shown").str.slice(0, 80)).alias("evidence"),
                "source",
            )
        )
    return pl.concat(ends)


def _server_of_database(joined: pl.DataFrame) -> pl.DataFrame:
    """``sys_id`` of a database → ``ref`` of its server, directly or through the instance that holds it."""
    down = joined.filter(pl.col("pair").is_in(["place/database/server", "need/database/server"]))
    up = joined.filter(pl.col("pair") == "place/server/database")
    direct = pl.concat(
        [
            down.select(pl.col("parent").alias("sys_id"), pl.col("child_ref").alias("ref")),
            up.select(pl.col("child").alias("sys_id"), pl.col("parent_ref").alias("ref")),
        ]
    ).unique("sys_id", keep="first", maintain_order=True)
    held = joined.filter(pl.col("pair") == "place/database/database").select("parent", "child")
    through = pl.concat(
        [
            held.join(direct, left_on="parent", right_on="sys_id").select(pl.col("child").alias("sys_id"), "ref"),
            held.join(direct, left_on="child", right_on="sys_id").select(pl.col("parent").alias("sys_id"), "ref"),
        ]
    )
    return pl.concat([direct, through]).unique("sys_id", keep="first", maintain_order=True)


def _databases(joined: pl.DataFrame, items: Items, ledger: Ledger) -> pl.DataFrame:
    placed = items.databases.join(_server_of_database(joined), on="sys_id", how="left", maintain_order="left")
    lost = pl.col("ref").is_null() & pl.col("host").is_null()
    ledger.rows(
        placed.filter(lost),
        "row-without-server",
        Severity.warning,
        subject=pl.col("database"),
        message="No relation tells on which server this database runs",
        remedy="Export cmdb_rel_ci too, or relate the database to its server.",
    )
    return placed.filter(~lost).with_columns(pl.col("host").alias("server"))


def _needs(joined: pl.DataFrame, items: Items, ledger: Ledger) -> pl.DataFrame:
    of_database = _server_of_database(joined).rename({"sys_id": "child", "ref": "database_ref"})
    rows = joined.join(of_database, on="child", how="left", maintain_order="left")
    application = pl.col("parent_kind") == "application"
    wanted = ("need/application/server", "need/application/database", "place/application/database", "need/server/server")
    rows = rows.filter(pl.col("pair").is_in(wanted)).select(
        pl.when(application).then("parent_name").otherwise(None).alias("consumer"),
        pl.col("parent_ref").alias("consumer_ref"),
        pl.coalesce("child_ref", "database_ref").alias("provider_ref"),
        pl.coalesce("parent_name", "child_name").alias("name"),
        "source",
    )
    lost = pl.col("provider_ref").is_null()
    ledger.rows(
        rows.filter(lost),
        "relation-not-used",
        Severity.info,
        subject=pl.col("name"),
        message="It needs something whose server is not known, so no dependency follows",
        remedy="Relate the database to its server in the CMDB.",
    )
    return rows.filter(~lost)


def _on_hypervisors(joined: pl.DataFrame, servers: pl.DataFrame) -> pl.DataFrame:
    on = joined.filter(pl.col("pair") == "place/server/hypervisor").select(
        pl.col("parent_ref").alias("ref"), pl.col("child_name").alias("hypervisor")
    )
    return servers.join(on.unique("ref", keep="first", maintain_order=True), on="ref", how="left", maintain_order="left")


def _tell_of_unused(relations: pl.DataFrame, ledger: Ledger) -> None:
    """One finding per file, type and kinds of ends: a CMDB has many relations that say nothing about a migration."""
    keys = [pl.col("source").str.replace(r":\d+$", "").alias("file"), "type_shown", "parent_kind", "child_kind"]
    for (file, given, parent, child), group in relations.group_by(keys, maintain_order=True):
        ledger.tell(
            "relation-not-used",
            Severity.info,
            clean_text(str(given)) or "no type",
            group["source"][0],
            f"{group.height:,} relations of this type, from {parent} to {child}, say nothing that a plan uses",
            "Nothing to do.",
        )
        ledger.aside[str(file)] += group.height
