"""Move groups as records of the plan, each with the dependencies that hold it."""

from __future__ import annotations

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import minimum_spanning_tree

from migrate.model.plan import GroupEdge, MoveGroup

__all__ = ["group_records"]

_EDGES = 20  # that a group lists
_NAMED = 3  # that its reason tells

_FIELDS = ("consumer", "provider", "because", "reason", "usd_day", "round_trips_day")


def group_records(
    held: pl.DataFrame, severed: pl.DataFrame, members: pl.DataFrame, group: pl.DataFrame, cycles: pl.DataFrame
) -> tuple[MoveGroup, ...]:
    """The groups, sorted by name.

    Parameters
    ----------
    held, severed
        Dependencies within and between groups, the dearest first, with the groups ``one`` and ``other`` of their ends.
    members
        As `form_groups` takes them, sorted by application.
    group
        Columns ``application`` and ``group``, in the same order.
    cycles
        Applications in cycles.
    """
    cyclic = group["application"].is_in(cycles["application"].implode())
    sizes = (
        members.with_columns(group=group["group"], cyclic=cyclic)
        .group_by("group", maintain_order=True)
        .agg("application", pl.col("servers").sum(), pl.col("confidence").min().round(2), pl.col("cyclic").any())
    )
    listed = _listed(held, members["application"])
    counts = dict(held.group_by("one").len().iter_rows())
    cut = pl.concat([severed.select("one", "usd_day"), severed.select("other", "usd_day").rename({"other": "one"})])
    cut = cut.group_by("one", maintain_order=True).agg(pl.len(), pl.col("usd_day").sum().round(4))
    prices = {number: (count, usd) for number, count, usd in cut.iter_rows()}
    groups = []
    for number, names, servers, confidence, cyclic_too in sizes.iter_rows():
        edges, most = listed.get(number, []), counts.get(number, 0)
        severed_count, severed_usd_day = prices.get(number, (0, 0.0))
        groups.append(
            MoveGroup(
                move_group=names[0] if len(names) == 1 else f"{names[0]} + {len(names) - 1}",
                applications=tuple(names),
                servers=servers,
                reason="one application" if len(names) == 1 else _told(edges, most, cyclic_too),
                confidence=confidence,
                edges=tuple(edges),
                held_by=most,
                severed=severed_count,
                severed_usd_day=severed_usd_day,
            )
        )
    return tuple(sorted(groups, key=lambda item: item.move_group))


def _listed(held: pl.DataFrame, names: pl.Series) -> dict[int, list[GroupEdge]]:
    """Edges that each group lists: first those that suffice to hold it, then the rest; the dearest first in both."""
    ranked = held.with_row_index("rank")
    tail, head = (names.search_sorted(ranked[end]).to_numpy() for end in ("consumer", "provider"))
    pairs = pl.DataFrame({"a": np.minimum(tail, head), "b": np.maximum(tail, head), "rank": ranked["rank"]})
    pairs = pairs.unique(["a", "b"], keep="first", maintain_order=True)
    graph = coo_array((pairs["rank"].to_numpy() + 1.0, (pairs["a"].to_numpy(), pairs["b"].to_numpy())), shape=(len(names),) * 2)
    needed = minimum_spanning_tree(graph.tocsr()).data.astype(np.int64) - 1
    ordered = ranked.with_columns(needed=pl.Series(np.isin(ranked["rank"].to_numpy(), needed)))
    ordered = ordered.sort("one", "needed", "rank", descending=[False, True, False])
    shown = ordered.group_by("one", maintain_order=True).head(_EDGES).select("one", *_FIELDS)
    found: dict[int, list[GroupEdge]] = {}
    for number, consumer, provider, because, reason, usd_day, round_trips_day in shown.iter_rows():
        edge = GroupEdge(
            consumer=consumer,
            provider=provider,
            because=because,
            reason=reason,
            usd_day=None if usd_day is None else round(usd_day, 4),
            round_trips_day=None if round_trips_day is None else round(round_trips_day, 1),
        )
        found.setdefault(number, []).append(edge)
    return found


def _told(edges: list[GroupEdge], most: int, cyclic: bool) -> str:
    why = "they need each other in a cycle" if cyclic else "too chatty or too dear to be split"
    named = [f"{edge.consumer} → {edge.provider}: {edge.reason}" for edge in edges[:_NAMED]]
    return "; ".join([why, *named, *([f"and {most - _NAMED} more"] if most > _NAMED else [])])
