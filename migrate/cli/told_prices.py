"""How the verbs of the price book tell their results on stdout."""

from __future__ import annotations

import polars as pl
import typer

from migrate.cli.tables import clean, print_table
from migrate.targets.prices import BookDiff, PriceBook, list_rates

__all__ = ["tell_book_diff", "tell_cover", "tell_rates"]

_SHOWN = 40  # rates of one table of differences, before the rest is counted
_RIGHT = (
    "rates",
    "regions",
    "items",
    "usd",
    "usd_h",
    "private_share",
    "edp_share",
    "net_usd",
    "net_usd_h",
    "from_gb",
    "to_gb",
    "added",
    "gone",
    "changed",
    "before",
    "after",
)


def tell_cover(book: PriceBook, covered: pl.DataFrame) -> None:
    """What the book has, a line for each service, then where it is from."""
    typer.echo(clean(f"{book.label}, {book.currency}"))
    columns = [name for name in covered.columns if name != "source"]
    print_table(columns, covered.select(columns).rows(), right=_RIGHT)
    _tell_sources(book, covered["source"].to_list())


def tell_rates(book: PriceBook, service: str, rates: pl.DataFrame) -> None:
    """The rates, then their sources; without any, where the book has the service."""
    if rates.is_empty():
        regions = sorted(set(list_rates(book).filter(pl.col("service") == service)["region"].to_list()))
        typer.echo(clean(f"The price book has no rate of {service} there; it has them in {', '.join(regions)}."))
        return
    columns = [name for name in rates.columns if name != "source"]
    shown = rates.select(columns).with_columns(pl.col(pl.Float64).map_elements(_figure, return_dtype=pl.String))
    print_table(columns, shown.rows(), right=_RIGHT)
    _tell_sources(book, sorted(set(rates["source"].to_list())))


def _tell_sources(book: PriceBook, titles: list[str]) -> None:
    for name in book.used_sources:
        source = book.sources[name]
        if any(source.title in title for title in titles):
            note = f" {source.note}" if source.note else ""
            typer.echo(clean(f"Source: {source.title}, {source.date}, {source.url}.{note}"))


def tell_book_diff(found: BookDiff) -> None:
    """Counts by service and region, then the rates that changed most and those that came or went."""
    typer.echo(clean(f"Before: {found.before}\nAfter:  {found.after}"))
    counts = {name: int((found.rates["change"] == name).sum()) for name in ("added", "gone", "changed")}
    said = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    typer.echo(f"{found.same:,} rates are the same, {said}.")
    if found.by.is_empty():
        return
    spread = ("least_percent", "median_percent", "largest_percent")
    by = found.by.with_columns(*(pl.col(name).map_elements(_percent, return_dtype=pl.String) for name in spread))
    titles = ("service", "region", "added", "gone", "changed", "least %", "median %", "largest %")
    print_table(titles, by.rows(), right=(*_RIGHT, *titles[5:]))
    order = found.rates.with_columns(size=pl.col("percent").abs().fill_null(0.0)).sort(
        "size", descending=True, maintain_order=True
    )
    columns = ("change", "service", "region", "item", "attributes", "unit", "before", "after", "%")
    rows = [_line(row) for row in order.head(_SHOWN).iter_rows(named=True)]
    print_table(columns, rows, right=(*_RIGHT, "%"))
    if order.height > _SHOWN:
        typer.echo(f"{order.height - _SHOWN:,} more: see --json.")


def _line(row: dict[str, object]) -> tuple[object, ...]:
    kinds = [str(row[name]) for name in ("os", "engine", "deployment", "term") if row[name] is not None]
    if isinstance(row["from_gb"], float):
        top = f"to {row['to_gb']:,.0f}" if isinstance(row["to_gb"], float) else "upwards"
        kinds.append(f"from {row['from_gb']:,.0f} {top} GB")
    prices = (_figure(row["usd_before"]), _figure(row["usd_after"]), _percent(row["percent"]))
    return row["change"], row["service"], row["region"], row["item"], ", ".join(kinds), row["unit"], *prices


def _figure(value: object) -> str:
    """All the digits of a price, without an exponent or trailing zeros; empty when unknown."""
    return f"{value:.9f}".rstrip("0").rstrip(".") if isinstance(value, float) else ""


def _percent(value: object) -> str:
    return f"{value:+,.2f}" if isinstance(value, float) else ""
