"""The table of plan.toml that says how long waves are searched for."""

from __future__ import annotations

from pydantic import Field, model_validator

from migrate.spec.base import Section

__all__ = ["Search"]


class Search(Section):
    """``[search]``: when the search for waves ends. With none given it is a number of proposals in proportion to the groups."""

    iterations: int | None = Field(
        default=None,
        ge=1_000,
        le=10**12,
        description="Proposals. The plan depends on the request alone, and is the same on every machine.",
    )
    seconds: float | None = Field(
        default=None,
        gt=0,
        le=1_000_000,
        description="Time instead of proposals. Faster machines find other plans: for the last percent, not for what is agreed.",
    )
    gap: float | None = Field(
        default=None,
        gt=0,
        lt=1,
        description="End sooner when the plan is proven to cost at most this share more than any: (cost − bound) / cost.",
    )

    @model_validator(mode="after")
    def _one_budget(self) -> Search:
        if self.iterations is not None and self.seconds is not None:
            raise ValueError("takes `iterations` or `seconds`, not both")
        return self
