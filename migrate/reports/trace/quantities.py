"""The quantity of a cost line in a month, by application and by server: what each brings, and for how much of the month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from migrate.finance.axis import NEVER, Days, Floats
from migrate.finance.extra_capacity import extra_of_line
from migrate.model.plan import CostLine, PlannedServer
from migrate.reports.trace.ledger import Ledger
from migrate.reports.trace.node import Node, apart
from migrate.reports.trace.servers import part_node, resource_node

__all__ = ["Spread", "quantity_inputs", "spread_of"]


@dataclass(frozen=True)
class Spread:
    """A quantity a month by server, from a day to a day; or, where `lump`, the whole of it on the first of the two."""

    each: Floats
    begin: Days
    end: Days
    lump: bool = False

    def in_month(self, edges: Days, k: int) -> Floats:
        """What each server brings in month k."""
        first, last = edges[k], edges[k + 1]
        if self.lump:
            day = np.clip(self.begin, 0, None)
            return np.where((day >= first) & (day < last), self.each, 0.0)
        days = np.clip(np.minimum(self.end, last) - np.maximum(self.begin, first), 0, None)
        share: Floats = self.each * days / (last - first)
        return share


def spread_of(ledger: Ledger, line: CostLine) -> Spread | None:
    """How the quantity of a line follows from servers; None where it does not."""
    fates, prefix, _, name = ledger.fates, *line.key.partition(".")
    start, never = np.zeros_like(fates.leave), np.full_like(fates.leave, NEVER)
    if prefix in ("source", "stay"):
        return _at_the_source(ledger, line, name)
    if prefix in ("target", "double"):
        until = never if prefix == "target" else fates.leave
        if name == "operations":
            return Spread(fates.operated.astype(float), fates.cutover, until)
        return Spread(fates.bill[name], fates.replication, until) if name in fates.bill else None
    ones = np.ones(fates.leave.size)
    by_key = {
        "one-off.decommission": Spread(np.where(fates.leave < NEVER, ones, 0.0), fates.leave, never, lump=True),
        "one-off.migration-partner-servers": Spread(np.where(fates.moves, ones, 0.0), fates.cutover, never, lump=True),
        "refresh.hardware": None if ledger.spec.costs.refresh_next else Spread(fates.refreshed / 12.0, start, never),
    }
    return by_key.get(line.key)


def _at_the_source(ledger: Ledger, line: CostLine, name: str) -> Spread | None:
    fates, start = ledger.fates, np.zeros_like(ledger.fates.leave)
    use = fates.other_usd if name == "other" else fates.uses.get(name)
    if use is None:
        return None
    books = line.rate_key.endswith("_usd_year") and fates.today.get(name, 0.0) > 0
    scale = 1.0 / (12.0 * fates.today[name]) if books else 1.0
    return Spread(use * scale, start, fates.leave if line.side == "moving" else np.full_like(fates.leave, NEVER))


def quantity_inputs(ledger: Ledger, line: CostLine, k: int) -> Sequence[Node]:
    """The applications behind a quantity, or the waves behind labour; none where it follows from dates alone."""
    if line.key.startswith("one-off.labour."):
        return _labour(ledger, line, k)
    if extra := extra_of_line(ledger.plan.waves, line.key):
        return [
            Node("", f"wave {wave.wave}", item.amount, line.unit, f"cut over on {wave.date}", item.rule, "+")
            for wave, item in extra
            if ledger.axis.edges[k] <= max(ledger.axis.day(wave.date), 0) < ledger.axis.edges[k + 1]
        ]
    spread = spread_of(ledger, line)
    if spread is None:
        return ()
    amounts = spread.in_month(ledger.axis.edges, k)
    by_application: dict[str, list[int]] = {}
    for at in np.flatnonzero(amounts):
        by_application.setdefault(ledger.plan.servers[at].application or "", []).append(int(at))
    return [_application(ledger, line, k, name, places, amounts) for name, places in by_application.items()]


def _application(ledger: Ledger, line: CostLine, k: int, name: str, places: list[int], amounts: Floats) -> Node:
    servers = ledger.plan.servers
    return Node(
        "",
        name or "without an application",
        float(amounts[places].sum()),
        line.unit,
        f"Σ of {len(places):,} of its servers",
        ledger.applications[name].source if name in ledger.applications else "",
        "+",
        lambda: [_server(ledger, line, servers[at], float(amounts[at])) for at in places],
    )


def _server(ledger: Ledger, line: CostLine, server: PlannedServer, amount: float) -> Node:
    prefix, _, name = line.key.partition(".")
    wave = ledger.waves.get(str(server.wave)) if server.wave is not None else None
    when = (
        f"wave {server.wave}: replicated from {wave.replication_start}, cut over {wave.date}, off on {wave.decommission_date}"
        if wave
        else "stays, or leaves without a wave"
    )

    def inputs() -> list[Node]:
        if prefix in ("target", "double") and name not in ("operations", "other"):
            return [apart(resource_node(ledger, server, name)), ledger.row_of(server)]
        if prefix in ("source", "stay") and name != "other":
            return [apart(part_node(ledger, server, name)), ledger.row_of(server)]
        return [ledger.row_of(server)]

    return Node("", server.name, amount, line.unit, f"by the day; {when}", server.source, "+", inputs)


def _labour(ledger: Ledger, line: CostLine, k: int) -> list[Node]:
    disposition, _, skill = line.key.removeprefix("one-off.labour.").partition(".")
    first, last = ledger.axis.edges[k], ledger.axis.edges[k + 1]
    nodes = []
    for wave in ledger.plan.waves:
        if not first <= max(ledger.axis.day(wave.date), 0) < last:
            continue
        for application in (ledger.applications[name] for name in wave.applications if name in ledger.applications):
            name, hours = application.application, application.crew_h.get(skill, 0.0)
            weights = ledger.labour.get((name, skill)) or {application.disposition or "other": 1.0}
            if not hours or disposition not in weights:
                continue
            share = weights[disposition] / sum(weights.values())
            formula = (
                f"{hours:g} h × {share:.3g}, the share of its servers with this disposition; wave {wave.wave} on {wave.date}"
            )
            nodes.append(Node("", name, hours * share, line.unit, formula, application.source, "+"))
    return nodes
