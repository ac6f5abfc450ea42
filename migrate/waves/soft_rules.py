"""What an assignment pays for the rules that have a price, rule by rule."""

from __future__ import annotations

import numpy as np
from pydantic import BaseModel, ConfigDict

from migrate.waves.problem import Problem
from migrate.waves.rules import Ints, times_broken

__all__ = ["SoftCost", "soft_costs"]


class SoftCost(BaseModel):
    """One soft rule that is broken."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str
    line: int | None  # in plan.toml; None where it stands nowhere
    times: float
    usd: float


def soft_costs(problem: Problem, wave: Ints) -> tuple[SoftCost, ...]:
    """The soft rules that are broken, by id; their sum is the term ``soft_rules`` of the objective.

    Parameters
    ----------
    problem
        The problem.
    wave
        Wave of each application, from 0; ``problem.waves`` for none.
    """
    broken: dict[str, list[tuple[float, float]]] = {}
    for rule in problem.rules:
        if rule.price is not None and (times := times_broken(rule, wave, problem.waves, problem.group)):
            broken.setdefault(rule.id, []).append((times, rule.price))
    for dated in problem.dates:
        if dated.price is not None:
            times = float(np.count_nonzero(dated.broken(problem.day)[wave[dated.members]]))
            if times:
                broken.setdefault(dated.id, []).append((times, dated.price))
    return tuple(
        SoftCost(
            rule=rule,
            line=problem.spec.lines.get(rule),
            times=sum(times for times, _ in parts),
            usd=round(sum(times * price for times, price in parts), 2),
        )
        for rule, parts in sorted(broken.items())
    )
