"""What a server costs where it stands, part by part: a quantity of it, and the rate of the request.

The template has one part for each account that the books of a data center have. Each rate is a key of ``[costs]``. Where
the books say what a part costs in a year (``costs.<part>_usd_year``), that figure is spread over the servers by the same
quantity instead, so that all of them together cost what the books say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from migrate.spec import SourceCosts

__all__ = ["BY_VCPU", "SourcePart", "add_source_cost", "rate_of", "source_parts", "source_quantities"]

_MONTHS = 12.0


@dataclass(frozen=True)
class SourcePart:
    """One part of the template. `rate` and `times` are keys of ``[costs]``, multiplied with each other."""

    key: str
    label: str
    category: str
    unit: str  # of the quantity of one server in one month
    rate: str
    times: tuple[str, ...] = ()

    @property
    def books(self) -> str:
        """The key of ``[costs]`` with the books' figure."""
        return f"{self.key}_usd_year"


_VCPU, _SERVER, _GIB = "vCPU-months", "server-months", "GiB-months"

#: In place of the next five, where ``costs.vcpu_usd_month`` gives them in one figure.
_LUMP = SourcePart("vcpu", "All that is paid by vCPU", "maintenance", _VCPU, "vcpu_usd_month")

#: Parts that `costs.vcpu_usd_month` takes the place of.
BY_VCPU = (
    SourcePart("maintenance", "Maintenance and support", "maintenance", _VCPU, "maintenance_usd_vcpu_month"),
    SourcePart("virtualisation", "Virtualisation licences", "licences", _VCPU, "virtualisation_usd_vcpu_month"),
    SourcePart(
        "power", "Power and cooling", "energy", "thousand vCPU-hours", "power_usd_kwh", ("power_w_vcpu", "power_usage_factor")
    ),
    SourcePart("space", "Space", "space", _VCPU, "space_usd_vcpu_month"),
    SourcePart("network", "Network", "network", _SERVER, "network_usd_server_month"),
)

_REST = (
    SourcePart("memory", "Memory", "maintenance", _GIB, "memory_usd_gib_month"),
    SourcePart("storage", "Storage", "storage", _GIB, "storage_usd_gib_month"),
    SourcePart("backup", "Backup", "storage", _GIB, "backup_usd_gib_month"),
    SourcePart("windows", "Windows Server licences", "licences", "Windows-server-months", "windows_usd_month"),
    SourcePart("operations", "Operations", "people", _SERVER, "operations_usd_month"),
)


def source_parts(costs: SourceCosts) -> tuple[SourcePart, ...]:
    """The parts that the request counts with."""
    return (*(BY_VCPU if costs.vcpu_usd_month is None else (_LUMP,)), *_REST)


def source_quantities(facts: pl.DataFrame) -> pl.DataFrame:
    """The quantity of every part for one server and month; null where it is not known.

    A server that is switched off uses its storage only. Nothing is known of a mainframe, whose rates are others, and of a
    server of which neither vCPUs nor memory nor disks are known.

    Parameters
    ----------
    facts
        Columns vcpu, memory_gib, disk_gib, disk_used_gib, os_family, kind and off.

    Returns
    -------
    One column for each part, and ``stated``: whether anything is known.
    """
    running = pl.when(~pl.col("off"))
    vcpu, one = running.then(pl.col("vcpu")), running.then(pl.lit(1.0))
    windows = pl.col("os_family").cast(pl.String).eq_missing("windows")
    mainframe = pl.col("kind").cast(pl.String).eq_missing("mainframe")
    stated = pl.any_horizontal(pl.col("vcpu", "memory_gib", "disk_gib").is_not_null()) & ~mainframe
    columns = {
        "vcpu": vcpu,
        "maintenance": vcpu,
        "virtualisation": vcpu,
        "power": vcpu * 0.73,  # thousand hours a month
        "space": vcpu,
        "network": one,
        "memory": running.then(pl.col("memory_gib")),
        "storage": pl.col("disk_gib"),
        "backup": running.then(pl.coalesce("disk_used_gib", "disk_gib")),
        "windows": running.then(windows.cast(pl.Float64)),
        "operations": one,
    }
    return facts.select(stated=stated, **{key: pl.when(stated).then(column) for key, column in columns.items()})


def rate_of(part: SourcePart, total: float, costs: SourceCosts) -> float:
    """USD for one unit of a part.

    Parameters
    ----------
    part
        The part.
    total
        Its quantity of all servers in one month. The books' figure, where given, is shared out by it.
    costs
        The rates.
    """
    books: float | None = getattr(costs, part.books, None)
    if books is not None:
        return books / (_MONTHS * total) if total > 0 else 0.0
    rate: float = getattr(costs, part.rate)
    for key in part.times:
        rate *= getattr(costs, key)
    return rate


def add_source_cost(facts: pl.DataFrame, costs: SourceCosts) -> pl.DataFrame:
    """Add source_cost_usd_month: the sum of the parts whose quantity is known; null when none is, and for mainframes."""
    quantities = source_quantities(facts)
    totals: Mapping[str, float] = quantities.drop("stated").sum().row(0, named=True)
    parts = [pl.col(part.key) * rate_of(part, totals[part.key], costs) for part in source_parts(costs)]
    cost = quantities.select(source_cost_usd_month=pl.when("stated").then(pl.sum_horizontal(parts)))
    return facts.with_columns(cost["source_cost_usd_month"])
