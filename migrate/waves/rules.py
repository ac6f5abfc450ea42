"""Rules in positions, as `compile_rules` makes them, and how often an assignment breaks each of them.

Waves are counted from 0 here; an application that is in no wave stands at ``waves`` (after all of them).

==========  ==========================================================================================
kind        times broken
==========  ==========================================================================================
order       pairs (first, then) where the first is cut over later (`strictly`: later or in the same wave; with a lag: less
            than that many days before; with a negative one: more than that many days after)
at_most     applications over `count`, summed over the waves
apart       pairs from different entries of the list that share a wave
together    pairs of the list that do not share a wave
at_least    waves of `only` that hold none of the members (pathfinder waves must hold something)
==========  ==========================================================================================
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

__all__ = ["MISSION_CRITICAL_RULE", "DateRule", "Kind", "SetRule", "times_broken"]

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

    That "Y at most 30 days after X" is an `order` of Y first and X then with a lag of -30 days: day(Y) - 30 ≤ day(X). The
    same set as first and then with a lag of -14 keeps its members within 14 days of each other: of every two of them, only
    the later one can break it.
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
    part: str = ""  # of a rule that counts apart for each value: the value
    lag_days: int = 0
    turn: Ints | None = None  # order with a lag: for a then in each wave, the first wave that is too late for a first
    mutual: bool = False  # order of a `within` rule: its firsts are its thens

    @property
    def loose(self) -> bool:
        """Of an order rule: a first may come after a then, up to some days."""
        return self.lag_days < 0

    def one_wave(self, waves: int) -> bool:
        """A hard `within` rule of fewer days than there are between any two dates: its members move in one wave."""
        return self.mutual and self.price is None and bool((self.too_late(waves)[:waves] == np.arange(waves) + 1).all())

    def too_late(self, waves: int) -> Ints:
        """Of an order rule, for a then in each wave: the first wave in which a first breaks the rule."""
        return np.arange(waves) + 1 - int(self.strictly) if self.turn is None else self.turn


@dataclass(frozen=True)
class DateRule:
    """On which days some applications may not move, or at a price: days are numbers from the plan's start.

    Before `earliest_day`, after `latest_day` (None: not limited), and on the days of `closed`.
    """

    id: str
    members: Ints
    earliest_day: int | None
    latest_day: int | None
    price: float | None
    text: str
    closed: tuple[float, ...] = ()

    def broken(self, day: NDArray[np.float64]) -> NDArray[np.bool_]:
        """On which of the given days the rule does not allow its members to move."""
        early = np.isin(day, self.closed) if self.earliest_day is None else day < self.earliest_day
        return early if self.latest_day is None else early | (day > self.latest_day)


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
