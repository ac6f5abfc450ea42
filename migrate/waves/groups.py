"""What travels as one: move groups, hard `together` rules, and hard `within` rules of fewer days than there are between any
two dates, contracted to groups of moving applications.

A move group from discovery is evidence, not an order: when no wave takes it whole, or a hard rule speaks against it, its
applications are planned apart and a finding says so. A `together` rule is an order, so it is never taken apart. Move
groups that a `before` rule would need in two places at once (A before B before A, through different members) are merged
into one.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from migrate.findings import Finding, Severity
from migrate.model.plan import MoveGroup, PlannedApplication
from migrate.waves.rules import Ints, Kind, SetRule

__all__ = ["contract", "order_arcs"]


def contract(
    applications: Sequence[PlannedApplication],
    move_groups: Sequence[MoveGroup],
    rules: Sequence[SetRule],
    load: Ints,
    capacity: Ints,
    allowed: NDArray[np.bool_],
) -> tuple[Ints, list[Finding]]:
    """Group number of each application, numbered in order of their first member, and findings.

    Parameters
    ----------
    applications
        The moving applications, sorted.
    move_groups
        As discovered; members that do not move are left out.
    rules
        All rules; the hard ones matter here.
    load, capacity
        Load of each application and capacity of each wave, by resource.
    allowed
        Applications × waves: what dates and pins allow, without the first waves where pathfinders are asked for.
    """
    place = {application.application: index for index, application in enumerate(applications)}
    links: list[tuple[int, int]] = []
    findings: list[Finding] = []
    for move_group in sorted(move_groups, key=lambda item: item.move_group):
        members = sorted(place[name] for name in move_group.applications if name in place)
        if len(members) < 2:
            continue
        fits = (load[members].sum(axis=0) <= capacity).all(axis=1)
        against = _speaks_against(members, rules)
        if against is not None:
            findings.append(_apart(move_group, len(members), f"are parted by the rule {against}"))
        elif not (fits & allowed[members].all(axis=0)).any():
            findings.append(_apart(move_group, len(members), "do not fit into any one wave that all of them may use"))
        else:
            links += [(members[0], member) for member in members[1:]]
    for rule in rules:
        together = rule.one_wave(len(capacity)) or (rule.kind == Kind.together and rule.price is None)
        if together and len(rule.members[0]) > 1:
            links += [(int(rule.members[0][0]), int(member)) for member in rule.members[0][1:]]
    group = _components(len(applications), links)
    merged = _merge_cycles(group, rules)
    if merged.max(initial=-1) < group.max(initial=-1):
        findings += _merged(applications, group, merged)
    return merged, findings


def order_arcs(group: Ints, rules: Sequence[SetRule]) -> tuple[Ints, Ints, int, list[SetRule]]:
    """The hard `order` rules as a graph: an arc from every first group to a node of the rule, and on to every `then`.

    Without the loose ones, which put nothing before anything else.

    Returns the tails and heads of the arcs, the number of nodes (groups first, then rules), and those rules in the
    order of their nodes. A group that is both first and then of a rule is only first: it travels with itself.
    """
    ordered = [rule for rule in rules if rule.kind == Kind.order and rule.price is None and not rule.loose]
    groups = int(group.max(initial=-1)) + 1
    tails: list[Ints] = []
    heads: list[Ints] = []
    for number, rule in enumerate(ordered):
        first = np.unique(group[rule.members[0]])
        then = np.setdiff1d(np.unique(group[rule.members[1]]), first)
        node = groups + number
        tails += [first, np.full(len(then), node)]
        heads += [np.full(len(first), node), then]
    empty: Ints = np.array([], dtype=np.int64)
    return np.concatenate([empty, *tails]), np.concatenate([empty, *heads]), groups + len(ordered), ordered


def _components(count: int, links: Sequence[tuple[int, int]]) -> Ints:
    pairs = np.array(links, dtype=np.int64).reshape(-1, 2)
    graph = coo_array((np.ones(len(pairs)), (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    return _renumbered(connected_components(graph, directed=False)[1]) if count else np.array([], dtype=np.int64)


def _merge_cycles(group: Ints, rules: Sequence[SetRule]) -> Ints:
    """Merge groups that contraction put on a cycle of `before` rules; cycles between single applications stay."""
    alone = np.arange(len(group))
    tails, heads, nodes, _ = order_arcs(alone, rules)
    if len(tails) and _strong(tails, heads, nodes).max() + 1 < nodes:
        return group  # a cycle of the request itself: reported as such
    while True:
        tails, heads, nodes, _ = order_arcs(group, rules)
        if not len(tails):
            return group
        label = _strong(tails, heads, nodes)
        groups = int(group.max()) + 1
        if len(np.unique(label[:groups])) == groups:
            return group
        group = _renumbered(label[:groups][group])


def _strong(tails: Ints, heads: Ints, nodes: int) -> Ints:
    graph = coo_array((np.ones(len(tails)), (tails, heads)), shape=(nodes, nodes))
    return np.asarray(connected_components(graph, directed=True, connection="strong")[1], dtype=np.int64)


def _renumbered(label: NDArray[np.integer]) -> Ints:
    """The same partition, numbered by first appearance."""
    _, first, inverse = np.unique(label, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse]


def _speaks_against(members: Sequence[int], rules: Sequence[SetRule]) -> str | None:
    """The hard rule that does not let these applications share a wave; None when there is none."""
    for rule in rules:
        if rule.price is not None:
            continue
        inside = [int(np.isin(part, members).sum()) for part in rule.members]
        apart = rule.kind == Kind.apart and sum(count > 0 for count in inside) > 1
        ordered = rule.kind == Kind.order and rule.strictly and all(inside)
        crowded = rule.kind == Kind.at_most and not rule.clip and inside[0] > max(rule.count, 1)
        if apart or ordered or crowded:
            return rule.id
    return None


def _apart(move_group: MoveGroup, members: int, why: str) -> Finding:
    return Finding(
        code="move-group-apart",
        severity=Severity.warning,
        subject=move_group.move_group,
        message=f"The move group's {members} moving applications {why}, so they are planned apart",
        remedy="Raise the capacities or relax the rule, or accept that their traffic crosses the link for a while.",
    )


def _merged(applications: Sequence[PlannedApplication], group: Ints, merged: Ints) -> list[Finding]:
    findings = []
    for number in np.flatnonzero(np.bincount(merged) > 0):
        members = np.flatnonzero(merged == number)
        if len(np.unique(group[members])) > 1:
            names = [applications[int(member)].application for member in members]
            shown = ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
            findings.append(
                Finding(
                    code="move-groups-merged",
                    severity=Severity.warning,
                    subject=names[0],
                    message=f"Before rules and move groups leave only one way: {shown} move in one wave",
                    remedy="Relax one of the before rules if they need not.",
                )
            )
    return findings
