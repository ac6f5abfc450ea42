"""The tables of plan.toml that say how sure the money is, and what else the business case is to be computed for."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from migrate.spec.base import Section

__all__ = ["Case", "Uncertainty"]

_Share = Annotated[float, Field(ge=-0.95, le=5)]
_Days = Annotated[int, Field(ge=0, le=3_650)]
_Shares = tuple[_Share, _Share]


class Uncertainty(Section):
    """``[uncertainty]``: how far each input of the business case may lie from the figure given, as shares below and above
    it. Planning values of this project; docs/business-case.md says why each is what it is."""

    runs: int = Field(default=10_000, ge=100, le=1_000_000, description="Simulated runs.")
    source: _Shares = Field(default=(-0.2, 0.2), description="What servers cost at the source.")
    sites: _Shares = Field(default=(-0.1, 0.1), description="Fixed costs of sites and contracts.")
    refresh: _Shares = Field(default=(-0.3, 0.3), description="Hardware bought again.")
    cloud: _Shares = Field(default=(-0.15, 0.15), description="The AWS bill: sizes, prices, what is used.")
    cloud_operations: _Shares = Field(default=(-0.2, 0.3), description="Operations in the cloud.")
    labour: _Shares = Field(default=(-0.1, 0.5), description="Crew hours and their rate.")
    programme: _Shares = Field(
        default=(-0.1, 0.3),
        description="Everything else that is paid once: landing zone, training, programme, partners, penalties.",
    )
    delay_days: tuple[_Days, _Days, _Days] | None = Field(
        default=None,
        description="Days by which all waves come later: least, likely, most. Not given: as the simulated end of the "
        "programme is late, or else 0, 14 and 91.",
    )
    discount_rate: tuple[Annotated[float, Field(ge=-0.5, le=0)], Annotated[float, Field(ge=0, le=0.5)]] = Field(
        default=(-0.02, 0.02), description="Points below and above `plan.discount_rate`; a choice, so it is not simulated."
    )

    @model_validator(mode="after")
    def _ordered(self) -> Uncertainty:
        for key in ("source", "sites", "refresh", "cloud", "cloud_operations", "labour", "programme"):
            low, high = getattr(self, key)
            if not low <= 0.0 <= high:
                raise ValueError(f"has `{key}` that does not go from below 0 to above it, such as [-0.2, 0.3]")
        if self.delay_days is not None and sorted(self.delay_days) != list(self.delay_days):
            raise ValueError("has `delay_days` that do not rise: write least, likely, most")
        return self


class Case(Section):
    """``[[case]]``: the business case once more, with other figures, beside the plan's own. Nothing is planned anew: what
    changes waves is a matter of `migrate scenario`."""

    name: str = Field(min_length=1, max_length=60, description="Name, as reports show it.")
    set: tuple[str, ...] = Field(
        default=(),
        description="Keys and values, such as `costs.support_share = 0.1` or `site[DC-North].fixed_cost_usd_month = 0`, of the "
        "tables that carry money.",
    )
    delay_days: int = Field(default=0, ge=0, le=3_650, description="Days by which all waves come later.")
    why: str = Field(default="", description="Why it is looked at, shown beside it.")
