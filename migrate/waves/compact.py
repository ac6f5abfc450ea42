"""From the problem's applications to the groups that the compiled search moves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from migrate.waves.kernels.core import CHOICES, Core
from migrate.waves.links import chained_links
from migrate.waves.objective import PILE_APPLICATION, PILE_CRITICAL
from migrate.waves.problem import Problem
from migrate.waves.rules import Ints, Kind, SetRule

__all__ = ["RuleArrays", "allow", "compact", "neighbours", "ranges", "rule_arrays"]

Floats = NDArray[np.float64]


def compact(problem: Problem) -> Core:
    """The arrays of the search. The cost it computes differs from `objective.evaluate` by nothing but float rounding."""
    group, groups, waves = problem.group, problem.groups, problem.waves
    prices, allowed = problem.prices, problem.group_allowed
    day = problem.day[:waves]
    own = prices.run[:, :waves] + prices.dated[:, :waves] + prices.kept_usd_day[:, None] * (problem.day[-1] - day)[None, :]
    fixed = np.zeros((groups, waves))
    np.add.at(fixed, group, own)

    def total(values: Floats) -> Floats:
        return np.bincount(group, weights=values, minlength=groups).astype(np.float64)

    near_at, near, near_usd = neighbours(group[prices.consumer], group[prices.provider], prices.pair_usd_day, groups)
    present = np.zeros((groups, len(problem.footprint.sites) + 1), dtype=bool)
    np.logical_or.at(present[:, :-1], group, problem.footprint.servers > 0)
    present[:, -1] = True  # the programme ends with the last wave, as a site's fixed cost does
    load = problem.group_load
    loss = total(prices.loss_usd) * prices.risk_weight
    entries = rule_arrays(problem.rules, group, groups, waves)
    links, priced = problem.links.only(chained_links(problem.links)), problem.extras.chains()
    chains = links.beside(priced.links)
    nobody = np.zeros(0, dtype=np.int32)
    return Core(
        day=day,
        allowed=allowed,
        far=np.abs(day[:, None] - day[None, :]),
        at=np.column_stack(
            [ranges(allowed.sum(axis=1)), near_at, ranges(present.sum(axis=1)), entries.at, np.zeros(groups + 1, dtype=np.int64)]
        ),
        choices=np.nonzero(allowed)[1].astype(np.int32),
        fixed_usd=fixed,
        load=load,
        capacity=problem.capacity,
        per_load=1.0 / np.maximum(load.mean(axis=0), 1.0),
        near=near,
        near_usd_day=near_usd,
        prior=nobody,  # orders are channels here: they may have lags
        prior_side=nobody,
        site=np.nonzero(present)[1].astype(np.int32),
        site_usd_day=np.append(prices.site_usd_day, prices.programme_usd_day),
        sums=np.column_stack([np.bincount(group, minlength=groups), total(prices.critical.astype(np.float64)), loss]),
        settling=prices.settling,
        learning=prices.learning,
        constants=np.array([prices.wave_usd, PILE_APPLICATION, PILE_CRITICAL, float(loss.any()), 1.0, 1.0]),
        entry=entries.entry,
        rule=entries.rule,
        rule_price=entries.price,
        only=entries.only,
        channels=entries.channels,
        turn=entries.turn,
        chained=chains.columns.astype(np.int32),
        opens=np.ascontiguousarray(chains.opens),
        due=np.ascontiguousarray(chains.due),
        chain_usd=np.concatenate([np.zeros(len(links.columns)), priced.usd]),
    )


def allow(core: Core, allowed: NDArray[np.bool_]) -> Core:
    """The same problem with other allowed waves."""
    at = core.at.copy()
    at[:, CHOICES] = ranges(allowed.sum(axis=1))
    return core._replace(allowed=allowed, at=at, choices=np.nonzero(allowed)[1].astype(np.int32))


def neighbours(first: Ints, second: Ints, usd_day: Floats, groups: int) -> tuple[Ints, NDArray[np.int32], Floats]:
    """Adjacency lists of groups with the summed price of each pair; pairs inside a group cost nothing."""
    apart = (first != second) & (usd_day > 0)
    low, high = np.minimum(first, second)[apart], np.maximum(first, second)[apart]
    keys, inverse = np.unique(low * groups + high, return_inverse=True)
    weight = np.bincount(inverse, weights=usd_day[apart], minlength=len(keys)).astype(np.float64)  # of nothing: integers
    low, high = keys // max(groups, 1), keys % max(groups, 1)
    tails, heads, weights = np.concatenate([low, high]), np.concatenate([high, low]), np.concatenate([weight, weight])
    order = np.lexsort((heads, tails))
    return ranges(np.bincount(tails, minlength=groups)), heads[order].astype(np.int32), weights[order]


class RuleArrays(NamedTuple):
    """The rules as `Core` has them."""

    at: Ints
    entry: NDArray[np.int32]
    rule: NDArray[np.int32]
    price: Floats
    only: NDArray[np.int32]
    channels: int
    turn: NDArray[np.int32]  # order rules × 2 × waves


def rule_arrays(rules: Sequence[SetRule], group: Ints, groups: int, waves: int) -> RuleArrays:
    """The rules as channels and entries. Hard `together` rules are left out: contraction keeps them."""
    kept = [rule for rule in rules if not (rule.kind == Kind.together and rule.price is None)]
    owners: list[Ints] = []
    columns: list[NDArray[np.int32]] = []
    table = np.zeros((len(kept), 7), dtype=np.int32)
    only: list[int] = []
    turns: list[Ints] = []
    channels = 0
    for number, rule in enumerate(kept):
        counts = [np.bincount(group[members], minlength=groups) for members in rule.members]
        if rule.clip:
            counts = [np.minimum(count, max(rule.count, 1)) for count in counts]
        begin, size, others = channels, len(counts), [counts[0]]
        if rule.kind == Kind.order:
            others = [counts[1], counts[0]]
            late = rule.too_late(waves)
            turns.append(np.stack([late, np.searchsorted(late, np.arange(waves), side="right")]))
        elif rule.kind == Kind.apart:
            begin, size, others = channels + 1, len(counts) + 1, [np.sum(counts, axis=0)] * len(counts)
        limit = int(rule.loose) if rule.kind == Kind.order else rule.count
        then = channels + 1 if rule.kind == Kind.order else channels + size
        table[number] = (rule.kind, len(turns) - 1, limit, channels, then, len(only), len(only) + len(rule.only))
        only += rule.only
        channels += size
        for role, (count, other) in enumerate(zip(counts, others, strict=True)):
            inside = np.flatnonzero(count)
            owners.append(inside)
            same = [np.full(len(inside), value) for value in (number, begin + role)]
            columns.append(np.column_stack([*same, count[inside], other[inside], np.full(len(inside), role)]).astype(np.int32))
    owner = np.concatenate([np.array([], dtype=np.int64), *owners])
    order = np.argsort(owner, kind="stable")
    return RuleArrays(
        at=ranges(np.bincount(owner, minlength=groups)),
        entry=np.ascontiguousarray(np.concatenate([np.zeros((0, 5), dtype=np.int32), *columns])[order]),
        rule=table,
        price=np.array([[rule.price or 0.0, float(rule.price is None)] for rule in kept], dtype=np.float64).reshape(-1, 2),
        only=np.array(only, dtype=np.int32),
        channels=channels,
        turn=np.array(turns, dtype=np.int32).reshape(-1, 2, waves),
    )


def ranges(counts: Ints) -> Ints:
    """Where lists of these lengths begin when they follow each other, and where the last one ends."""
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
