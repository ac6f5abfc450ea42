"""The uncertain inputs of a business case: which lines each of them moves, how far, and what a delay of the waves does.

A line is proportional to its input, so the NPV is a sum over inputs of (present value of its lines) × (factor). Only a delay
is not proportional: the present values are computed for some delays, and lie on straight lines between them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from migrate.finance.axis import Floats
from migrate.finance.basis import Basis
from migrate.finance.cashflow import CashFlow
from migrate.finance.lines import Line
from migrate.finance.worth import present_values
from migrate.spec import Spec, Uncertainty

__all__ = ["INPUTS", "Delay", "Input", "Inputs", "ranges", "read_inputs"]

#: Where neither the outlook of the waves nor the request says how late they may be: days, least, likely and most.
_DELAY_DAYS = (0, 14, 91)
_DELAYS = 6  # for which the cash flow is computed


@dataclass(frozen=True)
class Input:
    """One uncertain factor. `key` is that of ``[uncertainty]``."""

    key: str
    label: str
    why: str


INPUTS = (
    Input("source", "Source costs of servers", "rates of the template are planning values until the books replace them"),
    Input("sites", "Sites and contracts", "known from contracts, but for heating, repairs and indexation"),
    Input("refresh", "Hardware bought again", "prices and timing of the next purchase are not yet negotiated"),
    Input("cloud", "AWS bill", "sizes follow measured load, which changes; list prices change; idle resources are found late"),
    Input("cloud_operations", "Operations in the cloud", "how much work the cloud spares is known only after a year of it"),
    Input("labour", "Migration labour", "effort overruns are common and lopsided, savings rare"),
    Input(
        "programme",
        "Everything else paid once",
        "landing zone, training, programme office, partners and penalties overrun likewise",
    ),
)


@dataclass(frozen=True)
class Delay:
    """By how many days the waves come later: quantiles at equal steps from the least to the most, and where they come from."""

    days: Floats
    why: str


@dataclass(frozen=True)
class Inputs:
    """Present values by delay (rows) and input (columns, in the order of `INPUTS`), of staying minus moving."""

    basis: Basis
    flow: CashFlow
    delays: Floats  # days, ascending from 0
    present: Floats
    delay: Delay

    def npv(self, factors: Floats, delay_days: Floats) -> Floats:
        """The NPV, USD, of each row of factors and its delay; failed cutovers are not in it."""
        at = np.interp(delay_days, self.delays, np.arange(self.delays.size))
        below = np.minimum(at.astype(int), self.delays.size - 2)
        share = (at - below)[:, None]
        npv: Floats = ((self.present[below] * (1.0 - share) + self.present[below + 1] * share) * factors).sum(axis=1)
        return npv


def read_inputs(basis: Basis, flow: CashFlow) -> Inputs:
    """Compute the present values."""
    delay = _delay(basis)
    most = max(math.ceil(float(delay.days.max())), 1)
    delays = np.unique(np.round(np.linspace(0, most, _DELAYS)).astype(int))
    rows = [_present(flow if days == 0 else basis.flow(int(days)), basis.spec) for days in delays]
    return Inputs(basis, flow, delays.astype(float), np.array(rows), delay)


def _present(flow: CashFlow, spec: Spec) -> Floats:
    places = {item.key: k for k, item in enumerate(INPUTS)}
    sums = np.zeros((len(INPUTS), flow.saving.size))
    for line in flow.lines:
        if line.sign:
            sums[places[_input_of(line)]] += line.sign * line.amount
    present: Floats = present_values(sums, spec.plan.discount_rate).sum(axis=1)
    return present


def _input_of(line: Line) -> str:
    """The input that a line moves with."""
    if line.category == "hardware":
        return "refresh"
    if line.key.startswith("one-off.labour.") or line.rate_key.startswith("crew["):
        return "labour"
    by_group = {
        "source_run": "source",
        "stay_run": "source",
        "site_fixed": "sites",
        "stay_site_fixed": "sites",
        "target_run": "cloud",
        "target_operations": "cloud_operations",
    }
    return by_group.get(line.group, "programme")


def _delay(basis: Basis) -> Delay:
    outlook, given = basis.planned.outlook, basis.spec.uncertainty.delay_days
    if given is None and outlook is not None and outlook.end_by:
        late = [max((day - outlook.planned_end).days, 0) for day in outlook.end_by]
        return Delay(np.array(late, dtype=float), f"the programme's end in {outlook.runs:,} simulated runs of its tasks")
    least, likely, most = given or _DELAY_DAYS
    why = "`uncertainty.delay_days` of the request" if given else "planning values: two weeks are likely, a quarter is the worst"
    return Delay(_triangular(least, likely, most, np.linspace(0.0, 1.0, 101)), why)


def _triangular(least: float, likely: float, most: float, share: Floats) -> Floats:
    """Quantiles of a triangular distribution."""
    if most == least:
        return np.full(share.size, float(least))
    turn = (likely - least) / (most - least)
    rising = least + np.sqrt(share * (most - least) * (likely - least))
    falling = most - np.sqrt((1.0 - share) * (most - least) * (most - likely))
    return np.where(share < turn, rising, falling)


def ranges(uncertainty: Uncertainty) -> list[tuple[float, float]]:
    """Low and high share of each of `INPUTS`."""
    return [getattr(uncertainty, item.key) for item in INPUTS]
