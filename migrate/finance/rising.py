"""By how much prices rise: the factor that each kind of cost carries."""

from __future__ import annotations

from migrate.finance.lines import factor
from migrate.model.plan import CostFactor
from migrate.spec import SourceCosts

__all__ = ["rising"]

_PEOPLE = ("people", "partner")


def rising(category: str, costs: SourceCosts) -> tuple[CostFactor, ...]:
    """The factor of a line's category; none where prices do not rise.

    People and energy have a rate of their own where the request gives one, AWS always has; all else follows inflation.
    """
    key, rate = "inflation_share_year", costs.inflation_share_year
    if category in _PEOPLE and costs.people_growth_share_year is not None:
        key, rate = "people_growth_share_year", costs.people_growth_share_year
    elif category == "energy" and costs.energy_growth_share_year is not None:
        key, rate = "energy_growth_share_year", costs.energy_growth_share_year
    elif category == "cloud":
        key, rate = "cloud_growth_share_year", costs.cloud_growth_share_year
    return (factor(f"costs.{key}", "growth", rate),) if rate else ()
