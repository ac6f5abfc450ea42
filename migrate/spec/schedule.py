"""The tables of plan.toml that say when and by whom: crews, windows, freezes, waves, rules and pins."""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal

from pydantic import Field, field_validator, model_validator

from migrate.spec.base import EARLIEST, LARGEST_USD, LATEST, Section

__all__ = ["AtMost", "Crew", "Effort", "Freeze", "Order", "Pin", "Rule", "WaveLimits", "Window"]

_HOURS = r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$"

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Crew(Section):
    """``[[crew]]``: people who carry out cutovers. A skill without a crew is not a limit, and a finding says so."""

    skill: Literal["windows", "linux", "database", "network", "application"] = Field(
        description="`application` is testing and validation by the application's owners."
    )
    hours_week: float = Field(gt=0, le=100_000, description="Hours a week that the crew has for cutovers.")


class Effort(Section):
    """``[effort]``: crew hours. Defaults are planning values of this project; replace them by what pathfinders took."""

    server_h: float = Field(default=4.0, ge=0, le=100_000, description="Hours of the operating-system crew per rehosted server.")
    replatform_factor: float = Field(default=2.5, ge=1, le=1_000, description="Times as much for a replatformed server.")
    refactor_factor: float = Field(default=8.0, ge=1, le=1_000, description="Times as much for a refactored server.")
    database_h: float = Field(default=12.0, ge=0, le=100_000, description="Hours of the database crew per database server.")
    network_h: float = Field(default=2.0, ge=0, le=100_000, description="Hours of the network crew per application.")
    application_h: float = Field(default=16.0, ge=0, le=100_000, description="Hours of the application crew per application.")
    hour_usd: float = Field(default=95.0, ge=0, le=LARGEST_USD, description="Cost of one hour of a crew.")


class Window(Section):
    """``[[window]]``: when cutovers may happen."""

    id: str = Field(min_length=1, description="Name under which explanations and conflicts mention it.")
    days: tuple[Day, ...] = Field(default=("sat",), min_length=1, description="Days on which a cutover may begin.")
    hours: str = Field(
        default="22:00-06:00",
        json_schema_extra={"pattern": _HOURS},
        description="From and to, over midnight where the second is earlier.",
    )
    time_zone: str = Field(default="UTC", description="IANA name, such as America/Chicago.")
    domains: tuple[str, ...] = Field(default=(), description="Business domains it is for; none named: all.")

    @field_validator("hours")
    @classmethod
    def _from_to(cls, hours: str) -> str:
        if not re.fullmatch(_HOURS, hours, re.ASCII):
            raise ValueError("is no span of hours: write HH:MM-HH:MM, such as 22:00-06:00")
        return hours


class Freeze(Section):
    """``[[freeze]]``: when cutovers may not happen: from/to, or a rule that repeats every month."""

    id: str = Field(min_length=1, description="Name under which explanations and conflicts mention it.")
    domains: tuple[str, ...] = Field(default=(), description="Business domains it is for; none named: all.")
    applications: tuple[str, ...] = Field(default=(), description="Applications it is for, beside the domains.")
    from_: dt.date | None = Field(default=None, ge=EARLIEST, le=LATEST, alias="from", description="First frozen day.")
    to: dt.date | None = Field(default=None, ge=EARLIEST, le=LATEST, description="Last frozen day.")
    yearly: bool = Field(default=False, description="Repeat from/to every year.")
    rule: str | None = Field(default=None, description="`last N and first M business days of each month`.")
    why: str = Field(default="", description="The reason, for explanations.")

    @model_validator(mode="after")
    def _dates_or_rule(self) -> Freeze:
        if self.rule is None and (self.from_ is None or self.to is None):
            raise ValueError("needs `from` and `to`, or a `rule`")
        if self.rule is not None and (self.from_ is not None or self.to is not None):
            raise ValueError("has both dates and a `rule`: give one of them")
        if self.from_ is not None and self.to is not None and self.to < self.from_:
            raise ValueError(f"ends on {self.to} before it begins on {self.from_}")
        return self


class WaveLimits(Section):
    """``[waves]``: what one wave may hold and how waves follow each other."""

    max_servers: int = Field(default=150, ge=1, le=1_000_000, description="Servers that one wave may cut over.")
    min_days_between: int = Field(default=7, ge=1, le=365, description="Days between two waves.")
    first_after_days: int = Field(default=60, ge=0, le=3650, description="Days from start to the first wave: landing zone.")
    pathfinders: int = Field(default=1, ge=0, le=10, description="First waves that are kept small and simple.")
    pathfinder_max_servers: int = Field(default=25, ge=1, le=1_000_000, description="Servers that a pathfinder wave may hold.")
    max_mission_critical: int | None = Field(
        default=None,
        ge=0,
        le=1_000_000,
        description="Mission-critical applications a wave. None given: 1, or as many as the waves need.",
    )
    replication_days: float = Field(default=14.0, gt=0, le=365, description="Days from replication start to cutover.")
    hypercare_days: float = Field(default=7.0, ge=0, le=365, description="Watched days after cutover; then decommission.")
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


class Order(Section):
    """Two selectors in order.

    A selector is an application's name, ``domain:X``, ``criticality:X``, ``data:X``, ``site:X`` or ``*``.
    """

    first: str
    then: str


class AtMost(Section):
    """At most `count` of the selected applications in one wave."""

    of: str
    count: int = Field(ge=0, le=1_000_000)


class Rule(Section):
    """``[[rule]]``: exactly one of before, together, apart, at_most, earliest, latest. With `price_usd` it is soft."""

    id: str = Field(min_length=1, description="Name under which explanations and conflicts mention it.")
    before: Order | None = Field(default=None, description="The first is cut over in an earlier wave or the same one.")
    strictly: bool = Field(default=False, description="With `before`: in an earlier wave, not the same.")
    lag_days: int = Field(
        default=0, ge=0, le=3650, description="With `before`: at least so many days between the two cutovers; implies `strictly`."
    )
    together: tuple[str, ...] | None = Field(default=None, min_length=2, description="In one wave.")
    apart: tuple[str, ...] | None = Field(default=None, min_length=2, description="Each in another wave.")
    at_most: AtMost | None = Field(default=None, description="At most `count` of the selected applications in one wave.")
    of: str | None = Field(default=None, description="With `earliest` or `latest`: the selector it is for.")
    earliest: dt.date | None = Field(default=None, ge=EARLIEST, le=LATEST, description="Not cut over before this day.")
    latest: dt.date | None = Field(default=None, ge=EARLIEST, le=LATEST, description="Not cut over after this day.")
    price_usd: float | None = Field(
        default=None, gt=0, le=LARGEST_USD, description="Soft: what breaking it once costs. None: never broken."
    )
    why: str = Field(default="", description="The reason, for explanations.")

    @model_validator(mode="after")
    def _one_kind(self) -> Rule:
        dated = self.earliest is not None or self.latest is not None
        kinds = [self.before is not None, self.together is not None, self.apart is not None, self.at_most is not None, dated]
        if sum(kinds) != 1:
            raise ValueError("needs exactly one of before, together, apart, at_most, earliest/latest")
        if self.before is None and (self.lag_days or self.strictly):
            raise ValueError("has `strictly` or `lag_days`, which belong to `before`")
        if dated and self.of is None:
            raise ValueError("with earliest or latest needs `of`: the selector it is for")
        return self


class Pin(Section):
    """``[[pin]]``: an application whose wave a person has decided."""

    application: str = Field(description="Name of the application.")
    wave: int = Field(ge=1, le=10_000, description="Number of the wave.")
    why: str = Field(min_length=1, description="The reason, shown wherever the pin binds.")
