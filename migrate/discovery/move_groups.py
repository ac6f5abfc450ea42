"""What cannot be split: applications joined by cycles and by traffic that would not bear the line between two sites.

Groups are joined edge by edge, the costliest cut first, and never beyond a size that one wave can hold: a hub that
everything talks to must not pull everything into one group. What stays severed is said.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from migrate.discovery.bundles import Bundles
from migrate.discovery.cycles import cycle_numbers
from migrate.discovery.group_findings import cycle_findings, doubtful_cycle_findings, severed_findings
from migrate.findings import Finding
from migrate.model.plan import MoveGroup
from migrate.spec import Spec

__all__ = ["Grouping", "form_groups"]

# Planning values of this project.
_CHATTY = 2_000.0  # connections a day over a latency-bound use from which two applications are kept together
_HUB = 4  # consumers that hold a provider so: with more it is a hub, and joins none of them
_SHARE = 0.5  # of a wave: what chatty edges may gather into one group
_APPLICATIONS = 8  # and at most so many applications
_MANY = 3  # servers from which one alone is thin evidence for its application


@dataclass(frozen=True)
class Grouping:
    """Move groups, the applications in cycles, and findings."""

    groups: tuple[MoveGroup, ...]
    cycles: pl.DataFrame  # application, cycle
    findings: list[Finding]


def form_groups(edges: pl.DataFrame, members: pl.DataFrame, shared: tuple[str, ...], spec: Spec) -> Grouping:
    """Put every application into exactly one move group.

    Parameters
    ----------
    edges
        As `application_edges` returns them.
    members
        Columns ``application``, ``servers``, ``confidence`` (mean of its memberships) and ``criticality``: every application.
    shared
        Applications that are kept out of grouping.
    spec
        The request: a group of several applications holds no more servers than one wave may, and nothing that is asked to be
        apart or pinned to different waves.
    """
    hard = edges.filter(
        (pl.col("strength") == "hard")
        & ~pl.col("external")
        & ~pl.col("consumer").is_in(shared)
        & ~pl.col("provider").is_in(shared)
    ).sort("weight", "consumer", "provider", descending=[True, False, False])
    supported = _supported(hard, members)
    names = members["application"]
    cycles = cycle_numbers(supported, names)
    number = dict(cycles.iter_rows())
    sets = Bundles(members, spec)
    most = spec.waves.max_servers
    severed = []
    for row in supported.iter_rows(named=True):
        cycle = number.get(row["consumer"])
        within = cycle is not None and cycle == number.get(row["provider"])
        if within and not sets.join(row["consumer"], row["provider"], most):
            severed.append(row)
    severed += [
        row
        for row in _chatty(supported).iter_rows(named=True)
        if not sets.join(row["consumer"], row["provider"], int(_SHARE * most), _APPLICATIONS)
    ]
    groups = _groups(sets, members, number, hard)
    doubtful = cycle_numbers(hard, names).join(cycles, on="application", how="anti")
    findings = [*cycle_findings(cycles, sets), *doubtful_cycle_findings(doubtful), *severed_findings(severed, sets)]
    return Grouping(groups, cycles, findings)


def _supported(hard: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Edges with more than one server behind an end that has three or more: one may be in the wrong application."""
    size = members.select("application", "servers")
    sized = hard.join(size, left_on="consumer", right_on="application", how="left", maintain_order="left").join(
        size, left_on="provider", right_on="application", how="left", maintain_order="left", suffix="_of_provider"
    )
    stated = (pl.col("connections") == 0) | (pl.col("shares") > 0)
    consumers = (pl.col("servers") < _MANY) | (pl.col("consumers") > 1)
    providers = (pl.col("servers_of_provider") < _MANY) | (pl.col("providers") > 1)
    return sized.filter(stated | (consumers & providers))


def _chatty(ranked: pl.DataFrame) -> pl.DataFrame:
    """Edges that would not bear the latency of a long line, but for those of hubs."""
    chatty = ranked.filter(pl.col("latency_bound") & ((pl.col("chatter") >= _CHATTY) | (pl.col("shares") > 0)))
    return chatty.filter(pl.len().over("provider") <= _HUB)


def _groups(sets: Bundles, members: pl.DataFrame, number: dict[str, int], hard: pl.DataFrame) -> tuple[MoveGroup, ...]:
    confidence = dict(members.select("application", "confidence").iter_rows())
    together: dict[str, list[str]] = {}
    for name in sorted(number.keys() | set(members["application"])):
        together.setdefault(sets.find(name), []).append(name)
    home = {name: root for root, names in together.items() for name in names}
    inside: dict[str, list[str]] = {}
    for consumer, provider, reason in hard.select("consumer", "provider", "reason").iter_rows():
        if home[consumer] == home[provider]:
            inside.setdefault(home[consumer], []).append(f"{consumer} → {provider}: {reason}")
    groups = []
    for root, names in together.items():
        cyclic = len(names) > 1 and any(name in number for name in names)
        edges = inside.get(root, [])
        why = (
            "one application"
            if len(names) == 1
            else f"{'they need each other in a cycle' if cyclic else 'too chatty to be split'}; {_first(edges)}"
        )
        groups.append(
            MoveGroup(
                move_group=_title(names),
                applications=tuple(names),
                servers=sets.servers(root),
                reason=why,
                confidence=round(min(confidence[name] for name in names), 2),
            )
        )
    return tuple(sorted(groups, key=lambda group: group.move_group))


def _first(edges: list[str]) -> str:
    more = f"; and {len(edges) - 3} more" if len(edges) > 3 else ""
    return "; ".join(edges[:3]) + more


def _title(names: list[str]) -> str:
    """The name of a group: its first application, and how many more."""
    return names[0] if len(names) == 1 else f"{names[0]} + {len(names) - 1}"
