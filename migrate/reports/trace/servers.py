"""What one server costs: by resource with its price, at the source by part with its rate, and the row that it comes from."""

from __future__ import annotations

from collections.abc import Sequence

from migrate.model.plan import PlannedServer
from migrate.reports.trace.ledger import Ledger
from migrate.reports.trace.node import Node
from migrate.targets.instances import load_instances
from migrate.targets.source_cost import rate_of, source_parts
from migrate.units import HOURS_PER_MONTH

__all__ = ["RESOURCES", "part_node", "resource_node", "server_cost", "server_source_cost"]

RESOURCES = ("compute", "licence", "storage", "backup", "transfer")

_NEAR = 0.005  # USD a month: less between a product and the plan's figure is rounding


def server_cost(ledger: Ledger, server: PlannedServer) -> Node:
    """What a server costs in the cloud a month, at list price."""
    known = [name for name in RESOURCES if getattr(server.cost, name) is not None]
    return Node(
        f"server.{ledger.key_of(server)}.cost",
        f"{server.name}, AWS a month at list price",
        server.cost_usd_month,
        "USD a month",
        "Σ of the known resources; unknown without compute",
        server.source,
        "+",
        lambda: [*(resource_node(ledger, server, name) for name in known), _target(server), ledger.row_of(server)],
    )


def _target(server: PlannedServer) -> Node:
    return Node("", "Target", server.target or "none", "", server.target_reason)


def resource_node(ledger: Ledger, server: PlannedServer, name: str) -> Node:
    """One resource of a server's bill, a month."""
    formula, inputs = _BY_RESOURCE.get(name, _plain)(ledger, server)
    figure = f"server.{ledger.key_of(server)}.{name}"
    value = getattr(server.cost, name)
    label = f"{server.name}, {name}"
    return Node(figure, label, value, "USD a month", formula, server.source, "+", lambda: (*inputs, ledger.row_of(server)))


def _compute(ledger: Ledger, server: PlannedServer) -> tuple[str, Sequence[Node]]:
    rates = ledger.rates.get((server.region or "", server.target or ""), [])
    if not rates:
        return "the plan keeps no hourly price of this target", (_target(server),)
    compute = server.cost.compute or 0.0  # a term that a service does not offer is replaced by another
    rate = next((each for each in rates if abs(each.usd_h * HOURS_PER_MONTH - compute) < _NEAR), rates[0])
    price = Node(
        "",
        f"{server.target} in {rate.region}, {rate.term.replace('_', ' ')}",
        rate.usd_h,
        "USD an hour",
        source=f"{ledger.plan.price_book}; {rate.source}, {rate.date}",
    )
    if server.cost.compute == 0.0:
        return "switched off: storage and backups alone are paid", (price, _target(server))
    return f"price × {HOURS_PER_MONTH:g} hours", (price, _target(server))


def _licence(ledger: Ledger, server: PlannedServer) -> tuple[str, Sequence[Node]]:
    if not server.cost.licence:
        return "no licence is charged by the hour", ()
    types = load_instances().types
    found = types.filter(types["instance_type"] == (server.target or ""))
    price = _item(ledger, server, "windows_vcpu_h", "Windows Server, licence included", "USD a vCPU-hour")
    vcpu = Node("", "vCPUs of the target", int(found["vcpu"].item()) if found.height == 1 else None, "vCPUs", server.target or "")
    return f"price × vCPUs of the target × {HOURS_PER_MONTH:g} hours", (price, vcpu)


def _storage(ledger: Ledger, server: PlannedServer) -> tuple[str, Sequence[Node]]:
    database = (server.target or "").startswith("rds:")
    multi = "multi-az" in (server.target or "")
    item = f"database_gib_month_{'multi' if multi else 'single'}_az" if database else "gp3_gib_month"
    price = _item(ledger, server, item, "Database storage" if database else "gp3 storage", "USD a GiB-month")
    gib = Node("", "Volumes", sum(server.volumes_gib), "GiB", " + ".join(f"{each:g}" for each in server.volumes_gib[:12]))
    formula = "volumes × price"
    if not database and isinstance(price.value, float) and server.cost.storage is not None:
        extra = server.cost.storage - sum(server.volumes_gib) * price.value
        if abs(extra) > _NEAR:
            speed = Node("", "Speed beyond what gp3 includes", round(extra, 2), "USD a month", "measured load with headroom")
            return "volumes × price + provisioned speed", (gib, price, speed)
    return formula, (gib, price)


def _backup(ledger: Ledger, server: PlannedServer) -> tuple[str, Sequence[Node]]:
    database = (server.target or "").startswith("rds:")
    item = "database_backup_gib_month" if database else "snapshot_gib_month"
    price = _item(ledger, server, item, "Backups of databases" if database else "Snapshots", "USD a GiB-month")
    used = server.disk_used_gib if server.disk_used_gib is not None else sum(server.volumes_gib)
    gib = Node("", "Used" if server.disk_used_gib is not None else "Allocated, for used is not known", used, "GiB")
    copies = ledger.assumption("target.backup_retained_copies", ledger.spec.target.backup_retained_copies)
    free = ", less what the database's own storage covers" if database else ""
    return f"GiB × copies kept × price{free}", (gib, copies, price)


def _plain(_: Ledger, server: PlannedServer) -> tuple[str, Sequence[Node]]:
    return "GB a month to the internet × the mean price of the region's tiers", ()


_BY_RESOURCE = {"compute": _compute, "licence": _licence, "storage": _storage, "backup": _backup}


def _item(ledger: Ledger, server: PlannedServer, item: str, label: str, unit: str) -> Node:
    region = server.region or ""
    price, source = None, f"{ledger.plan.price_book}: the book is not here, name it with --prices"
    if ledger.book is not None:
        price = ledger.book.item(item, region)
        part = next((part for part in ledger.book.items if item in part.usd), None)
        told = ledger.book.sources[part.source] if part else None
        source = f"{ledger.plan.price_book}; {told.title}, {told.date}, {told.url}" if told else "not in the price book"
    return Node("", f"{label} in {region}", price, unit, source=source)


def server_source_cost(ledger: Ledger, server: PlannedServer) -> Node:
    """What a server costs where it stands, a month."""
    return Node(
        f"server.{ledger.key_of(server)}.source_cost",
        f"{server.name}, at the source a month",
        server.source_cost_usd_month,
        "USD a month",
        "Σ of the parts of the template whose quantity is known",
        server.source,
        "+",
        lambda: [*_parts(ledger, server), ledger.row_of(server)],
    )


def _parts(ledger: Ledger, server: PlannedServer) -> list[Node]:
    """The parts, and what the plan says beyond them."""
    parts = [part_node(ledger, server, part.key) for part in source_parts(ledger.spec.costs)]
    found = [(part, part.value) for part in parts if isinstance(part.value, float) and part.value]
    other = (server.source_cost_usd_month or 0.0) - sum(value for _, value in found)
    stated = [Node("", "Stated otherwise", other, "USD a month", "what the plan says beyond the parts", role="+")]
    return [part for part, _ in found] + (stated if abs(other) > _NEAR else [])


def part_node(ledger: Ledger, server: PlannedServer, key: str) -> Node:
    """One part of a server's cost at the source, a month."""
    part = next(part for part in source_parts(ledger.spec.costs) if part.key == key)
    place = ledger.servers[server.server_id]
    quantity = ledger.quantities[key][place]
    rate = rate_of(part, ledger.fates.today[key], ledger.spec.costs)
    books = getattr(ledger.spec.costs, part.books, None) is not None
    keys = (part.books,) if books else (part.rate, *part.times)
    formula = "share of the books' yearly figure by quantity, ÷ 12" if books else " × ".join(["quantity", *keys])
    return Node(
        f"server.{ledger.key_of(server)}.source.{key}",
        f"{server.name}, {part.label.lower()}",
        None if quantity is None else float(quantity) * rate,
        "USD a month",
        formula,
        server.source,
        "+",
        lambda: [
            Node("", "Quantity", quantity, part.unit, source=server.source),
            *(ledger.assumption(f"costs.{name}", getattr(ledger.spec.costs, name)) for name in keys),
        ],
    )
