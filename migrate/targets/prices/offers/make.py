"""A price book from AWS Price List files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from migrate.errors import InputError
from migrate.targets.prices.book import FORMAT, Hourly, Items, PriceBook, Source, Tier, Transfer
from migrate.targets.prices.build import type_units
from migrate.targets.prices.offers.offer import FIELDS, Offer
from migrate.targets.prices.offers.savings import SavingsRates
from migrate.targets.prices.offers.select import (
    pick_hours,
    pick_internet,
    pick_items,
    pick_regions_apart,
    pick_savings,
    pick_windows,
)
from migrate.targets.prices.proportional import fit

__all__ = ["Made", "make_book"]

_URL = "https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/{code}/index.json"
_TRAFFIC = "AWSDataTransfer"
_SAVINGS = "SavingsPlans"
_DATABASE = pl.col("productfamily").str.starts_with("Database") | pl.col("usagetype").fill_null("").str.contains("RDS:")
#: What is taken of each list: others list what is not theirs, such as traffic.
_OWN = {
    "AmazonEC2": ~_DATABASE,
    "AmazonRDS": _DATABASE,
    _TRAFFIC: pl.col("productfamily") == "Data Transfer",
}
_NOTES = {
    "AmazonEC2": "Linux and Windows, shared tenancy; standard reservations without upfront payment. The Windows licence a "
    "vCPU is what most types with fixed performance cost more than under Linux.",
    "AmazonRDS": "MySQL and PostgreSQL; reservations without upfront payment.",
    _TRAFFIC: "To other regions: the price of most of them, of equals the higher.",
}


@dataclass(frozen=True)
class Made:
    """A book made from price lists, and what was left out of it and why."""

    book: PriceBook
    notes: tuple[str, ...]


def make_book(offers: Iterable[Offer], regions: Sequence[str] = (), savings: SavingsRates | None = None) -> Made:
    """Make a book from price list files.

    Parameters
    ----------
    offers
        The files; each is used and let go before the next is asked for, apart from the rows that a book can use.
    regions
        Regions to keep; empty: every region that the files have.
    savings
        Rates of Savings Plans to add; None: the book has none.

    Raises
    ------
    InputError
        The files have no price of an instance in any region, or none in one of `regions`.
    """
    sources, rows = _gather(offers, regions)
    hours, notes = pick_hours(rows)
    _check(hours, regions, sources)
    plans: tuple[Hourly, ...] = ()
    if savings is not None:
        sources[_SAVINGS] = _savings_source(savings)
        rates, without = pick_savings(savings.rows)
        plans = _hourly(rates, _SAVINGS)
        notes += without if plans else ["AWS told no rate of Savings Plans"]
    items, more = pick_items(rows)
    windows, odd = pick_windows(rows, hours)
    internet, doubtful = pick_internet(rows)
    apart = pick_regions_apart(rows)
    items = pl.concat([items, windows.select(pl.lit("windows_vcpu_h").alias("item"), "region", "usd")])
    ec2, rds = _items(items.filter(~_database()), "AmazonEC2"), _items(items.filter(_database()), "AmazonRDS")
    book = PriceBook(
        format=FORMAT,
        provider="aws",
        name="price list",
        date=sources["AmazonEC2"].date,
        currency="USD",
        sources=sources,
        hourly=(*_hourly(hours), *plans),
        items=tuple(part for part in (ec2, rds) if part.usd),
        transfer=Transfer(
            source=_TRAFFIC if _TRAFFIC in sources else "AmazonEC2",
            internet=_tiers(internet),
            inter_region=dict(apart.select("region", "usd").iter_rows()),
        ),
    )
    return Made(book, tuple(notes + more + odd + doubtful))


def _gather(offers: Iterable[Offer], regions: Sequence[str]) -> tuple[dict[str, Source], pl.DataFrame]:
    """The newest version of each service in each region: the files' sources, and their rows."""
    frames, dates = [], {}
    for offer in offers:
        at = pl.coalesce("fromregioncode", "regioncode")
        kept = offer.rows.filter(at.is_in(list(regions))) if regions else offer.rows
        frames.append(kept.filter(_OWN[offer.code]).with_columns(code=pl.lit(offer.code), version=pl.lit(offer.version)))
        dates[offer.code, offer.version] = offer.published
    rows = pl.concat([pl.DataFrame(schema=dict.fromkeys((*FIELDS, "code", "version"), pl.String)), *frames])
    newest = rows.group_by("code", "regioncode").agg(pl.col("version").max())
    rows = rows.join(newest, on=["code", "regioncode", "version"], how="semi", nulls_equal=True)
    if rows.filter(code=_TRAFFIC).height:  # the list of its own, rather than the copy that the one of EC2 had
        rows = rows.filter((pl.col("code") == _TRAFFIC) | (pl.col("productfamily") != "Data Transfer"))
    sources = {}
    for code, used in sorted(rows.group_by("code").agg(pl.col("version").unique().sort()).iter_rows()):
        sources[code] = Source(
            title=f"AWS Price List, {code}",
            url=_URL.format(code=code),
            date=min(dates[code, version] for version in used),
            note=f"Version {', '.join(used)}. {_NOTES[code]}",
        )
    return sources, rows


def _check(hours: pl.DataFrame, regions: Sequence[str], sources: dict[str, Source]) -> None:
    priced = set(hours.filter(pl.col("service") == "compute")["region"])
    lacking = sorted(set(regions) - priced) if regions else []
    if lacking or not priced or "AmazonEC2" not in sources:
        raise InputError(
            f"the price lists have no prices of instances in {', '.join(lacking) or 'any region'}",
            remedy=f"They have {', '.join(sorted(priced))}." if priced else "Add the price list file of AmazonEC2.",
        )


def _savings_source(savings: SavingsRates) -> Source:
    return Source(
        title="AWS, Compute Savings Plans without upfront payment",
        url="https://aws.amazon.com/savingsplans/compute-pricing/",
        date=savings.day,
        note="As DescribeSavingsPlansOfferingRates told them that day.",
    )


def _hourly(hours: pl.DataFrame, source: str = "") -> tuple[Hourly, ...]:
    units = type_units()
    names = units | {f"db.{name}": unit for name, unit in units.items()}
    parts = []
    kinds = hours.select("service", "os", "engine", "deployment").unique().sort(pl.all())
    for kind in kinds.iter_rows(named=True):
        attributes = {key: kind[key] for key in ("os", "engine", "deployment") if kind[key] is not None}
        rows = hours.join(pl.DataFrame([kind], schema=kinds.schema), on=kinds.columns, how="semi", nulls_equal=True)
        prices = {
            (region, name, term): usd for region, name, term, usd in rows.select("region", "type", "term", "usd").iter_rows()
        }
        listed = source or ("AmazonEC2" if kind["service"] == "compute" else "AmazonRDS")
        parts.append(Hourly(service=kind["service"], attributes=attributes, source=listed, table=fit(prices, names)))
    return tuple(parts)


def _database() -> pl.Expr:
    return pl.col("item").str.starts_with("database_")


def _items(rows: pl.DataFrame, source: str) -> Items:
    usd: dict[str, dict[str, float]] = {}
    for item, region, price in rows.sort("item", "region").iter_rows():
        usd.setdefault(item, {})[region] = price
    return Items(source=source, usd=usd)


def _tiers(rows: pl.DataFrame) -> dict[str, tuple[Tier, ...]]:
    tiers: dict[str, tuple[Tier, ...]] = {}
    for region, _, top, usd in rows.sort("region", "from_gb").iter_rows():
        tiers[region] = (*tiers.get(region, ()), Tier(up_to_gb=top, usd_gb=usd))
    return tiers
