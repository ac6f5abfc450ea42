"""Numbers within sentences."""

from __future__ import annotations

import polars as pl

__all__ = ["figure"]


def figure(value: str | pl.Expr, digits: int = 1) -> pl.Expr:
    """A column as text, rounded and without a trailing ``.0``: 4.0 is "4", 0.125 with two digits "0.12"."""
    column = pl.col(value) if isinstance(value, str) else value
    return column.cast(pl.Float64).round(digits).cast(pl.String).str.strip_suffix(".0")
