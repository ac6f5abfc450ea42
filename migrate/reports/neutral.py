"""Inventory text that a spreadsheet would run as a formula, made harmless.

A CSV cell is typed by whoever opens it: ``=cmd|' /c calc'!A0`` in a server's name becomes a formula. As OWASP
recommends (https://owasp.org/www-community/attacks/CSV_Injection), text that begins with ``= + - @``, a tab or a
carriage return gets a leading apostrophe, which spreadsheets show as text. Numbers and dates are not text and stay.
"""

from __future__ import annotations

import polars as pl

__all__ = ["neutral", "neutral_text"]

_STARTS = ("=", "+", "-", "@", "\t", "\r")


def neutral(frame: pl.DataFrame) -> pl.DataFrame:
    """Put an apostrophe before every text cell of `frame` that a spreadsheet could run."""
    return frame.with_columns(
        pl.when(pl.col(pl.String).str.contains(r"^[=+\-@\t\r]"))
        .then(pl.lit("'") + pl.col(pl.String))
        .otherwise(pl.col(pl.String))
        .name.keep()
    )


def neutral_text(text: str) -> str:
    """The same for one text."""
    return f"'{text}" if text.startswith(_STARTS) else text
