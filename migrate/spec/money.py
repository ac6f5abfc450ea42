"""The tables of plan.toml that weigh risk and waves in money: risk and the weights of the objective."""

from __future__ import annotations

from pydantic import Field

from migrate.spec.base import LARGEST_USD, LARGEST_WEIGHT, Section

__all__ = ["RiskCosts", "Weights"]


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
