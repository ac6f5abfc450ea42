"""Windows servers with licences brought along: on how many dedicated hosts of which family they fit.

Microsoft lets licences of Windows Server be used on hosts that are dedicated to their owner only, and counts the physical
cores of a host, not the vCPUs of its instances (Product Terms, "Outsourcing software management"; AWS, "Microsoft licensing
on AWS"). So of each family: the smallest size that meets a server's need, packed on as few hosts as it goes.
"""

from __future__ import annotations

from collections import Counter

import polars as pl

from migrate.model.plan import DedicatedHosts
from migrate.targets.fitting import fit, gathered
from migrate.targets.instances import load_instances
from migrate.targets.packing import least_hosts, pack
from migrate.targets.prices import PriceBook
from migrate.targets.size import X86_64
from migrate.units import HOURS_PER_MONTH

__all__ = ["HOST_SOCKETS", "dedicated_hosts"]

#: Processors of a host: AWS, "Amazon EC2 Dedicated Hosts pricing", host configurations. Cores, vCPUs and memory of a host are
#: those of the family's bare-metal size (DescribeInstanceTypes).
HOST_SOCKETS = dict.fromkeys(
    ("c5", "c6a", "c6i", "c7a", "c7i", "m5", "m6a", "m6i", "m7a", "m7i", "r5", "r6a", "r6i", "r7a", "r7i"), 2
)
_TOLD = 5  # families in each region


def dedicated_hosts(servers: pl.DataFrame, book: PriceBook) -> tuple[DedicatedHosts, ...]:
    """Of each region the cheapest families, or, where the book has no price of hosts, those with the fewest cores to license.

    Parameters
    ----------
    servers
        Those that get a target, with all columns of the stage: Windows servers that run and become no managed database are
        packed. The price of a host is the item ``dedicated_host_<family>_h`` of the book; without it, it is not known.
    """
    windows = pl.col("os_family").cast(pl.String).eq_missing("windows")
    some = servers.filter(windows & ~pl.col("off") & ~pl.col("managed") & pl.col("sized"))
    found: list[DedicatedHosts] = []
    for (region,), part in sorted(some.partition_by("region", as_dict=True).items(), key=str):
        each = [_packed(part, family, str(region), book) for family in sorted(HOST_SOCKETS)]
        rows = [row for row in each if row is not None]
        found += sorted(rows, key=_rank)[:_TOLD]
    return tuple(found)


def _rank(row: DedicatedHosts) -> tuple[int, bool, float, int, int, str]:
    """All placed first, then those with a price, cheapest first, then those with the fewest cores."""
    return row.unplaced, row.usd_month is None, row.usd_month or 0.0, row.cores, row.hosts, row.family


def _packed(servers: pl.DataFrame, family: str, region: str, book: PriceBook) -> DedicatedHosts | None:
    types = load_instances().types.filter(pl.col("instance_type").str.starts_with(f"{family}."))
    metal = types.filter("bare_metal").sort("vcpu").tail(1)
    kinds = types.filter(~pl.col("bare_metal")).sort("vcpu", "memory_gib", "instance_type")
    if metal.is_empty() or kinds.is_empty():
        return None
    vcpu, memory, cores = metal.select("vcpu", "memory_gib", "cores").row(0)
    plain = servers.with_columns(allowed=pl.lit(X86_64, dtype=pl.UInt8))
    index = fit(plain, kinds.with_columns(features=pl.lit(X86_64, dtype=pl.UInt8)))
    counts = Counter(gathered(index).drop_nulls().to_list())
    sizes = [(row[0], row[1]) for row in kinds.select("vcpu", "memory_gib").iter_rows()]
    numbers = [counts.get(place, 0) for place in range(len(sizes))]
    hosts = sum(load.hosts for load in pack(sizes, numbers, (vcpu, memory)))
    if not hosts:
        return None
    placed = servers.filter(pl.Series(index >= 0))
    shared = _shared_usd_month(placed, region, book)
    usd_h = book.item(f"dedicated_host_{family}_h", region)
    return DedicatedHosts(
        family=family,
        region=region,
        servers=placed.height,
        unplaced=servers.height - placed.height,
        hosts=hosts,
        least_hosts=least_hosts(sizes, numbers, (vcpu, memory)),
        sockets=hosts * HOST_SOCKETS[family],
        cores=hosts * int(cores),
        vcpu_share=_share(sizes, numbers, 0, hosts * vcpu),
        memory_share=_share(sizes, numbers, 1, hosts * memory),
        host_usd_h=usd_h,
        usd_month=None if usd_h is None else usd_h * hosts * HOURS_PER_MONTH,
        shared_usd_month=shared,
        break_even_host_usd_h=shared / hosts / HOURS_PER_MONTH if shared > 0 else None,
    )


def _share(sizes: list[tuple[float, float]], counts: list[int], kind: int, whole: float) -> float:
    return min(1.0, sum(size[kind] * count for size, count in zip(sizes, counts, strict=True)) / whole)


def _shared_usd_month(servers: pl.DataFrame, region: str, book: PriceBook) -> float:
    """Compute of the planned types, and the Windows licence by their vCPUs: what dedicated hosts are to be compared with."""
    licence = book.item("windows_vcpu_h", region)
    usd_h = pl.col("usd_h") + pl.col("instance_vcpu") * (licence if licence is not None else 0.0)
    return float(servers.select((usd_h * HOURS_PER_MONTH).sum()).item() or 0.0)
