"""New applications for servers that belong to none: by traffic among themselves, annotation, folder, name, pool or cluster."""

from __future__ import annotations

from itertools import chain, count

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from migrate.discovery.naming import name_keys, sensible_label

__all__ = ["group"]

#: Confidence of a membership by the evidence it rests on. Planning values of this project.
_CONFIDENCE = {
    "shared": 0.6,
    "annotation": 0.6,
    "traffic": 0.5,
    "folder": 0.4,
    "name": 0.35,
    "pool": 0.25,
    "alone": 0.25,
    "cluster": 0.15,
    "unassigned": 0.05,
}
_SAYS = {
    "shared": "it serves many others for the same purpose",
    "annotation": "its annotation says so",
    "traffic": "it talks to the other servers of the group and to no known application",
    "folder": "it stands in the same folder",
    "name": "its name is alike",
    "pool": "it is in the same resource pool",
    "alone": "its name is like no other's",
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


def group(left: pl.DataFrame, pairs: pl.DataFrame, shared: pl.DataFrame, taken: pl.Series, largest: int) -> pl.DataFrame:
    """Give every server of `left` a new application.

    Parameters
    ----------
    left
        Servers without an application (`Servers`).
    pairs
        As `affinity` returns them.
    shared
        As `shared_servers` returns it.
    taken
        Names of applications that exist already.
    largest
        Servers that one application may have; larger groups are split in the order of their names.

    Returns
    -------
    Columns ``server_id``, ``application``, ``confidence``, ``evidence``, ``basis``, sorted by server.
    """
    keys = name_keys(left)
    frame = left.join(keys, on="server_id", how="left").join(shared.select("server_id", "use"), on="server_id", how="left")
    frame = frame.join(_components(left, pairs, largest), on="server_id", how="left")
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
    )
    frame = _without_misfits(frame)
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
        "traffic": pl.col("traffic"),
        "folder": pl.col("folder"),
        "name": pl.col("name"),
        "pool": pl.col("pool"),
        "alone": pl.col("lone"),
        "cluster": pl.format("Unassigned {}", cluster),
        "unassigned": pl.format("Unassigned {}", sensible_label(pl.col("site").fill_null("unknown site"))),
    }
    basis = pl.coalesce(pl.when(label.is_not_null()).then(pl.lit(name)) for name, label in order.items())
    return basis, pl.coalesce(order.values())


def _components(left: pl.DataFrame, pairs: pl.DataFrame, largest: int) -> pl.DataFrame:
    """Servers that talk mostly to each other, named after the first server's name (``server_id``, ``traffic``).

    Each server points to the partner with which it has most traffic; what hangs together by these pointers is a group.
    """
    inside = pairs.join(left.select("server_id"), on="server_id", how="semi").join(
        left.select(partner_id="server_id"), on="partner_id", how="semi"
    )
    strongest = inside.sort("server_id", "weight", "partner_id", descending=[False, True, False]).unique(
        "server_id", keep="first", maintain_order=True
    )
    if strongest.is_empty():
        return pl.DataFrame(schema={"server_id": pl.String, "traffic": pl.String})
    ids = pl.concat([strongest["server_id"], strongest["partner_id"]]).unique().sort()
    rows, columns = ids.search_sorted(strongest["server_id"]).to_numpy(), ids.search_sorted(strongest["partner_id"]).to_numpy()
    links = coo_array((np.ones(len(rows), dtype=np.int8), (rows, columns)), shape=(len(ids), len(ids)))
    component = connected_components(links, directed=False)[1]
    grouped = pl.DataFrame({"server_id": ids, "component": component}).join(left.select("server_id", "name"), on="server_id")
    keys = name_keys(grouped.select("server_id", "name"))
    label = pl.coalesce("core", sensible_label(pl.col("name")))
    return (
        grouped.join(keys, on="server_id")
        .with_columns(label=label)
        .with_columns(
            traffic=pl.col("label").sort().mode(maintain_order=True).first().over("component"), size=pl.len().over("component")
        )
        .filter(pl.col("size") <= largest)
        .with_columns(
            traffic=pl.when(pl.col("component").rank("dense").over("traffic") > 1)
            .then(pl.format("{} ({})", "traffic", pl.col("component").rank("dense").over("traffic")))
            .otherwise("traffic")
        )
        .select("server_id", "traffic")
    )


def _named(chosen: pl.DataFrame, taken: pl.Series, largest: int) -> pl.DataFrame:
    """Split what is too large and make every name unique."""
    chosen = chosen.sort("label", "shown", "server_id").with_columns(
        part=pl.int_range(pl.len()).over("label") // largest, parts=(pl.len().over("label") - 1) // largest + 1
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
