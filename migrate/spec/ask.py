"""The tables of plan.toml that say what is asked: the plan, its inventory, its target and its places."""

from __future__ import annotations

import datetime as dt
from typing import Literal

from pydantic import Field, field_validator, model_validator

from migrate.spec.base import EARLIEST, LARGEST_USD, LATEST, Section

__all__ = ["Disposition", "InventoryFiles", "Link", "PlanHead", "Site", "Staff", "Target"]


class PlanHead(Section):
    """``[plan]``: what the plan is called, when it may start, and over how long it is judged."""

    name: str = Field(default="plan", min_length=1, max_length=80, description="Name shown on every report.")
    start: dt.date = Field(ge=EARLIEST, le=LATEST, description="First day of the programme. Cutovers come after it.")
    horizon_years: int = Field(default=10, ge=1, le=30, description="Years over which the business case is computed.")
    discount_rate: float = Field(default=0.08, ge=0, le=0.5, description="Yearly discount rate of the NPV, as a fraction.")
    finance_rate: float | None = Field(
        default=None, ge=0, le=0.5, description="Yearly rate at which deficits are financed, in the MIRR; else `discount_rate`."
    )
    reinvest_rate: float | None = Field(
        default=None, ge=0, le=0.5, description="Yearly rate at which savings are invested, in the MIRR; else `discount_rate`."
    )
    seed: int = Field(
        default=1, ge=0, le=4_294_967_295, description="Seed of everything random. Same inputs and seed give the same bytes."
    )


class InventoryFiles(Section):
    """``[inventory]``: the files to read."""

    files: tuple[str, ...] = Field(default=(), description="Paths or globs, relative to plan.toml.")


class Target(Section):
    """``[target]``: where to, and how generously."""

    regions: tuple[str, ...] = Field(
        default=("us-east-1",), min_length=1, max_length=2, description="AWS regions. First: home. Second: recovery."
    )
    prices: str = Field(default="embedded", description="`embedded`, or the path of a price book.")
    term: Literal["on_demand", "reserved_1y", "reserved_3y"] = Field(
        default="on_demand", description="Price term of compute in the monthly cost."
    )
    headroom: float = Field(default=0.25, ge=0, le=2, description="Spare capacity over the measured load, as a fraction.")
    percentile: Literal[90, 95, 99, 100] = Field(
        default=95,
        description="Percentile of the measured CPU and memory load that is sized for; 100 is the maximum. Where a server's is "
        "not known, the next higher one that is. Disks and network: always the 95th.",
    )
    cpu_speed: Literal["same", "documented"] = Field(
        default="same",
        description="Whether a target's vCPU counts as one of today's, or by the speeds of processors in docs/targets.md.",
    )
    architectures: tuple[Literal["x86_64", "arm64"], ...] = Field(
        default=("x86_64",), description="Processor architectures that targets may have."
    )
    windows_licence: Literal["included", "byol"] = Field(
        default="included", description="Windows Server licences: paid by the hour, or brought along."
    )
    sqlserver_usd_vcpu_month: float | None = Field(
        default=None,
        ge=0,
        le=LARGEST_USD,
        description="What a SQL Server licence that is brought along costs by vCPU: types with fewer vCPUs may then win. In no "
        "cost.",
    )
    oracle_usd_vcpu_month: float | None = Field(default=None, ge=0, le=LARGEST_USD, description="The same of Oracle Database.")
    db2_usd_vcpu_month: float | None = Field(default=None, ge=0, le=LARGEST_USD, description="The same of Db2.")
    backup_retained_copies: float = Field(
        default=1.5, ge=0, le=50, description="Snapshot GiB kept per GiB of used disk, changed blocks included."
    )

    @field_validator("regions")
    @classmethod
    def _two_regions(cls, regions: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(regions)) < len(regions):
            raise ValueError(f"names the region {regions[0]!r} twice: home and recovery are two regions, or name one")
        return regions


class Site(Section):
    """``[[site]]``: a data center that is to be left."""

    name: str = Field(min_length=1, description="Name, as reports show it.")
    match: tuple[str, ...] = Field(default=(), description="Names this site has in inventories; its own name always counts.")
    lease_end: dt.date | None = Field(
        default=None, ge=EARLIEST, le=LATEST, description="Last day of the lease. Later cutovers are not planned."
    )
    fixed_cost_usd_month: float = Field(default=0.0, ge=0, le=LARGEST_USD, description="Runs until the last server has left.")
    lease_owed_share: float = Field(
        default=0.0,
        ge=0,
        le=1,
        description="Share of the fixed cost that is owed for the time from the last server's leaving to the end of the lease.",
    )
    overstay_usd_month: float = Field(
        default=0.0, ge=0, le=LARGEST_USD, description="Paid on top of the fixed cost, when moving, for the time after the lease."
    )
    colocation_usd_month: float | None = Field(
        default=None, ge=0, le=LARGEST_USD, description="What housing the servers that are retained costs after the site is left."
    )
    pue: float | None = Field(
        default=None, ge=1, le=5, description="Its power usage effectiveness, for carbon; else `costs.power_usage_factor`."
    )
    kg_co2e_kwh: float | None = Field(
        default=None, ge=0, le=3, description="Of its electricity, location-based; else `carbon.source_kg_co2e_kwh`."
    )


class Link(Section):
    """``[[link]]``: the line over which a site's data is replicated."""

    from_: str = Field(alias="from", description="Name of the site.")
    bandwidth_mbit_s: float = Field(ge=0.001, le=1_000_000_000, description="Megabits a second, as the line is sold.")
    usable_share: float = Field(default=0.6, ge=0.001, le=1, description="Share of the bandwidth that replication may use.")
    hours_day: float = Field(default=24.0, ge=0.01, le=24, description="Hours of a day on which it may use them.")
    overflow_usd_gib: float | None = Field(
        default=None,
        gt=0,
        le=LARGEST_USD,
        description="Soft: what a GiB costs that the line cannot have replicated by the cutover and that goes another way, by a "
        "shipped device or a burst line. None: the line is a hard limit.",
    )

    @property
    def rate_mbit_s(self) -> float:
        """Megabits a second of replication, over the whole day."""
        return self.bandwidth_mbit_s * self.usable_share * self.hours_day / 24.0


class Disposition(Section):
    """``[[disposition]]``: a decision already taken for an application, a server, or all that a selector means."""

    application: str | None = Field(default=None, description="Name of the application; or give `server` or `of`.")
    server: str | None = Field(default=None, description="Name or id of the server; or give `application` or `of`.")
    of: str | None = Field(
        default=None,
        description="A selector, such as `domain:X`, `owner:X` or `site:X`, so that a whole set stays behind. A decision by "
        "name goes before.",
    )
    disposition: Literal["rehost", "relocate", "replatform", "repurchase", "refactor", "retire", "retain"] = Field(
        description="What becomes of it."
    )
    on: dt.date | None = Field(
        default=None,
        ge=EARLIEST,
        le=LATEST,
        description="With `retire` and `application`: its last day. `before` rules make others wait for it.",
    )
    why: str = Field(min_length=1, description="The reason, shown wherever the decision is.")

    @model_validator(mode="after")
    def _one_subject(self) -> Disposition:
        if sum(subject is not None for subject in (self.application, self.server, self.of)) != 1:
            raise ValueError("needs `application` or `server` or `of`, and no two of them")
        if self.on is not None and (self.disposition != "retire" or self.application is None):
            raise ValueError("has `on`, which belongs to an `application` that is to `retire`")
        return self


class Staff(Section):
    """``[staff]``: the move of the operators to a service partner."""

    transfer_date: dt.date | None = Field(
        default=None, ge=EARLIEST, le=LATEST, description="Day on which operators change employer."
    )
    partner: str = Field(default="", description="Name of the partner.")
    leaving_share: float = Field(default=0.0, ge=0, le=1, description="Share of operators expected to leave around the transfer.")
    settling_weeks: int = Field(default=8, ge=0, le=104, description="Weeks after the transfer with raised risk.")
