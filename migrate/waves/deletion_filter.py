"""A smallest part of some rules that is still impossible: what to tell of a conflict.

A deletion filter (Chinneck and Dravnieks, Locating minimal infeasible constraint sets in linear programs, ORSA Journal on
Computing 3, 1991): rules are taken out for good while the rest is still impossible, first in large portions, then one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

__all__ = ["smallest"]

_TESTS = 150  # at most; what is left by then is a conflict, but perhaps not a smallest one


def smallest(rules: Sequence[str], impossible: Callable[[Collection[str]], bool]) -> tuple[str, ...]:
    """An irreducible part of `rules` that is still impossible, in their order; empty when even none of them is possible.

    Parameters
    ----------
    rules
        All of them, which are impossible together. Later ones are kept rather than earlier ones.
    impossible
        Whether nothing can keep these rules.
    """
    kept = list(rules)
    size, tests = max(1, len(kept) // 2), 0
    while True:
        start = 0
        while start < len(kept) and tests < _TESTS:
            rest = [*kept[:start], *kept[start + size :]]
            tests += 1
            if impossible(rest):
                kept = rest
            else:
                start += size
        if size == 1:
            break
        size = max(1, min(size // 2, len(kept) // 2))
    return tuple(kept)
