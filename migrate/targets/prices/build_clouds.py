"""Make the books of other clouds from condensed price lists: ``python -m migrate.targets.prices.build_clouds --azure FILE …``.

The lists are CSV files, one type in a row, prices in USD an hour, zero or empty where there is none:

=================  =====================================================================================================
``--azure``        region, size, linux_usd_h, windows_usd_h, linux_reserved_1y_usd_h, linux_reserved_3y_usd_h
``--google``       region, machine_type, on_demand_usd_h, committed_1y_usd_h, committed_3y_usd_h
``--google-disk``  region, disk, usd_gb_month
=================  =====================================================================================================

Terms are named as those of AWS that they are compared with: a reservation or a commitment of one year is ``reserved_1y``.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from migrate.files import write_text
from migrate.targets.prices.book import FORMAT, Hourly, Items, PriceBook, Source, Transfer
from migrate.targets.prices.build import book_text
from migrate.targets.prices.cloud_figures import AZURE_NAMES, AZURE_SOURCES, GOOGLE_NAMES, GOOGLE_SOURCES, cloud_sizes
from migrate.targets.prices.proportional import Prices, Proportional, fit

__all__ = ["azure_book", "google_book", "main"]

_AZURE_TERMS = {
    "on_demand": "linux_usd_h",
    "reserved_1y": "linux_reserved_1y_usd_h",
    "reserved_3y": "linux_reserved_3y_usd_h",
}
_GOOGLE_TERMS = {"on_demand": "on_demand_usd_h", "reserved_1y": "committed_1y_usd_h", "reserved_3y": "committed_3y_usd_h"}
_DISKS = {"balanced": "balanced_disk_gib_month", "ssd": "ssd_disk_gib_month", "snapshot": "disk_snapshot_gib_month"}


def azure_book(rows: pl.DataFrame) -> PriceBook:
    """The book of Azure. Its Windows licence is Windows less Linux by vCPU; ValueError where types disagree on it."""
    windows: dict[str, dict[str, float]] = {}
    for region, size, linux, licensed in rows.select("region", "size", "linux_usd_h", "windows_usd_h").iter_rows():
        sizes = cloud_sizes(size)
        if sizes is not None and linux and licensed:
            windows.setdefault(region, {})[size] = round((licensed - linux) / sizes[0], 6)
    prices = {usd for by_size in windows.values() for usd in by_size.values()}
    if len(prices) != 1:
        raise ValueError(f"the Windows licence has the prices {sorted(prices)} a vCPU-hour: one was expected")
    items = Items(source="vm", usd={"windows_vcpu_h": {"*": prices.pop()}})
    return _book("azure", AZURE_SOURCES, "vm", _table(rows, "size", _AZURE_TERMS, AZURE_NAMES), (items,))


def google_book(rows: pl.DataFrame, disks: pl.DataFrame) -> PriceBook:
    """The book of Google. What Windows costs there is not in the lists, so it is not in the book."""
    usd: dict[str, dict[str, float]] = {}
    for region, disk, price in disks.select("region", "disk", "usd_gb_month").sort("region", "disk").iter_rows():
        if disk in _DISKS and price:
            usd.setdefault(_DISKS[disk], {})[region] = price
    table = _table(rows, "machine_type", _GOOGLE_TERMS, GOOGLE_NAMES)
    return _book("google", GOOGLE_SOURCES, "compute", table, (Items(source="disk", usd=dict(sorted(usd.items()))),))


def _book(
    provider: str, sources: Mapping[str, Mapping[str, object]], source: str, table: Proportional, items: tuple[Items, ...]
) -> PriceBook:
    described = {name: Source.model_validate(dict(fields)) for name, fields in sources.items()}
    return PriceBook(
        format=FORMAT,
        provider=provider,
        name="list prices",
        date=described[source].date,
        currency="USD",
        sources=described,
        hourly=(Hourly(service="compute", attributes={"os": "linux"}, source=source, table=table),),
        items=items,
        transfer=Transfer(source=source, internet={}, inter_region={}),
    )


def _table(rows: pl.DataFrame, name: str, terms: Mapping[str, str], names: Mapping[str, str]) -> Proportional:
    """Rates by vCPU, or, where memory explains the prices better, by GiB; types outside the subset are left out."""
    prices: dict[tuple[str, str, str], float] = {}
    units: dict[str, tuple[float, ...]] = {}
    for family, pattern in names.items():
        head, tail = pattern.split("{}")
        for row in rows.iter_rows(named=True):
            kind = str(row[name])
            size = kind.removeprefix(head).removesuffix(tail)
            sizes = cloud_sizes(kind)
            if kind != f"{head}{size}{tail}" or sizes is None:
                continue
            units[f"{family}.{size}"] = sizes
            prices |= {
                (str(row["region"]), f"{family}.{size}", term): row[column] for term, column in terms.items() if row[column]
            }
    fitted: Prices = prices
    table = fit(fitted, units)
    return table.model_copy(update={"names": {family: names[family] for family in table.units}})


def main(arguments: Sequence[str] | None = None) -> tuple[Path, ...]:
    """Read the command line, build, write ``azure.json`` and ``google.json``; gives the paths written."""
    parser = argparse.ArgumentParser(
        prog="python -m migrate.targets.prices.build_clouds",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for option in ("azure", "google", "google-disk"):
        parser.add_argument(f"--{option}", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True, help="folder of the books")
    options = parser.parse_args(arguments)
    books = (azure_book(pl.read_csv(options.azure)), google_book(pl.read_csv(options.google), pl.read_csv(options.google_disk)))
    paths = tuple(options.out / f"{book.provider}.json" for book in books)
    for book, path in zip(books, paths, strict=True):
        write_text(path, book_text(book))
    return paths


if __name__ == "__main__":
    main()
