"""Which rules cannot be kept together: a smallest set of them, in words, and what lifting each one would cost.

The set is irreducible: no plan keeps all of its rules, but some plan keeps all but any one of them, as far as the test can
tell (`migrate.waves.deletion_filter`).

Whether the rest is impossible is told by the proofs of `migrate.waves.infeasible`; where these have found nothing wrong with
the request itself, by a short search that finds no plan either. The candidate dates stay what they are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple

import numpy as np

from migrate.errors import InfeasibleError
from migrate.spec import Spec
from migrate.spec.lines import placed
from migrate.waves.constraints import broken_rules
from migrate.waves.deletion_filter import smallest
from migrate.waves.earlier import EARLIER_RULE
from migrate.waves.infeasible import demand_possible
from migrate.waves.objective import evaluate
from migrate.waves.problem import Problem
from migrate.waves.remedies import raise_days
from migrate.waves.resources import UNLIMITED
from migrate.waves.rules import Ints, Kind

__all__ = ["Conflict", "Lifting", "conflict_of", "told_conflict"]

#: Shares of the usual search: of one that only asks whether there is a plan, and of those together that ask what it costs.
_TESTING, _COSTING = 0.02, 3.0
_PRICED = 8  # rules of which the lifting is priced

#: Builds the problem without the rules of these ids.
Make = Callable[[Collection[str]], Problem]

#: Finds the wave of each application with a share of the moves that planning takes; None when it finds no plan.
Search = Callable[[Problem, float], Ints | None]


class Lifting(NamedTuple):
    """What happens when one rule is lifted."""

    rule: str
    usd: float | None  # objective of the plan that was then found; None: lifting it alone does not help
    breaks: str | None  # how that plan breaks the rule, once


class Conflict(NamedTuple):
    """Rules that cannot be kept together."""

    rules: tuple[str, ...]
    proven: bool  # False: a search found no plan, which proves nothing
    liftings: tuple[Lifting, ...]


def conflict_of(problem: Problem, make: Make, search: Search) -> Conflict:
    """Find a smallest set of rules that conflict, and price the lifting of each.

    Parameters
    ----------
    problem
        A problem for which no plan was found.
    make
        Builds it without some rules.
    search
        Looks for a plan.
    """
    rules = _liftable(problem)
    proven = not _passes(problem)

    def impossible(kept: Collection[str]) -> bool:
        rest = make([rule for rule in rules if rule not in kept])
        return not _passes(rest) or (not proven and search(rest, _TESTING) is None)

    found = smallest(rules, impossible)
    share = min(1.0, _COSTING / max(len(found), 1))
    liftings = tuple(_lifting(rule, problem, make, search, share) for rule in found) if len(found) <= _PRICED else ()
    return Conflict(found, proven, liftings)


def _passes(problem: Problem) -> bool:
    """Nothing proves that there is no plan."""
    try:
        demand_possible(problem)
    except InfeasibleError:
        return False
    return True


def _liftable(problem: Problem) -> list[str]:
    """Ids of the hard rules, those first that a conflict had better do without: capacities come last."""
    ids = [limit.id for limit in problem.windows.limits if limit.id != EARLIER_RULE]
    ids += [rule.id for rule in problem.rules if rule.price is None and rule.kind != Kind.at_least]
    ids += [rule.id for rule in problem.pathfinders.rules]
    limited = np.flatnonzero((problem.capacity < UNLIMITED).any(axis=0) & problem.load.any(axis=0))
    ids += [problem.resources[int(column)].id for column in limited]
    return list(dict.fromkeys(ids))


def _lifting(rule: str, problem: Problem, make: Make, search: Search, share: float) -> Lifting:
    rest = make([rule])
    wave = search(rest, share) if _passes(rest) else None
    if wave is None:
        return Lifting(rule, None, None)
    broken = [item.message for item in broken_rules(problem, wave) if item.rule == rule]
    return Lifting(rule, evaluate(rest, wave).total, broken[0] if broken else None)


def told_conflict(error: InfeasibleError, conflict: Conflict, spec: Spec) -> InfeasibleError:
    """The error with the rules that conflict, and with the price of lifting each in its remedy."""
    if not conflict.rules:
        return error
    lines = [spec.lines[rule] for rule in conflict.rules if rule in spec.lines]
    named = [placed(spec, rule) for rule in conflict.rules]
    if len(named) == 1:
        text = f"the rule that cannot be kept is {named[0]}"
    else:
        text = f"these {len(named)} rules conflict, and without any one of them they do not: {', '.join(named)}"
    days = "" if "price_usd" in error.remedy else raise_days(spec, conflict.rules)
    remedy = f"{error.remedy} {days}".strip()
    doubt = "" if conflict.proven else ", as far as a short search can tell"
    return InfeasibleError(
        f"{error.message}; {text}{doubt}" if any(rule in error.message for rule in conflict.rules) else f"{text}{doubt}",
        where=f"plan.toml:{lines[0]}" if lines else error.where,
        remedy="\n  ".join([remedy, *_prices(conflict.liftings)]),
    )


def _prices(liftings: Sequence[Lifting]) -> list[str]:
    """What each lifting costs, against the cheapest of them."""
    costs = {item.rule: item.usd for item in liftings if item.usd is not None}
    if not costs:
        return ["Lifting any one of them alone does not help: something else is in the way as well."] if liftings else []
    cheapest = min(costs, key=lambda rule: (costs[rule], rule))
    texts = []
    for item in sorted(liftings, key=lambda item: (item.usd is None, item.usd or 0.0, item.rule)):
        if item.usd is None:
            texts.append(f"Lifting {item.rule} alone does not help.")
            continue
        how = f". Then: {item.breaks}" if item.breaks else ""
        more = item.usd - costs[cheapest]
        dearer = ", the cheapest way" if item.rule == cheapest else f", {more:,.0f} USD more than the cheapest way"
        than = dearer if len(costs) > 1 else ""
        texts.append(f"Lifting {item.rule} gives a plan of {item.usd:,.0f} USD over the planning period{than}{how}.")
    return texts
