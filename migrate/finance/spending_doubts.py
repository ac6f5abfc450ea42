"""What a reader must know of how the money is spent."""

from __future__ import annotations

import datetime as dt

from migrate.finance.support_plans import plan_of
from migrate.findings import Finding, Severity
from migrate.model.plan import Spending
from migrate.spec import Spec

__all__ = ["spending_doubts"]

_NOTABLE = 0.02  # of what is priced: less is within the rounding of prices and months


def spending_doubts(made: Spending, spec: Spec) -> list[Finding]:
    """Findings about support plans, private rates, commitments, showback and carbon."""
    return [*_of_support(spec), *_of_private_rates(made, spec), *_of_commitments(made, spec), *_of_carbon(made, spec)]


def _of_support(spec: Spec) -> list[Finding]:
    plan = plan_of(spec.support)
    last = spec.plan.start + dt.timedelta(days=366 * spec.plan.horizon_years)
    if plan is None or plan.ends is None or plan.ends > last:
        return []
    return [
        Finding(
            code="support-plan-ends",
            severity=Severity.warning,
            subject=plan.label,
            source="plan.toml [support]",
            message=f"AWS ends this support plan on {plan.ends}, within the horizon; its price is used to the end",
            remedy='Name `plan = "enterprise"`, or `plan = "own"` with the tiers of the plan that follows.',
        )
    ]


def _of_private_rates(made: Spending, spec: Spec) -> list[Finding]:
    used = {step.key for step in made.bill}
    return [
        Finding(
            code="private-rate-for-nothing",
            severity=Severity.warning,
            subject=rate.id,
            source="plan.toml [[private_rate]]",
            message="Nothing in the plan has a charge that this private rate is for",
            remedy="Correct its service, family or region, or remove it.",
        )
        for rate in spec.private_rate
        if f"private_rate[{rate.id}].share" not in used
    ]


def _of_commitments(made: Spending, spec: Spec) -> list[Finding]:
    found = made.commitments
    if found is None:
        return []
    findings = [
        Finding(
            code="commitments-to-buy",
            severity=Severity.info,
            subject=spec.plan.name,
            message=f"Committing when the load is there costs {found.optimal_usd:,.0f} USD over the horizon, on demand alone "
            f"{found.on_demand_usd:,.0f} USD, all reserved at the start {found.at_start_usd:,.0f} USD "
            f"({found.servers:,} of {found.moving_servers:,} running servers that move)",
            remedy="Buy month by month as `spending.commitments` of plan.json lists it.",
        )
    ]
    priced = None if spec.commitments.in_case else found.as_priced_usd
    if priced is not None and found.optimal_usd - priced > _NOTABLE * priced:
        term = spec.target.term.replace("_", " ")
        findings.append(
            Finding(
                code="commitments-dearer-than-priced",
                severity=Severity.warning,
                subject=spec.plan.name,
                source="plan.toml [target] term",
                message=f"The case prices compute as {term} from the first hour on, {priced:,.0f} USD over the "
                f"horizon; committing when the load is there costs {found.optimal_usd - priced:,.0f} USD more",
                remedy="Set `commitments.in_case = true`, and `most_share` and `settle_days` to what you will do.",
            )
        )
    missing = found.moving_servers - found.servers
    if missing:
        findings.append(
            Finding(
                code="commitments-without-price",
                severity=Severity.warning,
                subject=spec.plan.name,
                message=f"{missing:,} running servers move to types without an on-demand price and are in no commitment",
                remedy="Use a price book that has them.",
            )
        )
    return findings


def _of_carbon(made: Spending, spec: Spec) -> list[Finding]:
    estimate = made.carbon
    if estimate is None or estimate.servers == estimate.all_servers:
        return []
    missing = estimate.all_servers - estimate.servers
    return [
        Finding(
            code="carbon-not-known",
            severity=Severity.info,
            subject=spec.plan.name,
            message=f"The carbon of {missing:,} of {estimate.all_servers:,} servers is not known: left out on both sides",
            remedy="Give their vCPUs, and `carbon.target_kg_co2e_kwh` for regions whose grid is not known.",
        )
    ]
