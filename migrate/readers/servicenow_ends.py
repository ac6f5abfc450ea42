"""What ServiceNow's relations join, and how.

A relation's type reads ``PARENT does::CHILD is done to``: in ``Runs on::Runs`` the parent runs on the child, in
``Depends on::Used by`` the parent depends on the child.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from migrate.readers.servicenow_classes import kind_of_class

__all__ = ["Items", "joined_ends", "with_verbs"]

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
            (
                "application",
                self.applications.select("sys_id", pl.col("application").alias("name"), pl.lit(None, pl.String).alias("ref")),
            ),
            ("database", self.databases.select("sys_id", pl.col("database").alias("name"), pl.lit(None, pl.String).alias("ref"))),
            ("hypervisor", self.hypervisors.select("sys_id", "name", pl.lit(None, pl.String).alias("ref"))),
        )
        return pl.concat([frame.with_columns(pl.lit(kind).alias("kind")) for kind, frame in kinds])


def with_verbs(raw: pl.DataFrame, types: pl.DataFrame) -> pl.DataFrame:
    """What the parent does: ``place``, ``need`` or null, from the type's words or its id."""
    described = types.select(pl.col("sys_id").alias("type"), pl.col("parent_descriptor").alias("described"))
    joined = raw.join(described.unique("type", keep="first", maintain_order=True), on="type", how="left", maintain_order="left")
    by_id = pl.col("type").replace_strict(_TYPES, default=None, return_dtype=pl.String)
    shown = pl.coalesce("type.shown", "described", by_id)
    words = shown.str.split("::").list.first().str.to_lowercase().str.strip_chars()
    verb = pl.when(words.is_in(_PLACE)).then(pl.lit("place")).when(words.is_in(_NEED)).then(pl.lit("need")).otherwise(None)
    return joined.with_columns(verb.alias("verb"), pl.coalesce(shown, "type").alias("type_shown"))


def joined_ends(relations: pl.DataFrame, items: Items) -> pl.DataFrame:
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
    joined = _with_implied(_with_classes(joined))
    place = (pl.col("verb") == "place").fill_null(value=False)
    below = place & pl.col("child_kind").is_null() & (pl.col("parent_kind") == "application") & _has_name("child")
    named = {end: (pl.col("verb") == "need") & pl.col(f"{end}_kind").is_null() & _has_name(end) for end in ("parent", "child")}
    return joined.with_columns(
        pl.when(named["parent"]).then(pl.lit("named")).otherwise("parent_kind").alias("parent_kind"),
        pl.when(below)
        .then(pl.lit("server"))
        .when(named["child"])
        .then(pl.lit("named"))
        .otherwise("child_kind")
        .alias("child_kind"),
        pl.when(named["parent"]).then("parent.shown").otherwise("parent_name").alias("parent_name"),
        pl.when(below | named["child"]).then("child.shown").otherwise("child_name").alias("child_name"),
    )


def _with_classes(joined: pl.DataFrame) -> pl.DataFrame:
    """Ends that are in no dump, but whose class and name the relation itself gives."""
    for end in ("parent", "child"):
        kind = kind_of_class(f"{end}.sys_class_name")
        found = pl.col(f"{end}_kind").is_null() & kind.is_in(["application", "server"]) & _has_name(end)
        joined = joined.with_columns(
            pl.when(found).then(kind).otherwise(f"{end}_kind").alias(f"{end}_kind"),
            pl.when(found).then(f"{end}.shown").otherwise(f"{end}_name").alias(f"{end}_name"),
        )
    return joined


def _with_implied(joined: pl.DataFrame) -> pl.DataFrame:
    """What runs on a server and is in no dump is an application; it is one in its other relations too."""
    runs = (
        (pl.col("verb") == "place") & (pl.col("child_kind") == "server") & pl.col("parent_kind").is_null() & _has_name("parent")
    )
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
