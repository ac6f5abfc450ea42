"""From ServiceNow's relations to memberships, dependencies and the servers of databases.

A relation's type reads ``PARENT does::CHILD is done to``: in ``Runs on::Runs`` the parent runs on the child, in
``Depends on::Used by`` the parent depends on the child.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from migrate.findings import Severity
from migrate.readers.addresses import split_addresses
from migrate.readers.cells import clean_text
from migrate.readers.ledger import Ledger
from migrate.readers.reading import Reading

__all__ = ["Items", "relate"]

# what the parent does: it stands on the child or holds it …
_PLACE = ("runs on", "hosted on", "contains", "members", "instantiates", "virtualized by", "deployed on", "installed on")
# … or needs it
_NEED = (
    *("depends on", "uses", "sends data to", "receives data from", "connects to", "consumes", "provided by"),
    *("exchanges data with", "ip connection", "requires"),
)
# sys_ids of types that every instance has: for dumps without display values
_TYPES = {
    "60bc4e22c0a8010e01f074cbe6bd73c3": "runs on",
    "1a9cb166f1571100a92eb60da2bce5c5": "depends on",
    "5f985e0ec0a8010e00a9714f2a172815": "hosted on",
    "55c95bf6c0a8010e0118ec7056ebc54d": "contains",
    "cb5592603751200032ff8c00dfbe5d17": "uses",
}


@dataclass(frozen=True)
class Items:
    """The items that relations join; each has ``sys_id``."""

    servers: pl.DataFrame
    applications: pl.DataFrame
    databases: pl.DataFrame
    hypervisors: pl.DataFrame

    def nodes(self) -> pl.DataFrame:
        """Every item: ``sys_id``, ``kind``, ``name``, and ``ref`` where it is a server."""
        kinds = (
            ("server", self.servers.select("sys_id", "name", "ref")),
            ("application", self.applications.select("sys_id", pl.col("application").alias("name"), pl.lit(None, pl.String).alias("ref"))),
            ("database", self.databases.select("sys_id", pl.col("database").alias("name"), pl.lit(None, pl.String).alias("ref"))),
            ("hypervisor", self.hypervisors.select("sys_id", "name", pl.lit(None, pl.String).alias("ref"))),
        )
        return pl.concat([frame.with_columns(pl.lit(kind).alias("kind")) for kind, frame in kinds])


def relate(raw: pl.DataFrame, types: pl.DataFrame, items: Items, ledger: Ledger) -> Reading:
    """Put items and relations together."""
    joined = _ends(_verbs(raw, types), items)
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


def _verbs(raw: pl.DataFrame, types: pl.DataFrame) -> pl.DataFrame:
    """What the parent does: ``place``, ``need`` or null, from the type's words or its id."""
    described = types.select(pl.col("sys_id").alias("type"), pl.col("parent_descriptor").alias("described"))
    joined = raw.join(described.unique("type", keep="first", maintain_order=True), on="type", how="left", maintain_order="left")
    by_id = pl.col("type").replace_strict(_TYPES, default=None, return_dtype=pl.String)
    shown = pl.coalesce("type.shown", "described", by_id)
    words = shown.str.split("::").list.first().str.to_lowercase().str.strip_chars()
    verb = pl.when(words.is_in(_PLACE)).then(pl.lit("place")).when(words.is_in(_NEED)).then(pl.lit("need")).otherwise(None)
    return joined.with_columns(verb.alias("verb"), pl.coalesce(shown, "type").alias("type_shown"))


def _ends(relations: pl.DataFrame, items: Items) -> pl.DataFrame:
    """Join the items at both ends, by id, else by a name that only one item has.

    An end that no dump lists but that has a name is what the other end makes it: an application above a server, a server
    below an application; otherwise its kind is ``named``.
    """
    nodes = items.nodes()
    by_id = nodes.filter(pl.col("sys_id").is_not_null()).unique("sys_id", keep="first", maintain_order=True)
    by_name = nodes.filter(pl.len().over("name") == 1)
    joined = relations
    for end in ("parent", "child"):
        ids = by_id.select(pl.col("sys_id").alias(end), *(pl.col(c).alias(f"{end}_{c}") for c in ("kind", "name", "ref")))
        names = by_name.select(pl.col("name").alias(f"{end}.shown"), *(pl.col(c).alias(f"_{c}") for c in ("kind", "name", "ref")))
        joined = joined.join(ids, on=end, how="left", maintain_order="left")
        joined = joined.join(names, on=f"{end}.shown", how="left", maintain_order="left")
        joined = joined.with_columns(pl.coalesce(f"{end}_{c}", f"_{c}").alias(f"{end}_{c}") for c in ("kind", "name", "ref"))
        joined = joined.drop("_kind", "_name", "_ref")
    joined = _with_implied(joined)
    place = (pl.col("verb") == "place").fill_null(value=False)
    below = place & pl.col("child_kind").is_null() & (pl.col("parent_kind") == "application") & _has_name("child")
    named = {end: (pl.col("verb") == "need") & pl.col(f"{end}_kind").is_null() & _has_name(end) for end in ("parent", "child")}
    return joined.with_columns(
        pl.when(named["parent"]).then(pl.lit("named")).otherwise("parent_kind").alias("parent_kind"),
        pl.when(below).then(pl.lit("server")).when(named["child"]).then(pl.lit("named")).otherwise("child_kind").alias("child_kind"),
        pl.when(named["parent"]).then("parent.shown").otherwise("parent_name").alias("parent_name"),
        pl.when(below | named["child"]).then("child.shown").otherwise("child_name").alias("child_name"),
    )


def _with_implied(joined: pl.DataFrame) -> pl.DataFrame:
    """What runs on a server and is in no dump is an application; it is one in its other relations too."""
    runs = (pl.col("verb") == "place") & (pl.col("child_kind") == "server") & pl.col("parent_kind").is_null() & _has_name("parent")
    implied = joined.filter(runs).select(pl.col("parent").alias("id"), pl.col("parent.shown").alias("_name"))
    implied = implied.unique("id", keep="first", maintain_order=True)
    for end in ("parent", "child"):
        joined = joined.join(implied, left_on=end, right_on="id", how="left", maintain_order="left")
        found = pl.col(f"{end}_kind").is_null() & pl.col("_name").is_not_null()
        joined = joined.with_columns(
            pl.when(found).then(pl.lit("application")).otherwise(f"{end}_kind").alias(f"{end}_kind"),
            pl.when(found).then("_name").otherwise(f"{end}_name").alias(f"{end}_name"),
        ).drop("_name")
    return joined


def _has_name(end: str) -> pl.Expr:
    """The end shows a name, rather than the 32 digits of an id."""
    return pl.col(f"{end}.shown").is_not_null() & ~pl.col(f"{end}.shown").str.contains(r"^[0-9a-f]{32}$")


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
