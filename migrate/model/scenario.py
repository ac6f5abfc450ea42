"""What a request with some keys set otherwise gives: one scenario of a sweep."""

from __future__ import annotations

import datetime as dt

from pydantic import BaseModel, ConfigDict

__all__ = ["Scenario", "pareto_front"]


class Scenario(BaseModel):
    """One scenario. Every figure is None where no plan keeps the rules; then `reason` says which.

    Attributes
    ----------
    settings
        Keys and their values, as text.
    cost_usd
        Present value of all costs of the business case over its horizon, USD. Unlike the objective it does not depend on
        the weights or on the candidate dates, so that scenarios can be compared.
    duration_days
        From ``plan.start`` to the last cutover.
    expected_loss_usd
        Of failed cutovers, all waves together, USD.
    front
        No other scenario is as good in cost, duration and expected loss, and better in one.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    number: int
    settings: dict[str, str]
    reason: str = ""
    cost_usd: float | None = None
    npv_usd: float | None = None
    duration_days: int | None = None
    last_cutover: dt.date | None = None
    end_p80: dt.date | None = None  # the programme ends by then in four of five simulated runs
    expected_loss_usd: float | None = None
    risk_score: float | None = None  # of the riskiest wave, 0 to 100
    waves: int | None = None
    moving_servers: int | None = None
    objective_usd: float | None = None
    bound_usd: float | None = None
    gap: float | None = None
    front: bool = False

    @property
    def measures(self) -> tuple[float, float, float] | None:
        """Cost, duration and expected loss; None without a plan."""
        if self.cost_usd is None or self.duration_days is None or self.expected_loss_usd is None:
            return None
        return self.cost_usd, float(self.duration_days), self.expected_loss_usd


def pareto_front(scenarios: tuple[Scenario, ...]) -> tuple[Scenario, ...]:
    """The scenarios with those marked that no other one dominates."""
    measured = [scenario.measures for scenario in scenarios]

    def beaten(mine: tuple[float, float, float]) -> bool:
        return any(
            other is not None and other != mine and all(a <= b for a, b in zip(other, mine, strict=True)) for other in measured
        )

    return tuple(
        scenario.model_copy(update={"front": mine is not None and not beaten(mine)})
        for scenario, mine in zip(scenarios, measured, strict=True)
    )
