"""Proofs that `before` rules cannot be kept: they form a cycle, or leave some group no date."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components, shortest_path

from migrate.errors import InfeasibleError
from migrate.waves.groups import order_arcs
from migrate.waves.problem import Problem, latest_waves
from migrate.waves.rules import Kind, SetRule

__all__ = ["demand_no_cycle", "narrow"]

_PLACE = "plan.toml"


def demand_no_cycle(problem: Problem) -> None:
    """Raise where the hard `before` rules lead back to where they began."""
    tails, heads, nodes, rules = order_arcs(problem.group, problem.rules)
    if not len(tails):
        return
    graph = coo_array((np.ones(len(tails)), (tails, heads)), shape=(nodes, nodes)).tocsr()
    _, label = connected_components(graph, directed=True, connection="strong")
    sizes = np.bincount(label)
    looped = [node for node in range(problem.groups, nodes) if sizes[label[node]] > 1]
    if not looped:
        return
    distance, before = shortest_path(graph, unweighted=True, indices=looped[0], return_predecessors=True)
    closing = [int(t) for t, h in zip(tails, heads, strict=True) if h == looped[0] and np.isfinite(distance[t])]
    node = min(closing, key=lambda tail: (distance[tail], tail))
    path = [node]
    while node != looped[0]:
        node = int(before[node])
        path.append(node)
    path.reverse()
    around = [rules[node - problem.groups].id for node in path if node >= problem.groups]
    names = [problem.name_group(node) for node in path if node < problem.groups]
    raise InfeasibleError(
        f"the before rules {' and '.join(dict.fromkeys(around))} form a cycle: {' before '.join([names[-1], *names])}",
        where=f"{_PLACE} [[rule]]",
        remedy="Remove one of them, make it soft with price_usd, or put the applications into one `together` rule.",
    )


def narrow(problem: Problem) -> NDArray[np.bool_]:
    """Carry the earliest and latest waves along the hard `before` and `within` rules, until they say nothing more."""
    allowed = problem.group_allowed.copy()
    index = np.arange(problem.waves)
    ordered = [rule for rule in problem.rules if rule.kind == Kind.order and rule.price is None]
    pairs = [(rule, np.unique(problem.group[rule.members[0]]), np.unique(problem.group[rule.members[1]])) for rule in ordered]
    pairs = [(rule, first, then if rule.loose else np.setdiff1d(then, first)) for rule, first, then in pairs]
    before = np.zeros_like(allowed)
    while (before != allowed).any():
        before = allowed.copy()
        for rule, first, then in pairs:
            if not len(first) or not len(then):
                continue
            late = rule.too_late(problem.waves)
            latest_first, earliest_then = int(np.argmax(allowed[first], axis=1).max()), int(latest_waves(allowed[then]).min())
            floor = int(np.searchsorted(late, latest_first, side="right"))
            ceiling = int(late[earliest_then]) - 1
            allowed[then] &= index >= floor
            allowed[first] &= index <= ceiling
            empty = [int(group) for group in (*first, *then) if not allowed[group].any()]
            if empty:
                raise InfeasibleError(
                    f"the rule {rule.id} leaves no date for {problem.name_group(empty[0])}: "
                    + _bounds(rule, latest_first + 1, earliest_then + 1),
                    where=f"{_PLACE} [[rule]]",
                    remedy="Move a date, pin or freeze of either side, or make the rule soft with price_usd.",
                )
    return allowed


def _bounds(rule: SetRule, first: int, then: int) -> str:
    if rule.mutual:
        return (
            f"all must be at most {-rule.lag_days} days apart, but some of them cannot move before wave {first} and some not "
            f"after wave {then}"
        )
    if rule.loose:
        return (
            f"some of what may come at most {-rule.lag_days} days later cannot move before wave {first}, and some of what it may "
            f"be later than not after wave {then}"
        )
    return f"what comes first cannot move before wave {first}, and what comes then not after wave {then}"
