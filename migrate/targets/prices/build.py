"""Make a price book from condensed price lists: ``python -m migrate.targets.prices.build --ec2 FILE …``.

The lists are CSV files, one price in a row, zero or empty where there is none:

==============  ========================================================================================================
``--ec2``       region, instance_type, on_demand_usd_h, ri_standard_1y_no_upfront_usd_h, ri_standard_3y_no_upfront_usd_h
``--rds``       region, engine, deployment, instance_class, on_demand_usd_h, ri_1y_no_upfront_usd_h
``--ebs``       region, item, usd (the items' names as AWS's price pages have them)
``--transfer``  region, item, usd_gb (likewise)
==============  ========================================================================================================
"""

from __future__ import annotations

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Sequence
from itertools import product
from pathlib import Path

import polars as pl

from migrate.files import write_text
from migrate.targets.instances import load_instances
from migrate.targets.prices.book import FORMAT, Hourly, Items, PriceBook, Source, Tier, Transfer
from migrate.targets.prices.figures import DATABASE_STORAGE, DIRECT_CONNECT, SOURCES, WINDOWS
from migrate.targets.prices.proportional import Prices, fit

__all__ = ["book_text", "build_book", "main", "type_units"]

_EC2_TERMS = {
    "on_demand": "on_demand_usd_h",
    "reserved_1y": "ri_standard_1y_no_upfront_usd_h",
    "reserved_3y": "ri_standard_3y_no_upfront_usd_h",
}
_RDS_TERMS = {"on_demand": "on_demand_usd_h", "reserved_1y": "ri_1y_no_upfront_usd_h"}
_MIB_S_PER_GIB_S = 1024.0
_EBS_ITEMS = {  # name in the list -> (name in the book, divisor)
    "Storage General Purpose gp3 GB Mo": ("gp3_gib_month", 1.0),
    "Provisioned EBS IOPS gp3 Volumes per IOPS Mo": ("gp3_iops_month", 1.0),
    "Provisioned Throughput gp3 per GiBps mo": ("gp3_mib_s_month", _MIB_S_PER_GIB_S),
    "Storage Snapshot Amazon S3 GB Mo": ("snapshot_gib_month", 1.0),
}
#: AWS counts 1 TB of traffic as 1,024 GB. The tiers follow each other: 10 + 40 + 100.
_TIERS = {"first 10TB": 10_240.0, "next 40TB": 51_200.0, "next 100TB": 153_600.0, "over 150TB": None}


def build_book(ec2: pl.DataFrame, rds: pl.DataFrame, ebs: pl.DataFrame, transfer: pl.DataFrame) -> PriceBook:
    """Condense the four lists, and add the figures of `migrate.targets.prices.figures`."""
    units = type_units()
    hourly = [
        Hourly(
            service="compute",
            attributes={"os": "linux"},
            source="ec2",
            table=fit(_prices(ec2, "instance_type", _EC2_TERMS), units),
        )
    ]
    engines = sorted(set(rds["engine"].to_list()))
    deployments = sorted(set(rds["deployment"].to_list()))
    for engine, deployment in product(engines, deployments):
        part = rds.filter((pl.col("engine") == engine) & (pl.col("deployment") == deployment))
        table = fit(_prices(part, "instance_class", _RDS_TERMS), {f"db.{name}": unit for name, unit in units.items()})
        hourly.append(
            Hourly(service="database", attributes={"engine": engine, "deployment": deployment}, source="rds", table=table)
        )
    regions = set(ec2["region"].to_list())
    return PriceBook(
        format=FORMAT,
        provider="aws",
        name="list prices",
        date=Source.model_validate(SOURCES["ec2"]).date,
        currency="USD",
        sources={name: Source.model_validate(source) for name, source in SOURCES.items()},
        hourly=tuple(hourly),
        items=(_ebs(ebs), WINDOWS, DATABASE_STORAGE, DIRECT_CONNECT),
        transfer=_transfer(transfer.filter(pl.col("region").is_in(sorted(regions)))),
    )


def type_units() -> dict[str, tuple[float, ...]]:
    """What the price of an instance type may be proportional to: its vCPUs, its memory in GiB."""
    types = load_instances().types
    return {name: (float(vcpu), memory) for name, vcpu, memory in types.select("instance_type", "vcpu", "memory_gib").iter_rows()}


def _prices(rows: pl.DataFrame, name: str, terms: dict[str, str]) -> Prices:
    """The published prices: empty and 0 are missing."""
    long = rows.select("region", name, **{term: pl.col(column) for term, column in terms.items()})
    long = long.unpivot(index=["region", name], on=list(terms), variable_name="term", value_name="usd_h")
    return {(region, kind, term): usd for region, kind, term, usd in long.filter(pl.col("usd_h") > 0).iter_rows()}


def _ebs(rows: pl.DataFrame) -> Items:
    usd: dict[str, dict[str, float]] = defaultdict(dict)
    for region, item, price in rows.select("region", "item", "usd").sort("region", "item").iter_rows():
        if item in _EBS_ITEMS and price > 0:
            name, divisor = _EBS_ITEMS[item]
            usd[name][region] = round(price / divisor, 8)
    return Items(source="ebs", usd=dict(usd))


def _transfer(rows: pl.DataFrame) -> Transfer:
    internet: dict[str, dict[str, float]] = defaultdict(dict)
    inter_region: dict[str, float] = {}
    for region, item, price in rows.select("region", "item", "usd_gb").sort("region", "item").iter_rows():
        tier = re.search(r"to Internet \((.*)\)", item)
        if tier and tier[1] in _TIERS and price > 0:
            internet[region][tier[1]] = price
        elif item == "Outbound data transfer to other regions" and price > 0:
            inter_region[region] = price
    tiers = {
        region: tuple(Tier(up_to_gb=top, usd_gb=prices[name]) for name, top in _TIERS.items() if name in prices)
        for region, prices in sorted(internet.items())
    }
    return Transfer(source="transfer", internet=tiers, inter_region=inter_region)


def book_text(book: PriceBook) -> str:
    """The book as JSON, a line for each family or item, so that two books can be compared by eye."""
    text = json.dumps(book.model_dump(mode="json", exclude={"digest", "place"}), ensure_ascii=False, separators=(",", ":"))
    return re.sub(r"(\}\}?,|\[|\{)(?=\"[a-z0-9_.-]+\":\{)", r"\1\n", text) + "\n"


def main(arguments: Sequence[str] | None = None) -> Path:
    """Read the command line, build, write; gives the path written."""
    parser = argparse.ArgumentParser(prog="python -m migrate.targets.prices.build", description=__doc__)
    for option in ("ec2", "rds", "ebs", "transfer"):
        parser.add_argument(f"--{option}", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="price book to write")
    options = parser.parse_args(arguments)
    lists = [pl.read_csv(path) for path in (options.ec2, options.rds, options.ebs, options.transfer)]
    return write_text(options.out, book_text(build_book(*lists)))


if __name__ == "__main__":
    main()
