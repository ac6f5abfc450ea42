"""New applications for servers that belong to none: by traffic among themselves, annotation, folder, name, pool or cluster."""

from __future__ import annotations

from itertools import chain, count

import polars as pl

from migrate.discovery.communities import applications_by_traffic
from migrate.discovery.community_names import community_names
from migrate.discovery.kinship import confirmed_names
from migrate.discovery.naming import name_keys, sensible_label
from migrate.discovery.ports import INFRASTRUCTURE

__all__ = ["group"]

#: Confidence of a membership by the evidence it rests on. Planning values of this project.
_CONFIDENCE = {
    "shared": 0.6,
    "annotation": 0.6,
    "kin": 0.6,
    "traffic": 0.5,
    "folder": 0.4,
    "name": 0.35,
    "pool": 0.25,
    "alone": 0.25,
    "solitary": 0.2,
    "cluster": 0.15,
    "unassigned": 0.05,
}
_SAYS = {
    "shared": "it serves many others for the same purpose",
    "annotation": "its annotation says so",
    "kin": "its name is like those of servers that it talks to",
    "traffic": "it talks to the other servers of the group and to no known application",
    "folder": "it stands in the same folder",
    "name": "its name is alike",
    "pool": "it is in the same resource pool",
    "alone": "its name is like no other's",
    "solitary": "its traffic is with services that all share, or no more with one application than with others",
    "cluster": "it is in the same cluster; nothing better is known",
    "unassigned": "nothing is known that would place it",
}
_GENERIC = (
    r"(?i)^(?:vms?|virtual ?machines?|servers?|resources|discovered virtual machines?|templates?|prod(?:uction)?|"
    r"non-?prod(?:uction)?|test|qa|dev(?:elopment)?|dr|windows|linux|unix|default|misc|other|old|new|archive|decom.*|"
    r"powered ?off|to ?delete|root|datacenters?|hosts?|apps?|applications?|infra(?:structure)?|normal|high|low|dmz|lan)?$"
)
_TAGGED = r"(?i)\b(?:app(?:lication)?(?:[ _-]?name)?|system|service|workload)\s*[:=]\s*([^;,|\n\r]{2,60})"
_LARGEST_PLACE = 40  # a folder or pool with more servers than this is no application
_SMALLEST = 2


def group(
    left: pl.DataFrame, internal: pl.DataFrame, apart: pl.DataFrame, shared: pl.DataFrame, taken: pl.Series, largest: int
) -> pl.DataFrame:
    """Give every server of `left` a new application.

    Parameters
    ----------
    left
        Servers without an application (`Servers`).
    internal
        As `Traffic.internal`.
    apart
        Column ``server_id``: servers whose traffic says nothing about membership.
    shared
        As `shared_servers` returns it.
    taken
        Names of applications that exist already.
    largest
        Servers that one application may have whose members have nothing but names, folders or pools in common; larger ones
        are split in the order of their names. What traffic holds together stays together.

    Returns
    -------
    Columns ``server_id``, ``application``, ``confidence``, ``evidence``, ``basis``, sorted by server.
    """
    keys = name_keys(left)
    frame = left.join(keys, on="server_id", how="left").join(shared.select("server_id", "use"), on="server_id", how="left")
    frame = frame.join(_by_traffic(left, keys, internal, apart), on="server_id", how="left")
    talking = pl.concat([internal["consumer_id"], internal["provider_id"]]).unique()
    place = pl.col("folder").str.strip_chars("/\\ ").str.extract(r"([^/\\]+)$")
    frame = frame.with_columns(
        shared=pl.format("{} services", pl.col("use").str.to_titlecase()),
        annotation=sensible_label(pl.col("annotation").str.extract(_TAGGED)),
        folder=_worthy(place),
        name=_name_groups(frame),
        pool=_worthy(pl.col("resource_pool").str.strip_chars("/\\ ").str.extract(r"([^/\\]+)$")),
        cluster=sensible_label(pl.col("cluster")),
        stem=pl.col("stem"),
        shown=sensible_label(pl.col("name")),
        talks=pl.col("server_id").is_in(talking.implode()),
    )
    frame = _without_misfits(frame)
    kin = confirmed_names(frame.select("server_id", "name"), internal)
    frame = frame.with_columns(kin=pl.when(pl.col("name").is_in(kin["name"].implode())).then("name"))
    basis, label = _first_basis(frame)
    chosen = frame.select("server_id", "shown", basis=basis, label=label)
    return _named(chosen, taken, largest)


def _worthy(place: pl.Expr) -> pl.Expr:
    place = sensible_label(place)
    return pl.when(~place.str.contains(_GENERIC)).then(place)


def _name_groups(frame: pl.DataFrame) -> pl.Expr:
    """The core of the name; cores that differ only in a last letter for the tier are one."""
    siblings = pl.col("core").n_unique().over("trunk")
    short = pl.col("trunk").str.len_chars() < 5
    alike = pl.col("trunk").is_not_null() & (siblings > 1) & ~short
    return pl.when(alike).then(pl.col("trunk")).otherwise(pl.col("core")).str.strip_chars("-")


def _without_misfits(frame: pl.DataFrame) -> pl.DataFrame:
    """Null the labels of places that hold too many or too few servers to be one application's."""

    def sized(column: str, least: int, most: int | None) -> pl.Expr:
        count = pl.len().over(column)
        fits = (count >= least) & (count <= most) if most is not None else count >= least
        return pl.when(fits).then(pl.col(column)).alias(column)

    return frame.with_columns(
        sized("folder", _SMALLEST, _LARGEST_PLACE), sized("pool", _SMALLEST, _LARGEST_PLACE), lone=pl.col("name")
    ).with_columns(sized("name", _SMALLEST, None))


def _first_basis(frame: pl.DataFrame) -> tuple[pl.Expr, pl.Expr]:
    """The strongest basis that each server has, and the label it gives."""
    cluster = pl.when(pl.col("cluster").is_not_null() & (pl.col("cluster").len().over("cluster") >= _SMALLEST)).then(
        pl.col("cluster")
    )
    order = {
        "shared": pl.col("shared"),
        "annotation": pl.col("annotation"),
        "kin": pl.col("kin"),
        "traffic": pl.col("traffic"),
        "folder": pl.col("folder"),
        "name": pl.col("name"),
        "pool": pl.col("pool"),
        "alone": pl.col("lone"),
        "solitary": pl.when("talks").then("shown"),
        "cluster": pl.format("Unassigned {}", cluster),
        "unassigned": pl.format("Unassigned {}", sensible_label(pl.col("site").fill_null("unknown site"))),
    }
    basis = pl.coalesce(pl.when(label.is_not_null()).then(pl.lit(name)) for name, label in order.items())
    return basis, pl.coalesce(order.values())


def _by_traffic(left: pl.DataFrame, keys: pl.DataFrame, internal: pl.DataFrame, apart: pl.DataFrame) -> pl.DataFrame:
    """Servers that talk mostly with each other, and what their group is to be called (``server_id``, ``traffic``)."""
    among = (
        internal.filter(~pl.col("use").is_in(INFRASTRUCTURE))
        .join(left.select(consumer_id="server_id"), on="consumer_id", how="semi")
        .join(left.select(provider_id="server_id"), on="provider_id", how="semi")
    )
    communities = applications_by_traffic(among, apart)
    named = left.select("server_id", "name").join(keys.select("server_id", "core"), on="server_id")
    return community_names(communities, among, named).select("server_id", traffic="label")


def _named(chosen: pl.DataFrame, taken: pl.Series, largest: int) -> pl.DataFrame:
    """Split what is too large and make every name unique."""
    chosen = chosen.sort("label", "shown", "server_id").with_columns(
        most=pl.when((pl.col("basis") == "traffic").any().over("label")).then(pl.len().over("label")).otherwise(largest)
    )
    chosen = chosen.with_columns(
        part=pl.int_range(pl.len()).over("label") // pl.col("most"),
        parts=(pl.len().over("label") - 1) // pl.col("most") + 1,
    )
    groups = chosen.select("label", "part", "parts").unique().sort("label", "part")
    used = {name.casefold() for name in taken}
    names = []
    for label, part, parts in groups.iter_rows():
        wanted = f"{label} {part + 1}" if parts > 1 else label
        tries = chain((wanted, f"{wanted} (inferred)"), (f"{wanted} (inferred {number})" for number in count(2)))
        names.append(next(name for name in tries if name.casefold() not in used))
        used.add(names[-1].casefold())
    return (
        chosen.join(groups.with_columns(application=pl.Series(names, dtype=pl.String)), on=["label", "part"])
        .select(
            "server_id",
            "application",
            confidence=pl.col("basis").replace_strict(_CONFIDENCE, return_dtype=pl.Float64),
            evidence=pl.col("basis").replace_strict(_SAYS, return_dtype=pl.String),
            basis="basis",
        )
        .sort("server_id")
    )
