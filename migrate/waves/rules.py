"""The rules between applications, compiled to positions, and how often an assignment breaks each of them.

Waves are counted from 0 here; an application that is in no wave stands at ``waves`` (after all of them).

==========  ==========================================================================================
kind        times broken
==========  ==========================================================================================
order       pairs (first, then) where the first is cut over later (`strictly`: later or in the same wave; with a lag: less
            than that many days before)
at_most     applications over `count`, summed over the waves
apart       pairs from different entries of the list that share a wave
together    pairs of the list that do not share a wave
at_least    waves of `only` that hold none of the members (pathfinder waves must hold something)
==========  ==========================================================================================
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from migrate.errors import RequestError
from migrate.findings import Finding, Severity
from migrate.model.plan import PlannedApplication
from migrate.spec import Rule, Spec
from migrate.waves.selectors import Selectors

__all__ = ["MISSION_CRITICAL_RULE", "Compiled", "DateRule", "Kind", "SetRule", "compile_rules", "times_broken"]

#: Id under which ``waves.max_mission_critical`` is reported.
MISSION_CRITICAL_RULE = "waves.max_mission_critical"

Ints = NDArray[np.int64]


class Kind(IntEnum):
    """What a rule asks of its members; the numbers are those of the kernels."""

    order = 0
    at_most = 1
    apart = 2
    together = 3
    at_least = 4


@dataclass(frozen=True)
class SetRule:
    """A rule over sets of applications. `price` None: hard.

    `members` holds two sets for `order` (first, then), one per entry for `apart`, else one. `clip`: a move group that
    holds more than `count` members counts as `count`, so that it may still move, alone among its kind.
    """

    id: str
    kind: Kind
    members: tuple[Ints, ...]
    count: int = 0
    strictly: bool = False
    clip: bool = False
    price: float | None = None
    only: tuple[int, ...] = ()
    why: str = ""
    lag_days: int = 0
    turn: Ints | None = None  # order with a lag: for a then in each wave, the first wave that is too late for a first

    def too_late(self, waves: int) -> Ints:
        """Of an order rule, for a then in each wave: the first wave in which a first breaks the rule."""
        return np.arange(waves) + 1 - int(self.strictly) if self.turn is None else self.turn


@dataclass(frozen=True)
class DateRule:
    """Earliest and latest date of some applications, as day numbers from the plan's start; None: not limited."""

    id: str
    members: Ints
    earliest_day: int | None
    latest_day: int | None
    price: float | None
    text: str

    def broken(self, day: NDArray[np.float64]) -> NDArray[np.bool_]:
        """On which of the given days the rule does not allow its members to move."""
        early = np.zeros(len(day), dtype=bool) if self.earliest_day is None else day < self.earliest_day
        return early if self.latest_day is None else early | (day > self.latest_day)


@dataclass
class Compiled:
    """All rules of a request."""

    sets: list[SetRule] = field(default_factory=list)
    dates: list[DateRule] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def compile_rules(applications: Sequence[PlannedApplication], day: NDArray[np.float64], spec: Spec) -> Compiled:
    """Resolve every selector of ``[[rule]]`` and add the limit of mission-critical applications.

    A selector that means no moving application gives the finding ``rule-names-nothing``. In a `before` rule, what both
    selectors mean belongs to the narrower one. `day` is that of each candidate, from the plan's start.

    Raises
    ------
    RequestError
        Both sides of a `before` rule mean the same applications.
    """
    selectors = Selectors(applications)
    compiled = Compiled()

    def find(selector: str, rule: str) -> Ints:
        found = np.array(selectors.find(selector), dtype=np.int64)
        if not len(found):
            compiled.findings.append(_names_nothing(selector, f"rule {rule}"))
        return found

    for rule in spec.rule:
        if rule.of is not None and rule.before is None:
            compiled.dates.append(_date_rule(rule, find(rule.of, rule.id), spec))
            continue
        base = SetRule(id=rule.id, kind=Kind.order, members=(), price=rule.price_usd, why=rule.why)
        if rule.before is not None:
            first, then = _parted(find(rule.before.first, rule.id), find(rule.before.then, rule.id), rule.id)
            lag = rule.lag_days
            turn = np.searchsorted(day, day - lag, side="right") if lag else None
            compiled.sets.append(replace(base, members=(first, then), strictly=rule.strictly or lag > 0, lag_days=lag, turn=turn))
        elif rule.together is not None:
            members = np.unique(np.concatenate([find(selector, rule.id) for selector in rule.together]))
            compiled.sets.append(replace(base, kind=Kind.together, members=(members,)))
        elif rule.apart is not None:
            compiled.sets.append(replace(base, kind=Kind.apart, members=_distinct([find(s, rule.id) for s in rule.apart])))
        elif rule.at_most is not None:
            found = find(rule.at_most.of, rule.id)
            compiled.sets.append(replace(base, kind=Kind.at_most, members=(found,), count=rule.at_most.count))
    if spec.waves.max_mission_critical is not None:
        critical = np.array([i for i, a in enumerate(applications) if a.criticality == "mission-critical"], dtype=np.int64)
        limit = SetRule(MISSION_CRITICAL_RULE, Kind.at_most, (critical,), count=spec.waves.max_mission_critical, clip=True)
        compiled.sets.append(limit)
    return compiled


def _parted(first: Ints, then: Ints, rule: str) -> tuple[Ints, Ints]:
    """Both sides of a `before` rule without what they share: the narrower selector keeps it."""
    if not len(np.intersect1d(first, then)):
        return first, then
    if len(first) > len(then):
        first = np.setdiff1d(first, then)
    else:
        then = np.setdiff1d(then, first)
    if not len(first) or not len(then):
        raise RequestError(
            f"the rule {rule!r} orders the same applications before themselves",
            where="plan.toml [[rule]]",
            remedy="Name different applications in `first` and `then`.",
        )
    return first, then


def times_broken(rule: SetRule, wave: Ints, waves: int, group: Ints) -> float:
    """How often `rule` is broken when application ``i`` is in ``wave[i]``; see the table above.

    Parameters
    ----------
    rule
        The rule.
    wave
        Wave of each application, from 0; `waves` for none.
    waves
        Number of candidate dates.
    group
        Move group of each application, for `SetRule.clip`.
    """
    counts = [np.bincount(wave[members], minlength=waves + 1).astype(np.float64) for members in rule.members]
    if rule.kind == Kind.order:
        later = np.cumsum(counts[0][::-1])[::-1]  # first ones in this wave or a later one
        return float(counts[1][:waves] @ later[rule.too_late(waves)])
    inside = [count[:waves] for count in counts]
    if rule.kind == Kind.at_most:
        number = _clipped(rule, wave, waves, group) if rule.clip else inside[0]
        return float(np.maximum(number - rule.count, 0.0).sum())
    if rule.kind == Kind.apart:
        total = np.sum(inside, axis=0)
        return float((total**2 - np.sum([count**2 for count in inside], axis=0)).sum() / 2.0)
    if rule.kind == Kind.together:
        size = float(len(rule.members[0]))
        return float((size**2 - (counts[0] ** 2).sum()) / 2.0)
    return float(sum(1 for index in rule.only if inside[0][index] == 0))


def _clipped(rule: SetRule, wave: Ints, waves: int, group: Ints) -> NDArray[np.float64]:
    """Members per wave, where a move group counts at most `rule.count`."""
    members = rule.members[0]
    placed = members[wave[members] < waves]
    keys, counts = np.unique(np.stack([wave[placed], group[placed]]), axis=1, return_counts=True)
    return np.bincount(keys[0], weights=np.minimum(counts, max(rule.count, 1)), minlength=waves).astype(np.float64)


def _date_rule(rule: Rule, members: Ints, spec: Spec) -> DateRule:
    start = spec.plan.start
    parts = []
    if rule.earliest is not None:
        parts.append(f"not before {rule.earliest}")
    if rule.latest is not None:
        parts.append(f"not after {rule.latest}")
    return DateRule(
        id=rule.id,
        members=members,
        earliest_day=None if rule.earliest is None else (rule.earliest - start).days,
        latest_day=None if rule.latest is None else (rule.latest - start).days,
        price=rule.price_usd,
        text=" and ".join(parts),
    )


def _distinct(entries: list[Ints]) -> tuple[Ints, ...]:
    """An application that several entries mean stays only in the first."""
    seen: Ints = np.array([], dtype=np.int64)
    kept = []
    for entry in entries:
        kept.append(np.setdiff1d(entry, seen))
        seen = np.union1d(seen, entry)
    return tuple(kept)


def _names_nothing(selector: str, what: str) -> Finding:
    return Finding(
        code="rule-names-nothing",
        severity=Severity.warning,
        subject=what,
        source="plan.toml",
        message=f"The selector {selector!r} of the {what} means no application that moves",
        remedy="Correct the name (applications.csv lists them), or remove the rule.",
    )
