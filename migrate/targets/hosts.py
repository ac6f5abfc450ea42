"""Windows servers with licences brought along: on how many dedicated hosts of which family they fit.

Microsoft lets licences of Windows Server be used on hosts that are dedicated to their owner only, and counts the physical
cores of a host, not the vCPUs of its instances (Product Terms, "Outsourcing software management"; AWS, "Microsoft licensing
on AWS"). So of each family: the smallest size that meets a server's need, packed on as few hosts as it goes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray

from migrate.model.plan import DedicatedHosts
from migrate.targets.fitting import needs_of, offers_of
from migrate.targets.instances import load_instances
from migrate.targets.kernel import first_that_fits
from migrate.targets.packing import Size, least_hosts, pack
from migrate.targets.prices import PriceBook
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
        usd = _shared_usd_month(part, str(region), book)
        needs = needs_of(part)
        each = [_packed(needs, usd, family, str(region), book) for family in _families()]
        found += sorted((row for row in each if row is not None), key=_rank)[:_TOLD]
    return tuple(found)


@dataclass(frozen=True)
class _Family:
    """A family, its host, and its sizes, smallest first."""

    name: str
    host: Size
    cores: int
    sizes: tuple[Size, ...]
    offers: NDArray[np.float64]


@lru_cache(maxsize=1)
def _families() -> tuple[_Family, ...]:
    found = []
    for name in sorted(HOST_SOCKETS):
        types = load_instances().types.filter(pl.col("instance_type").str.starts_with(f"{name}."))
        kinds = types.filter(~pl.col("bare_metal")).sort("vcpu", "memory_gib", "instance_type")
        vcpu, memory, cores = types.filter("bare_metal").sort("vcpu").select("vcpu", "memory_gib", "cores").row(-1)
        sizes = tuple(kinds.select("vcpu", "memory_gib").iter_rows())
        found.append(_Family(name, (vcpu, memory), int(cores), sizes, offers_of(kinds)))
    return tuple(found)


def _rank(row: DedicatedHosts) -> tuple[int, bool, float, int, int, str]:
    """All placed first, then those with a price, cheapest first, then those with the fewest cores."""
    return row.unplaced, row.usd_month is None, row.usd_month or 0.0, row.cores, row.hosts, row.family


def _packed(
    needs: NDArray[np.float64], usd: NDArray[np.float64], family: _Family, region: str, book: PriceBook
) -> DedicatedHosts | None:
    """The servers on hosts of a family; `usd` is what each costs on shared hosts. None: none of them fits."""
    any_feature = np.zeros(len(needs), dtype=np.uint8), np.zeros(len(family.sizes), dtype=np.uint8)
    place = first_that_fits(needs, any_feature[0], family.offers, any_feature[1])
    counts = np.bincount(place[place >= 0], minlength=len(family.sizes)).tolist()
    hosts = sum(load.hosts for load in pack(family.sizes, counts, family.host))
    if not hosts:
        return None
    shared = float(usd[place >= 0].sum())
    usd_h = book.item(f"dedicated_host_{family.name}_h", region)
    return DedicatedHosts(
        family=family.name,
        region=region,
        servers=sum(counts),
        unplaced=len(needs) - sum(counts),
        hosts=hosts,
        least_hosts=least_hosts(family.sizes, counts, family.host),
        sockets=hosts * HOST_SOCKETS[family.name],
        cores=hosts * family.cores,
        vcpu_share=_share(family, counts, 0, hosts),
        memory_share=_share(family, counts, 1, hosts),
        host_usd_h=usd_h,
        usd_month=None if usd_h is None else usd_h * hosts * HOURS_PER_MONTH,
        shared_usd_month=shared,
        break_even_host_usd_h=shared / hosts / HOURS_PER_MONTH if shared > 0 else None,
    )


def _share(family: _Family, counts: list[int], kind: int, hosts: int) -> float:
    taken = sum(size[kind] * count for size, count in zip(family.sizes, counts, strict=True))
    return min(1.0, taken / (hosts * family.host[kind]))


def _shared_usd_month(servers: pl.DataFrame, region: str, book: PriceBook) -> NDArray[np.float64]:
    """Of each server compute of its type, and the Windows licence by its vCPUs; 0 where no type is known."""
    licence = book.item("windows_vcpu_h", region) or 0.0
    usd_h = pl.col("usd_h") + pl.col("instance_vcpu") * licence
    return servers.select((usd_h * HOURS_PER_MONTH).fill_null(0.0)).to_series().to_numpy()
