"""Cash flow by month of moving and of staying: the lines of all costs, and their sums by field of `Month`.

Conservative choices, each visible in the assumptions of the case:

- From replication start on the target is paid in full, although staging needs less than the final instance.
- The source is paid in full until the decommission date.
- A calendar month costs one month's price, whatever its number of days; parts of a month are counted by the day.
- Hardware refresh is only counted for servers that leave: those that stay need it on either side.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from migrate.finance.axis import NEVER, Axis, Floats
from migrate.finance.commitments import difference_usd
from migrate.finance.contracts import contract_lines
from migrate.finance.extra_capacity import extra_capacity_lines
from migrate.finance.fates import Fates
from migrate.finance.hybrid import Crossings, hybrid_lines
from migrate.finance.labour import Labour, labour_lines
from migrate.finance.lines import Line, cents, sum_of_group
from migrate.finance.one_off import one_off_lines
from migrate.finance.sites import SiteDays, site_lines
from migrate.finance.source_lines import source_lines
from migrate.finance.staying import partner_lines, refresh_lines
from migrate.finance.target_lines import target_lines
from migrate.model.plan import (
    Month,
    OfferedRate,
    Outlook,
    PlannedApplication,
    PlannedServer,
    PlannedWave,
)
from migrate.spec import Spec

__all__ = ["CashFlow", "Planned", "cash_flow"]

_MOVING = ("source_run", "site_fixed", "target_run", "target_operations", "one_off", "partner")
_STAYING = ("stay_run", "stay_site_fixed", "stay_refresh", "stay_partner")


@dataclass(frozen=True)
class Planned:
    """What the stages before have decided, as records of the plan, and what is read from them once."""

    servers: Sequence[PlannedServer]
    applications: Sequence[PlannedApplication]
    waves: Sequence[PlannedWave]
    rates: Sequence[OfferedRate]
    outlook: Outlook | None
    crossings: Crossings
    labour: Labour


@dataclass(frozen=True)
class CashFlow:
    """The lines, and the monthly series that `Month` holds, USD rounded to cents."""

    lines: tuple[Line, ...]
    servers: dict[str, Floats]  # mean numbers at the source, in both places, at the target
    sums: dict[str, Floats]  # by money field of `Month`
    saving: Floats  # staying minus moving: negative while the migration is paid for

    def months(self, axis: Axis) -> tuple[Month, ...]:
        """The records of the plan."""
        columns = {name: values.tolist() for name, values in (*self.servers.items(), *self.sums.items())}
        return tuple(
            Month(month=month, **{name: values[k] for name, values in columns.items()}) for k, month in enumerate(axis.months)
        )


def cash_flow(
    fates: Fates,
    sites: Sequence[SiteDays],
    planned: Planned,
    *,
    spec: Spec,
    axis: Axis,
    delay_days: int = 0,
) -> CashFlow:
    """Compute every line. `fates` and `sites` already carry the delay."""
    mixed = difference_usd(planned.servers, fates, planned.rates, spec, axis) if spec.commitments.in_case else None
    lines = (
        *source_lines(fates, spec, axis),
        *site_lines(sites, spec, axis),
        *target_lines(fates, spec, axis, mixed),
        *hybrid_lines(planned.crossings, spec, axis, delay_days),
        *labour_lines(planned.labour, spec, axis, delay_days),
        *extra_capacity_lines(planned.waves, spec, axis, delay_days),
        *one_off_lines(fates, planned.waves, spec, axis, delay_days),
        *contract_lines(sites, spec, axis),
        *partner_lines(spec, axis),
        *refresh_lines(fates, spec, axis),
    )
    sums = _sums(lines, len(axis.months))
    return CashFlow(
        lines=lines,
        servers=_servers(fates, axis),
        sums=sums,
        saving=cents(sums["stay_total"] - sums["total"]),
    )


def _sums(lines: Sequence[Line], months: int) -> dict[str, Floats]:
    names = [name for name in (*_MOVING, *_STAYING, "double_run") if name != "stay_partner"]
    sums = {name: sum_of_group(lines, name, months) for name in names}
    sums["stay_partner"] = sums["partner"]
    sums["total"] = cents(np.sum([sums[name] for name in _MOVING], axis=0))
    sums["stay_total"] = cents(np.sum([sums[name] for name in _STAYING], axis=0))
    return sums


def _servers(fates: Fates, axis: Axis) -> dict[str, Floats]:
    start, never = np.zeros_like(fates.leave), np.full_like(fates.leave, NEVER)
    one = np.ones(fates.leave.size)
    spans = {
        "servers_source": (start, np.minimum(fates.replication, fates.leave)),
        "servers_both": (fates.replication, fates.leave),
        "servers_target": (np.where(fates.moves, fates.leave, NEVER), never),
    }
    return {name: np.round(axis.mean(begin, end, one), 9) + 0.0 for name, (begin, end) in spans.items()}
