"""Columns as they are declared by each format, and how cells of text become clean texts and numbers.

A cell that cannot be what its column says is set to null with a finding; its row is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from migrate.findings import Severity
from migrate.readers.ledger import Ledger

__all__ = ["Column", "clean_text", "normal_header", "read_columns"]

_SHOWN = 60  # characters of a bad cell that a finding repeats
# control characters, and those that turn the direction of text around or are invisible: they hide what a name says
_INVISIBLE = r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+"
_THOUSANDS = r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$"  # 2,000 and 1,234.5: also Table API numbers with display values
_EUROPEAN = r"^[+-]?\d{1,3}(\.\d{3})+,\d+$"  # 1.234,5
_DECIMAL_COMMA = r"^[+-]?\d+,(\d{1,2}|\d{4,})$"  # 37,5; three digits after the comma are thousands


@dataclass(frozen=True)
class Column:
    """One column of a format.

    Attributes
    ----------
    name
        What it is called here.
    headers
        What it is called there, as `normal_header` writes it; the first that has a value in a row counts.
    kind
        ``text`` or ``number``.
    factor
        What a number is multiplied by to come to the unit in `name`.
    least, most
        Numbers outside (after conversion) are absurd: set to null, with a finding.
    longest
        Characters of a text that are kept.
    """

    name: str
    headers: tuple[str, ...]
    kind: Literal["text", "number"] = "text"
    factor: float = 1.0
    least: float = 0.0
    most: float = 1e9
    longest: int = 300


def normal_header(header: str) -> str:
    """Write a header one way: lower case, words separated by one space, ``#`` and ``%`` as words.

    Examples
    --------
    >>> normal_header(" In Use_MiB "), normal_header("# CPU"), normal_header("Free % ")
    ('in use mib', 'num cpu', 'free pct')
    """
    words = header.replace("#", " num ").replace("%", " pct ")
    return re.sub(r"[\W_]+", " ", words.lower()).strip()


def read_columns(
    raw: pl.DataFrame, columns: Sequence[Column], ledger: Ledger, *, blanks: Iterable[str] = ()
) -> tuple[pl.DataFrame, list[str]]:
    """Pick the declared columns out of a table of texts.

    Parameters
    ----------
    raw
        Texts, with a column ``source`` that cites each row.
    columns
        What is wanted; what the table lacks becomes null.
    blanks
        Cells that mean "nothing" in this format, beside empty ones.

    Returns
    -------
    The table with the declared names and types and ``source``, and the headers that were used.
    """
    by_header: dict[str, str] = {}
    for given in raw.columns:
        if given != "source":
            by_header.setdefault(normal_header(given), given)
    used: list[str] = []
    texts: list[pl.Expr] = []
    nothing = list(blanks)
    for column in columns:
        found = list(dict.fromkeys(by_header[header] for header in column.headers if header in by_header))
        used += found
        parts = [_clean(pl.col(name), nothing) for name in found]
        texts.append((pl.coalesce(parts) if parts else pl.lit(None, pl.String)).alias(column.name))
    frame = raw.select(*texts, "source")
    for column in columns:
        frame = _numbers(frame, column, ledger) if column.kind == "number" else _capped(frame, column, ledger)
    return frame, used


def clean_text(text: str | None) -> str | None:
    """Strip control characters and outer blanks; None when nothing is left."""
    return re.sub(_INVISIBLE, " ", text).strip() or None if text else None


def _clean(cell: pl.Expr, blanks: list[str]) -> pl.Expr:
    text = cell.cast(pl.String).str.replace_all(_INVISIBLE, " ").str.strip_chars()
    return pl.when(text.is_in(["", *blanks])).then(None).otherwise(text)


def _capped(frame: pl.DataFrame, column: Column, ledger: Ledger) -> pl.DataFrame:
    """Shorten texts that are longer than the column allows."""
    long = frame.filter(pl.col(column.name).str.len_chars() > column.longest)
    if long.is_empty():
        return frame
    ledger.rows(
        long,
        "text-shortened",
        Severity.info,
        subject=pl.col(column.name).str.slice(0, _SHOWN),
        message=f"The text in {column.name} was shortened to {column.longest} characters",
        remedy="Nothing to do unless the rest matters.",
        aside=False,
    )
    return frame.with_columns(pl.col(column.name).str.slice(0, column.longest))


def _numbers(frame: pl.DataFrame, column: Column, ledger: Ledger) -> pl.DataFrame:
    """Turn texts into numbers in the declared unit."""
    text = pl.col(column.name)
    plain = text.str.replace_all(r"[\s\u00a0\u202f']", "").str.strip_suffix("%")
    number = (
        pl.when(plain.str.contains(_THOUSANDS))
        .then(plain.str.replace_all(",", ""))
        .when(plain.str.contains(_EUROPEAN))
        .then(plain.str.replace_all(r"\.", "").str.replace(",", "."))
        .when(plain.str.contains(_DECIMAL_COMMA))
        .then(plain.str.replace(",", "."))
        .otherwise(plain)
        .cast(pl.Float64, strict=False)
        * column.factor
    )
    sane = number.is_finite() & number.is_between(column.least, column.most)
    judged = frame.with_columns(
        pl.when(sane).then(number).otherwise(None).alias("_number"),
        (text.is_not_null() & ~sane.fill_null(value=False)).alias("_bad"),
    )
    ledger.rows(
        judged.filter(pl.col("_bad")),
        "value-set-aside",
        Severity.warning,
        subject=pl.coalesce(pl.col("name") if "name" in frame.columns else pl.lit(None, pl.String), pl.col("source")),
        message=pl.concat_str(
            pl.lit(f"The value of {column.name} cannot be one, so it counts as unknown: "), text.str.slice(0, _SHOWN)
        ),
        remedy="Correct the cell in its source and run again.",
        aside=False,
    )
    return judged.with_columns(pl.col("_number").alias(column.name)).drop("_number", "_bad")
