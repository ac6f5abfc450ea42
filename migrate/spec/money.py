"""The tables of plan.toml that carry money: source costs, risk and the weights of the objective."""

from __future__ import annotations

from typing import Any

from pydantic import Field, model_validator

from migrate.spec.base import LARGEST_USD, LARGEST_WEIGHT, Section

__all__ = ["RiskCosts", "SourceCosts", "Weights"]


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
        default=7.3,
        ge=0,
        le=LARGEST_USD,
        description="Virtualisation licence per vCPU: 350 USD a core and year, four vCPUs on a core.",
    )
    power_w_vcpu: float = Field(
        default=4.0, ge=0, le=10_000, description="Power drawn per vCPU, in watts: a host of 480 W with 120 vCPUs."
    )
    power_usage_factor: float = Field(
        default=1.56,
        ge=1,
        le=5,
        description="Power of the building per power of its computers (PUE), for cooling: Uptime Institute's mean of 2024.",
    )
    power_usd_kwh: float = Field(
        default=0.13, ge=0, le=1_000, description="Price of a kilowatt-hour: what commerce in the United States paid in 2024."
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

    @model_validator(mode="after")
    def _said_once(self) -> SourceCosts:
        """One figure per vCPU and a figure of the books for a part of it would be counted twice."""
        parts = ("maintenance", "virtualisation", "power", "space", "network")
        given = [f"{part}_usd_year" for part in parts if getattr(self, f"{part}_usd_year") is not None]
        if self.vcpu_usd_month is not None and given:
            raise ValueError(f"gives `vcpu_usd_month`, which contains what `{given[0]}` says: take one of them away")
        return self


class RiskCosts(Section):
    """``[risk]``: what a failed cutover costs and how likely one is."""

    outage_usd_h_mission_critical: float = Field(
        default=120_000.0,
        ge=0,
        le=LARGEST_USD,
        description="Cost of an hour without an application of criticality mission-critical.",
    )
    outage_usd_h_high: float = Field(
        default=25_000.0, ge=0, le=LARGEST_USD, description="Cost of an hour without an application of criticality high."
    )
    outage_usd_h_medium: float = Field(
        default=4_000.0, ge=0, le=LARGEST_USD, description="Cost of an hour without an application of criticality medium."
    )
    outage_usd_h_low: float = Field(
        default=500.0, ge=0, le=LARGEST_USD, description="Cost of an hour without an application of criticality low."
    )
    base_failure: float = Field(default=0.03, ge=0, le=1, description="Probability that a simple cutover fails.")
    failure_at_full_score: float = Field(default=0.35, ge=0, le=1, description="The same at a risk score of 100.")
    learning_rate: float = Field(
        default=0.9, gt=0, le=1, description="Failure probability is multiplied by it per doubling of experience."
    )
    off: tuple[str, ...] = Field(default=(), description="Ids of risk rules that are switched off.")


class Weights(Section):
    """``[weights]``: the dollars of the objective. Each term can be switched off with 0."""

    split: float = Field(default=1.0, ge=0, le=LARGEST_WEIGHT, description="Weight of dependencies split over time.")
    double_run: float = Field(default=1.0, ge=0, le=LARGEST_WEIGHT, description="Weight of paying twice.")
    site_exit: float = Field(default=1.0, ge=0, le=LARGEST_WEIGHT, description="Weight of the fixed cost of sites.")
    risk: float = Field(default=1.0, ge=0, le=LARGEST_WEIGHT, description="Weight of expected losses.")
    wave_overhead: float = Field(default=1.0, ge=0, le=LARGEST_WEIGHT, description="Weight of the cost of holding a wave.")
    transfer_usd_gb: float = Field(default=0.02, ge=0, le=LARGEST_USD, description="Data between site and region, per GB.")
    latency_usd_million_round_trips: float = Field(
        default=50.0,
        ge=0,
        le=LARGEST_USD,
        description="Slower work: a million round trips 10 ms longer are 2.8 h of waiting, half of it a person's at 36 USD/h.",
    )
    change_usd: float = Field(
        default=6_000.0,
        ge=0,
        le=LARGEST_USD,
        description="Replanning: moving an application that an earlier plan had on another day. Eight days of a person at "
        "95 USD/h for change records, notices, rosters and testers' diaries.",
    )
    wave_usd: float = Field(
        default=18_000.0, ge=0, le=LARGEST_USD, description="Governance, readiness reviews and command centre of one wave."
    )
