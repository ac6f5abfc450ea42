"""The tables of plan.toml that say when and by whom: crews, windows, freezes, waves, rules and pins."""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal

from pydantic import Field, field_validator, model_validator

from migrate.spec.base import EARLIEST, LARGEST_USD, LATEST, Section

__all__ = ["AtMost", "Crew", "Effort", "Freeze", "Order", "Period", "Pin", "Rule", "Window", "Within"]

_HOURS = r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$"

Day = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class Crew(Section):
    """``[[crew]]``: people who carry out cutovers. A skill without a crew is not a limit, and a finding says so."""

    skill: Literal["windows", "linux", "database", "network", "application"] = Field(
        description="`application` is testing and validation by the application's owners."
    )
    hours_week: float = Field(gt=0, le=100_000, description="Hours a week that the crew has for cutovers.")
    hour_usd: float | None = Field(
        default=None, ge=0, le=LARGEST_USD, description="Cost of one hour of this crew; else `effort.hour_usd`."
    )
    overtime_hours_week: float | None = Field(
        default=None,
        gt=0,
        le=100_000,
        description="Hours a week beyond those that can be had at `overtime_usd_hour`; give both or neither. None: `hours_week` "
        "is a hard limit.",
    )
    overtime_usd_hour: float | None = Field(
        default=None,
        gt=0,
        le=LARGEST_USD,
        description="What an hour of overtime costs more than a regular one; goes with `overtime_hours_week`.",
    )

    @model_validator(mode="after")
    def _overtime_has_a_price(self) -> Crew:
        if (self.overtime_hours_week is None) != (self.overtime_usd_hour is None):
            raise ValueError("has one of `overtime_hours_week` and `overtime_usd_hour`: give both or neither")
        return self

    @property
    def most_hours_week(self) -> float:
        """Hours a week with all overtime that can be had."""
        return self.hours_week + (self.overtime_hours_week or 0.0)


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


class Period(Section):
    """Days from the first to the last one, both included."""

    from_: dt.date = Field(ge=EARLIEST, le=LATEST, alias="from")
    to: dt.date = Field(ge=EARLIEST, le=LATEST)
    what: str = Field(default="", max_length=200)

    @model_validator(mode="after")
    def _in_order(self) -> Period:
        if self.to < self.from_:
            raise ValueError(f"ends on {self.to} before it begins on {self.from_}")
        return self


class Freeze(Section):
    """``[[freeze]]``: when cutovers may not happen: from/to, a rule, a list of periods, or the events of a calendar file."""

    id: str = Field(min_length=1, description="Name under which explanations and conflicts mention it.")
    domains: tuple[str, ...] = Field(default=(), description="Business domains it is for; none named: all.")
    applications: tuple[str, ...] = Field(default=(), description="Applications it is for (selectors), beside the domains.")
    from_: dt.date | None = Field(default=None, ge=EARLIEST, le=LATEST, alias="from", description="First frozen day.")
    to: dt.date | None = Field(default=None, ge=EARLIEST, le=LATEST, description="Last frozen day.")
    yearly: bool = Field(default=False, description="Repeat from/to every year.")
    rule: str | None = Field(
        default=None,
        description="`last N and first M business days of each month`, or `public holidays`, or `N days before and M days after "
        "public holidays`.",
    )
    country: str = Field(
        default="US",
        description="Whose public holidays count for `rule`: ISO 3166 code of a country or subdivision: `US`, `US-IL`, `DE-BY`.",
    )
    periods: tuple[Period, ...] = Field(default=(), description="Several stretches of days, each with from, to and what.")
    calendar: str | None = Field(
        default=None, min_length=1, description="Path of an iCalendar file (.ics): on the days of its events nothing is cut over."
    )
    price_usd: float | None = Field(
        default=None, gt=0, le=LARGEST_USD, description="Soft: what each cutover inside it costs. None: there is none."
    )
    why: str = Field(default="", description="The reason, for explanations.")

    @model_validator(mode="after")
    def _dates_or_rule(self) -> Freeze:
        dated = self.from_ is not None or self.to is not None
        given = sum([dated, self.rule is not None, bool(self.periods) or self.calendar is not None])
        if given == 0 or (dated and (self.from_ is None or self.to is None)):
            raise ValueError("needs `from` and `to`, or a `rule`, or `periods`, or a `calendar`")
        if given > 1:
            raise ValueError("has more than one of dates, `rule` and `periods` or `calendar`: give one of them")
        if self.from_ is not None and self.to is not None and self.to < self.from_:
            raise ValueError(f"ends on {self.to} before it begins on {self.from_}")
        return self


class Order(Section):
    """Two selectors in order.

    A selector is an application's name, ``domain:X``, ``owner:X``, ``criticality:X``, ``data:X``, ``site:X`` or ``*``.
    """

    first: str
    then: str


class AtMost(Section):
    """At most `count` of the selected applications in one wave; with `per`, counted apart for each value of it."""

    of: str
    count: int = Field(ge=0, le=1_000_000)
    per: Literal["domain", "owner", "criticality", "data", "site"] | None = None


class Within(Section):
    """Every two of the selected applications at most `days` apart, in either order."""

    of: tuple[str, ...] = Field(min_length=1)
    days: int = Field(ge=1, le=3650)


class Rule(Section):
    """``[[rule]]``: one of before, together, apart, at_most, within, or of earliest, latest and by_end_of_support with `of`.

    With `price_usd` it is soft. In `before` and `within`, an application that is retired counts with the day of its
    [[disposition]]: what comes then waits for that day.
    """

    id: str = Field(min_length=1, description="Name under which explanations and conflicts mention it.")
    before: Order | None = Field(default=None, description="The first is cut over in an earlier wave or the same one.")
    strictly: bool = Field(default=False, description="With `before`: in an earlier wave, not the same.")
    lag_days: int = Field(
        default=0, ge=0, le=3650, description="With `before`: at least so many days between the two cutovers; implies `strictly`."
    )
    within_days: int | None = Field(
        default=None,
        ge=1,
        le=3650,
        description="With `before`: at most so many days from the first cutover to the second. None: any number.",
    )
    together: tuple[str, ...] | None = Field(default=None, min_length=2, description="In one wave.")
    apart: tuple[str, ...] | None = Field(default=None, min_length=2, description="Each in another wave.")
    at_most: AtMost | None = Field(default=None, description="At most `count` of those in one wave; `per`: for each site…")
    within: Within | None = Field(default=None, description="Every two of them at most `days` apart, in either order.")
    of: str | None = Field(default=None, description="With `earliest`, `latest`, `by_end_of_support`: the selector it is for.")
    earliest: dt.date | None = Field(default=None, ge=EARLIEST, le=LATEST, description="Not cut over before this day.")
    latest: dt.date | None = Field(default=None, ge=EARLIEST, le=LATEST, description="Not cut over after this day.")
    by_end_of_support: bool = Field(
        default=False,
        description="Not cut over after the vendor's support of the operating system of any of its servers ends; an end before "
        "the first cutover date is no limit.",
    )
    price_usd: float | None = Field(
        default=None, gt=0, le=LARGEST_USD, description="Soft: what breaking it once costs. None: never broken."
    )
    why: str = Field(default="", description="The reason, for explanations.")

    @model_validator(mode="after")
    def _one_kind(self) -> Rule:
        dated = self.earliest is not None or self.latest is not None or self.by_end_of_support
        kinds = [kind is not None for kind in (self.before, self.together, self.apart, self.at_most, self.within)]
        if sum(kinds) + dated != 1:
            raise ValueError("needs exactly one of before, together, apart, at_most, within, earliest/latest/by_end_of_support")
        if self.before is None and (self.lag_days or self.strictly or self.within_days is not None):
            raise ValueError("has `strictly`, `lag_days` or `within_days`, which belong to `before`")
        if self.within_days is not None and self.lag_days > self.within_days:
            raise ValueError(f"asks for a `lag_days` of {self.lag_days}, more than its `within_days` of {self.within_days}")
        if dated and self.of is None:
            raise ValueError("with earliest, latest or by_end_of_support needs `of`: the selector it is for")
        return self


class Pin(Section):
    """``[[pin]]``: an application whose wave a person has decided."""

    application: str = Field(description="Name of the application.")
    wave: int = Field(ge=1, le=10_000, description="Number of the wave.")
    price_usd: float | None = Field(
        default=None, gt=0, le=LARGEST_USD, description="Soft: what any other wave costs. None: no other is allowed."
    )
    why: str = Field(min_length=1, description="The reason, shown wherever the pin binds.")
