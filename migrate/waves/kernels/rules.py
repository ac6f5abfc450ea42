"""What a move does to the rules between groups. Compiled."""

from __future__ import annotations

import numpy as np
from numba import njit

from migrate.waves.kernels.core import CHANNEL, KIND, LIMIT, MEMBERS, ONLY, ONLY_END, OTHER, ROLE, RULE, TABLE, THEN, TOTAL

__all__ = ["rule_change", "shift_channel", "times_broken"]

_ORDER, _AT_MOST, _APART, _TOGETHER = 0, 1, 2, 3


@njit(cache=True)
def shift_channel(entry: np.ndarray, rules: np.ndarray, channels: np.ndarray, e: int, old: int, new: int) -> None:
    """Take the members of entry `e` out of wave `old` (unless it is -1) and put them into `new`."""
    rule = rules[entry[e, RULE]]
    n = entry[e, MEMBERS]
    row = channels[entry[e, CHANNEL]]
    if rule[KIND] == _ORDER:
        # firsts count in their wave and all before it, thens in all after theirs
        sign = n if entry[e, ROLE] == 0 else -n
        if old < 0:
            begin, end = (0, new + 1) if entry[e, ROLE] == 0 else (new + 1, len(row))
            row[begin:end] += n
        elif new > old:
            row[old + 1 : new + 1] += sign
        else:
            row[new + 1 : old + 1] -= sign
        return
    if old >= 0:
        row[old] -= n
    row[new] += n
    if rule[KIND] == _APART:
        if old >= 0:
            channels[rule[TOTAL], old] -= n
        channels[rule[TOTAL], new] += n


@njit(cache=True)
def times_broken(rule: np.ndarray, only: np.ndarray, turn: np.ndarray, channels: np.ndarray) -> float:
    """Times a rule is broken, from the channels."""
    waves = channels.shape[1] - 1
    channel = channels[rule[TOTAL]]
    total = 0.0
    if rule[KIND] == _ORDER:
        then = channels[rule[THEN]]
        for w in range(waves):
            total += float(then[w + 1] - then[w]) * channel[turn[rule[TABLE], 0, w]]
        return total
    if rule[KIND] == _AT_MOST:
        for w in range(waves):
            total += max(channel[w] - rule[LIMIT], 0)
        return total
    if rule[KIND] == _APART or rule[KIND] == _TOGETHER:
        members, pairs, same = 0.0, 0.0, 0.0
        for w in range(waves):
            members += channel[w]
            pairs += float(channel[w]) * channel[w]
            for c in range(rule[TOTAL] + 1, rule[THEN]):
                same += float(channels[c, w]) * channels[c, w]
        return (pairs - same) / 2.0 if rule[KIND] == _APART else (members * members - pairs) / 2.0
    for k in range(rule[ONLY], rule[ONLY_END]):
        total += channel[only[k]] == 0
    return total


@njit(cache=True)
def rule_change(
    entry: np.ndarray, rules: np.ndarray, only: np.ndarray, turn: np.ndarray, channels: np.ndarray, e: int, old: int, new: int
) -> float:
    """How much more often the rule of entry `e` is broken when its group goes from `old` to `new`."""
    rule = rules[entry[e, RULE]]
    kind, n = rule[KIND], entry[e, MEMBERS]
    if kind == _ORDER:
        own = entry[e, OTHER]  # members on the rule's other side stand in `old` and come along
        if entry[e, ROLE] == 0:
            ahead, turns = channels[rule[THEN]], turn[rule[TABLE], 1]
            change = ahead[turns[new]] - ahead[turns[old]] - own * ((old < turns[new]) - (old < turns[old]))
        else:
            behind, turns = channels[rule[TOTAL]], turn[rule[TABLE], 0]
            change = behind[turns[new]] - behind[turns[old]] - own * ((old >= turns[new]) - (old >= turns[old]))
        return float(n * change)
    row = channels[entry[e, CHANNEL]]
    if kind == _AT_MOST:
        limit = rule[LIMIT]
        there = max(row[new] + n - limit, 0) - max(row[new] - limit, 0)
        return float(there + max(row[old] - n - limit, 0) - max(row[old] - limit, 0))
    if kind == _APART:
        total = channels[rule[TOTAL]]
        return float(n * ((total[new] - row[new]) - (total[old] - entry[e, OTHER] - row[old] + n)))
    if kind == _TOGETHER:
        return float(n * (row[old] - n - row[new]))
    change = 0
    for k in range(rule[ONLY], rule[ONLY_END]):
        change += (only[k] == old and row[old] == n) - (only[k] == new and row[new] == 0)
    return float(change)
