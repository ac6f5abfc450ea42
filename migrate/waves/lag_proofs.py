"""Proofs that lags cannot be kept: no two dates are so far apart, or some rules ask for more days than others allow.

Every hard order is a difference of days, day(then) ≥ day(first) + lag, where the lag of "at most N days later" is -N with
the roles swapped; "at most N days apart" is that in both directions. Such a system has no solution when the lags along some
cycle add up to more than 0, which the longest paths find (Bellman and Ford; Cormen, Leiserson, Rivest and Stein,
Introduction to Algorithms, section "Difference constraints and shortest paths").
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from migrate.errors import InfeasibleError
from migrate.waves.problem import Problem
from migrate.waves.rules import Ints, Kind, SetRule

__all__ = ["demand_lags"]


class _Order(NamedTuple):
    rule: SetRule
    first: Ints  # groups
    then: Ints
    days: int  # a day where the two may only not be in one wave


def demand_lags(problem: Problem) -> None:
    """Raise where the days that hard `before` and `within` rules ask for cannot be had, alone or together."""
    orders = _orders(problem)
    if not any(order.rule.loose for order in orders):
        return  # then only orders that form a cycle contradict each other, which is a proof of its own
    _demand_such_dates(problem, orders)
    day = np.zeros(problem.groups, dtype=np.int64)
    came = np.full((problem.groups, 2), -1)  # group and order that a group's day follows from
    rounds, changed = 0, True
    while changed:
        changed = False
        for number, order in enumerate(orders):
            latest = int(order.first[np.argmax(day[order.first])])
            early = order.then[day[order.then] < day[latest] + order.days]
            if len(early):
                day[early] = day[latest] + order.days
                came[early] = latest, number
                changed = True
        rounds += 1
        if changed and rounds > len(orders):  # a path that visits no rule twice would have ended
            _demand_no_loop(problem, orders, came)


def _demand_such_dates(problem: Problem, orders: list[_Order]) -> None:
    """Some two candidate dates must be as far apart as a rule with both bounds asks."""
    day = problem.day[: problem.waves]
    apart = np.abs(day[:, None] - day[None, :])
    for order in orders:
        least = max((other.days for other in orders if other.rule.id == order.rule.id), default=0)
        if order.rule.loose and not ((apart >= least) & (apart <= -order.days)).any():
            raise InfeasibleError(
                f"the rule {order.rule.id} asks for {least} to {-order.days} days between two cutovers, but no two candidate "
                "dates are so far apart",
                where="plan.toml [[rule]]",
                remedy="Lower lag_days or raise within_days, or change [waves] min_days_between.",
            )


def _orders(problem: Problem) -> list[_Order]:
    orders = []
    for rule in problem.rules:
        if rule.kind == Kind.order and rule.price is None:
            first, then = (np.unique(problem.group[members]) for members in rule.members)
            then = then if rule.loose else np.setdiff1d(then, first)
            if len(first) and len(then):
                orders.append(_Order(rule, first, then, rule.lag_days or int(rule.strictly)))
    return orders


def _demand_no_loop(problem: Problem, orders: list[_Order], came: Ints) -> None:
    for start in np.flatnonzero(came[:, 0] >= 0):
        seen: dict[int, int] = {}
        group = int(start)
        while group >= 0 and group not in seen:
            seen[group] = len(seen)
            group = int(came[group, 0])
        if group < 0:
            continue
        around = [member for member, place in seen.items() if place >= seen[group]][::-1]
        steps = [(int(came[member, 0]), orders[int(came[member, 1])], member) for member in around]
        last = next(place for place, (_, order, _) in enumerate(steps) if order.rule.loose)
        steps = steps[last + 1 :] + steps[: last + 1]
        told = [_told(problem, *step) for step in steps]
        rules = " and ".join(dict.fromkeys(order.rule.id for _, order, _ in steps))
        raise InfeasibleError(
            f"the rules {rules} contradict each other: {', '.join(told[:-1])}, but {told[-1]}",
            where="plan.toml [[rule]]",
            remedy="Raise within_days or days, lower lag_days, or make one of the rules soft with price_usd.",
        )


def _told(problem: Problem, first: int, order: _Order, then: int) -> str:
    one, other = problem.name_group(first), problem.name_group(then)
    if order.rule.mutual:
        one, other = sorted((one, other))
        return f"{one} and {other} must be at most {-order.days} days apart"
    if order.rule.loose:
        return f"{one} must move at most {-order.days} days after {other}"
    if order.rule.lag_days:
        return f"{other} must move at least {order.days} days after {one}"
    return f"{other} must move {'after' if order.rule.strictly else 'no earlier than'} {one}"
