"""The tables of plan.toml that say what staying costs, what moving costs once, and what contracts bind."""

from __future__ import annotations

import datetime as dt
from typing import Any

from pydantic import Field, model_validator

from migrate.spec.base import EARLIEST, LARGEST_USD, LATEST, Section

__all__ = ["Contract", "SourceCosts"]


def _of_books(account: str) -> Any:
    """A key for what the books say of an account in a year."""
    return Field(
        default=None,
        ge=0,
        le=LARGEST_USD,
        description=f"What the books say for {account} in a year, all servers together, in place of the rate.",
    )


class SourceCosts(Section):
    """``[costs]``: what staying costs, and what moving costs once. Defaults are planning values of this project, and
    every one is listed among the plan's assumptions. What the books say for a year (`*_usd_year`) goes before them."""

    vcpu_usd_month: float | None = Field(
        default=None,
        ge=0,
        le=LARGEST_USD,
        description="Maintenance, virtualisation licence, power, space and network in one figure per vCPU, without buying "
        "hardware: it stands in place of the keys from here to `network_usd_server_month`.",
    )
    maintenance_usd_vcpu_month: float = Field(
        default=4.0,
        ge=0,
        le=LARGEST_USD,
        description="Maintenance of hardware and support of systems, per vCPU: 15 % a year of a host of 25,000 USD with 120 "
        "vCPUs, and half as much again for subscriptions of operating systems.",
    )
    virtualisation_usd_vcpu_month: float = Field(
        default=5.7,
        ge=0,
        le=LARGEST_USD,
        description="Virtualisation licence per vCPU: 275 USD a core and year (list: 350), four vCPUs on a core.",
    )
    power_w_vcpu: float = Field(
        default=4.0, ge=0, le=10_000, description="Power drawn per vCPU, in watts: a host of 480 W with 120 vCPUs."
    )
    power_usage_factor: float = Field(
        default=1.58,
        ge=1,
        le=5,
        description="Power of the building per power of its computers (PUE), for cooling: Uptime Institute's mean of 2023.",
    )
    power_usd_kwh: float = Field(
        default=0.12, ge=0, le=1_000, description="Price of a kilowatt-hour: commerce in the Midwest of the United States, 2024."
    )
    space_usd_vcpu_month: float = Field(
        default=0.6,
        ge=0,
        le=LARGEST_USD,
        description="Floor and racks per vCPU, as far as it falls with each server: 2,000 vCPUs in a rack of 1,200 USD. "
        "What falls with the last server belongs in `fixed_cost_usd_month` of the site.",
    )
    network_usd_server_month: float = Field(
        default=6.0, ge=0, le=LARGEST_USD, description="Ports, firewalls and load balancers, per server that runs."
    )
    memory_usd_gib_month: float = Field(default=1.6, ge=0, le=LARGEST_USD, description="Per GiB of memory.")
    storage_usd_gib_month: float = Field(
        default=0.09, ge=0, le=LARGEST_USD, description="Per GiB of disk, array maintenance included."
    )
    backup_usd_gib_month: float = Field(default=0.03, ge=0, le=LARGEST_USD, description="Per GiB of used disk.")
    windows_usd_month: float = Field(
        default=18.0, ge=0, le=LARGEST_USD, description="Windows Server licence and assurance per server."
    )
    operations_usd_month: float = Field(
        default=65.0, ge=0, le=LARGEST_USD, description="People, monitoring and patching per server."
    )
    maintenance_usd_year: float | None = _of_books("maintenance and support")
    virtualisation_usd_year: float | None = _of_books("virtualisation licences")
    power_usd_year: float | None = _of_books("power and cooling")
    space_usd_year: float | None = _of_books("floor and racks that fall with the servers")
    network_usd_year: float | None = _of_books("the network of the data centers")
    memory_usd_year: float | None = _of_books("memory")
    storage_usd_year: float | None = _of_books("storage")
    backup_usd_year: float | None = _of_books("backup")
    windows_usd_year: float | None = _of_books("Windows Server licences")
    operations_usd_year: float | None = _of_books("people, monitoring and patching")
    target_operations_usd_month: float = Field(
        default=45.0, ge=0, le=LARGEST_USD, description="The same per server in the cloud."
    )
    refresh_usd_server: float = Field(
        default=2_400.0, ge=0, le=LARGEST_USD, description="Buying hardware again, per server: avoided by moving."
    )
    refresh_every_years: int = Field(default=5, ge=1, le=30, description="Years between hardware refreshes.")
    refresh_next: dt.date | None = Field(
        default=None,
        ge=EARLIEST,
        le=LATEST,
        description="When hardware is bought again next, all at once. Not given: hardware of all ages is bought evenly.",
    )
    refresh_grace_months: int = Field(
        default=12, ge=0, le=120, description="With `refresh_next`: what leaves so soon after it is not bought again when moving."
    )
    decommission_usd_server: float = Field(
        default=150.0, ge=0, le=LARGEST_USD, description="Wiping, removal and records, per server."
    )
    landing_zone_usd: float = Field(default=250_000.0, ge=0, le=LARGEST_USD, description="Landing zone, once.")
    training_usd: float = Field(default=120_000.0, ge=0, le=LARGEST_USD, description="Training, once.")
    programme_usd_month: float = Field(default=60_000.0, ge=0, le=LARGEST_USD, description="Programme office while waves run.")
    support_share: float = Field(default=0.03, ge=0, le=0.2, description="AWS support as a share of the AWS bill.")
    partner_usd_month: float = Field(
        default=0.0, ge=0, le=LARGEST_USD, description="Fee of the service partner, from the transfer on."
    )
    migration_partner_usd: float = Field(
        default=0.0, ge=0, le=LARGEST_USD, description="Fee of whoever helps to migrate, once, while the landing zone is built."
    )
    migration_partner_usd_server: float = Field(
        default=0.0, ge=0, le=LARGEST_USD, description="The same per server that moves, on its cutover date."
    )
    double_run_link_usd_month: float = Field(
        default=0.0,
        ge=0,
        le=LARGEST_USD,
        description="Lines ordered for the migration, from the first replication to the last decommission.",
    )
    inflation_share_year: float = Field(
        default=0.0,
        ge=-0.2,
        le=1,
        description="By how much prices rise a year, for all but AWS. 0: today's prices throughout; otherwise `discount_rate` "
        "must be nominal.",
    )
    people_growth_share_year: float | None = Field(
        default=None, ge=-0.2, le=1, description="The same for people: operations, crews, training, partners."
    )
    energy_growth_share_year: float | None = Field(default=None, ge=-0.2, le=1, description="The same for power and cooling.")
    cloud_growth_share_year: float = Field(
        default=0.0, ge=-0.5, le=1, description="The same for the AWS bill; below 0 where prices are expected to fall."
    )

    @model_validator(mode="after")
    def _said_once(self) -> SourceCosts:
        """One figure per vCPU and a figure of the books for a part of it would be counted twice."""
        parts = ("maintenance", "virtualisation", "power", "space", "network")
        given = [f"{part}_usd_year" for part in parts if getattr(self, f"{part}_usd_year") is not None]
        if self.vcpu_usd_month is not None and given:
            raise ValueError(f"gives `vcpu_usd_month`, which contains what `{given[0]}` says: take one of them away")
        return self


class Contract(Section):
    """``[[contract]]``: what is paid to a supplier of a data center, and what ending it early costs: storage on lease,
    maintenance, lines. Staying renews it at the same price."""

    name: str = Field(min_length=1, max_length=80, description="Name, as reports show it.")
    site: str | None = Field(
        default=None, description="Needed until the last server has left this site; not given: until the last one has left any."
    )
    usd_month: float = Field(ge=0, le=LARGEST_USD, description="Paid every month while it is needed.")
    ends: dt.date = Field(ge=EARLIEST, le=LATEST, description="Last day of the term.")
    owed_share: float = Field(
        default=1.0, ge=0, le=1, description="Share of the months left of the term that is owed when it is needed no more."
    )
    overstay_usd_month: float = Field(
        default=0.0, ge=0, le=LARGEST_USD, description="Paid on top, when moving, for the time after the term."
    )
