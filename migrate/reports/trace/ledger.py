"""A plan with what a trace looks up: records by name, days of servers, prices."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

import polars as pl

from migrate.finance.axis import Axis, build_axis
from migrate.finance.fates import Fates, read_fates
from migrate.finance.labour import labour_shares
from migrate.model.plan import Assumption, CostLine, Month, OfferedRate, Plan, PlannedApplication, PlannedServer, PlannedWave
from migrate.reports.plan_prices import plan_prices
from migrate.reports.trace.node import Node
from migrate.targets.prices import PriceBook
from migrate.targets.source_cost import source_quantities

__all__ = ["Ledger"]


class Ledger:
    """Look-ups, each made when first needed."""

    def __init__(self, plan: Plan, prices: Path | None = None) -> None:
        self.plan, self.case, self.spec = plan, plan.business_case, plan.spec
        self._prices = prices

    @cached_property
    def book(self) -> PriceBook | None:
        """The price book, if it can still be had."""
        return plan_prices(self.plan, self._prices)

    @cached_property
    def axis(self) -> Axis:
        """Months of the case as days."""
        return build_axis(self.spec)

    @cached_property
    def fates(self) -> Fates:
        """What becomes of each server, in the order of the plan."""
        return read_fates(self.plan.servers, self.plan.applications, self.plan.waves, self.spec, self.axis)

    @cached_property
    def months(self) -> dict[str, tuple[int, Month]]:
        """Months by ``YYYY-MM`` with their place."""
        return {f"{month.month:%Y-%m}": (k, month) for k, month in enumerate(self.case.months)}

    @cached_property
    def years(self) -> list[int]:
        """Calendar years of the case."""
        return sorted({month.month.year for month in self.case.months})

    @cached_property
    def lines(self) -> dict[str, CostLine]:
        """Cost lines by key."""
        return {line.key: line for line in self.case.lines}

    @cached_property
    def assumptions(self) -> dict[str, Assumption]:
        """Assumptions by key."""
        return {assumption.key: assumption for assumption in self.case.assumptions}

    @cached_property
    def servers(self) -> dict[str, int]:
        """Place of a server by its id, and by its name where only one has it."""
        places = {server.server_id: at for at, server in enumerate(self.plan.servers)}
        names: dict[str, list[int]] = {}
        for at, server in enumerate(self.plan.servers):
            names.setdefault(server.name, []).append(at)
        return {name: at[0] for name, at in names.items() if len(at) == 1} | places

    @cached_property
    def applications(self) -> dict[str, PlannedApplication]:
        """Applications by name."""
        return {application.application: application for application in self.plan.applications}

    @cached_property
    def members(self) -> dict[str, list[PlannedServer]]:
        """Servers by application."""
        found: dict[str, list[PlannedServer]] = {}
        for server in self.plan.servers:
            found.setdefault(server.application or "", []).append(server)
        return found

    @cached_property
    def waves(self) -> dict[str, PlannedWave]:
        """Waves by number."""
        return {str(wave.wave): wave for wave in self.plan.waves}

    @cached_property
    def rates(self) -> dict[tuple[str, str], list[OfferedRate]]:
        """Hourly prices by region and target, as a server names its target; that of the plan's term first."""
        found: dict[tuple[str, str], list[OfferedRate]] = {}
        for rate in sorted(self.plan.rates, key=lambda rate: (rate.term != self.spec.target.term, rate.term)):
            target = rate.item if rate.service == "ec2" else f"rds:{rate.item} ({rate.engine}, {rate.deployment})"
            found.setdefault((rate.region, target), []).append(rate)
        return found

    @cached_property
    def labour(self) -> dict[tuple[str, str], dict[str, float]]:
        """By application and skill the weight that the servers of each disposition have in its crew hours."""
        return labour_shares(self.plan.servers, self.spec.effort)

    @cached_property
    def quantities(self) -> pl.DataFrame:
        """What each server uses a month of every part of the source's template."""
        servers = self.plan.servers
        columns = {
            name: pl.Series([getattr(server, name) for server in servers], dtype=dtype)
            for name, dtype in (
                ("vcpu", pl.Float64),
                ("memory_gib", pl.Float64),
                ("disk_gib", pl.Float64),
                ("disk_used_gib", pl.Float64),
                ("os_family", pl.String),
                ("kind", pl.String),
            )
        }
        off = pl.Series([server.power in ("off", "suspended") for server in servers], dtype=pl.Boolean)
        return source_quantities(pl.DataFrame({**columns, "off": off}))

    def key_of(self, server: PlannedServer) -> str:
        """What a server is called in figures: its name where only it has it, else its id."""
        at = self.servers.get(server.name)
        return server.name if at is not None and self.plan.servers[at].server_id == server.server_id else server.server_id

    def assumption(self, key: str, value: float | str | None = None) -> Node:
        """An assumption as an input; `value` as it is used, where that is another form than it is stated in."""
        told = self.assumptions.get(key)
        if told is None:
            return Node(f"assumption.{key}", key, value, unit="", source="the plan")
        try:
            stated: float | str = float(told.value)
        except ValueError:
            stated = told.value
        return Node(f"assumption.{key}", key, stated, unit=told.unit, source=told.source)

    def row_of(self, server: PlannedServer) -> Node:
        """The row of an inventory that a server comes from, with the digest of its file."""
        file = server.source.partition("!")[0].partition(":")[0]
        digest = next((f"sha256 {each.sha256}" for each in self.plan.inputs if each.file == file), "")
        return Node("", "Row of the inventory", server.source, unit="", source=digest)
