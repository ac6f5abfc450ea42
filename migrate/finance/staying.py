"""What is paid whether or not anything moves, or mostly if nothing does: the service partner, and hardware bought again."""

from __future__ import annotations

import datetime as dt

import numpy as np
from dateutil.relativedelta import relativedelta

from migrate.finance.axis import NEVER, Axis
from migrate.finance.fates import Fates
from migrate.finance.lines import Line, factor
from migrate.finance.rising import rising
from migrate.spec import Spec

__all__ = ["partner_lines", "refresh_lines"]

_RATE = "costs.refresh_usd_server"


def refresh_lines(fates: Fates, spec: Spec, axis: Axis) -> list[Line]:
    """Lines of the group ``stay_refresh``, and of ``one_off`` for hardware that has to be bought before it is left.

    Only servers that leave: those that stay need their refresh on either side. Without a date hardware of all ages is
    assumed, bought evenly by month, and none for what is going to leave. With a date everything is bought on it, and again
    after `refresh_every_years`; what leaves later than `refresh_grace_months` after a date is bought when moving, too.
    """
    servers, costs = float(fates.refreshed.sum()), spec.costs
    if not servers:
        return []
    if costs.refresh_next is None:
        return [
            Line(
                key="refresh.hardware",
                label="Hardware bought again, staying",
                side="staying",
                group="stay_refresh",
                category="hardware",
                unit="server-years",
                quantity=np.full(len(axis.months), servers / 12.0),
                rate_key=_RATE,
                rate=costs.refresh_usd_server,
                factors=(
                    factor("costs.refresh_every_years", "over", float(costs.refresh_every_years)),
                    *rising("hardware", costs),
                ),
                note="Servers that leave when moving and are not switched off, spread evenly",
            )
        ]
    return _by_date(fates, spec, axis, costs.refresh_next)


def _by_date(fates: Fates, spec: Spec, axis: Axis, first: dt.date) -> list[Line]:
    costs = spec.costs
    dates = [first + relativedelta(years=costs.refresh_every_years * k) for k in range(-40, 41) if 0 < first.year < 2200]
    dates = [date for date in dates if axis.first <= date < axis.date(axis.days)]
    leave = fates.leave[fates.refreshed]
    days = np.array([axis.day(date) for date in dates], dtype=np.int64)
    grace = np.array([axis.day(date + relativedelta(months=costs.refresh_grace_months)) for date in dates], dtype=np.int64)
    late = np.array([float(np.sum(leave > day)) for day in grace])
    lines = []
    for key, label, side, group, bought in (
        ("refresh.hardware", "Hardware bought again, staying", "staying", "stay_refresh", np.full(days.size, float(leave.size))),
        ("one-off.refresh", "Hardware bought again before it is left", "moving", "one_off", late),
    ):
        if bought.any():
            lines.append(
                Line(
                    key=key,
                    label=label,
                    side="staying" if side == "staying" else "moving",
                    group=group,
                    category="hardware",
                    unit="servers",
                    quantity=axis.lump(days, bought),
                    rate_key=_RATE,
                    rate=costs.refresh_usd_server,
                    factors=rising("hardware", costs),
                    note=f"On {first} and every {costs.refresh_every_years} years; servers that leave and are not switched off",
                )
            )
    return lines


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
            factors=rising("partner", spec.costs),
        )
    ]
