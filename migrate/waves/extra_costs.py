"""What an assignment pays for capacity beyond the usual, wave by wave: as records of the plan, and in words."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from pydantic import BaseModel, ConfigDict

from migrate.model.plan import ExtraCapacity
from migrate.waves.objective import extra_amounts
from migrate.waves.problem import Problem
from migrate.waves.resources import THOUSAND
from migrate.waves.rules import Ints

__all__ = ["ExtraCost", "extra_capacity", "extra_costs"]


class ExtraCost(BaseModel):
    """What one wave pays for one resource."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rule: str
    line: int | None  # in plan.toml; None where it stands nowhere
    wave: int  # from 1
    amount: float  # hours, servers or GiB beyond the usual
    usd: float
    message: str


def extra_capacity(problem: Problem, wave: Ints) -> dict[int, tuple[ExtraCapacity, ...]]:
    """By wave, from 0: what it uses at each price; only waves that use any.

    Parameters
    ----------
    problem
        The problem.
    wave
        Wave of each application, from 0; ``problem.waves`` for none.
    """
    amounts = extra_amounts(problem, wave)
    found: dict[int, tuple[ExtraCapacity, ...]] = {}
    for number, place in np.argwhere(amounts > 0):
        step, amount = problem.extras.steps[int(place)], int(amounts[number, place]) / THOUSAND
        usd = round(amount * step.usd, 2)
        record = ExtraCapacity(rule=step.rule, key=step.key, what=step.what, amount=amount, usd_each=step.usd, usd=usd)
        found[int(number)] = (*found.get(int(number), ()), record)
    return found


def extra_costs(problem: Problem, wave: Ints) -> tuple[ExtraCost, ...]:
    """The same in words, by wave and rule; the sum is the term ``extra_capacity`` of the objective."""
    by_rule = {step.rule: problem.resources[step.column] for step in problem.extras.steps}
    costs = []
    for number, records in sorted(extra_capacity(problem, wave).items()):
        for rule in dict.fromkeys(record.rule for record in records):
            same = [record for record in records if record.rule == rule]
            amount, usd = sum(record.amount for record in same), round(sum(record.usd for record in same), 2)
            needs = replace(by_rule[rule], unit=same[0].what).amount(amount * THOUSAND)
            message = f"Wave {number + 1} needs {needs}: {usd:,.0f} USD ({rule})"
            line = problem.spec.lines.get(rule)
            costs.append(ExtraCost(rule=rule, line=line, wave=number + 1, amount=round(amount, 3), usd=usd, message=message))
    return tuple(costs)
