"""The tables of plan.toml that say how the AWS bill differs from list prices: discounts, support, tax, currency, commitments."""

from __future__ import annotations

import datetime as dt
import re
from typing import Literal

from pydantic import Field, field_validator, model_validator

from migrate.spec.base import EARLIEST, LARGEST_USD, LATEST, Section

__all__ = ["Carbon", "Commitments", "Currency", "Discounts", "PrivateRate", "Support", "SupportTier"]

BillPart = Literal["compute", "licence", "storage", "backup", "transfer"]

_CODE = re.compile(r"[A-Z]{3}", re.ASCII)


class Discounts(Section):
    """``[discounts]``: what comes off list prices by contract, and what tax adds. List prices stay visible beside it."""

    edp_share: float = Field(
        default=0.0, ge=0, lt=1, description="Enterprise discount (EDP, private pricing), as a share of the charges it is for."
    )
    edp_applies_to: tuple[BillPart, ...] = Field(
        default=("compute", "licence", "storage", "backup", "transfer"),
        description="Parts of the AWS bill that the discount is for; the contract says which. Support is never among them.",
    )
    edp_on_private_rates: bool = Field(
        default=False, description="Whether it also comes off charges that have a private rate. Contracts differ."
    )
    tax_share: float = Field(
        default=0.0, ge=0, le=1, description="Tax on the AWS bill, support included, that cannot be reclaimed."
    )


class PrivateRate(Section):
    """``[[private_rate]]``: a share off list prices that was agreed for a service, a family or a region. Of several that fit
    the first counts."""

    id: str = Field(min_length=1, max_length=80, description="Name by which assumptions call it.")
    service: Literal["ec2", "rds", "windows", "ebs", "snapshots", "transfer"] = Field(
        description="Charges that it is for. `ebs` is storage, that of databases included."
    )
    family: str | None = Field(
        default=None, min_length=1, max_length=40, description="Family of types, such as `m7i` or `db.m6i`; of ec2 and rds only."
    )
    region: str | None = Field(default=None, min_length=1, max_length=40, description="Only there; else in every region.")
    share: float = Field(gt=0, lt=1, description="Share that comes off.")
    why: str = Field(default="", description="Where it is agreed.")

    @model_validator(mode="after")
    def _family_of_instances(self) -> PrivateRate:
        if self.family is not None and self.service not in ("ec2", "rds"):
            raise ValueError(f"has a `family`, and {self.service} knows none")
        return self


class SupportTier(Section):
    """A tier of a support plan of one's own."""

    up_to_usd: float | None = Field(
        default=None, gt=0, le=LARGEST_USD, description="Monthly charges that it ends with; without: no end."
    )
    share: float = Field(ge=0, le=1, description="Share of the charges in it.")


class Support(Section):
    """``[support]``: what AWS support costs. `share` takes `costs.support_share` of the bill as it is after discounts; the
    plans of AWS take their tiers of the charges before discounts, as AWS computes them, and never less than their minimum."""

    plan: Literal["share", "developer", "business", "enterprise_on_ramp", "enterprise", "own"] = Field(
        default="share", description="`own` uses `tiers` and `minimum_usd_month`."
    )
    tiers: tuple[SupportTier, ...] = Field(default=(), description="With `own`: tiers, lowest first, the last without an end.")
    minimum_usd_month: float = Field(default=0.0, ge=0, le=LARGEST_USD, description="With `own`: least charge of a month.")

    @model_validator(mode="after")
    def _tiers_of_ones_own(self) -> Support:
        if (self.plan == "own") != bool(self.tiers):
            raise ValueError('has `tiers` without `plan` = "own", or that plan without tiers')
        tops = [tier.up_to_usd for tier in self.tiers]
        bounded = [top for top in tops[:-1] if top is not None]
        if self.tiers and (tops[-1] is not None or len(bounded) < len(tops) - 1 or bounded != sorted(set(bounded))):
            raise ValueError("has tiers that do not ascend to a last one without an end")
        return self


class Currency(Section):
    """``[currency]``: a currency that totals are also shown in. Everything is computed in the currency of the price book."""

    code: str = Field(default="USD", description="ISO 4217 code, such as `EUR`.")
    per_usd: float | None = Field(default=None, gt=0, le=1_000_000, description="Units of it for one USD.")
    date: dt.date | None = Field(default=None, ge=EARLIEST, le=LATEST, description="Day of that rate.")
    source: str = Field(default="", max_length=200, description="Who published it.")

    @field_validator("code")
    @classmethod
    def _iso(cls, code: str) -> str:
        if not _CODE.fullmatch(code):
            raise ValueError("is three capital letters, such as EUR")
        return code

    @model_validator(mode="after")
    def _whole(self) -> Currency:
        given = (self.per_usd is not None, self.date is not None, bool(self.source))
        if self.code == "USD" and any(given):
            raise ValueError("has a rate for USD itself: name another `code`, or remove it")
        if self.code != "USD" and not all(given):
            raise ValueError("needs `per_usd`, `date` and `source` of the rate")
        return self

    @property
    def factor(self) -> float:
        """Units of the currency for one USD; 1 for USD."""
        return 1.0 if self.per_usd is None else self.per_usd


class Commitments(Section):
    """``[commitments]``: how far and when the mix of on demand, reservations and savings plans may commit."""

    in_case: bool = Field(
        default=False,
        description="Whether the business case pays for compute as this mix does; else at `target.term` from the first hour on.",
    )
    settle_days: int = Field(
        default=30,
        ge=0,
        le=730,
        description="Days from its cutover until a server's load is committed: sizes still change.",
    )
    most_share: float = Field(
        default=0.9, ge=0, le=1, description="Largest share of the settled load that is committed; the rest stays on demand."
    )
    load_falls_share_year: float = Field(
        default=0.0,
        ge=0,
        lt=1,
        description="Share by which load falls a year by clean-up; of commitments only.",
    )


class Carbon(Section):
    """``[carbon]``: figures behind the carbon estimate. At the source, power is that of ``costs.power_w_vcpu`` and
    ``costs.power_usage_factor``. Defaults and their sources: docs/spending.md."""

    target_pue: float = Field(default=1.14, ge=1, le=5, description="Power usage effectiveness of the provider's regions.")
    source_kg_co2e_kwh: float | None = Field(
        default=None, ge=0, le=3, description="Of sites that name none; without: as in the home region."
    )
    target_kg_co2e_kwh: float | None = Field(
        default=None, ge=0, le=3, description="Of all regions; without: of each region's grid, where it is known."
    )
    cpu_load: float = Field(
        default=0.5, ge=0, le=1, description="Mean load of the provider's processors, between their power at rest and at work."
    )
