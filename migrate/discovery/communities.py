"""Applications where none is declared: servers that are dense in traffic among themselves.

The groups are those of the map equation (`migrate.discovery.kernels.map_equation`): it has no resolution to be chosen, and
what it can tell apart hardly depends on the size of the estate (Kawamoto and Rosvall, "Estimating the resolution limit of
the map equation in community detection", Phys. Rev. E 91, 2015). What does have to be learned from the data is which edges
speak of an application at all (`migrate.discovery.inside_evidence`) and which servers serve everybody
(`migrate.discovery.scattered`). Grouping and learning take turns.
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from migrate.discovery.inside_evidence import InsideEvidence
from migrate.discovery.scattered import homes_of_scattered, scattered

__all__ = ["applications_by_traffic"]

_BROAD = 100  # partners: more than nearly every server has inside its application. Only the first grouping rests on it
_TURNS = 2
_FINE = 2  # times that single servers are moved, after whole groups were
_VISITS = 30
_ROUNDS = 3  # steps around a server that decide its place in the order of work

Nodes = NDArray[np.int32]
Groups = NDArray[np.int32]


def applications_by_traffic(internal: pl.DataFrame, apart: pl.DataFrame, seed: int = 0) -> pl.DataFrame:
    """Group servers by their traffic with each other.

    Depends on nothing but who talks to whom, how much and on which ports: neither on the order of the rows nor on what
    the servers are called.

    Parameters
    ----------
    internal
        As `Traffic.internal`. Volumes may be 0 or unknown, ports opaque.
    apart
        Column ``server_id``: shared servers, which belong to nobody in particular.
    seed
        Of the order in which servers are looked at.

    Returns
    -------
    Columns ``server_id``, ``community`` (numbered by the smallest server id) and ``strength`` (share of the weight of
    the server's edges that lies inside its community, 0 to 1), sorted by server. Servers whose traffic places them
    nowhere are absent.
    """
    shared = apart["server_id"].implode()
    rows = internal.filter(
        ~pl.col("consumer_id").is_in(shared)
        & ~pl.col("provider_id").is_in(shared)
        & (pl.col("consumer_id") != pl.col("provider_id"))
    )
    if rows.is_empty():
        return pl.DataFrame(schema={"server_id": pl.String, "community": pl.Int64, "strength": pl.Float64})
    ids = pl.concat([rows["consumer_id"], rows["provider_id"]]).unique().sort()
    edges = _numbered(rows, ids)
    order = _order(edges, len(ids), seed)
    edges = _renumbered(edges, order)
    del rows  # millions of ids
    evidence = InsideEvidence(edges)
    del edges
    group, weight = _groups(evidence, len(ids))
    return _described(ids, order, evidence, group, weight)


def _numbered(rows: pl.DataFrame, ids: pl.Series) -> pl.DataFrame:
    """Ends as numbers, and the little that is needed of each row."""
    number = pl.DataFrame({"id": ids, "number": np.arange(len(ids), dtype=np.int32)})
    known = rows.select(
        "consumer_id",
        "provider_id",
        pl.col("protocol").cast(pl.Categorical).to_physical(),  # numbered as they come: only ever compared for equality
        pl.col("port").cast(pl.Int32),
        bytes=pl.col("bytes_out").fill_null(0) + pl.col("bytes_in").fill_null(0),
        connections=pl.col("connections").fill_null(0),
    )
    joined = known.join(number.rename({"id": "consumer_id", "number": "consumer"}), on="consumer_id").drop("consumer_id")
    return joined.join(number.rename({"id": "provider_id", "number": "provider"}), on="provider_id").drop("provider_id")


def _order(edges: pl.DataFrame, nodes: int, seed: int) -> Nodes:
    """New number of each node, by its surroundings; servers alike in all of them keep the order of their ids."""
    from migrate.discovery.kernels.likeness import surroundings  # noqa: PLC0415 - numba takes a second to import

    mark = (edges["bytes"].cast(pl.Int64) * 2_654_435_761 + edges["connections"].cast(pl.Int64)).to_numpy().view(np.uint64)
    like = surroundings(edges["consumer"].to_numpy(), edges["provider"].to_numpy(), mark, nodes, seed, _ROUNDS)
    place = np.empty(nodes, dtype=np.int32)
    place[np.argsort(like, kind="stable")] = np.arange(nodes, dtype=np.int32)
    return place


def _renumbered(edges: pl.DataFrame, order: Nodes) -> pl.DataFrame:
    return edges.with_columns(
        consumer=pl.Series(order[edges["consumer"].to_numpy()]), provider=pl.Series(order[edges["provider"].to_numpy()])
    )


def _groups(evidence: InsideEvidence, nodes: int) -> tuple[Groups, NDArray[np.float32]]:
    """Group of each node (-1: none) and the weight of each pair."""
    one, other = evidence.one, evidence.other
    partners = np.bincount(one, minlength=nodes) + np.bincount(other, minlength=nodes)
    aside = partners > _BROAD
    weight = (1 / np.sqrt(np.maximum(partners[one], partners[other]))).astype(np.float32)
    group = _partition(evidence, weight, aside, np.arange(nodes, dtype=np.int32), 1)
    for turn in range(_TURNS):
        aside = scattered(one, other, group, aside)
        weight = evidence.weights(group, ~(aside[one] | aside[other]))
        start = np.arange(nodes, dtype=np.int32) if turn == 0 else group
        group = _partition(evidence, weight, aside, start, _FINE)
    group = homes_of_scattered(one, other, group, aside)
    alone = np.bincount(group[group >= 0], minlength=nodes)[group] < 2
    return np.where((group >= 0) & ~alone, group, -1).astype(np.int32), weight


def _partition(
    evidence: InsideEvidence, weight: NDArray[np.float32], aside: NDArray[np.bool_], group: Groups, fine: int
) -> Groups:
    """Minimise the map equation among the servers that are not set aside, by turns of single servers and whole groups.

    `group` is where it starts from.
    """
    group = group.copy()
    from migrate.discovery.kernels.contraction import compact, contract, rows_of  # noqa: PLC0415 - numba, as above
    from migrate.discovery.kernels.map_equation import Graph, shorten  # noqa: PLC0415

    nodes = len(aside)
    keep = ~(aside[evidence.one] | aside[evidence.other])
    kept = weight[keep]
    if not len(kept):
        return group
    at, near, heft = rows_of(evidence.one[keep], evidence.other[keep], kept / np.float32(2 * kept.sum(dtype=np.float64)), nodes)
    flow = _sums(at, heft)
    single = Graph(at, near, heft, flow, flow)
    for _ in range(fine):
        moved = shorten(single, group, _VISITS)
        while moved:
            group, count = compact(group)
            wide = contract(at, near, heft, group, count)
            whole = np.arange(count, dtype=np.int32)
            moved = shorten(
                Graph(*wide, np.bincount(group, flow, count).astype(np.float64), _sums(wide[0], wide[2])), whole, _VISITS
            )
            group = whole[group]
    return compact(group)[0]


def _sums(at: NDArray[np.int64], heft: NDArray[np.float32]) -> NDArray[np.float64]:
    owner = np.repeat(np.arange(len(at) - 1), np.diff(at))
    return np.bincount(owner, heft, len(at) - 1).astype(np.float64)


def _described(
    ids: pl.Series, order: Nodes, evidence: InsideEvidence, group: Groups, weight: NDArray[np.float32]
) -> pl.DataFrame:
    one, other = evidence.one, evidence.other
    inside = (group[one] == group[other]) & (group[one] >= 0)
    nodes = len(order)
    total, own = (
        np.bincount(one, share, nodes) + np.bincount(other, share, nodes) for share in (weight, np.where(inside, weight, 0))
    )
    strength = own / np.maximum(total, np.finfo(np.float32).tiny)
    found = pl.DataFrame({"server_id": ids, "group": group[order], "strength": strength[order]}).filter(pl.col("group") >= 0)
    number = found.group_by("group").agg(pl.col("server_id").min()).sort("server_id").with_row_index("community")
    return (
        found.join(number.select("group", pl.col("community").cast(pl.Int64)), on="group")
        .select("server_id", "community", "strength")
        .sort("server_id")
    )
