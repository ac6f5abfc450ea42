"""Accuracy of a price book: ``python -m benchmarks.prices``.

Every on-demand and reserved Linux price of the published lists (``--lists FOLDER``) in the regions of the book of each
provider (EC2; Azure and Google in their subsets), against what the book says: per term how many are published, covered and
exact, and the relative error. A published price that the book does not have, and one that only the book has, is named; so
is a region that only one of the two knows. Ends with exit code 1 where a price is missing or invented, the median error is
not 0, or the 99th percentile is above 0.5 %.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from migrate.targets.prices import TERMS, PriceBook, load_book
from migrate.targets.prices.load import EMBEDDED


@dataclass(frozen=True)
class Published:
    """A list: its file, the column that names the type, and those of `TERMS`."""

    file: str
    type: str
    prices: tuple[str, str, str]


#: By provider.
LISTS = {
    "aws": Published(
        "aws_ec2_linux.csv",
        "instance_type",
        ("on_demand_usd_h", "ri_standard_1y_no_upfront_usd_h", "ri_standard_3y_no_upfront_usd_h"),
    ),
    "azure": Published("azure_vm.csv", "size", ("linux_usd_h", "linux_reserved_1y_usd_h", "linux_reserved_3y_usd_h")),
    "google": Published("gcp_compute_linux.csv", "machine_type", ("on_demand_usd_h", "committed_1y_usd_h", "committed_3y_usd_h")),
}
_KEY = ("region", "type", "term")
_LARGEST_P99 = 0.005
_NAMED = 20


@dataclass(frozen=True)
class Accuracy:
    """How a book compares with a published list.

    Attributes
    ----------
    table
        By term: published, covered, exact, missing, invented, median_error, p99_error, largest_error (relative).
    missing, invented
        Prices that only the list has, or only the book: region, type, term.
    worst
        The prices that are off the most: region, type, term, published, usd_h, error.
    apart
        Regions that only one of the two knows, each with which.
    """

    table: pl.DataFrame
    missing: pl.DataFrame
    invented: pl.DataFrame
    worst: pl.DataFrame
    apart: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Nothing missing or invented, half of the prices exact, 99 % within half a percent."""
        errors = self.table.select(pl.col("median_error").max(), pl.col("p99_error").max()).row(0)
        whole = self.missing.is_empty() and self.invented.is_empty() and None not in errors
        return whole and errors[0] == 0 and errors[1] <= _LARGEST_P99


def accuracy(book: PriceBook, published: Path) -> Accuracy:
    """Compare the Linux prices of a book with the published list of its provider."""
    form = LISTS[book.provider]
    columns = {term: pl.col(name).cast(pl.Float64) for term, name in zip(TERMS, form.prices, strict=True)}
    wide = pl.read_csv(published).select("region", type=form.type, **columns)
    listed = wide.unpivot(index=["region", "type"], on=list(TERMS), variable_name="term", value_name="published")
    listed = listed.filter(pl.col("published") > 0)
    known = set(listed["region"])
    linux = (pl.col("service") == "compute") & (pl.col("os") == "linux") & pl.col("term").is_in(list(TERMS))
    hours = book.hours.filter(linux).select(*_KEY, "usd_h")
    shared = pl.col("region").is_in(sorted(known & set(book.regions)))
    both = listed.filter(shared).join(hours.filter(shared), on=_KEY, how="full", coalesce=True)
    both = both.with_columns(error=(pl.col("usd_h") / pl.col("published") - 1).abs()).sort(_KEY)
    error = pl.col("error")
    table = both.group_by("term").agg(
        published=pl.col("published").count(),
        covered=error.count(),
        exact=(error == 0).sum(),
        missing=pl.col("usd_h").is_null().sum(),
        invented=pl.col("published").is_null().sum(),
        median_error=error.median(),
        p99_error=error.quantile(0.99),
        largest_error=error.max(),
    )
    apart = [f"{region} (only in the list)" for region in sorted(known - set(book.regions))]
    return Accuracy(
        table=table.sort("term"),
        missing=both.filter(pl.col("usd_h").is_null()).select(_KEY),
        invented=both.filter(pl.col("published").is_null()).select(_KEY),
        worst=both.filter(error > 0).sort("error", descending=True, maintain_order=True).head(_NAMED),
        apart=(*apart, *(f"{region} (only in the book)" for region in sorted(set(book.regions) - known))),
    )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lists", type=Path, default=Path(__file__).parents[2] / "shared" / "prices")
    parser.add_argument("--book", help="one price book; default: those that the package carries")
    options = parser.parse_args()
    passed = [compare(load_book(name), options.lists) for name in ([options.book] if options.book else EMBEDDED)]
    return int(not all(passed))


def compare(book: PriceBook, lists: Path) -> bool:
    """Print how good a book is; whether it passes, or there is nothing to compare it with."""
    print(f"{book.label}, {len(book.regions)} regions")
    published = lists / LISTS[book.provider].file
    if not published.exists():
        print(f"no published prices at {published}: accuracy not measured")
        return True
    found = accuracy(book, published)
    with pl.Config(tbl_cols=-1, tbl_width_chars=160, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True):
        print(found.table)
        if not found.worst.is_empty():
            print(f"off the most:\n{found.worst}")
    for word, rows in (("missing", found.missing), ("invented", found.invented)):
        names = [" ".join(row) for row in rows.head(_NAMED).iter_rows()]
        rest = f" and {rows.height - _NAMED:,} more" if rows.height > _NAMED else ""
        print(f"{word}: {', '.join(names) + rest or 'none'}")
    print(f"regions apart: {', '.join(found.apart) or 'none'}")
    print("passed" if found.passed else "not passed")
    return found.passed


if __name__ == "__main__":
    sys.exit(main())
