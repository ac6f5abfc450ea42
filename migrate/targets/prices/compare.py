"""What differs between two price books: rates that came, went, or changed."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from migrate.errors import RequestError
from migrate.targets.prices.book import PriceBook
from migrate.targets.prices.rates import KEY, list_rates

__all__ = ["BookDiff", "compare_books"]

_SAME = 1e-12  # relative; the same figure read from two ways of writing it


@dataclass(frozen=True)
class BookDiff:
    """The difference of two books.

    Attributes
    ----------
    before, after
        Labels of the books: provider, name, date and digest.
    same
        How many rates are in both and equal.
    rates
        One row for each rate that is not: the columns of `KEY`, unit, change (``added``, ``gone``, ``changed``), usd_before
        and usd_after (null where the book has none), percent (null unless changed).
    by
        Counts by service and region: added, gone, changed, and of the changed the least, median and largest percent.
    """

    before: str
    after: str
    same: int
    rates: pl.DataFrame
    by: pl.DataFrame


def compare_books(before: PriceBook, after: PriceBook) -> BookDiff:
    """Compare every rate of two books; a rate is the same one if service, region, item, attributes, term and tier agree.

    Raises
    ------
    RequestError
        The books are of two providers, whose items have no names in common.
    """
    if before.provider != after.provider:
        raise RequestError(
            f"is a book of {after.provider}, the other one of {before.provider}: no item of the two is the same",
            where=after.place or after.label,
            remedy="`migrate prices compare PLAN.json` prices the same estate on several clouds.",
        )
    both = _side(before, "before").join(_side(after, "after"), on=KEY, how="full", coalesce=True, nulls_equal=True)
    old, new = pl.col("usd_before"), pl.col("usd_after")
    both = both.with_columns(
        unit=pl.coalesce("unit_after", "unit_before"),
        percent=pl.when((new / old - 1).abs() > _SAME).then((new / old - 1) * 100),
    ).with_columns(
        change=pl.when(old.is_null())
        .then(pl.lit("added"))
        .when(new.is_null())
        .then(pl.lit("gone"))
        .when(pl.col("percent").is_not_null())
        .then(pl.lit("changed"))
    )
    rates = both.filter(pl.col("change").is_not_null()).select(*KEY, "unit", "change", "usd_before", "usd_after", "percent")
    counts = {name: (pl.col("change") == name).sum() for name in ("added", "gone", "changed")}
    percent = pl.col("percent")
    by = rates.group_by("service", "region").agg(
        **counts, least_percent=percent.min(), median_percent=percent.median(), largest_percent=percent.max()
    )
    return BookDiff(
        before=before.label,
        after=after.label,
        same=both.height - rates.height,
        rates=rates.sort(KEY, nulls_last=True),
        by=by.sort("service", "region"),
    )


def _side(book: PriceBook, side: str) -> pl.DataFrame:
    return list_rates(book).select(*KEY, pl.col("unit").alias(f"unit_{side}"), pl.col("usd").alias(f"usd_{side}"))
