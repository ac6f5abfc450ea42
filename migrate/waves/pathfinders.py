"""Pathfinder waves: the first waves stay small and simple, so that mistakes are made where they cost little.

A move group may be in a pathfinder wave when all of its applications are of ``waves.pathfinder_criticalities``, none is a
shared service or meant by ``waves.pathfinder_never``, and its servers fit into ``waves.pathfinder_max_servers``. Every other
group comes after the last pathfinder wave, except

- what hard `before` rules put in front of every group that could be a pathfinder (a directory, say): it is exempt, and
  where it needs several waves of its own the pathfinder waves follow them;
- what is pinned, and what could otherwise move in no wave at all.

Each pathfinder wave must hold something. Where fewer groups fit than waves are asked for, there are fewer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import breadth_first_order

from migrate.findings import Finding, Severity
from migrate.model.plan import PlannedApplication
from migrate.spec import Spec
from migrate.waves.groups import order_arcs
from migrate.waves.rules import MISSION_CRITICAL_RULE, Ints, Kind, SetRule
from migrate.waves.selectors import Selectors

__all__ = ["PATHFINDER_RULE", "Pathfinders", "choose_pathfinders"]

#: Id under which the rule is reported.
PATHFINDER_RULE = "waves.pathfinders"


@dataclass(frozen=True)
class Pathfinders:
    """`waves` are the pathfinder waves; `profiled` applications count against their limit; `allowed` is groups × waves."""

    waves: tuple[int, ...]
    profiled: NDArray[np.bool_]
    allowed: NDArray[np.bool_]
    rules: tuple[SetRule, ...]
    findings: tuple[Finding, ...]


def choose_pathfinders(
    moving: Sequence[PlannedApplication],
    group: Ints,
    rules: Sequence[SetRule],
    allowed: NDArray[np.bool_],
    pinned: Ints,
    load: Ints,
    capacity: Ints,
    spec: Spec,
) -> Pathfinders:
    """Decide which candidates are pathfinder waves and what may be in them.

    Parameters
    ----------
    moving, group
        The moving applications and their groups.
    rules
        All rules between applications; hard `order` ones may exempt.
    allowed
        Groups × waves: what calendar, leases, dated rules and pins allow.
    pinned
        Wave of each application, or -1.
    load, capacity
        Of the groups and the waves, without the pathfinder limit.
    """
    groups, waves = allowed.shape
    none = Pathfinders((), np.zeros(len(moving), dtype=bool), np.ones_like(allowed), (), ())
    if spec.waves.pathfinders == 0 or not groups:
        return none
    eligible = _eligible(moving, group, spec) & allowed.any(axis=1)
    free, exempt = _unblocked(eligible, group, rules)
    chosen = free if free.any() else eligible
    if not chosen.any():
        return Pathfinders((), none.profiled, none.allowed, (), (_none_fits(spec),))
    if free.any():
        exempt[:] = False
    start = _packed_until(exempt, moving, group, rules, allowed, load, capacity) if exempt.any() else 0
    usable = [wave for wave in range(start, waves) if allowed[chosen, wave].any()]
    picked = tuple(usable[: min(spec.waves.pathfinders, int(chosen.sum()))])
    if not picked:
        return Pathfinders((), none.profiled, none.allowed, (), (_none_fits(spec),))
    late = np.arange(waves) > picked[-1]
    kept = np.zeros(groups, dtype=bool)
    np.logical_or.at(kept, group, pinned >= 0)
    exempt |= ~eligible & (kept | ~(allowed & late).any(axis=1))
    mask = np.where((eligible | exempt)[:, None], np.ones_like(allowed), late[None, :])
    members = np.flatnonzero(chosen[group])
    rule = SetRule(PATHFINDER_RULE, Kind.at_least, (members,), count=1, only=picked, why="first waves are pathfinders")
    findings = () if len(picked) == spec.waves.pathfinders else (_fewer(len(picked), spec),)
    return Pathfinders(picked, ~exempt[group], mask, (rule,), findings)


def _eligible(moving: Sequence[PlannedApplication], group: Ints, spec: Spec) -> NDArray[np.bool_]:
    kinds = spec.waves.pathfinder_criticalities
    simple = np.array([a.criticality in kinds and not a.shared_service for a in moving], dtype=bool)
    select, never = Selectors(moving), spec.waves.pathfinder_never
    simple[list(select.find_all(never))] = False
    simple[list(select.unknown_to(never))] = False
    eligible = np.ones(int(group.max()) + 1, dtype=bool)
    np.logical_and.at(eligible, group, simple)
    servers = np.bincount(group, weights=[a.moving_servers for a in moving])
    return eligible & (servers <= spec.waves.pathfinder_max_servers)


def _unblocked(eligible: NDArray[np.bool_], group: Ints, rules: Sequence[SetRule]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Eligible groups that nothing else has to precede; and the other groups that have to precede some eligible one."""
    tails, heads, nodes, _ = order_arcs(group, rules)
    blocked = _reached(np.flatnonzero(~eligible), tails, heads, nodes)[: len(eligible)]
    before = _reached(np.flatnonzero(eligible), heads, tails, nodes)[: len(eligible)]
    return eligible & ~blocked, before & ~eligible


def _reached(starts: Ints, tails: Ints, heads: Ints, nodes: int) -> NDArray[np.bool_]:
    """Nodes that can be reached from any of `starts`, themselves included."""
    root = nodes  # one more node with an arc to every start
    tails, heads = np.append(tails, np.full(len(starts), root)), np.append(heads, starts)
    graph = coo_array((np.ones(len(tails)), (tails, heads)), shape=(nodes + 1, nodes + 1)).tocsr()
    found = np.zeros(nodes + 1, dtype=bool)
    found[breadth_first_order(graph, root, return_predecessors=False)] = True
    return found[:nodes]


def _packed_until(
    exempt: NDArray[np.bool_],
    moving: Sequence[PlannedApplication],
    group: Ints,
    rules: Sequence[SetRule],
    allowed: NDArray[np.bool_],
    load: Ints,
    capacity: Ints,
) -> int:
    """The wave in which the last exempt group moves when they are packed first-fit, largest first."""
    limit = next((rule.count for rule in rules if rule.id == MISSION_CRITICAL_RULE), None)
    critical = np.bincount(group, weights=[a.criticality == "mission-critical" for a in moving], minlength=len(exempt))
    room = capacity.astype(np.float64)
    need = load.astype(np.float64)
    if limit is not None:
        room = np.column_stack([room, np.full(len(room), max(limit, 1))])
        need = np.column_stack([need, np.minimum(critical, max(limit, 1))])
    last = 0
    for number in sorted(np.flatnonzero(exempt), key=lambda index: (-need[index, 0], index)):
        for wave in np.flatnonzero(allowed[number]):
            if (need[number] <= room[wave]).all():
                room[wave] -= need[number]
                last = max(last, int(wave))
                break
    return last


def _none_fits(spec: Spec) -> Finding:
    return Finding(
        code="no-pathfinder",
        severity=Severity.warning,
        subject="waves.pathfinders",
        source="plan.toml",
        message=(
            f"No move group of {' or '.join(spec.waves.pathfinder_criticalities)} criticality with at most "
            f"{spec.waves.pathfinder_max_servers} servers may move first, so there is no pathfinder wave"
        ),
        remedy="Raise [waves] pathfinder_max_servers, or state the criticality of simple applications.",
    )


def _fewer(count: int, spec: Spec) -> Finding:
    return Finding(
        code="fewer-pathfinders",
        severity=Severity.info,
        subject="waves.pathfinders",
        source="plan.toml",
        message=f"Only {count} of {spec.waves.pathfinders} pathfinder waves could be filled with simple, small move groups",
        remedy="Lower [waves] pathfinders, or raise pathfinder_max_servers.",
    )
