"""The sheet ``Sources``: where every price, figure and row comes from, with dates, addresses and digests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import polars as pl

from migrate.model.plan import Plan
from migrate.reports.numerals import count
from migrate.reports.plan_prices import plan_prices
from migrate.reports.sheet import Sheets
from migrate.targets.prices import PriceBook

__all__ = ["source_rows", "write_sources"]

_COLUMNS = ("kind", "name", "what", "date", "address_or_digest", "note")

Row = tuple[str, str, str, str, str, str]


def write_sources(sheets: Sheets, plan: Plan) -> None:
    """Add the sheet."""
    rows = source_rows(plan)
    sheets.table("Sources", pl.DataFrame(rows, schema=dict.fromkeys(_COLUMNS, pl.String), orient="row"))


def source_rows(plan: Plan) -> list[Row]:
    """Kind, name, what it gives, date, address or SHA-256, and a note."""
    return [*_prices(plan), *_assumptions(plan), *_files(plan)]


def _prices(plan: Plan) -> Iterator[Row]:
    book = plan_prices(plan)
    term = plan.spec.target.term.replace("_", " ")
    note = "" if book else "The book itself is not in this program: its parts stand in the file named by target.prices."
    digest = f"sha256 {book.digest}" if book else plan.spec.target.prices
    yield ("price book", plan.price_book, f"prices in {', '.join(plan.spec.target.regions)}, {term}", "", digest, note)
    if book:
        yield from _book_parts(book)


def _book_parts(book: PriceBook) -> Iterator[Row]:
    what: dict[str, list[str]] = {}
    for hourly in book.hourly:
        attributes = ", ".join(f"{name} {value}" for name, value in sorted(hourly.attributes.items()))
        what.setdefault(hourly.source, []).append(f"{hourly.service} hours ({attributes})")
    for items in book.items:
        what.setdefault(items.source, []).extend(sorted(items.usd))
    what.setdefault(book.transfer.source, []).append("data transfer out")
    for key in book.used_sources:
        source = book.sources[key]
        yield ("prices", source.title, "; ".join(what[key]), source.date.isoformat(), source.url, source.note)


def _assumptions(plan: Plan) -> Iterator[Row]:
    by_source = Counter(assumption.source for assumption in plan.business_case.assumptions)
    for source, number in sorted(by_source.items(), key=lambda pair: (-pair[1], pair[0])):
        yield ("assumptions", source, f"{count(number, 'figure')} of the sheet Assumptions", "", "", "")


def _files(plan: Plan) -> Iterator[Row]:
    for file in plan.inputs:
        rows = "rows aggregated where they lie" if file.rows_read is None else f"{file.rows_read:,} rows read"
        aside = f"{file.rows_quarantined:,} set aside" if file.rows_quarantined else ""
        yield ("input file", file.file, f"{rows} by the reader {file.reader}", "", f"sha256 {file.sha256}", aside)
