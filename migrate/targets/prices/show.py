"""What a price book says: its rates of one service, in one region or in all, and what it covers."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

import polars as pl

from migrate.errors import RequestError
from migrate.targets.prices.book import PriceBook
from migrate.targets.prices.rates import list_rates

__all__ = ["cover", "show_rates"]

_HOURLY = ("region", "instance_type")
_SAID = ("source", "date")
_COLUMNS = {
    "compute": (*_HOURLY, "os", "term", "usd_h", *_SAID),
    "ec2": (*_HOURLY, "os", "term", "usd_h", *_SAID),
    "rds": (*_HOURLY, "engine", "deployment", "term", "usd_h", *_SAID),
    "rds-storage": ("region", "item", "deployment", "unit", "usd", *_SAID),
    "transfer": ("region", "item", "from_gb", "to_gb", "unit", "usd", *_SAID),
}
_OTHERS = ("region", "item", "unit", "usd", *_SAID)
_ANYWHERE = "*"
_NEAREST = 3
_NAMED = 40


def cover(book: PriceBook) -> pl.DataFrame:
    """What a book has: service, rates, regions, items, terms (comma-separated), oldest date, sources."""
    rates = list_rates(book)
    return (
        rates.group_by("service")
        .agg(
            rates=pl.len(),
            regions=pl.col("region").n_unique(),
            items=pl.col("item").n_unique(),
            terms=pl.col("term").drop_nulls().unique().sort().str.join(", "),
            date=pl.col("date").min(),
            source=pl.col("source").unique().sort().str.join("; "),
        )
        .sort("service")
    )


def show_rates(book: PriceBook, service: str, region: str | None = None) -> pl.DataFrame:
    """The rates of a service, sorted; none where the book has the region and not this service in it.

    Parameters
    ----------
    service
        As `migrate.targets.prices.rates.list_rates` names them.
    region
        Only what holds there, rates of every region (``*``) included; None: all regions.

    Returns
    -------
    pl.DataFrame
        Of ``ec2`` (``compute`` in books of other clouds) and ``rds``: region, instance_type, their attributes, term, usd_h,
        source, date. Of the others: region, item, their attributes, unit, usd, source, date.

    Raises
    ------
    RequestError
        The book has no such service, or no such region; the nearest names are told.
    """
    rates = list_rates(book)
    _known("service", service, rates, book)
    if region is not None:
        _known("region", region, rates.filter(pl.col("region") != _ANYWHERE), book)
    found = rates.filter(pl.col("service") == service)
    if region is not None:
        own = found.filter(pl.col("region") == region)
        general = found.filter(pl.col("region") == _ANYWHERE).join(own, on="item", how="anti")
        found = pl.concat([own, general])
    return found.with_columns(instance_type="item", usd_h="usd").select(_COLUMNS.get(service, _OTHERS))


def _known(kind: str, name: str, rates: pl.DataFrame, book: PriceBook) -> None:
    names = sorted(set(rates[kind].to_list()))
    if name in names:
        return
    names = [known for known in names if known.isprintable()]
    near = _nearest(name, names)
    rest = f" and {len(names) - _NAMED:,} more" if len(names) > _NAMED else ""
    has = f"he book has {', '.join(names[:_NAMED])}{rest}."
    remedy = f"Nearest: {', '.join(near)}; t{has}" if near else f"T{has}"
    raise RequestError(f"the price book has no {kind} {name!r:.80}", where=book.place, remedy=remedy)


def _nearest(name: str, names: Sequence[str]) -> list[str]:
    return difflib.get_close_matches(name.lower()[:80], names, n=_NEAREST, cutoff=0.6)
