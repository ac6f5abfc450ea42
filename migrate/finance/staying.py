"""What is paid whether or not anything moves, or only if nothing does: the hardware bought again, and the service partner."""

from __future__ import annotations

import numpy as np

from migrate.finance.axis import NEVER, Axis
from migrate.finance.fates import Fates
from migrate.finance.lines import Line, factor
from migrate.spec import Spec

__all__ = ["partner_lines", "refresh_lines"]


def refresh_lines(fates: Fates, spec: Spec, axis: Axis) -> list[Line]:
    """Lines of the group ``stay_refresh``. Only servers that leave: those that stay need their refresh on either side."""
    servers, costs = float(fates.refreshed.sum()), spec.costs
    if not servers:
        return []
    return [
        Line(
            key="refresh.hardware",
            label="Hardware bought again, staying",
            side="staying",
            group="stay_refresh",
            category="hardware",
            unit="server-years",
            quantity=np.full(len(axis.months), servers / 12.0),
            rate_key="costs.refresh_usd_server",
            rate=costs.refresh_usd_server,
            factors=(factor("costs.refresh_every_years", "over", float(costs.refresh_every_years)),),
            note="Servers that leave when moving and are not switched off, spread evenly",
        )
    ]


def partner_lines(spec: Spec, axis: Axis) -> list[Line]:
    """Lines of the group ``partner``, paid on either side."""
    if spec.staff.transfer_date is None:
        return []
    begin = np.array([axis.day(spec.staff.transfer_date)])
    return [
        Line(
            key="partner.fee",
            label="Service partner",
            side="both",
            group="partner",
            category="partner",
            unit="months",
            quantity=axis.mean(begin, np.array([NEVER]), np.ones(1)),
            rate_key="costs.partner_usd_month",
            rate=spec.costs.partner_usd_month,
        )
    ]
