"""Showback: who causes the cost of servers, by year. The rows of every dimension add up to the cash flow, to the cent.

A server counts for its application's domain, hospital, owner or cost centre. Servers of shared services, which many use, stand
apart: who uses how much of them is not known. So do servers of which the dimension is not known. What the AWS bill has beyond
servers' own charges (support, tax, minimum charges) is divided in proportion to those, after private rates and discounts.

People: what operators cost at the source and at the target. With ``staff.transfer_date`` they are the organisation's own before
it and the partner's from it on; the month of the transfer is divided by days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import polars as pl

from migrate.finance.axis import NEVER, Axis, Floats
from migrate.finance.fates import Fates
from migrate.finance.grouped import grouped_mean, in_cents
from migrate.model.plan import BusinessCase, PlannedApplication, PlannedServer, ShowbackRow
from migrate.spec import Spec

__all__ = ["DIMENSIONS", "SERIES", "server_shares", "showback"]

#: Dimensions by the field of the application.
DIMENSIONS = ("domain", "hospital", "owner", "cost_center")
#: Series of a row, in order.
SERIES = ("source_usd", "target_usd", "target_operations_usd", "people_usd")

_SHARED, _UNALLOCATED, _OWN = "Shared services", "Unallocated", "Own staff"
_NOBODYS = (2, _UNALLOCATED)


def showback(
    servers: Sequence[PlannedServer],
    applications: Sequence[PlannedApplication],
    fates: Fates,
    case: BusinessCase,
    spec: Spec,
    axis: Axis,
) -> tuple[ShowbackRow, ...]:
    """All rows: by dimension, groups by name, then shared services, then what is not allocated."""
    series = _Series(fates, case, spec, axis)
    rows: list[ShowbackRow] = []
    for dimension in DIMENSIONS:
        of_application = {item.application: _key(item, dimension) for item in applications}
        rows += series.rows(dimension, [of_application.get(server.application or "", _NOBODYS) for server in servers])
    return (*rows, *series.by_employer(len(servers)))


def _key(application: PlannedApplication, dimension: str) -> tuple[int, str]:
    """(0, its name), (1, shared) or (2, unallocated): sorted as rows are."""
    if application.shared_service:
        return 1, _SHARED
    value = getattr(application, dimension)
    return (0, value) if value else _NOBODYS


def server_shares(fates: Fates, spec: Spec) -> Floats:
    """What each server's own charges are worth a month at the target, after private rates and the enterprise discount."""
    terms = spec.discounts
    net: Floats = np.sum(
        [usd * (1.0 - terms.edp_share * (name in terms.edp_applies_to)) for name, usd in fates.bill.items()], axis=0
    )
    shares = {rate.id: rate.share for rate in spec.private_rate}
    for (name, resource), usd in fates.agreed.items():
        edp = terms.edp_share if resource in terms.edp_applies_to else 0.0
        both = shares[name] * (1.0 - edp) if terms.edp_on_private_rates else shares[name] - edp
        net = net - usd * both
    kept: Floats = np.clip(net, 0.0, None)
    return kept


class _Series:
    """The four series of the cash flow, to be divided among groups."""

    def __init__(self, fates: Fates, case: BusinessCase, spec: Spec, axis: Axis) -> None:
        self.fates, self.axis, self.spec = fates, axis, spec
        self.net = server_shares(fates, spec)
        self.totals = {
            "source_usd": np.array([month.source_run for month in case.months]),
            "target_usd": np.array([month.target_run for month in case.months]),
            "target_operations_usd": np.array([month.target_operations for month in case.months]),
        }
        self.source_people = np.zeros(len(case.months))
        for line in case.lines:
            if line.key == "source.operations":
                self.source_people = np.array(line.amount_usd)
        self.years = [month.year for month in axis.months]

    def rows(self, dimension: str, keys: Sequence[tuple[int, str]]) -> list[ShowbackRow]:
        """One row for each key."""
        names = sorted({*keys, _NOBODYS})
        place = {key: k for k, key in enumerate(names)}
        group = np.array([place[key] for key in keys], dtype=np.int64)
        servers = np.bincount(group, minlength=len(names))
        cells = self._divided(group, len(names))
        kinds = ("group", "shared", "unallocated")
        return [
            self._row(dimension, name, kinds[kind], int(servers[k]), {series: table[k] for series, table in cells.items()})
            for k, (kind, name) in enumerate(names)
        ]

    def by_employer(self, servers: int) -> list[ShowbackRow]:
        """Own staff until the transfer, the partner's from it on."""
        people = self.totals["target_operations_usd"] + self.source_people
        totals = {**self.totals, "people_usd": people}
        moved = self.spec.staff.transfer_date
        own = _OWN if moved is None else f"{_OWN}, until {moved}"
        if moved is None:
            return [self._row("employer", own, "group", servers, totals)]
        days = np.diff(self.axis.edges)
        after = np.clip((self.axis.edges[1:] - self.axis.day(moved)) / days, 0.0, 1.0)
        late = {name: np.round(values * after, 2) for name, values in totals.items()}
        early = {name: np.round(values - late[name], 2) for name, values in totals.items()}
        partner = self.spec.staff.partner or "Partner"
        return [
            self._row("employer", own, "group", servers, early),
            self._row("employer", f"{partner}, from {moved}", "group", servers, late),
        ]

    def _divided(self, group: np.ndarray, count: int) -> Mapping[str, Floats]:
        fates, axis = self.fates, self.axis
        start, never = np.zeros_like(fates.leave), np.full_like(fates.leave, NEVER)
        source = grouped_mean(axis, group, count, start, fates.leave, fates.source_usd)
        target = grouped_mean(axis, group, count, fates.replication, never, self.net)
        operated = grouped_mean(axis, group, count, fates.cutover, never, fates.operated.astype(float))
        use = fates.uses.get("operations", np.zeros_like(fates.source_usd))
        people = grouped_mean(axis, group, count, start, fates.leave, use)
        operations = in_cents(operated, self.totals["target_operations_usd"])
        return {
            "source_usd": in_cents(source, self.totals["source_usd"]),
            "target_usd": in_cents(target, self.totals["target_usd"]),
            "target_operations_usd": operations,
            "people_usd": operations + in_cents(people, self.source_people),
        }

    def _row(self, dimension: str, name: str, kind: str, servers: int, months: Mapping[str, Floats]) -> ShowbackRow:
        by_year = pl.DataFrame({"year": self.years, **months}).group_by("year", maintain_order=True).sum()
        return ShowbackRow(
            dimension=dimension,
            name=name,
            kind=kind,
            servers=servers,
            years=tuple(by_year["year"].to_list()),
            **{series: tuple((by_year[series].round(2) + 0.0).to_list()) for series in SERIES},
        )
