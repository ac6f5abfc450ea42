"""The table [waves] of plan.toml: what one wave may hold and how waves follow each other."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, model_validator

from migrate.spec.base import LARGEST_USD, Section

__all__ = ["WaveLimits"]


class WaveLimits(Section):
    """``[waves]``: what one wave may hold and how waves follow each other."""

    max_servers: int = Field(default=150, ge=1, le=1_000_000, description="Servers that one wave may cut over.")
    usual_servers: int | None = Field(
        default=None,
        ge=1,
        le=1_000_000,
        description="Servers of a wave that cost nothing extra, fewer than `max_servers`, which stays the hard limit; goes with "
        "`over_usual_usd_server`. None: all of them.",
    )
    over_usual_usd_server: float | None = Field(
        default=None,
        gt=0,
        le=LARGEST_USD,
        description="Soft: what each server of a wave beyond `usual_servers` costs; give both or neither.",
    )
    min_days_between: int = Field(default=7, ge=1, le=365, description="Days between two waves.")
    first_after_days: int = Field(default=60, ge=0, le=3650, description="Days from start to the first wave: landing zone.")
    pathfinders: int = Field(default=1, ge=0, le=10, description="First waves that are kept small and simple.")
    pathfinder_max_servers: int = Field(default=25, ge=1, le=1_000_000, description="Servers that a pathfinder wave may hold.")
    pathfinder_criticalities: tuple[Literal["low", "medium", "high", "mission-critical"], ...] = Field(
        default=("low", "medium"), min_length=1, description="Criticalities that a pathfinder may have."
    )
    pathfinder_never: tuple[str, ...] = Field(
        default=(),
        description='Selectors of what is no pathfinder, such as `["data:PHI"]`; shared services never are, nor is what might be '
        "meant: with `domain:X`, applications of an unknown domain.",
    )
    ramp_start_servers: int | None = Field(
        default=None,
        ge=1,
        le=1_000_000,
        description="Servers that the first date after the pathfinders may hold; every later date `ramp_factor` times as many, "
        "up to `max_servers`. None: no ramp.",
    )
    ramp_factor: float = Field(default=1.5, gt=1, le=100, description="Growth of the ramp from one date to the next.")
    max_mission_critical: int | None = Field(
        default=None,
        ge=0,
        le=1_000_000,
        description="Mission-critical applications a wave. None given: 1, or as many as the waves need.",
    )
    replication_days: float = Field(default=14.0, gt=0, le=365, description="Days from replication start to cutover.")
    hypercare_days: float = Field(default=7.0, ge=0, le=365, description="Watched days after cutover; then decommission.")
    hypercare_crew_share: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="Share of every crew that is kept by hypercare of the date before, for `hypercare_days`, whether it is "
        "used or not; so much less is free for the next cutover.",
    )
    change_rate_day: float = Field(default=0.03, ge=0, le=1, description="Share of the data that changes each day.")
    max_waves: int | None = Field(
        default=None, ge=1, le=400, description="Candidate dates. None given: twice the fewest waves that hold everything."
    )
    unsplittable_round_trips_day: float = Field(
        default=20_000.0,
        ge=0,
        le=1e15,
        description="Round trips a day of a use that waits for every answer (database, directory, file, messaging, clinical) "
        "from which a hard dependency is not split: both ends are in one move group.",
    )
    unsplittable_usd_day: float = Field(
        default=100.0,
        ge=0,
        le=LARGEST_USD,
        description="The same for any hard dependency, by what a day apart costs at the prices of `[weights]`.",
    )
    group_share: float = Field(
        default=0.5,
        gt=0,
        le=1,
        description="Share of a wave's servers that such dependencies may gather in one move group, so that the planner keeps "
        "room; dependency cycles may fill a wave. What is larger is split along the cheapest cut.",
    )
    limits_off: tuple[Literal["mgn-servers-a-job", "mgn-applications-a-wave", "mgn-servers-replicating"], ...] = Field(
        default=("mgn-servers-a-job", "mgn-servers-replicating"),
        description="Limits of the target's tools that do not hold here (docs/rules-of-waves.md lists them). Off by default: "
        "jobs, because a wave may be launched in several, and what AWS raises on request.",
    )

    @model_validator(mode="after")
    def _usual_has_a_price(self) -> WaveLimits:
        if (self.usual_servers is None) != (self.over_usual_usd_server is None):
            raise ValueError("has one of `usual_servers` and `over_usual_usd_server`: give both or neither")
        if self.usual_servers is not None and self.usual_servers >= self.max_servers:
            raise ValueError(f"has usual_servers {self.usual_servers}, which must be below max_servers {self.max_servers}")
        return self
