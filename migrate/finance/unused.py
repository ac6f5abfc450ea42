"""Figures of the request that this case does not read, because another one stands in their place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from migrate.spec import SourceCosts, Spec
from migrate.targets.source_cost import BY_VCPU, source_parts

__all__ = ["unused"]


def unused(spec: Spec) -> Mapping[str, str]:
    """Keys, such as ``costs.support_share``, each with what is read instead or what it waits for."""
    return dict(_unused(spec))


def _unused(spec: Spec) -> Iterator[tuple[str, str]]:
    yield from _of_source(spec.costs)
    if spec.support.plan != "share":
        yield "costs.support_share", "support.plan stands in its place"
    if spec.support.plan != "own":
        yield "support.minimum_usd_month", 'only with support.plan = "own"'
    if not spec.discounts.edp_share:
        yield "discounts.edp_applies_to", "discounts.edp_share is 0"
    if not spec.discounts.edp_share or not spec.private_rate:
        yield "discounts.edp_on_private_rates", "only where private rates and an enterprise discount meet"
    if spec.currency.code == "USD":
        yield "currency.per_usd", "amounts stay in USD"
    if spec.staff.transfer_date is None:
        yield "costs.partner_usd_month", "staff.transfer_date is not given"


def _of_source(costs: SourceCosts) -> Iterator[tuple[str, str]]:
    """Rates of the template that one figure by vCPU or the books replace."""
    if costs.vcpu_usd_month is not None:
        for part in BY_VCPU:
            for key in (part.rate, *part.times):
                yield f"costs.{key}", "costs.vcpu_usd_month stands in its place"
    for part in source_parts(costs):
        if getattr(costs, part.books, None) is not None:
            for key in (part.rate, *part.times):
                yield f"costs.{key}", f"costs.{part.books} stands in its place"
