"""The business case side by side: as planned, later, with sites kept, under other terms, and as the request asks.

Nothing is planned anew: the waves are those of the plan, or all of them later. Each case is computed in full, not scaled.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from migrate.finance.baselines import worth
from migrate.finance.basis import Basis
from migrate.finance.cashflow import CashFlow
from migrate.finance.terms import other_terms
from migrate.model.plan import CaseResult
from migrate.spec.case_settings import case_spec

__all__ = ["cases"]

_QUARTER = 91


@dataclass(frozen=True)
class _Asked:
    name: str
    why: str
    basis: Basis
    delay_days: int = 0
    changes: tuple[str, ...] = ()
    asked: bool = False


def cases(basis: Basis, flow: CashFlow) -> tuple[CaseResult, ...]:
    """The plan itself, then the cases that are always computed, then those of the request in its order."""
    planned = _result(_Asked("As planned", "", basis), flow, None)
    others = [*_usual(basis), *_of_request(basis)]
    return (planned, *(_result(item, item.basis.flow(item.delay_days), planned.npv_usd) for item in others))


def _usual(basis: Basis) -> list[_Asked]:
    found = []
    if basis.planned.waves:
        late = (f"every wave {_QUARTER} days later",)
        found.append(_Asked("A quarter later", "what a delay of the programme costs", basis, _QUARTER, late))
    if any(site.fixed_cost_usd_month for site in basis.spec.site):
        kept = replace(basis, keeps_sites=True)
        found.append(_Asked("Sites kept", "what leaving the sites is worth", kept, changes=("no site is given up",)))
    one_term = basis.spec.commitments.model_copy(update={"in_case": False})
    spec = basis.spec.model_copy(update={"commitments": one_term})
    for term in other_terms(basis):
        found.append(_Asked(term.name, term.why, replace(basis, fates=term.fates, spec=spec), changes=(term.change,)))
    return found


def _of_request(basis: Basis) -> list[_Asked]:
    found = []
    for case in basis.spec.case:
        changes = (*case.set, *([f"every wave {case.delay_days} days later"] if case.delay_days else []))
        changed = replace(basis, spec=case_spec(basis.spec, case))
        found.append(_Asked(case.name, case.why, changed, case.delay_days, changes, asked=True))
    return found


def _result(item: _Asked, flow: CashFlow, planned: float | None) -> CaseResult:
    value = worth(flow, item.basis.spec, item.basis.axis)[0]
    return CaseResult(
        name=item.name,
        why=item.why,
        changes=item.changes,
        asked=item.asked,
        npv_usd=value.npv_usd,
        difference_usd=0.0 if planned is None else round(value.npv_usd - planned, 2) + 0.0,
        irr=value.irr,
        irr_reason=value.irr_reason,
        mirr=value.mirr,
        mirr_reason=value.mirr_reason,
        payback_month=value.payback_month,
        moving_usd=round(float(flow.sums["total"].sum()), 2),
        staying_usd=round(float(flow.sums["stay_total"].sum()), 2),
        one_off_usd=round(float(flow.sums["one_off"].sum()), 2),
        peak_bubble_usd_month=float(flow.sums["double_run"].max()),
    )
