"""What cannot be split: applications joined by cycles and by traffic that would not bear the line between two sites.

Groups are joined edge by edge, the costliest cut first, and never beyond a size that one wave can hold: a hub that
everything talks to must not pull everything into one group. What stays severed is said.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from migrate.discovery.cycles import cycle_numbers
from migrate.findings import Finding, Severity
from migrate.model.plan import MoveGroup

__all__ = ["Grouping", "form_groups"]

# Planning values of this project.
_CHATTY = 2_000.0  # connections a day over a latency-bound use from which two applications are kept together
_HUB = 4  # consumers that hold a provider so: with more it is a hub, and joins none of them
_SHARE = 0.5  # of a wave: what chatty edges may gather into one group
_APPLICATIONS = 8  # and at most so many applications
_NAMED = 25
_SEVERED = 100  # severed dependencies that get a finding each


@dataclass(frozen=True)
class Grouping:
    """Move groups, the applications in cycles, and findings."""

    groups: tuple[MoveGroup, ...]
    cycles: pl.DataFrame  # application, cycle
    findings: list[Finding]


class _Sets:
    """Disjoint sets of applications with their sizes in servers."""

    def __init__(self, servers: dict[str, int]) -> None:
        self._parent = {name: name for name in servers}
        self.servers = dict(servers)
        self.applications = dict.fromkeys(servers, 1)

    def find(self, name: str) -> str:
        root = name
        while self._parent[root] != root:
            root = self._parent[root]
        while self._parent[name] != root:
            self._parent[name], name = root, self._parent[name]
        return root

    def join(self, one: str, other: str, most_servers: int, most_applications: int) -> bool:
        """Unite two sets if the result is small enough; True when they are one now."""
        a, b = sorted((self.find(one), self.find(other)))
        if a == b:
            return True
        servers, applications = self.servers[a] + self.servers[b], self.applications[a] + self.applications[b]
        if servers > most_servers or applications > most_applications:
            return False
        self._parent[b] = a
        self.servers[a], self.applications[a] = servers, applications
        return True


def form_groups(edges: pl.DataFrame, members: pl.DataFrame, shared: tuple[str, ...], most_servers: int) -> Grouping:
    """Put every application into exactly one move group.

    Parameters
    ----------
    edges
        As `application_edges` returns them.
    members
        Columns ``application``, ``servers`` and ``confidence`` (mean of its memberships): every application.
    shared
        Applications that are kept out of grouping.
    most_servers
        Servers that one wave may hold: the limit of a group of more than one application.
    """
    servers = dict(members.select("application", "servers").sort("application").iter_rows())
    hard = edges.filter(
        (pl.col("strength") == "hard")
        & ~pl.col("external")
        & ~pl.col("consumer").is_in(shared)
        & ~pl.col("provider").is_in(shared)
        & pl.col("consumer").is_in(list(servers))
        & pl.col("provider").is_in(list(servers))
    )
    cycles = cycle_numbers(hard, members["application"].sort())
    number = dict(cycles.iter_rows())
    ranked = hard.sort("weight", "consumer", "provider", descending=[True, False, False])
    sets = _Sets(servers)
    severed: list[dict[str, object]] = []
    for row in ranked.iter_rows(named=True):
        cycle = number.get(row["consumer"])
        if (
            cycle is not None
            and cycle == number.get(row["provider"])
            and not sets.join(row["consumer"], row["provider"], most_servers, len(servers))
        ):
            severed.append(row)
    chatty = _chatty(ranked)
    severed += [
        row
        for row in chatty.iter_rows(named=True)
        if not sets.join(row["consumer"], row["provider"], max(int(_SHARE * most_servers), 1), _APPLICATIONS)
    ]
    groups = _groups(sets, members, number, hard)
    findings = _cycle_findings(cycles, sets) + _severed_findings(severed, sets)
    return Grouping(groups, cycles, findings)


def _chatty(ranked: pl.DataFrame) -> pl.DataFrame:
    """Edges that would not bear the latency of a long line, but for those of hubs."""
    chatty = ranked.filter(pl.col("latency_bound") & ((pl.col("chatter") >= _CHATTY) | (pl.col("shares") > 0)))
    return chatty.filter(pl.len().over("provider") <= _HUB)


def _groups(sets: _Sets, members: pl.DataFrame, number: dict[str, int], hard: pl.DataFrame) -> tuple[MoveGroup, ...]:
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
                servers=sets.servers[root],
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


def _cycle_findings(cycles: pl.DataFrame, sets: _Sets) -> list[Finding]:
    found = []
    for (_,), part in cycles.group_by("cycle", maintain_order=True):
        names = part["application"].to_list()
        roots = {sets.find(name) for name in names}
        whole = len(roots) == 1
        listed = ", ".join(names[:_NAMED]) + (f" and {len(names) - _NAMED} more" if len(names) > _NAMED else "")
        fate = "contracted into one move group" if whole else f"too large for one wave, so it is kept in {len(roots)} move groups"
        found.append(
            Finding(
                code="dependency-cycle",
                severity=Severity.info if whole else Severity.warning,
                subject=names[0],
                message=f"{len(names)} applications need each other in a cycle and are {fate}: {listed}",
                remedy="Break the cycle at its weakest dependency if they have to move apart."
                if whole
                else "Plan temporary connections for the dependencies that are severed, or break the cycle before the move.",
            )
        )
    return found


def _severed_findings(severed: list[dict[str, object]], sets: _Sets) -> list[Finding]:
    """One finding for each of the costliest pairs whose ends did not come into one group, and one for the number of the rest."""
    apart = [row for row in severed if sets.find(str(row["consumer"])) != sets.find(str(row["provider"]))]
    found = [
        Finding(
            code="hard-dependency-severed",
            severity=Severity.warning,
            subject=str(row["consumer"]),
            message=f"{row['consumer']} needs {row['provider']} ({row['reason']}), but together with what already moves with "
            "them they would be too large for one move group",
            remedy="Keep the two waves close, and test this dependency across the link.",
        )
        for row in apart[:_SEVERED]
    ]
    if len(apart) > _SEVERED:
        found.append(
            Finding(
                code="hard-dependency-severed",
                severity=Severity.warning,
                subject="move groups",
                message=f"{len(apart) - _SEVERED:,} more hard dependencies within cycles run between move groups, all with less "
                "traffic than those that are named",
                remedy="See dependencies.csv: strength hard, in_cycle true, applications in different move groups.",
            )
        )
    return found
