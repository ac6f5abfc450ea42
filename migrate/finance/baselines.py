"""Moving against the two ways of staying: with the hardware bought again in time, and with it kept to the end."""

from __future__ import annotations

from collections import defaultdict

import numpy as np

from migrate.finance.axis import Axis, Floats
from migrate.finance.cashflow import CashFlow
from migrate.finance.lines import cents
from migrate.finance.worth import internal_rate, modified_internal_rate, net_present_value, payback_month, present_values
from migrate.model.plan import Ownership, Worth
from migrate.spec import Spec

__all__ = ["ownership", "savings", "worth"]

_REFRESH = "stay_refresh"
_DIGITS = 9  # of rates: more is noise of the machine
_LABELS = {
    "moving": "Moving",
    "staying-with-refresh": "Staying, hardware bought again",
    "staying": "Staying, hardware kept",
}


def savings(flow: CashFlow) -> dict[str, Floats]:
    """Saving by month, USD, against each way of staying.

    Keeping hardware to the end is favourable to staying: what breaks more often, and what support then costs, is not known.
    """
    return {"staying-with-refresh": flow.saving, "staying": cents(flow.saving - flow.sums[_REFRESH])}


def worth(flow: CashFlow, spec: Spec, axis: Axis) -> tuple[Worth, ...]:
    """One record for each baseline."""
    rate, once = spec.plan.discount_rate, float(flow.sums["one_off"].sum())
    finance = rate if spec.plan.finance_rate is None else spec.plan.finance_rate
    reinvest = rate if spec.plan.reinvest_rate is None else spec.plan.reinvest_rate
    records = []
    for against, saving in savings(flow).items():
        irr, irr_reason = internal_rate(saving)
        mirr, mirr_reason = modified_internal_rate(saving, finance, reinvest)
        records.append(
            Worth(
                against="staying" if against == "staying" else "staying-with-refresh",
                label=_LABELS[against],
                saving_usd=round(float(saving.sum()), 2) + 0.0,
                npv_usd=round(net_present_value(saving, rate), 2) + 0.0,
                irr=None if irr is None else round(irr, _DIGITS),
                irr_reason=irr_reason,
                mirr=None if mirr is None else round(mirr, _DIGITS),
                mirr_reason=mirr_reason,
                roi=round(float(saving.sum()) / once, _DIGITS) if once > 0 else None,
                payback_month=payback_month(saving, axis.months),
                discounted_payback_month=payback_month(present_values(saving, rate), axis.months),
            )
        )
    return tuple(records)


def ownership(flow: CashFlow, spec: Spec) -> tuple[Ownership, ...]:
    """What each way costs over the horizon."""
    total, stay = flow.sums["total"], flow.sums["stay_total"]
    series = {"moving": total, "staying-with-refresh": stay, "staying": cents(stay - flow.sums[_REFRESH])}
    records = []
    for way, side in (("moving", "moving"), ("staying-with-refresh", "staying"), ("staying", "staying")):
        by_category: dict[str, Floats] = defaultdict(lambda: np.zeros(total.size))
        for line in flow.lines:
            if line.side in (side, "both") and not (way == "staying" and line.group == _REFRESH):
                by_category[line.category] = by_category[line.category] + line.amount
        records.append(
            Ownership(
                way="moving" if way == "moving" else "staying" if way == "staying" else "staying-with-refresh",
                label=_LABELS[way],
                total_usd=round(float(series[way].sum()), 2),
                present_usd=round(net_present_value(series[way], spec.plan.discount_rate), 2),
                by_category={name: round(float(by_category[name].sum()), 2) for name in sorted(by_category)},
            )
        )
    return tuple(records)
