"""The tables of plan.toml that say how long tasks take and how dates are simulated."""

from __future__ import annotations

import math

from pydantic import Field, model_validator

from migrate.spec.base import Section

__all__ = ["TASKS", "Durations", "Simulation"]

#: The tasks of an application, in order.
TASKS = ("replicate", "test", "cutover", "validate", "hypercare", "decommission")

_HOURS = 100_000
_DAYS = 3650


class Durations(Section):
    """``[durations]``: how long an application's tasks take. Defaults are planning values; docs/schedule.md says from where."""

    replicate_days: float = Field(default=1.0, ge=0, le=_DAYS, description="Days of replication besides the transfer itself.")
    test_days: float = Field(default=2.0, ge=0, le=_DAYS, description="Working days of the smallest test launch.")
    test_servers_day: float = Field(default=25.0, gt=0, le=1_000_000, description="Servers of one application tested a day.")
    cutover_h: float = Field(default=1.0, ge=0, le=_HOURS, description="Hours of the smallest cutover, last changes included.")
    cutover_server_h: float = Field(default=0.005, ge=0, le=_HOURS, description="Hours more for each server.")
    validate_h: float = Field(default=0.5, ge=0, le=_HOURS, description="Hours of the smallest validation.")
    validate_server_h: float = Field(default=0.01, ge=0, le=_HOURS, description="Hours more for each server.")
    servers_engineer: float = Field(default=25.0, gt=0, le=1_000_000, description="Servers that one engineer cuts over at once.")
    databases_engineer: float = Field(default=5.0, gt=0, le=1_000_000, description="Database servers likewise.")
    applications_engineer: float = Field(
        default=10.0,
        gt=0,
        le=1_000_000,
        description="Applications whose names and rules one network engineer switches at once.",
    )
    decommission_days: float = Field(default=3.0, ge=0, le=_DAYS, description="Working days of the smallest decommission.")
    decommission_servers_day: float = Field(default=40.0, gt=0, le=1_000_000, description="Servers removed a day.")
    replicate_share: float = Field(
        default=0.10, ge=0, le=1, description="Of an application's crew hours: agents, firewalls, supervision of the copy."
    )
    test_share: float = Field(default=0.30, ge=0, le=1, description="Likewise: the test launch, and what it finds.")
    cutover_share: float = Field(default=0.25, ge=0, le=1, description="Likewise: the night itself, and its rehearsal.")
    validate_share: float = Field(default=0.10, ge=0, le=1, description="Likewise: the owner's tests in the night.")
    hypercare_share: float = Field(default=0.15, ge=0, le=1, description="Likewise: watching and mending afterwards.")
    decommission_share: float = Field(
        default=0.10, ge=0, le=1, description="Likewise: archive, wipe, records. The six shares add up to 1."
    )

    @model_validator(mode="after")
    def _add_up(self) -> Durations:
        total = math.fsum(getattr(self, f"{kind}_share") for kind in TASKS)
        if abs(total - 1.0) > 1e-6:
            raise ValueError(f"has shares that add up to {total:g}, not to 1")
        return self


class Simulation(Section):
    """``[simulation]``: how dates are simulated. Defaults are planning values; docs/schedule.md says from where."""

    runs: int | None = Field(
        default=None, ge=1, le=1_000_000, description="Runs. None given: 10,000, fewer for very many applications."
    )
    low: float = Field(default=0.75, gt=0, le=1, description="Shortest duration of a task, of the likely one.")
    high: float = Field(default=2.0, ge=1, le=100, description="Longest duration of a task, of the likely one.")
    failure_factor: float = Field(
        default=1.0, ge=0, le=100, description="Times the failure probability that risk gives a cutover; 0: none fails."
    )
    retry_factor: float = Field(default=0.5, ge=0, le=1, description="Failure probability of a second try, of the first one's.")
    retry_days: int = Field(default=7, ge=0, le=_DAYS, description="Days from a failed cutover to the next try, at least.")
    retry_room: float = Field(
        default=0.25, ge=0, le=100, description="Room of every date for what was put off, beside waves.max_servers, as its share."
    )
    link_low: float = Field(default=0.5, gt=0, le=1, description="Least share of the link that a wave gets, of the planned one.")
    leaving_days: int = Field(default=28, ge=0, le=_DAYS, description="Days around the staff's transfer in which people leave.")
