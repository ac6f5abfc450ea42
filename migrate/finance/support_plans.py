"""What AWS support costs: a share of the month's charges in tiers, and never less than a minimum.

AWS takes the shares of the charges before discounts and credits (https://aws.amazon.com/premiumsupport/pricing/, "monatliche
AWS-Bruttogebühren" in its German text). Developer, Business and Enterprise On-Ramp end on 1 January 2027 (AWS Support User
Guide, notice on https://docs.aws.amazon.com/awssupport/latest/user/about-support-api.html). Of the plans that follow,
Business Support+ and Unified Operations, no list of tiers was at hand: they are not here, and ``plan = "own"`` takes them.
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np

from migrate.finance.axis import Floats
from migrate.spec import Support

__all__ = ["PLANS", "SupportPlan", "plan_of", "support_usd"]


@dataclass(frozen=True)
class SupportPlan:
    """A support plan.

    Attributes
    ----------
    label
        Its name.
    tiers
        (charges of a month up to which, USD; share of the charges in the tier), ascending, the last without end.
    minimum_usd
        Least charge of a month with any AWS charges.
    source
        Where the figures stand.
    ends
        First day on which it is no longer sold or served; None: no end is announced.
    """

    label: str
    tiers: tuple[tuple[float, float], ...]
    minimum_usd: float
    source: str
    ends: dt.date | None = None


_PAGE = (
    "https://aws.amazon.com/premiumsupport/pricing/, its price examples, read in November 2026 in a stored copy without a date"
)
_ENDS = dt.date(2027, 1, 1)

#: By the names that ``support.plan`` knows.
PLANS: dict[str, SupportPlan] = {
    "developer": SupportPlan("AWS Developer Support", ((math.inf, 0.03),), 29.0, _PAGE, _ENDS),
    "business": SupportPlan(
        "AWS Business Support",
        ((10_000.0, 0.10), (80_000.0, 0.07), (250_000.0, 0.05), (math.inf, 0.03)),
        100.0,
        _PAGE,
        _ENDS,
    ),
    "enterprise_on_ramp": SupportPlan(
        "AWS Enterprise On-Ramp",
        ((math.inf, 0.10),),
        5_500.0,
        "AWS Price List, service AWSEnterpriseOnRamp, effective 2021-10-19, kept in labofsahil/aws-pricing-dataset",
        _ENDS,
    ),
    "enterprise": SupportPlan(
        "AWS Enterprise Support",
        ((150_000.0, 0.10), (500_000.0, 0.07), (1_000_000.0, 0.05), (math.inf, 0.03)),
        15_000.0,
        _PAGE,
    ),
}


def plan_of(support: Support) -> SupportPlan | None:
    """The plan that a request names; None for a flat share."""
    if support.plan == "share":
        return None
    if support.plan == "own":
        tiers = tuple((math.inf if tier.up_to_usd is None else tier.up_to_usd, tier.share) for tier in support.tiers)
        return SupportPlan("Support, own tiers", tiers, support.minimum_usd_month, "plan.toml")
    return PLANS[support.plan]


def support_usd(plan: SupportPlan, charges_usd: Floats) -> Floats:
    """USD by month for charges by month; a month without charges costs nothing."""
    total = np.zeros_like(charges_usd)
    below = 0.0
    for top, share in plan.tiers:
        total += np.clip(charges_usd - below, 0.0, top - below) * share
        below = top
    return np.where(charges_usd > 0.0, np.maximum(total, plan.minimum_usd), 0.0)
